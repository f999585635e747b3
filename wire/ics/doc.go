// Package ics is the calendar format of RFC 5545, as programs really write it: a
// [Reader] of components that holds one at a time, the events of calendars with
// their zones ([Set], [Objects], [Zones]), their expansion into [Instance]s, and a
// [Writer]. Names are those of the RFC. It does in one package what no library
// does right together: rules with every part, RDATE, EXDATE, replaced instances
// and what follows them, names of zones from Windows and Outlook, zones that only
// a VTIMEZONE describes, and lines that are none.
//
// What does not live here: the network, what a calendar means for somebody's
// time (core/worktime, core/audit), and sentences for people.
package ics
