package simtest

import (
	"flag"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	seedsFlag  = flag.Int("seeds", 1000, "lives with failures that TestSeeds lives")
	firstFlag  = flag.Uint64("first", 1, "the first of them")
	enoughFlag = flag.Int64("enough", 0, "stop after so many of them went wrong, 0 for never")
	tellFlag   = flag.Bool("tell", false, "print the report of every life with failures")
)

// TestSeeds lives many small lives in which things go wrong, on all processors:
// it is not parallel itself.
func TestSeeds(t *testing.T) {
	start := time.Now()
	var next, days, briefs, bad atomic.Int64
	var mu sync.Mutex
	var total smallReport
	workers := runtime.GOMAXPROCS(0)
	t.Run("all", func(t *testing.T) {
		for i := range workers {
			t.Run(fmt.Sprintf("worker %d", i), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, fmt.Sprintf("edge %d", i))
				for n := next.Add(1) - 1; n < int64(*seedsFlag) && (*enoughFlag == 0 || bad.Load() < *enoughFlag); n = next.Add(1) - 1 {
					rep := b.live(smallModel(*firstFlag + uint64(n)).writeSmall())
					days.Add(smallDays)
					briefs.Add(int64(rep.briefs))
					mu.Lock()
					total.tally.add(rep.tally)
					total.mails += rep.mails
					mu.Unlock()
					if *tellFlag || len(rep.differences) > 0 {
						t.Log("\n" + rep.String())
					}
					if len(rep.differences) > 0 && bad.Add(1) <= most {
						t.Errorf("seed %d: %s: %s; live it again with -run TestSeeds -seeds 1 -first %d -tell", rep.seed, rep.differences[0].kind, rep.differences[0].says, rep.seed)
					}
				}
			})
		}
	})
	took := time.Since(start).Seconds()
	t.Attr("seeds", fmt.Sprintf("%d lives of %d days, %d of them wrong; %d briefs (%d with something new), %d came by name, %d lines of streams, %d messages; %.0f s, %.0f days a second",
		*seedsFlag, smallDays, bad.Load(), total.briefs, total.fresh, total.came, total.lines, total.mails, took, float64(days.Load())/took))
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
