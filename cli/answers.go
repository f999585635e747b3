package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/report"
)

// answers are what somebody told the audit: kept on their machine, and the only
// thing that it keeps (A12.1).
type answers struct {
	path    string // "" for nowhere
	changed bool
	NotSo   []string       `json:"not_so"`
	Audits  []answeredOnce `json:"self_audits"`
}

// answeredOnce is one self-audit.
type answeredOnce struct {
	On  string `json:"on"` // YYYY-MM-DD
	Yes []int  `json:"yes"`
	No  []int  `json:"no"`
}

// mostAudits is how many self-audits are kept.
const mostAudits = 200

func openAnswers(path string) (*answers, error) {
	a := &answers{}
	switch path {
	case "none":
		return a, nil
	case "":
		dir, err := os.UserConfigDir()
		if err == nil {
			path = filepath.Join(dir, "rubato", "audit.json")
		}
	}
	if path == "" { // no home: nothing is kept
		return a, nil
	}
	a.path = path
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read your answers: %w", err)
	}
	if err := json.Unmarshal(text, a); err != nil {
		return nil, fmt.Errorf("read your answers in %s: %w; mend the file or move it away", path, err)
	}
	return a, nil
}

func (a *answers) notSo(keys []string) {
	for _, k := range keys {
		if !slices.Contains(a.NotSo, k) {
			a.NotSo, a.changed = append(a.NotSo, k), true
		}
	}
}

func (a *answers) marks() map[string]bool {
	m := make(map[string]bool)
	for _, k := range a.NotSo {
		m[k] = true
	}
	return m
}

// add keeps a self-audit; a second one of the same day takes the first one's place.
func (a *answers) add(one answeredOnce) {
	a.Audits = slices.DeleteFunc(a.Audits, func(b answeredOnce) bool { return b.On == one.On })
	a.Audits = append(a.Audits, one)
	slices.SortStableFunc(a.Audits, func(x, y answeredOnce) int { return cmp.Compare(x.On, y.On) })
	a.Audits = a.Audits[max(0, len(a.Audits)-mostAudits):]
	a.changed = true
}

// latest are the answers of the last seven days, none of older ones: the
// questions are about last week.
func (a *answers) latest(today worktime.Date) map[int]bool {
	if len(a.Audits) == 0 {
		return nil
	}
	last := a.Audits[len(a.Audits)-1]
	on, err := worktime.ParseDate(last.On)
	if err != nil || on > today || on < today.AddDays(-7) {
		return nil
	}
	all, err := answered(last.Yes, last.No)
	if err != nil {
		return nil
	}
	return all
}

func (a *answers) scores() (out []report.Score) {
	for _, one := range a.Audits {
		if on, err := worktime.ParseDate(one.On); err == nil {
			out = append(out, report.Score{On: on, Yes: len(one.Yes)})
		}
	}
	return out
}

// save writes what changed.
func (a *answers) save() error {
	if a.path == "" || !a.changed {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(a.path), 0o700); err != nil {
		return fmt.Errorf("keep your answers: %w", err)
	}
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return fmt.Errorf("keep your answers: %w", err)
	}
	next := a.path + ".new" // whole or not at all
	if err := os.WriteFile(next, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("keep your answers: %w", err)
	}
	if err := os.Rename(next, a.path); err != nil {
		return fmt.Errorf("keep your answers: %w", err)
	}
	return nil
}
