// Package worktime is the clock of Rubato: every window, response clock and
// deadline as a pure function of a person's charter, the tz database and the
// instants passed in. It is the design's worktime.md, whose numbers the
// comments cite ("worktime 5.2").
//
// All instants are whole Unix seconds in UTC, all intervals half-open.
//
// What does not live here: reading the time, loading or keeping zone data
// (wire/zoneinfo), JSON and the cases of worktime 13 (wire/worktimecase),
// charters beyond their times (core/charter), and sentences for people (words).
//
// The room is built in layers. date.go, local.go, zone.go and run.go say when a
// local time is. day.go and window.go are the plain definition of one day.
// week.go answers for ordinary days from a weekly template that was made by
// that same definition. Everything else asks day by day, never minute by
// minute.
package worktime
