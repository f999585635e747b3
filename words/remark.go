package words

// Remark is what the format check says of a text in two sentences: what is so, of
// which word or of how many, and how to mend it. rule is one of core/format's.
func (w *Words) Remark(rule, word string, n int) string {
	return w.Of("format", rule, "n", n, "word", word) + " " + w.Of("mend", rule, "word", word)
}
