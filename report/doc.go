// Package report writes an audit down (R13): for a terminal, as one HTML file or
// a page's middle, as Markdown, as JSON with a documented schema; and what a plan
// needs on Monday: ready texts and calendars to bring in. A paper is put together
// once, and each form writes the same one.
//
// What does not live here: any figure (core/audit), where calendars come from
// (intake), sentences (words), and the styles that an HTML file carries along,
// which the caller hands in.
package report
