// Package nodetest runs several real nodes on one PostgreSQL and takes things
// away from them: a node that is stopped, that stands still for longer than its
// leases, that is replaced while people write; and the database, which is ended
// as by a crash, cut off, slow, reset, and lost for good with a standby taking
// over. At the end each ask, delivery, brief and mail is counted by its id: none
// lost and none twice. docs/faults.md holds what it has seen.
//
// The nodes are processes of "rubato serve", reached over HTTP; the mail server
// stands outside of them. The small form of each runs with the other tests;
// "make nodes" runs the large one.
//
// What does not live here: kill -9 (internal/killtest) and faults of the disk
// and of the clock (internal/faulttest).
package nodetest
