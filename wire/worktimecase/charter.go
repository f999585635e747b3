package worktimecase

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// keys are the top-level keys of a charter or of something like one.
type keys = map[string]json.RawMessage

// reference resolves a charter reference: a name, a charter, or {"like":
// reference, ...} with whole keys replaced. open are the names on the way.
func (f *file) reference(raw json.RawMessage, open []string) (keys, error) {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		named, ok := f.Charters[name]
		if !ok {
			return nil, fmt.Errorf("no charter is named %q", name)
		}
		if slices.Contains(open, name) {
			return nil, fmt.Errorf("charter %q is like itself", name)
		}
		k, err := f.reference(named, append(open, name))
		if err != nil {
			return nil, fmt.Errorf("charter %q: %w", name, err)
		}
		return k, nil
	}
	var own keys
	if err := json.Unmarshal(raw, &own); err != nil || own == nil {
		return nil, errors.New("a charter is a name or an object")
	}
	like, ok := own["like"]
	if !ok {
		return own, nil
	}
	k, err := f.reference(like, open)
	if err != nil {
		return nil, err
	}
	k = maps.Clone(k)
	maps.Copy(k, own)
	delete(k, "like")
	return k, nil
}

// clock compiles a charter reference; those of names are kept.
func (f *file) clock(raw json.RawMessage) (*worktime.Clock, error) {
	var name string
	named := json.Unmarshal(raw, &name) == nil
	if k, ok := f.clocks[name]; ok && named {
		return k, nil
	}
	k, err := f.reference(raw, nil)
	if err != nil {
		return nil, err
	}
	r, err := readCharter(k)
	if err != nil {
		return nil, err
	}
	if len(r.malformed) > 0 {
		return nil, r.why
	}
	clock, err := worktime.Compile(r.charter, f.zones)
	if err != nil {
		return nil, err
	}
	if named {
		f.clocks[name] = clock
	}
	return clock, nil
}

// charterReader reads the keys of worktime 3. What cannot be read is left out
// and kept as a finding, so that check can name it.
type charterReader struct {
	charter   worktime.Charter
	malformed []worktime.Finding
	why       error // of the first
}

// readCharter fails only for a key that no charter has.
func readCharter(k keys) (*charterReader, error) {
	r := &charterReader{}
	r.charter.Windows = worktime.DefaultWindows()
	parts := map[string]func(json.RawMessage){
		"about":      func(json.RawMessage) {},
		"zone":       func(raw json.RawMessage) { r.charter.Zone, _ = text(raw) }, // not a name: an unknown zone
		"hours":      func(raw json.RawMessage) { r.charter.Hours = r.weekly("hours", raw) },
		"windows":    r.windows,
		"focus":      func(raw json.RawMessage) { r.charter.Focus = r.weekly("focus", raw) },
		"focus_on":   r.focusOn,
		"off":        r.off,
		"holidays":   r.holidays,
		"dates":      r.dates,
		"travel":     r.travel,
		"week_start": r.weekStart,
	}
	for _, key := range slices.Sorted(maps.Keys(k)) {
		read, ok := parts[key]
		if !ok {
			return nil, fmt.Errorf("a charter has no key %q", key)
		}
		if string(k[key]) != "null" {
			read(k[key])
		}
	}
	return r, nil
}

func (r *charterReader) bad(where string, err error) {
	if r.why == nil {
		r.why = fmt.Errorf("%s: %w", where, err)
	}
	r.malformed = append(r.malformed, worktime.Finding{Code: worktime.CodeTime, Where: where})
}

func (r *charterReader) weekly(key string, raw json.RawMessage) (week [7][]worktime.Span) {
	var days map[string]json.RawMessage
	if err := json.Unmarshal(raw, &days); err != nil {
		r.bad(key, errors.New("not an object by weekday"))
	}
	for _, name := range slices.Sorted(maps.Keys(days)) {
		d, err := worktime.ParseWeekday(name)
		if err != nil {
			r.bad(key, err)
			continue
		}
		week[d] = each(r, key+"."+name, days[name], worktime.ParseSpan)
	}
	return week
}

func (r *charterReader) windows(raw json.RawMessage) {
	var days map[string]json.RawMessage
	if json.Unmarshal(raw, &days) != nil {
		r.charter.Windows = worktime.EveryDay(each(r, "windows", raw, worktime.ParseTimeOfDay)...)
		return
	}
	r.charter.Windows = worktime.Windows{}
	for _, name := range slices.Sorted(maps.Keys(days)) {
		d, err := worktime.ParseWeekday(name)
		if err != nil {
			r.bad("windows", err)
			continue
		}
		r.charter.Windows[d] = each(r, "windows."+name, days[name], worktime.ParseTimeOfDay)
	}
}

// each reads a list of strings.
func each[T any](r *charterReader, where string, raw json.RawMessage, parse func(string) (T, error)) (all []T) {
	var list []*string
	if err := json.Unmarshal(raw, &list); err != nil {
		r.bad(where, errors.New("not a list of strings"))
		return nil
	}
	for _, s := range list {
		if s == nil {
			r.bad(where, errors.New("null in the list"))
			continue
		}
		v, err := parse(*s)
		if err != nil {
			r.bad(where, err)
			continue
		}
		all = append(all, v)
	}
	return all
}

// entry is one object of off, focus_on or travel.
type entry struct {
	From string  `json:"from"`
	To   *string `json:"to"`
	Zone string  `json:"zone"`
}

// end is To, "" when it is absent.
func (e entry) end() string {
	if e.To == nil {
		return ""
	}
	return *e.To
}

func (r *charterReader) entries(where string, raw json.RawMessage) []entry {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		r.bad(where, errors.New("not a list"))
	}
	var entries []entry
	for _, item := range list {
		var e entry
		if err := strict(item, &e); err != nil {
			r.bad(where, err)
			continue
		}
		entries = append(entries, e)
	}
	return entries
}

func (r *charterReader) focusOn(raw json.RawMessage) {
	for _, e := range r.entries("focus_on", raw) {
		from, err := worktime.ParseLocal(e.From)
		if err != nil {
			r.bad("focus_on", err)
			continue
		}
		to, err := worktime.ParseLocal(e.end())
		if err != nil {
			r.bad("focus_on", err)
			continue
		}
		r.charter.FocusOn = append(r.charter.FocusOn, worktime.LocalSpan{From: from, To: to})
	}
}

func (r *charterReader) off(raw json.RawMessage) {
	for _, e := range r.entries("off", raw) {
		o, err := worktime.ParseTimeOff(e.From, e.end())
		if err != nil {
			r.bad("off", err)
			continue
		}
		r.charter.Off = append(r.charter.Off, o)
	}
}

func (r *charterReader) holidays(raw json.RawMessage) {
	r.charter.Holidays = each(r, "holidays", raw, worktime.ParseDate)
}

func (r *charterReader) dates(raw json.RawMessage) {
	var dates map[string]json.RawMessage
	if err := json.Unmarshal(raw, &dates); err != nil {
		r.bad("dates", errors.New("not an object by date"))
	}
	r.charter.Dates = make(map[worktime.Date][]worktime.Span, len(dates))
	for _, name := range slices.Sorted(maps.Keys(dates)) {
		d, err := worktime.ParseDate(name)
		if err != nil {
			r.bad("dates", err)
			continue
		}
		r.charter.Dates[d] = each(r, "dates."+name, dates[name], worktime.ParseSpan)
	}
}

func (r *charterReader) travel(raw json.RawMessage) {
	for _, e := range r.entries("travel", raw) {
		t := worktime.Trip{Zone: e.Zone, Open: e.To == nil}
		var err error
		if t.From, err = worktime.ParseDate(e.From); err != nil {
			r.bad("travel", err)
		}
		if !t.Open {
			if t.To, err = worktime.ParseDate(*e.To); err != nil {
				r.bad("travel", err)
			}
		}
		r.charter.Travel = append(r.charter.Travel, t)
	}
}

func (r *charterReader) weekStart(raw json.RawMessage) {
	name, _ := text(raw)
	d, err := worktime.ParseWeekday(name)
	if err != nil {
		r.bad("week_start", err)
		d = time.Monday
	}
	r.charter.WeekStart = worktime.StartOn(d)
}
