package page

import (
	"time"

	"github.com/a-h/templ"
)

// slots are the elements that fill the places of a sentence.
type slots map[string]templ.Component

// flash is the sentence for what was just done.
func (f Frame) flash() string {
	v := f.Flash
	when := ""
	if !v.At.IsZero() {
		when = f.dayTime(v.At)
	}
	return f.W.Of("flash", v.Code, "name", v.Name, "ref", v.Ref, "at", when, "n", v.N)
}

// general are the keys that work on every page.
func general() []shortcut {
	return []shortcut{{"b", "brief"}, {"w", "write"}, {"a", "asks"}, {"c", "charter"}, {"!", "crisis"}}
}

// everyKey lists all keys for the dialog behind "?".
func everyKey() []shortcut {
	return []shortcut{
		{"j", "next"},
		{"k", "previous"},
		{"o", "open"},
		{"r", "answer"},
		{"h", "hand_on"},
		{"m", "more_time"},
		{"d", "decline"},
		{"y", "why"},
		{"e", "edit"},
		{"l", "look"},
		{"s", "sentence"},
		{"alt+digit", "kind"},
		{"mod+enter", "send"},
		{"b", "brief"},
		{"w", "write"},
		{"a", "asks"},
		{"p", "people"},
		{"t", "teams"},
		{"c", "charter"},
		{"!", "crisis"},
		{"?", "all"},
	}
}

// pair is an instant on two clocks in few words: "tomorrow 11:00, 09:00 yours".
func (f Frame) pair(t time.Time, p Person) string {
	theirs := f.W.DayTime(t, p.Loc, f.Now)
	if yours := f.W.Short(t, p.Loc, f.loc(), f.Now); yours != "" {
		return f.W.T("time.pair", "theirs", theirs, "yours", yours)
	}
	return theirs
}
