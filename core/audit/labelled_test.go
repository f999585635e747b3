package audit_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

var (
	corpus = flag.String("corpus", "", "a folder of calendars from which the features of labelled series are taken anew")
	held   = flag.Bool("held", false, "tell the held-out third apart, series by series")
)

// label is a line of the labelled set: a series, and the habit that a reader who
// saw its title, people, length and text would name; 0 for none.
type label struct {
	source, title string
	habit         audit.Habit
	row           []string
}

func labels(t *testing.T, name string) (out []label) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for in := bufio.NewScanner(f); in.Scan(); {
		n++
		if strings.HasPrefix(in.Text(), "#") {
			continue
		}
		col := strings.Split(in.Text(), "\t")
		habit, err := strconv.Atoi(col[0])
		if err != nil || len(col) != 4 {
			t.Fatalf("%s:%d: %d columns, %v", name, n, len(col), err)
		}
		out = append(out, label{col[1], col[2], audit.Habit(habit), strings.Fields(col[3])})
	}
	return out
}

// isHeld says which third of the set nobody looks at while lists are changed.
func isHeld(l label) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(l.title))
	return h.Sum32()%3 == 0
}

// TestLabelled measures the habits on labelled series: found has to be right nine
// times in ten, and half of what is there has to be found (A5.5).
func TestLabelled(t *testing.T) {
	if *corpus != "" {
		takeFeatures(t)
	}
	words := audit.NewWords()
	type count struct{ right, wrong, missed, asked int }
	for _, third := range []struct {
		name string
		take func(label) bool
	}{{"all", func(label) bool { return true }}, {"held out", isHeld}} {
		counts := make(map[audit.Habit]*count)
		all := 0
		for _, file := range []string{"testdata/labelled.tsv", "testdata/written.tsv"} {
			for _, l := range labels(t, file) {
				if !third.take(l) {
					continue
				}
				all++
				found, possible, err := audit.Found(words, l.title, l.row)
				if err != nil {
					t.Fatalf("%s %q: %v", l.source, l.title, err)
				}
				of := func(h audit.Habit) *count {
					if counts[h] == nil {
						counts[h] = &count{}
					}
					return counts[h]
				}
				for _, h := range found {
					if h == l.habit {
						of(h).right++
					} else {
						of(h).wrong++
						if !isHeld(l) || *held {
							t.Logf("wrong: %s %q found as %d, is %d", l.source, l.title, h, l.habit)
						}
					}
				}
				if l.habit != 0 && !slices.Contains(found, l.habit) {
					of(l.habit).missed++
					if slices.Contains(possible, l.habit) {
						of(l.habit).asked++
					}
					if !isHeld(l) || *held {
						t.Logf("missed: %s %q is %d", l.source, l.title, l.habit)
					}
				}
			}
		}
		t.Logf("%s: %d series", third.name, all)
		for _, h := range slices.Sorted(maps.Keys(counts)) {
			c := counts[h]
			precision, recall := share(c.right, c.right+c.wrong), share(c.right, c.right+c.missed)
			t.Logf("%s: habit %d: %d right, %d wrong, %d missed (%d of them asked): precision %.2f, recall %.2f", third.name, h, c.right, c.wrong, c.missed, c.asked, precision, recall)
			if third.name == "all" && (precision < .90 || recall < .50) {
				t.Errorf("habit %d: precision %.2f, recall %.2f; want .90 and .50", h, precision, recall)
			}
		}
	}
}

func share(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// takeFeatures writes the features of the labelled series anew.
func takeFeatures(t *testing.T) {
	t.Helper()
	const name = "testdata/labelled.tsv"
	zones := zoneinfo.New().Zone
	features := make(map[string]map[string][]string)
	var b bytes.Buffer
	fmt.Fprintf(&b, "# habit, calendar, title, and: %s\n", audit.FeatureNames)
	lost := 0
	for _, l := range labels(t, name) {
		if features[l.source] == nil {
			table := ics.NewZones(zones)
			c, err := intake.ReadCalendars([]string{filepath.Join(*corpus, l.source)}, nil, table)
			if err != nil {
				t.Fatal(err)
			}
			// All of it is looked at, whenever it is.
			all := make(map[string][]string)
			for year := 2002; year <= 2028; year++ {
				in, read := c.Audit(intake.Asked{From: worktime.DateFrom(year, 1, 1), To: worktime.DateFrom(year+1, 1, 1), Own: true}, nil, worktime.Of(time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)))
				clock, err := worktime.Compile(worktime.Charter{Zone: read.Zone.Name(), Windows: worktime.DefaultWindows()}, zones)
				if err != nil {
					t.Fatal(err)
				}
				in.Clock = clock
				for title, row := range audit.Features(in) {
					if old, twice := all[title]; !twice || len(old[0]) < len(row[0]) || len(old[0]) == len(row[0]) && old[0] < row[0] {
						all[title] = row
					}
				}
			}
			features[l.source] = all
		}
		row, there := features[l.source][l.title]
		if !there {
			lost++
			t.Logf("%s has no meeting %q", l.source, l.title)
			continue
		}
		fmt.Fprintf(&b, "%d\t%s\t%s\t%s\n", l.habit, l.source, l.title, audit.Joined(row))
	}
	t.Logf("%d labels are of no meeting", lost)
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
