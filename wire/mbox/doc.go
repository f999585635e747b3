// Package mbox reads mailboxes (RFC 4155 and what programs write): one message
// after another, in memory of one of them.
//
// What does not live here: what a message means to anybody (core/audit), and the
// network.
package mbox
