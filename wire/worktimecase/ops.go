package worktimecase

import (
	"errors"

	"github.com/rubato-hq/rubato/core/worktime"
)

// op reads its input and returns what computes the answer. That is called only
// when all of the input could be read.
type op func(in *input) func() object

// ops are the operations of worktime 13.
func ops() map[string]op {
	return map[string]op{
		"resolve": resolve,
		"check":   check,
		"day":     day,
		"windows": windows,
		"state":   state,
		"next":    next,
		"resume":  resume,
		"due":     due,
		"elapsed": elapsed,
		"replan":  replan,
		"ask":     ask,
		"fair":    fair,
		"theatre": theatre,
		"preread": preread,
		"cadence": cadence,
		"overlap": overlap,
		"slot":    slot,
		"rotate":  rotate,
		"sync":    sync,
	}
}

func resolve(in *input) func() object {
	zone := parsed(in, "zone", in.file.zones)
	local := parsed(in, "local", worktime.ParseLocal)
	rule := "" // our own
	if in.has("rule") {
		rule = parsed(in, "rule", func(s string) (string, error) {
			if s != "rfc5545" {
				return "", errors.New("the only rule is rfc5545")
			}
			return s, nil
		})
	}
	return func() object {
		at := zone.At(local)
		if rule != "" {
			at = zone.AtRFC5545(local)
		}
		return object{"at": rfc3339(at.Time().In(zone.Location()))}
	}
}

func check(in *input) func() object {
	k, err := in.file.reference(in.c.Charter, nil)
	if err != nil {
		in.fail("%w", err)
		return nil
	}
	r, err := readCharter(k)
	if err != nil {
		in.fail("%w", err)
		return nil
	}
	return func() object {
		bad, warnings := worktime.Check(r.charter, in.file.zones)
		if len(r.malformed) > 0 {
			bad, warnings = append(worktime.CheckZones(r.charter, in.file.zones), r.malformed...), nil
		}
		return object{"errors": codes(bad), "warnings": codes(warnings)}
	}
}

func day(in *input) func() object {
	k, date := in.clock(), in.date("date")
	return func() object {
		d := k.Day(date)
		var own []worktime.Interval
		if d.Interval.Seconds() > 0 {
			own = append(own, d.Interval)
		}
		return object{
			"day":     showIntervals(k, own),
			"working": d.Working,
			"work":    showIntervals(k, d.Pieces),
			"free":    showIntervals(k, d.Free),
			"windows": showAll(k, d.Windows),
		}
	}
}

func windows(in *input) func() object {
	k, v := in.clock(), in.interval()
	return func() object { return object{"windows": showAll(k, k.Windows(v.From, v.To))} }
}

func state(in *input) func() object {
	k, at := in.clock(), in.instant("at")
	return func() object {
		s, until, ok := k.State(at)
		return object{"state": s.String(), "until": show(k, until, ok)}
	}
}

func next(in *input) func() object {
	k, class, now := in.clock(), in.class(), in.instant("now")
	sealed := in.instantOr("sealed", worktime.NotSealed)
	return func() object {
		at, ok := k.Next(class, now, sealed)
		away := 0
		if ok {
			away = k.AwayDays(now, at)
		}
		return object{"at": show(k, at, ok), "away_days": count(away, ok)}
	}
}

func resume(in *input) func() object {
	k, missed, now := in.clock(), in.instant("missed"), in.instant("now")
	return func() object {
		at, ok := k.Resume(missed, now)
		return object{"at": show(k, at, ok)}
	}
}

func due(in *input) func() object {
	k, delivered, term, pauses := in.clock(), in.instant("delivered"), in.term("window"), in.pauses()
	return func() object {
		d := k.Due(delivered, term, pauses)
		got := object{"due": show(k, d.At, d.OK)}
		if term.Fixed() {
			got["tight"] = d.Tight
		}
		return got
	}
}

func elapsed(in *input) func() object {
	k, v, pauses := in.clock(), in.interval(), in.pauses()
	kind := parsed(in, "clock", func(s string) (worktime.Kind, error) {
		switch s {
		case worktime.DayClock.String():
			return worktime.DayClock, nil
		case worktime.WorkClock.String():
			return worktime.WorkClock, nil
		}
		return 0, errors.New("the clocks are day and work")
	})
	return func() object { return object{"seconds": k.Elapsed(kind, v.From, v.To, pauses)} }
}

func replan(in *input) func() object {
	k, class := in.clock(), in.class()
	created, changed := in.instant("created"), in.instant("changed")
	var to *worktime.Clock
	if raw := in.need("to"); raw != nil {
		to = in.reference(raw)
	}
	var term worktime.Term
	if in.has("window") {
		term = in.term("window")
	}
	return func() object {
		p := worktime.Replan(k, to, class, created, changed, term)
		got := object{"planned": show(k, p.Planned, p.PlannedOK), "state": "waiting"}
		shown := to
		if p.Delivered {
			got["state"], shown = "delivered", k
		}
		got["at"] = show(shown, p.At, p.OK)
		if term != (worktime.Term{}) {
			got["due"] = show(to, p.Due.At, p.Due.OK)
		}
		return got
	}
}
