package audit

// Evidence are the studies and figures that stand beside a report as comparison,
// by their code (A11). None of them is an input, but for the time of recovery.
func Evidence() []string {
	return []string{"interruptions", "recovery", "attention", "work", "hours", "volume", "adhoc", "feeling", "early", "skippable", "savings"}
}
