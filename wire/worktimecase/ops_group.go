package worktimecase

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
)

func ask(in *input) func() object {
	people, class, sent, term := in.people(), in.class(), in.instant("sent"), in.term("window")
	need := in.needed(len(people))
	return func() object {
		each, at, ok := worktime.AskDue(people, class, sent, term, need)
		all := make(object, len(people))
		for i, p := range people {
			r := each[i]
			all[p.ID] = object{
				"delivered": show(p.Clock, r.Delivered, r.DeliveredOK),
				"due":       show(p.Clock, r.Due.At, r.Due.OK),
			}
		}
		return object{"each": all, "due": utc(at, ok)}
	}
}

// needed reads how many of n answers an ask needs.
func (in *input) needed(n int) int {
	raw := in.need("need")
	if word, err := text(raw); err == nil && raw != nil {
		switch word {
		case "first":
			return 1
		case "all":
			return n
		}
		in.fail(`"need" is first, all or a number`)
		return 0
	}
	return in.number("need")
}

func fair(in *input) func() object {
	people, opened, hours := in.people(), in.instant("opened"), in.number("hours")
	return func() object {
		f := worktime.Fair(people, opened, hours)
		all := make(object, len(people))
		for i, p := range people {
			r := f.Each[i]
			all[p.ID] = object{
				"delivered": show(p.Clock, r.Delivered, r.DeliveredOK),
				"until":     show(p.Clock, r.Until, r.UntilOK),
				"away_days": count(r.Away, r.DeliveredOK),
			}
		}
		binding := append([]string{}, f.Binding...)
		return object{"each": all, "close": utc(f.Close, f.CloseOK), "binding": binding, "present": utc(f.Present, f.PresentOK)}
	}
}

func theatre(in *input) func() object {
	people, opened, hours, closes := in.people(), in.instant("opened"), in.number("hours"), in.instant("close")
	return func() object {
		s := worktime.Theatre(people, opened, hours, closes)
		return object{"theatre": s.Theatre, "earliest": utc(s.Earliest, s.EarliestOK), "short": s.Short}
	}
}

func preread(in *input) func() object {
	people, start, lead := in.people(), in.instant("start"), in.number("lead")
	var sent worktime.Instant
	isSent := in.has("sent")
	if isSent {
		sent = in.instant("sent")
	}
	return func() object {
		at, ok := worktime.SendBy(people, start, lead)
		got := object{"send_by": utc(at, ok)}
		if isSent {
			got["ready"] = worktime.Ready(people, sent, start, lead)
		}
		return got
	}
}

func cadence(in *input) func() object {
	people, monday := in.people(), in.date("monday")
	hours, minutes := in.number("hours"), in.number("minutes")
	return func() object {
		r := worktime.Cadence(people, monday, hours, minutes)
		return object{
			"publish_by":     utc(r.PublishBy, r.PublishOK),
			"comments_close": utc(r.CommentsEnd, r.CommentsOK),
			"meeting":        utc(r.Meeting, r.MeetingOK),
		}
	}
}

func overlap(in *input) func() object {
	people, within := in.people(), in.interval()
	return func() object {
		all := make([][2]any, 0)
		for _, v := range worktime.Overlap(people, within.From, within.To) {
			all = append(all, [2]any{utc(v.From, true), utc(v.To, true)})
		}
		return object{"intervals": all}
	}
}

func slot(in *input) func() object {
	people, within, minutes := in.people(), in.interval(), in.number("minutes")
	var busy []worktime.Interval
	if in.has("busy") {
		var of map[string]json.RawMessage
		in.value("busy", &of)
		for _, id := range slices.Sorted(maps.Keys(of)) {
			var lists [][]*string
			if err := json.Unmarshal(of[id], &lists); err != nil {
				in.fail(`"busy" of %s cannot be read: %w`, id, err)
			}
			busy = append(busy, in.intervals("busy", in.paired("busy", lists))...)
		}
	}
	return func() object {
		start, ok := worktime.Slot(people, within.From, within.To, minutes, busy)
		return object{"start": utc(start, ok)}
	}
}

func rotate(in *input) func() object {
	people, minutes := in.people(), in.number("minutes")
	within := in.intervals("windows", in.pairs("windows"))
	var ledger worktime.Ledger
	if in.has("ledger") {
		in.value("ledger", &ledger)
	}
	return func() object {
		turns, ledger := worktime.Rotate(people, within, minutes, ledger)
		slots := make([]object, 0, len(turns))
		for _, t := range turns {
			slots = append(slots, object{"start": utc(t.Start, t.StartOK), "points": t.Points})
		}
		return object{"slots": slots, "ledger": ledger}
	}
}
