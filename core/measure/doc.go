// Package measure holds the figures of a team's work in writing: what a decision
// is worth by how it was made and kept, and what a log of decisions saves. All
// are compared with the same team before, never with anybody else (R13, A10).
//
// What does not live here: what a calendar or a chat tells (core/audit), and
// where decisions are kept.
package measure
