// Package simtest lives through the time of organisations: the real door,
// delivery and store in a bubble of fake time, people in many zones over the days
// on which clocks change, charters that change while things wait. What came is
// held against what package oracle says had to come: not early, not late, not
// twice, none missing. A month is exact and without failures; seeds are small
// lives in which the server dies, its database fails, clocks are set and mail
// goes astray; a year is large and judged week by week (docs/simulation.md).
//
// What does not live here: anything that a running server uses. All of it but
// this comment and the oracle are tests.
package simtest
