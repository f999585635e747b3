package simtest

import (
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/internal/pgtest"
)

var (
	seedFlag   = flag.Uint64("seed", seedOf(os.Getenv("RUBATO_SEED")), "of the lives that are drawn; or RUBATO_SEED")
	peopleFlag = flag.Int("people", 200, "in the large life")
	actsFlag   = flag.Int("acts", 5250, "of writing in the large life; what follows from them comes on top")
)

// seedOf reads a seed, 1 for none.
func seedOf(s string) uint64 {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 1
	}
	return n
}

// month is from before the clocks of Lord Howe and Adelaide change, over those
// of Berlin, Cairo, St. John's and San Francisco.
func month(people, teams, acts int) model {
	return model{
		seed: *seedFlag, people: people, teams: teams, acts: acts, changes: 7,
		from: time.Date(2026, 10, 2, 20, 0, 0, 0, time.UTC), to: time.Date(2026, 11, 3, 20, 0, 0, 0, time.UTC),
	}
}

// most is how many differences are told in full.
const most = 25

// lived runs a model and prints what it came to.
func lived(t *testing.T, m model, database string, mail bool, p plant) *report {
	t.Helper()
	start := time.Now()
	r := live(t, m.write(), database, mail, p)
	rep := compare(r, read(t, database))
	rep.seconds = time.Since(start).Seconds()
	return rep
}

// judge fails for every difference.
func judge(t *testing.T, rep *report) {
	t.Helper()
	t.Attr("life", strings.ReplaceAll(rep.String(), "\n", "; "))
	for i, d := range rep.differences {
		if i == most {
			t.Errorf("and %d more", len(rep.differences)-most)
			break
		}
		t.Errorf("%s: %s (seed %d)", d.kind, d.says, rep.seed)
	}
}

// TestMonth is a month of 200 people in 14 zones.
func TestMonth(t *testing.T) {
	t.Parallel()
	rep := lived(t, month(*peopleFlag, *peopleFlag/10, *actsFlag), deliverytest.SQLite(t), false, plant{})
	judge(t, rep)
	if rep.directed < 50_000 || rep.briefs-rep.empty < 8_000 {
		t.Errorf("%d directed deliveries and %d briefs with something new, want 50000 and 8000", rep.directed, rep.briefs-rep.empty)
	}
}

// TestMonthOnPostgreSQL is a smaller one, with mail.
func TestMonthOnPostgreSQL(t *testing.T) {
	t.Parallel()
	m := month(14, 3, 60)
	rep := lived(t, m, pgtest.URL(t), true, plant{})
	judge(t, rep)
}
