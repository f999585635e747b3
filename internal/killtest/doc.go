// Package killtest kills the program with SIGKILL while people write to it and
// it sends mail, starts it again, and counts at the end: each ask, brief and
// mail by its id, none lost and none twice, but for a mail with the same
// Message-ID.
//
// The program is the real one in a process of its own, reached over HTTP, with
// its movable clock; the mail server stands outside of it. Two of the moments
// at which it is killed are held by the mail server; for that between a commit
// and its nudge the program is built with -tags faults (package fault).
//
// What does not live here: faults of the network, of the disk and of
// PostgreSQL.
package killtest
