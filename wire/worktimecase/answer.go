package worktimecase

import (
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// object is what an op gives; its instants are strings already.
type object = map[string]any

// show prints an instant in the offset of the person whose clock it is, nil when
// there is none. An offset with seconds, which RFC 3339 cannot say, becomes UTC.
func show(c *worktime.Clock, t worktime.Instant, ok bool) any {
	if !ok {
		return nil
	}
	return rfc3339(c.In(t))
}

// utc prints an instant of a group.
func utc(t worktime.Instant, ok bool) any {
	if !ok {
		return nil
	}
	return t.String()
}

func rfc3339(t time.Time) string {
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	return t.Format(time.RFC3339)
}

func showAll(c *worktime.Clock, ts []worktime.Instant) []any {
	all := make([]any, 0, len(ts))
	for _, t := range ts {
		all = append(all, show(c, t, true))
	}
	return all
}

func showIntervals(c *worktime.Clock, vs []worktime.Interval) [][2]any {
	all := make([][2]any, 0, len(vs))
	for _, v := range vs {
		all = append(all, [2]any{show(c, v.From, true), show(c, v.To, true)})
	}
	return all
}

// count is n, nil unless ok.
func count[T int | int64](n T, ok bool) any {
	if !ok {
		return nil
	}
	return n
}

// codes are the codes of findings, sorted, each once.
func codes(findings []worktime.Finding) []worktime.Code {
	all := make([]worktime.Code, 0, len(findings))
	for _, f := range findings {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
