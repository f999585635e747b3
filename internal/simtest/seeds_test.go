package simtest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"
)

var (
	seedsFlag  = flag.Int("seeds", 1000, "lives with failures that TestSeeds lives")
	firstFlag  = flag.Uint64("first", 1, "the first of them")
	everyFlag  = flag.Int("every", 0, "live one of so many, in this process; 0 for all of them, in a process for each processor")
	enoughFlag = flag.Int("enough", 0, "a process stops after so many went wrong, 0 for never")
	tellFlag   = flag.Bool("tell", false, "print the report of every life with failures")
)

// lives are the sums of what was lived.
type lives struct {
	tally

	lived, wrong, mails int
}

func (l *lives) add(o lives) {
	l.tally.add(o.tally)
	l.lived += o.lived
	l.wrong += o.wrong
	l.mails += o.mails
}

const livesLine = "lived %d, wrong %d, briefs %d, fresh %d, came %d, lines %d, mails %d\n"

var livesPattern = regexp.MustCompile(`(?m)^lived \d.*\n`)

// TestSeeds lives many small lives in which things go wrong, on all processors:
// it is not parallel itself. Each processor has a process of its own. A life
// does one thing after the other, and in one process its goroutines would
// wander from processor to processor for a third of the time.
func TestSeeds(t *testing.T) {
	if *everyFlag > 0 {
		liveSeeds(t)
		return
	}
	start := time.Now()
	ended := make([]lives, min(runtime.GOMAXPROCS(0), *seedsFlag))
	t.Run("all", func(t *testing.T) {
		for i := range ended {
			t.Run(fmt.Sprintf("process %d", i), func(t *testing.T) {
				t.Parallel()
				cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSeeds$", "-test.v", "-test.timeout=0",
					"-seeds", strconv.Itoa(*seedsFlag-i), "-first", strconv.FormatUint(*firstFlag+uint64(i), 10), "-every", strconv.Itoa(len(ended)),
					"-enough", strconv.Itoa(*enoughFlag), "-tell="+strconv.FormatBool(*tellFlag))
				cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
				out, err := cmd.CombinedOutput()
				l := &ended[i]
				if _, bad := fmt.Sscanf(string(livesPattern.Find(out)), livesLine, &l.lived, &l.wrong, &l.briefs, &l.fresh, &l.came, &l.lines, &l.mails); bad != nil && err == nil {
					err = fmt.Errorf("read its sums: %w", bad)
				}
				if err != nil {
					t.Errorf("%s%v", out, err)
				} else if *tellFlag {
					t.Logf("%s", out)
				}
			})
		}
	})
	var all lives
	for _, l := range ended {
		all.add(l)
	}
	if all.lived != *seedsFlag && *enoughFlag == 0 && !t.Failed() {
		t.Errorf("%d lives were lived of %d", all.lived, *seedsFlag)
	}
	took := time.Since(start).Seconds()
	t.Attr("seeds", fmt.Sprintf("%d lives of %d days, %d of them wrong; %d briefs (%d with something new), %d came by name, %d lines of streams, %d messages; %.0f s, %.0f days a second",
		all.lived, smallDays, all.wrong, all.briefs, all.fresh, all.came, all.lines, all.mails, took, float64(all.lived*smallDays)/took))
}

// liveSeeds lives this process's part and prints the sums.
func liveSeeds(t *testing.T) {
	var all lives
	b := newBench(t, "edge")
	for n := 0; n < *seedsFlag && (*enoughFlag == 0 || all.wrong < *enoughFlag); n += *everyFlag {
		rep := b.live(smallModel(*firstFlag + uint64(n)).writeSmall())
		all.add(lives{tally: rep.tally, lived: 1, wrong: min(len(rep.differences), 1), mails: rep.mails})
		if *tellFlag || len(rep.differences) > 0 {
			t.Log("\n" + rep.String())
		}
		if len(rep.differences) > 0 && all.wrong <= most {
			t.Errorf("seed %d: %s: %s; live it again with -run TestSeeds -seeds 1 -first %d -tell", rep.seed, rep.differences[0].kind, rep.differences[0].says, rep.seed)
		}
	}
	fmt.Printf(livesLine, all.lived, all.wrong, all.briefs, all.fresh, all.came, all.lines, all.mails)
}

// TestSeedAgain lives some of them twice: a seed gives the same report to the byte.
func TestSeedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, "edge again")
	for seed := range uint64(12) {
		m := smallModel(seed + 1)
		if first, again := b.live(m.writeSmall()).String(), b.live(m.writeSmall()).String(); first != again {
			t.Errorf("seed %d first:\n%s\nand again:\n%s", seed+1, first, again)
		}
	}
}
