package ask_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/worktime"
)

var (
	day = worktime.Hours(24)
	now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
)

func terms() cmp.Option { return cmp.Comparer(func(a, b worktime.Term) bool { return a == b }) }

// asked makes an open ask of "asker" to these people.
func asked(t *testing.T, need int, to ...string) ask.Ask {
	t.Helper()
	a, err := ask.New("item", "asker", "Which?", to, day, false, "", need)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestNew(t *testing.T) {
	for _, tt := range []struct {
		name      string
		question  string
		to        []string
		urgent    bool
		urgentWhy string
		need      int
		want      error
		people    []string
	}{
		{name: "one", question: "Which?", to: []string{"b"}, people: []string{"b"}},
		{name: "several, each once and in order", question: "Which?", to: []string{"c", "b", "c"}, people: []string{"b", "c"}},
		{name: "anyone of", question: "Which?", to: []string{"c", "b"}, need: 1, people: []string{"b", "c"}},
		{name: "all by number", question: "Which?", to: []string{"c", "b"}, need: 2, people: []string{"b", "c"}},
		{name: "urgent with its reason", question: "Which?", to: []string{"b"}, urgent: true, urgentWhy: "the press waits", people: []string{"b"}},
		{name: "a reason without urgency is dropped", question: "Which?", to: []string{"b"}, urgentWhy: "the press waits", people: []string{"b"}},
		{name: "no question", to: []string{"b"}, want: ask.ErrNoQuestion},
		{name: "nobody", question: "Which?", want: ask.ErrNobody},
		{name: "oneself", question: "Which?", to: []string{"b", "asker"}, want: ask.ErrOneself},
		{name: "urgent without a reason", question: "Which?", to: []string{"b"}, urgent: true, want: ask.ErrUrgentWhy},
		{name: "more answers than people", question: "Which?", to: []string{"b", "b"}, need: 2, want: ask.ErrNeed},
		{name: "fewer than none", question: "Which?", to: []string{"b"}, need: -1, want: ask.ErrNeed},
	} {
		a, err := ask.New("item", "asker", tt.question, tt.to, day, tt.urgent, tt.urgentWhy, tt.need)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: New() = %v, want %v", tt.name, err, tt.want)
			continue
		}
		want := ask.Ask{}
		if tt.want == nil {
			want = ask.Ask{Item: "item", Term: day, Urgent: tt.urgent, Need: tt.need}
			if tt.urgent {
				want.UrgentWhy = tt.urgentWhy
			}
			for _, p := range tt.people {
				want.Recipients = append(want.Recipients, ask.Recipient{Person: p, State: ask.Waiting, Term: day})
			}
		}
		if diff := cmp.Diff(want, a, terms()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestClass(t *testing.T) {
	if got := (ask.Ask{}).Class(); got != worktime.Normal {
		t.Errorf("Class() = %s, want normal", got)
	}
	if got := (ask.Ask{Urgent: true}).Class(); got != worktime.Urgent {
		t.Errorf("Class() of an urgent one = %s, want urgent", got)
	}
}

// act is one step of a story; its name stands in the table.
type act func(*ask.Ask) error

func answers(p string) act {
	return func(a *ask.Ask) error { return a.Settle(p, "answer-"+p, now) }
}

func declines(p string) act {
	return func(a *ask.Ask) error { return a.Decline(p, "no time", now) }
}

func hands(p, to string) act {
	return func(a *ask.Ask) error { return a.HandOn(p, to, "knows it better", now) }
}

func asksTime(p string) act {
	return func(a *ask.Ask) error { return a.AskTime(p, worktime.EndOfWeek(), "the figures come on Thursday") }
}

func granted(p string, yes bool) act {
	return func(a *ask.Ask) error { return a.GrantTime(p, yes, worktime.Of(now)) }
}

func withdraws(a *ask.Ask) error { return a.Withdraw(now) }

// leaves is what the door does when somebody leaves the organisation.
func leaves(p string) act {
	return func(a *ask.Ask) error { return a.Leave(p, now) }
}

func asksBack(p string) act {
	return func(a *ask.Ask) error { return a.AskBack(p, "question-"+p, worktime.Of(now)) }
}

// resumes delivers the answer to what p asked back.
func resumes(p string) act {
	return func(a *ask.Ask) error {
		r, err := a.Recipient(p)
		if err == nil {
			r.Resume("question-"+p, "reply", worktime.Of(now)+60)
		}
		return err
	}
}

func written(p string) act {
	return func(a *ask.Ask) error { return a.IntoDocument(p, "doc", now) }
}

func instead(to string) act {
	return func(a *ask.Ask) error { return a.Instead(to) }
}

// TestStories holds where an ask stands after what happened to it (R9.1, worktime 6.9).
func TestStories(t *testing.T) {
	for _, tt := range []struct {
		name   string
		need   int
		to     []string
		acts   []act
		want   ask.Outcome
		live   bool
		answer int // answers, wanted, waiting
		needed int
		waits  int
	}{
		{"nothing yet", 0, []string{"b", "c"}, nil, ask.Open, true, 0, 2, 2},
		{"one of all", 0, []string{"b", "c"}, []act{answers("b")}, ask.Open, true, 1, 2, 1},
		{"all", 0, []string{"b", "c"}, []act{answers("b"), answers("c")}, ask.Closed, false, 2, 2, 0},
		{"anyone", 1, []string{"b", "c"}, []act{answers("c")}, ask.Closed, false, 1, 1, 1},
		{"a second answer after enough", 1, []string{"b", "c"}, []act{answers("c"), answers("b")}, ask.Closed, false, 2, 1, 0},
		{"anyone, one declines", 1, []string{"b", "c"}, []act{declines("b")}, ask.Open, true, 0, 1, 1},
		{"anyone, all decline", 1, []string{"b", "c"}, []act{declines("b"), declines("c")}, ask.Short, false, 0, 1, 0},
		{"two of three, one declines", 2, []string{"b", "c", "d"}, []act{declines("b")}, ask.Open, true, 0, 2, 2},
		{"two of three, two decline", 2, []string{"b", "c", "d"}, []act{declines("b"), declines("c")}, ask.Short, true, 0, 2, 1},
		{"two of three, short, and the last still answers", 2, []string{"b", "c", "d"}, []act{declines("b"), declines("c"), answers("d")}, ask.Short, false, 1, 2, 0},
		{"all, one declines", 0, []string{"b", "c"}, []act{declines("b")}, ask.Short, true, 0, 2, 1},
		{"all, one declines and the other answers", 0, []string{"b", "c"}, []act{declines("b"), answers("c")}, ask.Short, false, 1, 2, 0},
		{"one, declined", 0, []string{"b"}, []act{declines("b")}, ask.Short, false, 0, 1, 0},
		{"one, left the organisation", 0, []string{"b"}, []act{leaves("b")}, ask.Short, false, 0, 1, 0},
		{"all, one left", 0, []string{"b", "c"}, []act{leaves("b"), answers("c")}, ask.Short, false, 1, 2, 0},
		{"handed on counts once", 0, []string{"b"}, []act{hands("b", "x")}, ask.Open, true, 0, 1, 1},
		{"handed on and answered", 0, []string{"b"}, []act{hands("b", "x"), answers("x")}, ask.Closed, false, 1, 1, 0},
		{"handed on twice", 0, []string{"b", "c"}, []act{hands("b", "x"), hands("x", "y"), answers("y"), answers("c")}, ask.Closed, false, 2, 2, 0},
		{"declined, and somebody else is asked", 0, []string{"b", "c"}, []act{declines("b"), instead("x")}, ask.Open, true, 0, 2, 2},
		{"left, and somebody else answered", 0, []string{"b"}, []act{leaves("b"), instead("x"), answers("x")}, ask.Closed, false, 1, 1, 0},
		{"declined by two, and one place is filled", 0, []string{"b", "c"}, []act{declines("b"), declines("c"), instead("x")}, ask.Short, true, 0, 2, 1},
		{"declined by two, and both places are filled", 0, []string{"b", "c"}, []act{declines("b"), declines("c"), instead("x"), instead("y")}, ask.Open, true, 0, 2, 2},
		{"the one asked instead declines too", 0, []string{"b"}, []act{declines("b"), instead("x"), declines("x")}, ask.Short, false, 0, 1, 0},
		{"two of three, and one more may answer", 2, []string{"b", "c", "d"}, []act{declines("b"), declines("c"), instead("x")}, ask.Open, true, 0, 2, 2},
		{"withdrawn", 0, []string{"b", "c"}, []act{answers("b"), withdraws}, ask.Withdrawn, false, 1, 2, 1},
		{"time asked keeps it open", 0, []string{"b"}, []act{asksTime("b")}, ask.Open, true, 0, 1, 1},
		{"asking back keeps it open", 0, []string{"b"}, []act{asksBack("b")}, ask.Open, true, 0, 1, 1},
		{"answered without waiting for the answer to a question", 0, []string{"b"}, []act{asksBack("b"), answers("b")}, ask.Closed, false, 1, 1, 0},
		{"written about by one of two", 0, []string{"b", "c"}, []act{written("b")}, ask.InWriting, false, 1, 2, 1},
		{"written about by the asker", 0, []string{"b", "c"}, []act{written("asker")}, ask.InWriting, false, 0, 2, 2},
		{"written about by the asker when nobody is left to answer", 0, []string{"b"}, []act{declines("b"), written("asker")}, ask.InWriting, false, 0, 1, 0},
		{"answered while time is asked", 0, []string{"b"}, []act{asksTime("b"), answers("b")}, ask.Closed, false, 1, 1, 0},
	} {
		a := asked(t, tt.need, tt.to...)
		for i, do := range tt.acts {
			if err := do(&a); err != nil {
				t.Errorf("%s: act %d: %v", tt.name, i, err)
			}
		}
		type standing struct {
			Stands                 ask.Outcome
			Live                   bool
			Answers, Needed, Waits int
		}
		got := standing{a.Stands(), a.Live(), a.Answers(), a.Needed(), a.Waits()}
		if want := (standing{tt.want, tt.live, tt.answer, tt.needed, tt.waits}); got != want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, want)
		}
	}
}

func TestDocument(t *testing.T) {
	a := asked(t, 0, "b")
	a.Document = "doc"
	if a.Stands() != ask.InWriting || a.Live() {
		t.Errorf("turned into a document: Stands %s, Live %v, want in-document, false", a.Stands(), a.Live())
	}
}

// TestRefused holds what each verb refuses, and that a refusal changes nothing.
func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before []act
		do     act
		want   error
	}{
		{"answer of somebody else", nil, answers("x"), ask.ErrNotAsked},
		{"answer twice", []act{answers("b")}, answers("b"), ask.ErrSettled},
		{"answer after declining", []act{declines("b")}, answers("b"), ask.ErrSettled},
		{"answer after handing on", []act{hands("b", "x")}, answers("b"), ask.ErrSettled},
		{"answer after leaving", []act{leaves("b")}, answers("b"), ask.ErrSettled},
		{"answer what was withdrawn", []act{withdraws}, answers("b"), ask.ErrWithdrawn},
		{"decline for somebody else", nil, declines("x"), ask.ErrNotAsked},
		{"decline twice", []act{declines("b")}, declines("b"), ask.ErrSettled},
		{"decline without a reason", nil, func(a *ask.Ask) error { return a.Decline("b", "", now) }, ask.ErrReason},
		{"hand on to oneself", nil, hands("b", "b"), ask.ErrOneself},
		{"hand on to somebody asked already", nil, hands("b", "c"), ask.ErrAlreadyAsked},
		{"hand back to who handed it on", []act{hands("b", "x")}, hands("x", "b"), ask.ErrAlreadyAsked},
		{"hand on what was withdrawn", []act{withdraws}, hands("b", "x"), ask.ErrWithdrawn},
		{"hand on as somebody else", nil, hands("x", "y"), ask.ErrNotAsked},
		{"ask for time after answering", []act{answers("b")}, asksTime("b"), ask.ErrSettled},
		{"ask for time without a reason", nil, func(a *ask.Ask) error { return a.AskTime("b", day, "") }, ask.ErrReason},
		{"grant time that nobody asked for", nil, granted("b", true), ask.ErrNoTime},
		{"refuse time that nobody asked for", nil, granted("b", false), ask.ErrNoTime},
		{"grant time twice", []act{asksTime("b"), granted("b", true)}, granted("b", true), ask.ErrNoTime},
		{"grant time to who answered meanwhile", []act{asksTime("b"), answers("b")}, granted("b", true), ask.ErrSettled},
		{"grant time to somebody who is not asked", nil, granted("x", true), ask.ErrNotAsked},
		{"ask back as somebody else", nil, asksBack("x"), ask.ErrNotAsked},
		{"ask back after answering", []act{answers("b")}, asksBack("b"), ask.ErrSettled},
		{"ask back twice", []act{asksBack("b")}, asksBack("b"), ask.ErrAsking},
		{"ask back when it is over", []act{written("c")}, asksBack("b"), ask.ErrInDocument},
		{"answer what became a document", []act{written("asker")}, answers("b"), ask.ErrInDocument},
		{"write after answering", []act{answers("b")}, written("b"), ask.ErrSettled},
		{"write when enough answered", []act{answers("b"), answers("c")}, written("asker"), ask.ErrSettled},
		{"write twice", []act{written("b")}, written("asker"), ask.ErrInDocument},
		{"write what was withdrawn", []act{withdraws}, written("asker"), ask.ErrWithdrawn},
		{"ask instead while everybody may answer", nil, instead("x"), ask.ErrAllIn},
		{"ask instead twice for one", []act{declines("b"), instead("x")}, instead("y"), ask.ErrAllIn},
		{"ask instead somebody asked already", []act{declines("b")}, instead("c"), ask.ErrAlreadyAsked},
		{"ask instead who declined", []act{declines("b")}, instead("b"), ask.ErrAlreadyAsked},
		{"ask instead for what was handed on", []act{hands("b", "x")}, instead("y"), ask.ErrAllIn},
		{"ask instead for what was withdrawn", []act{declines("b"), withdraws}, instead("x"), ask.ErrWithdrawn},
		{"ask instead for what became a document", []act{declines("b"), written("c")}, instead("x"), ask.ErrInDocument},
		{"ask instead when enough answered", []act{answers("b"), answers("c")}, instead("x"), ask.ErrClosed},
		{"withdraw what became a document", []act{written("b")}, withdraws, ask.ErrInDocument},
		{"withdraw twice", []act{withdraws}, withdraws, ask.ErrWithdrawn},
	} {
		a, untouched := asked(t, 0, "b", "c"), asked(t, 0, "b", "c")
		for i, do := range tt.before {
			if err := errors.Join(do(&a), do(&untouched)); err != nil {
				t.Errorf("%s: act %d: %v", tt.name, i, err)
			}
		}
		if err := tt.do(&a); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if diff := cmp.Diff(untouched, a, terms()); diff != "" {
			t.Errorf("%s: a refusal changed the ask (-before +after):\n%s", tt.name, diff)
		}
	}
}

// TestTransitions holds what each verb writes down.
func TestTransitions(t *testing.T) {
	waiting := ask.Recipient{Person: "b", State: ask.Waiting, Term: day}
	started := worktime.Of(now) - 3600
	for _, tt := range []struct {
		name   string
		from   func(*ask.Recipient)
		do     act
		want   func(*ask.Recipient)
		others []ask.Recipient
	}{
		{name: "answered", do: answers("b"), want: func(r *ask.Recipient) { r.State, r.Answer, r.Settled = ask.Answered, "answer-b", now }},
		{
			name: "answering ends the open question for time", from: func(r *ask.Recipient) { r.TimeAsked = "eow" }, do: answers("b"),
			want: func(r *ask.Recipient) { r.State, r.Answer, r.Settled, r.TimeAsked = ask.Answered, "answer-b", now, "" },
		},
		{name: "declined", do: declines("b"), want: func(r *ask.Recipient) { r.State, r.Reason, r.Settled = ask.Declined, "no time", now }},
		{
			name: "handed on: the other one's clock is their own", from: func(r *ask.Recipient) { r.Started, r.Due = started, started+100 }, do: hands("b", "x"),
			want:   func(r *ask.Recipient) { r.State, r.To, r.Reason, r.Settled = ask.Handed, "x", "knows it better", now },
			others: []ask.Recipient{{Person: "x", State: ask.Waiting, Term: day, From: "b"}},
		},
		{name: "time asked", do: asksTime("b"), want: func(r *ask.Recipient) { r.TimeAsked, r.TimeReason = "eow", "the figures come on Thursday" }},
		{
			name: "time granted: a new clock from the grant", from: func(r *ask.Recipient) { r.TimeAsked, r.Started = "eow", started }, do: granted("b", true),
			want: func(r *ask.Recipient) { r.TimeAsked, r.Term, r.Started = "", worktime.EndOfWeek(), worktime.Of(now) },
		},
		{
			name: "time granted before the ask came: the clock starts with the delivery", from: func(r *ask.Recipient) { r.TimeAsked = "72h" }, do: granted("b", true),
			want: func(r *ask.Recipient) { r.TimeAsked, r.Term = "", worktime.Hours(72) },
		},
		{
			name: "asked back", from: func(r *ask.Recipient) { r.Due = started + 100 }, do: asksBack("b"),
			want: func(r *ask.Recipient) {
				r.Questions = []ask.Question{{Item: "question-b", From: worktime.Of(now), Due: started + 100}}
			},
		},
		{
			name: "asked back, and its answer came", do: func(a *ask.Ask) error { return errors.Join(asksBack("b")(a), resumes("b")(a)) },
			want: func(r *ask.Recipient) {
				r.Questions = []ask.Question{{Item: "question-b", From: worktime.Of(now), Until: worktime.Of(now) + 60, Answer: "reply"}}
			},
		},
		{
			name: "a second question in the same second", from: func(r *ask.Recipient) {
				r.Questions = []ask.Question{{Item: "q", From: worktime.Of(now), Until: worktime.Of(now), Answer: "a"}}
			}, do: asksBack("b"),
			want: func(r *ask.Recipient) {
				r.Questions = append(r.Questions, ask.Question{Item: "question-b", From: worktime.Of(now) + 1})
			},
		},
		{
			name: "turned into a document", do: written("b"),
			want: func(r *ask.Recipient) { r.State, r.Answer, r.Settled = ask.Answered, "doc", now },
		},
		{
			name: "somebody else asked instead, with the term of the ask", from: func(r *ask.Recipient) { r.State, r.Settled, r.Term = ask.Left, now, worktime.Hours(72) }, do: instead("x"),
			want:   func(r *ask.Recipient) { r.To = "x" },
			others: []ask.Recipient{{Person: "x", State: ask.Waiting, Term: day}},
		},
		{
			name: "time refused", from: func(r *ask.Recipient) { r.TimeAsked, r.Started = "eow", started }, do: granted("b", false),
			want: func(r *ask.Recipient) { r.TimeAsked = "" },
		},
	} {
		r, want := waiting, waiting
		if tt.from != nil {
			tt.from(&r)
			tt.from(&want)
		}
		tt.want(&want)
		a := ask.Ask{Item: "item", Term: day, Recipients: []ask.Recipient{r}}
		if err := tt.do(&a); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(append([]ask.Recipient{want}, tt.others...), a.Recipients, terms()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestVacant holds when the asker may ask somebody else.
func TestVacant(t *testing.T) {
	for _, tt := range []struct {
		name string
		need int
		acts []act
		want bool
	}{
		{"nothing yet", 0, nil, false},
		{"declined", 0, []act{declines("b")}, true},
		{"left", 0, []act{leaves("b")}, true},
		{"not short, and one declined", 1, []act{declines("b")}, true},
		{"handed on", 0, []act{hands("b", "x")}, false},
		{"the place is filled", 0, []act{declines("b"), instead("x")}, false},
		{"enough answered", 1, []act{declines("b"), answers("c")}, false},
		{"withdrawn", 0, []act{declines("b"), withdraws}, false},
		{"in a document", 0, []act{declines("b"), written("asker")}, false},
	} {
		a := asked(t, tt.need, "b", "c")
		for i, do := range tt.acts {
			if err := do(&a); err != nil {
				t.Errorf("%s: act %d: %v", tt.name, i, err)
			}
		}
		if r, got := a.Vacant(); got != tt.want || got && r.Person != "b" {
			t.Errorf("%s: Vacant() = %q, %v, want %v", tt.name, r.Person, got, tt.want)
		}
		if err := a.Instead("z"); (err == nil) != tt.want {
			t.Errorf("%s: Instead = %v, and Vacant() said %v", tt.name, err, tt.want)
		}
	}
}

// TestDue holds when an ask as a whole is due: the k-th smallest of its due
// times (worktime 6.9).
func TestDue(t *testing.T) {
	r := func(state ask.State, due worktime.Instant) ask.Recipient {
		return ask.Recipient{State: state, Due: due}
	}
	for _, tt := range []struct {
		name  string
		need  int
		asked []ask.Recipient
		want  worktime.Instant
	}{
		{"one", 0, []ask.Recipient{r(ask.Waiting, 100)}, 100},
		{"one who has not got it", 0, []ask.Recipient{r(ask.Waiting, 0)}, 0},
		{"all: the last", 0, []ask.Recipient{r(ask.Waiting, 300), r(ask.Waiting, 100), r(ask.Waiting, 200)}, 300},
		{"anyone: the first", 1, []ask.Recipient{r(ask.Waiting, 300), r(ask.Waiting, 100)}, 100},
		{"two of three: the second", 2, []ask.Recipient{r(ask.Waiting, 300), r(ask.Waiting, 100), r(ask.Waiting, 200)}, 200},
		{"two of three, and the last has answered", 2, []ask.Recipient{r(ask.Answered, 300), r(ask.Waiting, 100), r(ask.Waiting, 200)}, 200},
		{"all, and one asks back", 0, []ask.Recipient{r(ask.Waiting, 300), r(ask.Waiting, 0)}, 0},
		{"all, and one answered before it came", 0, []ask.Recipient{r(ask.Waiting, 300), r(ask.Answered, 0)}, 300},
		{"handed on: the clock of who took it over", 0, []ask.Recipient{{State: ask.Handed, Due: 100, To: "x"}, r(ask.Waiting, 300)}, 300},
		{"two of three, one declined: the second of what can come", 2, []ask.Recipient{r(ask.Declined, 100), r(ask.Waiting, 200), r(ask.Waiting, 300)}, 300},
		{"all, one left: what can still come", 0, []ask.Recipient{r(ask.Left, 100), r(ask.Waiting, 200)}, 200},
		{"all left", 0, []ask.Recipient{r(ask.Left, 100)}, 0},
	} {
		if got := (ask.Ask{Need: tt.need, Recipients: tt.asked}).Due(); got != tt.want {
			t.Errorf("%s: due %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestUnreadableTerm: a term that cannot be read grants nothing.
func TestUnreadableTerm(t *testing.T) {
	a := ask.Ask{Recipients: []ask.Recipient{{Person: "b", State: ask.Waiting, Term: day, TimeAsked: "soon"}}}
	if err := a.GrantTime("b", true, worktime.Of(now)); err == nil || a.Recipients[0].Term != day || a.Recipients[0].TimeAsked != "soon" {
		t.Errorf("GrantTime of an unreadable term: %v, left %+v", err, a.Recipients[0])
	}
}
