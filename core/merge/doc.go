// Package merge holds the rules for two texts that grew from one (product R5.5):
// a three-way merge in which nothing that anybody typed disappears without being
// shown, and the differences between two revisions as a reader wants to see them.
//
// What does not live here: revisions and drafts themselves, who may save what,
// Markdown (a text is words and lines here), and how a conflict is drawn.
//
// All functions are pure and their work is bounded: past a fixed number of
// comparisons they answer coarsely, never wrongly.
package merge
