package simtest

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/internal/simtest/oracle"
)

// TestPlantedBugs lives a smaller month with a bug in it, put in from outside,
// and wants it to be found; and once without any, so that it is the bug that
// is found.
func TestPlantedBugs(t *testing.T) {
	t.Parallel()
	m := month(28, 3, 180)
	m.seed = 1 // one in which people write at windows, and on days of change
	script := m.write()
	for _, tt := range []struct {
		name  string
		plant plant
		kinds []string // at least one difference of each
	}{
		{"none", plant{}, nil},
		{"off by one at the window: what is written at it misses it", plant{doorClock: time.Millisecond}, []string{"promise", "late"}},
		{"off by one at the window: its brief is made a second early", plant{engineClock: time.Second}, []string{"late"}},
		{"off by one at the window: windows are a minute late", plant{charter: func(_ int, c oracle.Charter) oracle.Charter { return aMinuteLate(c) }}, []string{"promise", "late", "window"}},
		{"a change day taken as 24 h", plant{zones: wholeDays}, []string{"promise", "window"}},
		{"the sender's zone", plant{charter: func(_ int, c oracle.Charter) oracle.Charter {
			c.Zone = script.people[0].charters[0].Zone
			return c
		}}, []string{"promise", "early", "late", "forbidden"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep := lived(t, m, deliverytest.SQLite(t), false, tt.plant)
			if len(tt.kinds) == 0 {
				judge(t, rep)
				return
			}
			t.Logf("found %d differences, the first: %v", len(rep.differences), first(rep))
			for _, kind := range tt.kinds {
				if rep.count(kind) == 0 {
					t.Errorf("no difference of the kind %q is told\n%s", kind, rep)
				}
			}
		})
	}
}

func first(rep *report) string {
	if len(rep.differences) == 0 {
		return "none"
	}
	return rep.differences[0].kind + ": " + rep.differences[0].says
}

// aMinuteLate moves every window by a minute, but for those that would leave
// their hours.
func aMinuteLate(c oracle.Charter) oracle.Charter {
	for d, windows := range c.Windows {
		moved := make([]string, len(windows))
		for i, w := range windows {
			moved[i] = w[:4] + string(w[4]+1)
		}
		late := c
		late.Windows[d] = moved
		if accepted(late) {
			c = late
		}
	}
	return c
}

// wholeDays are the zones as they would be if each day had 24 hours: what
// changes the clock within a day does so at the midnight after it.
func wholeDays(name string) (*worktime.Zone, error) {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	offset := func(t int64) int64 {
		_, o := time.Unix(t, 0).In(loc).Zone()
		return int64(o)
	}
	const quarter = 900
	from, to := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	at, off := []int64{from}, []int64{offset(from)}
	for t := from; t < to; t += quarter {
		if offset(t) != offset(t+quarter) {
			before := t + offset(t) // on the wall clock
			at, off = append(at, before-before%86400+86400-offset(t)), append(off, offset(t+quarter))
		}
	}
	planted, err := time.LoadLocationFromTZData(name, tzif(at, off))
	if err != nil {
		return nil, err
	}
	return worktime.NewZone(name, planted)
}

// tzif writes a table of changes as a tz file (RFC 8536, version 2).
func tzif(at, off []int64) []byte {
	header := func(changes, types int) []byte {
		b := append([]byte("TZif2"), make([]byte, 15)...)
		for _, n := range []int{0, 0, 0, changes, types, 4} {
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		}
		return b
	}
	b := append(header(0, 1), 0, 0, 0, 0, 0, 0, 'X', 'Y', 'Z', 0) // the old part, for nobody
	b = append(b, header(len(at), len(off))...)
	for _, t := range at {
		b = binary.BigEndian.AppendUint64(b, uint64(t))
	}
	for i := range at {
		b = append(b, byte(i))
	}
	for _, o := range off {
		b = append(binary.BigEndian.AppendUint32(b, uint32(int32(o))), 0, 0)
	}
	return append(b, "XYZ\x00\n\n"...)
}
