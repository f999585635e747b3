package worktimecase

import (
	"encoding/json"

	"github.com/rubato-hq/rubato/core/worktime"
)

// event is an event of a case, with the defaults of worktime 13.
type event struct {
	Start  string  `json:"start"`
	End    string  `json:"end"`
	People *int    `json:"people"`
	Busy   *bool   `json:"busy"`
	Status *string `json:"status"`
	Me     *string `json:"me"`
	AllDay bool    `json:"all_day"`
	Kind   *string `json:"kind"`
}

func or[T any](v *T, none T) T {
	if v == nil {
		return none
	}
	return *v
}

func (e event) read() (v worktime.Event, err error) {
	if v.Start, err = parseInstant(e.Start); err != nil {
		return v, err
	}
	if v.End, err = parseInstant(e.End); err != nil {
		return v, err
	}
	v.People, v.Busy, v.AllDay = or(e.People, 2), or(e.Busy, true), e.AllDay
	v.Status, v.Me, v.Kind = or(e.Status, "confirmed"), or(e.Me, "accepted"), or(e.Kind, "meeting")
	return v, nil
}

func (in *input) events() (events []worktime.Event) {
	if !in.has("events") {
		return nil
	}
	var list []json.RawMessage
	in.value("events", &list)
	for _, raw := range list {
		var e event
		if err := strict(raw, &e); err != nil {
			in.fail(`"events": %w`, err)
			continue
		}
		v, err := e.read()
		if err != nil {
			in.fail(`"events": %w`, err)
		}
		events = append(events, v)
	}
	return events
}

func (in *input) pings() (pings []worktime.Instant) {
	if !in.has("pings") {
		return nil
	}
	var list []string
	in.value("pings", &list)
	for _, s := range list {
		t, err := parseInstant(s)
		if err != nil {
			in.fail(`"pings": %w`, err)
		}
		pings = append(pings, t)
	}
	return pings
}

func sync(in *input) func() object {
	k, week, events, pings := in.clock(), in.date("week"), in.events(), in.pings()
	return func() object {
		s := k.Sync(week, events, pings, worktime.Recovery)
		return object{
			"meetings":         s.Meetings,
			"blocks":           s.Blocks,
			"sync_s":           s.SyncSeconds,
			"tier":             s.Tier,
			"work_s":           s.WorkSeconds,
			"workdays":         s.Workdays,
			"fragments":        s.Fragments,
			"fragment_s":       s.FragmentSeconds,
			"focus_blocks":     s.FocusBlocks,
			"focus_s":          s.FocusSeconds,
			"deep_blocks":      s.DeepBlocks,
			"longest_s":        s.LongestSeconds,
			"interruptions":    s.Interruptions,
			"every_s":          count(s.EverySeconds, s.Interruptions > 0),
			"of_275_pct":       count(s.Of275Percent, s.Workdays > 0),
			"recovery_s":       s.RecoverySeconds,
			"outside_s":        s.OutsideSeconds,
			"early_late_s":     s.EarlyLateSeconds,
			"early_late_pings": s.EarlyLatePings,
		}
	}
}
