// Package audit is the Synchronous Overhead Audit (R13): which entries of a
// calendar are meetings, how much live time there is and what it breaks up, which
// of the seven default habits it comes from, what it costs, what to change first
// and what should stay live. The rules that the comments cite as A1 to A13 stand in
// docs/audit.md. Precision comes before recall, and a lower bound is called one.
//
// What does not live here: the formats of calendars and chats (wire), their files
// (intake), sentences for people (words) and the report's pages (report).
package audit
