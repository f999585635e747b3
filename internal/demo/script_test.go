package demo

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
)

// stage is the cast made ready: clocks by the people's charters, members by team.
type stage struct {
	clocks  map[string]*worktime.Clock
	zones   map[string]*time.Location
	open    map[string]bool
	members map[string][]string
}

func newStage(t *testing.T) stage {
	t.Helper()
	s := stage{map[string]*worktime.Clock{}, map[string]*time.Location{}, map[string]bool{}, map[string][]string{}}
	for _, m := range meridian().People {
		loc, err := time.LoadLocation(m.Zone)
		if err != nil {
			t.Fatalf("%s: %v", m.Handle, err)
		}
		s.zones[m.Handle], s.clocks[m.Handle] = loc, clockOf(t, m)
	}
	for _, team := range meridian().Teams {
		s.open[team.Slug], s.members[team.Slug] = team.Open, team.Members
		if team.Everyone {
			s.members[team.Slug] = slices.Collect(maps.Keys(s.clocks))
		}
	}
	return s
}

func clockOf(t *testing.T, m castMember) *worktime.Clock {
	t.Helper()
	c := worktime.Charter{Zone: m.Zone}
	var err error
	if c.Hours, err = charter.ParseWeek(strings.Join(m.Hours, "; ")); err != nil {
		t.Fatalf("hours of %s: %v", m.Handle, err)
	}
	if c.Focus, err = charter.ParseWeek(strings.Join(m.Focus, "; ")); err != nil {
		t.Fatalf("focus of %s: %v", m.Handle, err)
	}
	if c.Windows, err = charter.ParseWindows(strings.Join(m.Windows, " ")); err != nil {
		t.Fatalf("windows of %s: %v", m.Handle, err)
	}
	for _, o := range m.Off {
		from, to, _ := strings.Cut(strings.ReplaceAll(o, " ", "T"), "..")
		off, err := worktime.ParseTimeOff(from, to)
		if err != nil {
			t.Fatalf("time off of %s: %v", m.Handle, err)
		}
		c.Off = append(c.Off, off)
	}
	zones := worktime.Locations(time.LoadLocation)
	if wrong, _ := worktime.Check(c, zones); len(wrong) > 0 {
		t.Errorf("charter of %s: %v", m.Handle, wrong)
	}
	clock, err := worktime.Compile(c, zones)
	if err != nil {
		t.Fatalf("charter of %s: %v", m.Handle, err)
	}
	return clock
}

func (s stage) when(t *testing.T, a act) worktime.Instant {
	t.Helper()
	loc := s.zones[a.By]
	if loc == nil {
		t.Fatalf("%s %s: nobody is called %q", a.At, a.Do, a.By)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", a.At, loc)
	if err != nil {
		t.Fatal(err)
	}
	return worktime.Of(at)
}

// sees reports whether somebody may open an item (R2.2): the demo has no guests.
func (s stage) sees(who string, i act) bool {
	if i.Team != "" {
		return s.open[i.Team] || slices.Contains(s.members[i.Team], who)
	}
	return who == i.By || slices.Contains(i.To, who) || slices.Contains(i.Readers, who)
}

func TestCast(t *testing.T) {
	s := newStage(t)
	people := meridian().People
	if len(people) != 9 {
		t.Errorf("%d people, want nine", len(people))
	}
	owners := 0
	archetypes := map[charter.Archetype]bool{}
	for _, m := range people {
		if m.Role == "owner" {
			owners++
		}
		archetypes[charter.Archetype(m.Archetype)] = true
		if m.Cover != "" && (s.clocks[m.Cover] == nil || m.Cover == m.Handle) {
			t.Errorf("%s is covered by %q", m.Handle, m.Cover)
		}
	}
	if owners != 1 {
		t.Errorf("%d owners, want one", owners)
	}
	for _, a := range charter.Archetypes() {
		if !archetypes[a] {
			t.Errorf("nobody is a %s", a)
		}
		delete(archetypes, a)
	}
	for a := range archetypes {
		t.Errorf("%q is not an archetype", a)
	}
	for _, team := range meridian().Teams {
		for _, m := range slices.Concat(team.Members, team.Leads) {
			if !slices.Contains(s.members[team.Slug], m) || s.clocks[m] == nil {
				t.Errorf("%s: %q is no member", team.Slug, m)
			}
		}
	}
}

func TestScriptRunsInOrder(t *testing.T) {
	s := newStage(t)
	end := worktime.Of(time.Date(2026, 11, 24, 7, 20, 0, 0, time.UTC)) // 08:20 in Berlin
	last := worktime.Of(storyBegins())
	late := 0
	acts := script()
	for _, a := range acts {
		at := s.when(t, a)
		if at <= last || at > end {
			t.Errorf("%s %s by %s: not after the act before it, or after the end", a.At, a.Do, a.By)
		}
		last = at
		if state, _, _ := s.clocks[a.By].State(at); state == worktime.Off {
			late++
			if onLeave(a) {
				t.Errorf("%s: %s acts on leave", a.At, a.By)
			}
		}
	}
	if len(acts) < 150 || len(acts) > 200 {
		t.Errorf("%d acts, want 150 to 200", len(acts))
	}
	if late < 3 || late > len(acts)/20 {
		t.Errorf("%d of %d acts out of hours, want some and few", late, len(acts))
	}
}

// onLeave reports whether an act falls on whole dates that its actor has off.
func onLeave(a act) bool {
	date, _, _ := strings.Cut(a.At, " ")
	for _, m := range meridian().People {
		for _, o := range m.Off {
			from, to, _ := strings.Cut(o, "..")
			if m.Handle == a.By && len(from) == len(date) && from <= date && date <= to {
				return true
			}
		}
	}
	return false
}

// asked is an ask of the script by the rules of core/ask.
type asked struct {
	act
	ask.Ask
	reached map[string]worktime.Instant
}

// play lets the script happen by the rules that the door will apply.
func play(t *testing.T, s stage) map[string]*asked {
	t.Helper()
	items, asks, held := map[string]act{}, map[string]*asked{}, map[string]bool{}
	for _, a := range script() {
		name := a.At + " " + a.Do + " by " + a.By
		at := s.when(t, a)
		for _, p := range slices.Concat(a.To, a.Readers) {
			if s.clocks[p] == nil || p == a.By && a.Do != "grant" {
				t.Errorf("%s: names %q", name, p)
			}
		}
		switch a.Do {
		case "update", "request", "ask", "crisis":
			if _, ok := items[a.Ref]; ok {
				t.Errorf("%s: a second %q", name, a.Ref)
			}
			items[a.Ref] = a
			if _, ok := s.members[a.Team]; a.Team != "" && !ok {
				t.Errorf("%s: no team %q", name, a.Team)
			}
			for _, p := range append(slices.Concat(a.To, a.Readers), a.By) {
				if !s.sees(p, a) {
					t.Errorf("%s: %s could not open it", name, p)
				}
			}
			if a.Do == "ask" {
				asks[a.Ref] = s.newAsk(t, name, a, at)
			}
		case "comment":
			if i, ok := items[a.On]; !ok || !s.sees(a.By, i) {
				t.Errorf("%s: cannot see %q", name, a.On)
			}
		case "have-it", "crisis-note", "end-crisis":
			if i := items[a.On]; i.Do != "crisis" {
				t.Errorf("%s: %q is no crisis", name, a.On)
			}
			held[a.On] = a.Do != "end-crisis"
		default:
			q := asks[a.On]
			if q == nil {
				t.Errorf("%s: %q is not asked", name, a.On)
				continue
			}
			s.reply(t, name, q, a, at)
		}
	}
	for c, going := range held {
		if going {
			t.Errorf("crisis %s never ends", c)
		}
	}
	return asks
}

func (s stage) newAsk(t *testing.T, name string, a act, at worktime.Instant) *asked {
	t.Helper()
	term, err := worktime.ParseTerm(a.Term)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	q, err := ask.New(a.Ref, a.By, a.Point, a.To, term, a.Urgent != "", a.Urgent, a.Need)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	out := &asked{a, q, map[string]worktime.Instant{}}
	for _, p := range a.To {
		out.reached[p] = s.reach(t, name, out, p, at)
	}
	return out
}

func (s stage) reach(t *testing.T, name string, q *asked, person string, at worktime.Instant) worktime.Instant {
	t.Helper()
	reached, ok := s.clocks[person].Next(q.Class(), at, worktime.NotSealed)
	if !ok {
		t.Fatalf("%s: never reaches %s", name, person)
	}
	return reached
}

func (s stage) reply(t *testing.T, name string, q *asked, a act, at worktime.Instant) {
	t.Helper()
	var err error
	now := at.Time()
	switch a.Do {
	case "grant":
		if a.By != q.By {
			t.Errorf("%s: it is the ask of %s", name, q.By)
		}
		err = q.GrantTime(a.To[0], true, at)
	case "withdraw":
		err = q.Withdraw(now)
	case "answer":
		err = q.Settle(a.By, name, now)
	case "decline":
		err = q.Decline(a.By, a.Body, now)
	case "handon":
		if err = q.HandOn(a.By, a.To[0], a.Body, now); err == nil {
			q.reached[a.To[0]] = s.reach(t, name, q, a.To[0], at)
		}
	case "asktime":
		var term worktime.Term
		if term, err = worktime.ParseTerm(a.Term); err == nil {
			err = q.AskTime(a.By, term, a.Body)
		}
	default:
		t.Fatalf("%s: no such act", name)
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if a.Do != "grant" && a.Do != "withdraw" && at < q.reached[a.By] {
		t.Errorf("%s: has it only at %s", name, q.reached[a.By].Time().In(s.zones[a.By]))
	}
}

func TestScriptKeepsTheRules(t *testing.T) {
	asks := play(t, newStage(t))
	begun := map[string]int{}
	for _, a := range script() {
		begun[a.Do]++
	}
	for _, do := range []string{"update", "request", "ask", "comment", "answer", "decline", "handon", "asktime", "grant", "withdraw", "crisis", "have-it", "crisis-note", "end-crisis"} {
		if begun[do] == 0 {
			t.Errorf("nobody does %s", do)
		}
	}
	waits := map[string]int{}
	for _, q := range asks {
		if !q.Live() {
			continue
		}
		for _, r := range q.Recipients {
			if r.State == ask.Waiting {
				waits[r.Person]++
			}
		}
	}
	for _, m := range meridian().People {
		if waits[m.Handle] == 0 {
			t.Errorf("nothing waits for %s when the demo begins", m.Handle)
		}
	}
}

// The brief of the pictures: three asks wait for Lena, with these due times.
func TestLenasMorning(t *testing.T) {
	s := newStage(t)
	want := map[string]string{"izmir-branches": "Tue 12:30", "confidence": "Wed 11:00", "report-figures": "Fri 15:00"}
	for ref, q := range play(t, s) {
		r, err := q.Recipient("lena")
		if err != nil || r.State != ask.Waiting || !q.Live() {
			continue
		}
		due := s.clocks["lena"].Due(q.reached["lena"], r.Term, nil)
		if got := due.At.Time().In(s.zones["lena"]).Format("Mon 15:04"); got != want[ref] {
			t.Errorf("%s is due %s, want %q", ref, got, want[ref])
		}
		delete(want, ref)
	}
	for ref := range want {
		t.Errorf("%s does not wait for Lena", ref)
	}
}

func TestScriptReadsWell(t *testing.T) {
	people := map[string]bool{}
	for _, m := range meridian().People {
		people[m.Handle] = true
	}
	links := regexp.MustCompile(`https?://[^\s)]+`)
	for _, a := range script() {
		name := a.At + " " + a.Do + " by " + a.By
		all := a.Point + "\n" + a.Body + "\n" + a.Urgent
		if strings.ContainsAny(all, "!{}") || strings.Contains(all, "  ") && !strings.Contains(all, "~~~") && !strings.Contains(all, "\n  ") {
			t.Errorf("%s: a sign that is not meant: %q", name, all)
		}
		for _, r := range all {
			if r >= 0x1F000 || r >= 0x2600 && r < 0x2800 {
				t.Errorf("%s: %q", name, r)
			}
		}
		for _, l := range links.FindAllString(all, -1) {
			if !strings.HasPrefix(l, "https://example.org/") {
				t.Errorf("%s: links to %s", name, l)
			}
		}
		for _, h := range markup.Mentions(all) {
			if !people[h] || h == a.By {
				t.Errorf("%s: mentions %s", name, h)
			}
		}
		if n := markup.Words(a.Body); n > 230 {
			t.Errorf("%s: %d words", name, n)
		}
		if n := markup.Words(a.Point); n > 50 {
			t.Errorf("%s: a point of %d words", name, n)
		}
		switch end := a.Point[max(0, len(a.Point)-1):]; a.Do {
		case "update", "request", "crisis":
			if end != "." && end != "?" {
				t.Errorf("%s: the point ends in %q", name, end)
			}
		case "ask":
			if end != "." && end != "?" {
				t.Errorf("%s: asks %q", name, a.Point)
			}
		case "grant", "withdraw":
		default:
			if a.Body == "" || a.Point != "" {
				t.Errorf("%s: says nothing", name)
			}
		}
	}
}

func TestFinish(t *testing.T) {
	acts := finish([]act{
		{Do: "update", Ref: "a", Body: "One line\nand more:\n\n- an item\n  of two lines\n- {{code}}\n\n| a |\n|---|\n| b |\n\n~~~\nx\ny\n~~~\nend"},
		{Do: "comment", On: "a", Body: "See {a}, {b} and\n2. second"},
		{Do: "ask", Ref: "b"},
		{Do: "update", Body: "After {b}"},
	})
	for i, want := range []string{
		"One line and more:\n\n- an item of two lines\n- `code`\n\n| a |\n|---|\n| b |\n\n~~~\nx\ny\n~~~\nend",
		"See U-1, {b} and\n2. second",
		"",
		"After A-1",
	} {
		if acts[i].Body != want {
			t.Errorf("act %d: %q, want %q", i, acts[i].Body, want)
		}
	}
	if acts[3].Ref == "" {
		t.Error("an item without a ref")
	}
}
