// Package format reads a document and remarks on its form (R5.2, R5.3): is the
// conclusion or the ask on top, does it name an owner and a timeframe, does a
// decision compare options and recommend one, can it be read. Remarks are advice;
// each has its line. It reads Markdown in English, German, French, Spanish and
// Turkish, and rather passes over something than to be wrong.
//
// What does not live here: whether a deadline is fair to its readers, which needs
// their clocks (core/decision), and the sentences that people read (words).
package format
