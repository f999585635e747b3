package words

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

func english(t testing.TB) *Words {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.For("en")
}

// flat writes no-break spaces as plain ones, for the eyes.
func flat(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func TestLoadRefuses(t *testing.T) {
	good := `[a]` + "\n" + `b = "text"`
	for name, files := range map[string]map[string]string{
		"no English":       {"tr/a.toml": good},
		"an empty message": {"en/a.toml": `[a]` + "\n" + `b = " "`},
		"a message twice":  {"en/a.toml": good, "en/b.toml": good},
		"an open brace":    {"en/a.toml": `[a]` + "\n" + `b = "{name"`},
		"a stray brace":    {"en/a.toml": `[a]` + "\n" + `b = "name}"`},
		"a wild name":      {"en/a.toml": `[a]` + "\n" + `b = "{.Name}"`},
		"no TOML":          {"en/a.toml": `[a`},
	} {
		dir := fstest.MapFS{}
		for path, text := range files {
			dir[path] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := load(dir); err == nil {
			t.Errorf("%s was loaded", name)
		}
	}
}

func TestOnlyWholeLanguages(t *testing.T) {
	c, err := load(fstest.MapFS{
		"en/a.toml": {Data: []byte("[a]\nb = \"one\"\n[a.c]\none = \"{n} thing\"\nother = \"{n} things\"")},
		"de/a.toml": {Data: []byte("[a]\nb = \"eins\"\n[a.c]\none = \"{n} Ding\"\nother = \"{n} Dinge\"")},
		"tr/a.toml": {Data: []byte("[a]\nb = \"bir\"\nc = \"{n} şey\"")},
		"fr/a.toml": {Data: []byte("[a]\nb = \"un\"")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Languages(); !slices.Equal(got, []string{"de", "en", "tr"}) {
		t.Errorf("offered are %v", got)
	}
	for asked, want := range map[string]string{"de": "1 Ding", "de-AT,de;q=0.9": "1 Ding", "tr": "1 şey", "fr": "1 thing", "": "1 thing", "fr, de;q=0.5": "1 Ding"} {
		if got := c.For(asked).N("a.c", 1); got != want {
			t.Errorf("For(%q): %q, want %q", asked, got, want)
		}
	}
	if c.Missed() != 0 {
		t.Errorf("%d look-ups failed", c.Missed())
	}
}

func TestLookUpsDoNotFailSilently(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	w := c.For("en")
	for _, v := range []struct{ got, want string }{
		{w.T("no.such"), "⟨no.such⟩"},
		{w.N("no.such", 3), "⟨no.such⟩"},
		{w.Of("no", "such"), "⟨no.such⟩"},
		{w.T("brief.needing"), "⟨brief.needing⟩"}, // has plural forms: N
		{w.N("brief.title", 2), "⟨brief.title⟩"},  // has none: T
		{w.T("time.today"), "today ⟨clock⟩"},
	} {
		if v.got != v.want {
			t.Errorf("got %q, want %q", v.got, v.want)
		}
	}
	if c.Missed() != 6 {
		t.Errorf("%d were counted, want 6", c.Missed())
	}
}

func TestPlaceholders(t *testing.T) {
	w := english(t)
	for _, v := range []struct{ got, want string }{
		{w.N("brief.needing", 1), "One thing needs you."},
		{w.N("brief.needing", 9000), "9,000 things need you."},
		{w.N("brief.needing", 0), "0 things need you."},
		{w.T("demo.you_are", "name", "{name} <b>"), "You are {name} <b>."},
		{w.T("brief.lead_part", "needed", 11, "budget", int64(1036)), "11 of your 1,036 minutes"},
		{w.List(nil), ""},
		{w.List([]string{"Ada"}), "Ada"},
		{w.List([]string{"Ada", "Bo"}), "Ada and Bo"},
		{w.List([]string{"Ada", "Bo", "Cy", "Di"}), "Ada, Bo, Cy and Di"},
		{strings.Join(w.ListParts(4), "|"), ", |, | and "},
		{strings.Join(w.ListParts(1), "|"), ""},
		{w.Size(312), "312 B"},
		{w.Size(48_200), "48 KB"},
		{w.Size(1_380_000), "1.4 MB"},
		{w.Size(100_000_000), "100 MB"},
	} {
		if flat(v.got) != v.want {
			t.Errorf("got %q, want %q", v.got, v.want)
		}
	}
	parts := w.Parts("brief.urgent_because")
	if len(parts) != 2 || parts[0].Text != "Urgent, because: " || parts[1].Slot != "why" {
		t.Errorf("parts are %+v", parts)
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestTimes(t *testing.T) {
	w := english(t)
	berlin, francisco := zone(t, "Europe/Berlin"), zone(t, "America/Los_Angeles")
	now := time.Date(2026, 11, 24, 8, 50, 0, 0, berlin) // 23:50 on Monday in San Francisco
	at := func(month time.Month, day, h, m int) time.Time {
		return time.Date(2026, month, day, h, m, 0, 0, berlin)
	}
	for _, v := range []struct{ got, want string }{
		{w.Clock(at(11, 24, 9, 5), berlin), "09:05"},
		{w.DayTime(at(11, 24, 11, 0), berlin, now), "today 11:00"},
		{w.DayTime(at(11, 24, 18, 30), francisco, now), "tomorrow 09:30"},
		{w.DayTime(at(11, 23, 18, 30), berlin, now), "yesterday 18:30"},
		{w.DayTime(at(12, 1, 20, 0), berlin, now), "Tue 1 Dec, 20:00"},
		{w.DayTime(at(12, 1, 20, 0).AddDate(1, 0, 0), berlin, now), "Wed 1 Dec 2027, 20:00"},
		{w.DayTime(at(11, 24, 11, 0), nil, now), "today 10:00"},
		{w.ClockDay(at(11, 24, 16, 0), berlin, now), "16:00"},
		{w.ClockDay(at(11, 25, 11, 0), berlin, now), "tomorrow 11:00"},
		{w.At(at(11, 24, 16, 0), berlin, now), "at 16:00"},
		{w.At(at(11, 25, 11, 0), berlin, now), "tomorrow 11:00"},
		{w.Date(at(11, 24, 11, 0), berlin), "Tuesday 24 November"},
		{w.Day(at(11, 26, 11, 0), berlin, now), "Thu 26 Nov"},
		{w.ShortDate(at(12, 24, 11, 0), berlin, now), "24 Dec"},
		{w.WeekdayClock(at(11, 24, 8, 32), berlin), "Tue 08:32"},
		{w.Weekday(at(11, 29, 8, 32), berlin), "Sunday"},
		{w.Both(at(11, 24, 9, 0), zone(t, "Europe/Istanbul"), berlin, now), "today 11:00 their time, 09:00 yours"},
		{w.Both(at(11, 24, 10, 0), berlin, berlin, now), "today 10:00, their time and yours"},
		{w.Both(at(11, 24, 18, 30), francisco, berlin, now), "tomorrow 09:30 their time, 18:30 today yours"},
		{w.Both(at(12, 2, 1, 0), francisco, berlin, now), "Tue 1 Dec, 16:00 their time, Wed 2 Dec, 01:00 yours"},
		{w.Short(at(11, 24, 9, 0), zone(t, "Europe/Istanbul"), berlin, now), "09:00 yours"},
		{w.Short(at(11, 24, 9, 0), berlin, berlin, now), ""},
		{w.Ago(now.Add(-30*time.Second), berlin, now), "just now"},
		{w.Ago(now.Add(-61*time.Second), berlin, now), "a minute ago"},
		{w.Ago(now.Add(-3*time.Minute), berlin, now), "3 minutes ago"},
		{w.Ago(now.Add(-61*time.Minute), berlin, now), "today 07:49"},
		{w.Offset(now, francisco, berlin), "9 h behind you"},
		{w.Offset(now, zone(t, "Asia/Kolkata"), berlin), "4 h 30 min ahead of you"},
		{w.Offset(now, berlin, berlin), ""},
	} {
		if flat(v.got) != v.want {
			t.Errorf("got %q, want %q", v.got, v.want)
		}
	}
}

func TestLengths(t *testing.T) {
	w := english(t)
	for seconds, want := range map[int64]string{
		0: "0 min", 59: "less than a minute", 60: "1 min", 3599: "59 min", 3600: "1 h", 14280: "3 h 58 min", 107880: "29 h 58 min", -5: "0 min",
	} {
		if got := flat(w.Length(seconds)); got != want {
			t.Errorf("Length(%d) = %q, want %q", seconds, got, want)
		}
	}
	if got := w.Length(14280); !strings.Contains(got, "3\u00a0h 58\u00a0min") {
		t.Errorf("numbers and units may break apart: %q", got)
	}
	if a, b := w.Hours(8*3600), w.Hours(12600); a != "8" || b != "3.5" {
		t.Errorf("hours are %q and %q", a, b)
	}
}

func TestTerms(t *testing.T) {
	w := english(t)
	berlin := zone(t, "Europe/Berlin")
	now := time.Date(2026, 11, 24, 8, 50, 0, 0, berlin)
	for code, want := range map[string]string{
		"24h": "within 24 h", "4wh": "within 4 working hours", "1wh": "within 1 working hour", "eod": "by the end of the day",
		"eow": "by the end of the week", "2026-12-01": "by Tue 1 Dec", "2026-12-01T19:00:00Z": "by Tue 1 Dec, 20:00", "soon": "⟨soon⟩",
	} {
		if got := flat(w.Term(code, berlin, now)); got != want {
			t.Errorf("Term(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	w := english(t)
	r := Reading{Place: "Berlin", Normal: "24h", Urgent: "4wh", Focus: true}
	for d := 1; d <= 5; d++ {
		r.Windows[d] = []string{"11:00", "16:00"}
	}
	want := "I read messages at 11:00 and 16:00 Berlin time and answer within 24 h, urgent ones within 4 working hours. Flag anything urgent and I’ll see it between focus blocks; a real emergency reaches me at once."
	if got := flat(w.Sentence(r)); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	r.Windows[5], r.Focus = []string{"11:00"}, false
	want = "I read messages at 11:00 and 16:00 Berlin time, on Friday at 11:00, and answer within 24 h, urgent ones within 4 working hours. Flag anything urgent and I’ll see it in my working hours; a real emergency reaches me at once."
	if got := flat(w.Sentence(r)); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := w.Sentence(Reading{}); !strings.HasPrefix(got, "I have set no time") {
		t.Errorf("an empty charter says %q", got)
	}
	for _, v := range []struct {
		days []int
		want string
	}{{[]int{1, 2, 3, 4}, "Monday to Thursday"}, {[]int{5}, "Friday"}, {[]int{6, 7}, "Saturday, Sunday"}, {[]int{1, 3, 5}, "Monday, Wednesday, Friday"}} {
		if got := w.Days(v.days); got != v.want {
			t.Errorf("Days(%v) = %q, want %q", v.days, got, v.want)
		}
	}
	if got := w.Seen("Lena", []string{"13:00", "18:00"}); got != "Lena reads messages at 13:00 and 18:00 your time." {
		t.Errorf("seen as %q", got)
	}
}

func TestPseudo(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	plain, w := c.For("en"), c.Pseudo()
	got := w.T("demo.you_are", "name", "Ada")
	if !strings.HasPrefix(got, "[!! Ýóú àŕé Ada.") || !strings.HasSuffix(got, " !!]") {
		t.Errorf("got %q", got)
	}
	if n, m := len([]rune(plain.T("frame.emergency"))), len([]rune(w.T("frame.emergency"))); m < n*14/10 {
		t.Errorf("%d letters became %d, want 40 %% more", n, m)
	}
	if joints := w.ListParts(3); strings.ContainsAny(strings.Join(joints, ""), "abcdefghijklmnopqrstuvwxyz") {
		t.Errorf("joints are %q", joints)
	}
	if w.Lang() != "en-XA" || c.For("en").Lang() != "en" {
		t.Errorf("languages are %s and %s", w.Lang(), c.For("en").Lang())
	}
	if slices.Contains(c.Languages(), "en-XA") {
		t.Error("the pseudo-language is offered")
	}
}

func TestConcurrentUse(t *testing.T) {
	w := english(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 200 {
				w.N("brief.needing", i, "x", fmt.Sprint(i))
				w.Number(i)
			}
		})
	}
	wg.Wait()
}

func BenchmarkT(b *testing.B) {
	w := english(b)
	for b.Loop() {
		w.T("demo.you_are", "name", "Ada")
	}
}

func BenchmarkN(b *testing.B) {
	w := english(b)
	for b.Loop() {
		w.N("brief.needing", 3)
	}
}
