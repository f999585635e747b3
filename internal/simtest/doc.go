// Package simtest lives through a month of an organisation: the real door,
// delivery and store on an injected clock, people in many zones over the days
// on which clocks change, charters that change while things wait. What came is
// held against what package oracle says had to come: not early, not late, not
// twice, none missing.
//
// What does not live here: anything that a running server uses. All of it but
// this comment and the oracle are tests.
package simtest
