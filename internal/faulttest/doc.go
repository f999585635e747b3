// Package faulttest makes the machine fail under the program and counts what is
// left: disks that do not sync, refuse to write or are full, clocks that are
// set, zones that are missing, files and processors that are scarce, ends in
// the middle of work, and mail servers and webhooks that hang, refuse and lie
// (security 3.3). docs/faults.md holds what it has seen.
//
// The disk fails between the real program and the kernel: strace refuses its
// system calls, or writes them down with their times, so that it is seen from
// outside when an answer left and when its change was on the disk. The small
// form of each runs with the other tests; "make faults" runs the long one.
//
// What does not live here: kill -9 (internal/killtest), and failures drawn by
// seeds in the middle of a simulated life (internal/simtest).
package faulttest
