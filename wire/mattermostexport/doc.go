// Package mattermostexport reads the bulk exports of Mattermost: one JSON object a
// line, of which a type says what it holds. A line is read and forgotten, lines
// of types that are not known are passed over, and one that is no JSON is counted
// and left out.
//
// What does not live here: who an account is in Rubato, and the attachments.
package mattermostexport
