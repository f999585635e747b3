// Package upgradetest holds databases that earlier schemas of Rubato left, each
// written by the program of its day, with what that program's API answered, and
// brings them up to today's: in place on SQLite, and as a restored backup on
// SQLite and PostgreSQL. The answers must be the same.
//
// What does not live here: tests of the steps themselves (store) and of what a
// backup carries (backup). It is for tests alone.
package upgradetest
