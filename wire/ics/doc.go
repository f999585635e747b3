// Package ics is the calendar format of RFC 5545: a [Writer] and a [Reader] of
// its content lines and events, the dates that a RRULE repeats on, and the dates
// that the all-day events of a file take ([Days]). Names are those of the RFC.
//
// What does not live here: the network, what a calendar means for somebody's
// time (core/worktime), and sentences for people. Zones of timed events are not
// read yet; what is written is in UTC.
package ics
