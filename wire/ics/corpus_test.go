package ics_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
)

var corpusFlag = flag.String("corpus", "", "a folder of calendars to compare with libical (needs cc and libical-dev)")

// start is one instance as two readers may tell it.
type start struct {
	uid string
	at  int64
}

// TestCorpus reads every calendar of a folder and compares its instances of a
// year around most of its events with those of libical, of which replaced ones
// are taken out here. What differs is printed; whose reading is right is said in
// docs/calendars.md.
func TestCorpus(t *testing.T) {
	if *corpusFlag == "" {
		return // what it compares with is no part of the project
	}
	program := filepath.Join(t.TempDir(), "starts")
	if out, err := exec.Command("cc", "-O2", "-o", program, "testdata/starts.c", "-lical").CombinedOutput(); err != nil {
		t.Fatalf("cc and libical-dev are needed: sudo apt-get install -y gcc libical-dev\n%v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(*corpusFlag, "*.ics"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no calendars in %s: %v", *corpusFlag, err)
	}
	utc := zone(t, "UTC")
	fmt.Printf("%-34s %7s %9s %9s %6s %6s %6s %8s\n", "file", "events", "instances", "libical", "ours", "theirs", "faults", "ms")
	for _, name := range files {
		began := time.Now()
		s := ics.NewSet(zones)
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		readErr := s.Read(name, f)
		f.Close()
		from, to := around(s)
		ours := make(map[start]int)
		n := 0
		for i := range s.Instances(from, to, utc) {
			if i.Start >= from && !i.Excluded {
				ours[start{i.Event.UID, int64(i.Start)}]++
				n++
			}
		}
		took := time.Since(began)
		theirs, m := libical(t, program, name, from, to)
		onlyOurs, onlyTheirs := differ(ours, theirs), differ(theirs, ours)
		fmt.Printf("%-34s %7d %9d %9d %6d %6d %6d %8.1f\n", filepath.Base(name), s.Found, n, m, len(onlyOurs), len(onlyTheirs), s.Faulty, float64(took.Microseconds())/1000)
		if readErr != nil {
			fmt.Printf("    %v\n", readErr)
		}
		for sign, list := range map[string][]start{"ours": onlyOurs, "theirs": onlyTheirs} {
			for _, one := range list[:min(5, len(list))] {
				fmt.Printf("    %s %s %s\n", sign, time.Unix(one.at, 0).UTC().Format("2006-01-02T15:04:05Z"), one.uid)
			}
		}
	}
}

// around is the year in which most events of a set begin, and the half before.
func around(s *ics.Set) (from, to worktime.Instant) {
	years := make(map[int]int)
	for _, o := range s.Objects {
		for _, e := range o.Events {
			years[time.Unix(int64(e.Start.Local), 0).UTC().Year()]++
		}
	}
	most := 2026
	for _, y := range slices.Sorted(maps.Keys(years)) {
		if years[y] > years[most] {
			most = y
		}
	}
	return worktime.Of(time.Date(most-1, 7, 1, 0, 0, 0, 0, time.UTC)), worktime.Of(time.Date(most+1, 1, 1, 0, 0, 0, 0, time.UTC))
}

func libical(t *testing.T, program, name string, from, to worktime.Instant) (map[start]int, int) {
	t.Helper()
	cmd := exec.Command(program, name, strconv.FormatInt(int64(from), 10), strconv.FormatInt(int64(to), 10))
	cmd.Env = append(os.Environ(), "TZ=UTC")
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("libical ends with %s: %v", name, err)
	}
	type row struct {
		uid          string
		replaces, at int64
	}
	var rows []row
	replaced := make(map[start]bool)
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 5 {
			continue
		}
		replaces, _ := strconv.ParseInt(f[1], 10, 64)
		at, _ := strconv.ParseInt(f[2], 10, 64)
		rows = append(rows, row{f[0], replaces, at})
		if replaces != 0 {
			replaced[start{f[0], replaces}] = true
		}
	}
	found := make(map[start]int)
	n := 0
	for _, r := range rows {
		if r.replaces == 0 && replaced[start{r.uid, r.at}] {
			continue
		}
		if found[start{r.uid, r.at}]++; found[start{r.uid, r.at}] > 1 {
			continue
		}
		n++
	}
	return found, n
}

func differ(a, b map[start]int) (out []start) {
	for s := range a {
		if b[s] == 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(x, y start) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.uid, y.uid)) })
	return out
}
