package delivery_test

import (
	"errors"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// must ends a story at an act that was refused.
func must[T any](d *deliverytest.Team) func(T, error) T {
	return func(v T, err error) T {
		d.T.Helper()
		if err != nil {
			d.T.Fatal(err)
		}
		return v
	}
}

// part is where a recipient stands.
func part(d *deliverytest.Team, id, handle string) ask.Recipient {
	d.T.Helper()
	v := must[store.View](d)(d.Store.Reader(d.Actor(handle)).Item(d.T.Context(), id))
	return *must[*ask.Recipient](d)(v.Ask.Recipient(d.ID(handle)))
}

// due checks when a recipient's answer is due; "" for not at all.
func due(d *deliverytest.Team, id, handle, want string) {
	d.T.Helper()
	got, at := part(d, id, handle).Due, time.Time{}
	if got != 0 {
		at = got.Time()
	}
	var wanted time.Time
	if want != "" {
		wanted = deliverytest.Time(d.T, want)
	}
	if !at.Equal(wanted) {
		d.T.Errorf("at %s the answer of %s is due %s, want %s", time.Now().UTC(), handle, at.UTC(), wanted.UTC())
	}
}

// TestQuestionBackStopsTheClock: from the question until its answer is
// delivered, and no longer, the recipient's clock stands still (worktime 6.7, E64).
func TestQuestionBackStopsTheClock(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("jonas", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.Person("lena", "Europe/Berlin", "mon-fri 09:00-17:30", "11:00 16:00")
		rec := d.Ask("jonas", []string{"lena"}, "Which branch?")
		d.At("Tue 24 Nov 2026 11:00 Europe/Berlin").Want("lena", "Tue 24 Nov 2026 11:00 Europe/Berlin", "Which branch?")
		due(d, rec.ID, "lena", "Wed 25 Nov 2026 11:00 Europe/Berlin")

		d.At("Tue 24 Nov 2026 14:00 Europe/Berlin")
		q := must[door.Receipt](d)(d.Door.AskBack(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: rec.ID, Text: "Of which repository?"}))
		due(d, rec.ID, "lena", "")
		if _, err := d.Door.AskBack(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: rec.ID, Text: "And why?"}); !isProblem(err, "question-open") {
			d.T.Errorf("a second question: %v, want it refused", err)
		}
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin").Want("jonas", "Tue 24 Nov 2026 16:00 Europe/Berlin", "Of which repository?")
		due(d, rec.ID, "lena", "")

		// What somebody else says, and what is said beside it, is not the answer.
		d.Person("max", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.At("Tue 24 Nov 2026 16:10 Europe/Berlin")
		must[door.Receipt](d)(d.Door.Comment(d.T.Context(), d.Actor("jonas"), door.CommentDraft{Item: rec.ID, Text: "By the way, @lena, it is urgent to nobody."}))
		d.At("Tue 24 Nov 2026 16:11 Europe/Berlin")
		must[door.Receipt](d)(d.Door.Comment(d.T.Context(), d.Actor("jonas"), door.CommentDraft{Item: rec.ID, Parent: q.ID, Text: "The one of the boards."}))
		due(d, rec.ID, "lena", "") // written is not delivered

		// 14:00 to 11:00 next day are not counted: three hours are used up, and
		// 21 of the day clock are left (E64).
		d.At("Wed 25 Nov 2026 11:00 Europe/Berlin").Want("lena", "Wed 25 Nov 2026 11:00 Europe/Berlin", "By the way, @lena, it is urgent to nobody.", "The one of the boards.")
		due(d, rec.ID, "lena", "Thu 26 Nov 2026 09:00 Europe/Berlin")
		q2 := part(d, rec.ID, "lena").Questions
		if len(q2) != 1 || q2[0].Item != q.ID || q2[0].Answer == "" || !q2[0].Until.Time().Equal(deliverytest.Time(d.T, "Wed 25 Nov 2026 11:00 Europe/Berlin")) {
			d.T.Errorf("the pause is %+v", q2)
		}

		// She may ask again: another pause.
		d.At("Wed 25 Nov 2026 12:00 Europe/Berlin")
		must[door.Receipt](d)(d.Door.AskBack(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: rec.ID, Text: "The old one too?"}))
		due(d, rec.ID, "lena", "")
		d.At("Wed 25 Nov 2026 13:00 Europe/Berlin")
		must[door.Receipt](d)(d.Door.Answer(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: rec.ID, Text: "Both."}))
		d.At("Wed 25 Nov 2026 16:00 Europe/Berlin").Want("jonas", "Wed 25 Nov 2026 16:00 Europe/Berlin", "The old one too?", "Both.")
	})
}

// TestQuestionBeforeTheAskCame: who looked early may ask before their clock
// runs; it starts with the delivery, and stands still until the answer comes.
func TestQuestionBeforeTheAskCame(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("jonas", "Europe/Berlin", "mon-fri 09:00-17:00", "09:30 11:00 16:00")
		d.Person("lena", "Europe/Berlin", "mon-fri 09:00-17:30", "11:00 16:00")
		rec := d.Ask("jonas", []string{"lena"}, "Which branch?")
		d.At("Tue 24 Nov 2026 09:00 Europe/Berlin")
		q := must[door.Receipt](d)(d.Door.AskBack(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: rec.ID, Text: "Of which repository?"}))
		d.At("Tue 24 Nov 2026 11:00 Europe/Berlin").Want("lena", "Tue 24 Nov 2026 11:00 Europe/Berlin", "Which branch?")
		due(d, rec.ID, "lena", "")
		d.At("Tue 24 Nov 2026 12:00 Europe/Berlin")
		must[door.Receipt](d)(d.Door.Comment(d.T.Context(), d.Actor("jonas"), door.CommentDraft{Item: rec.ID, Parent: q.ID, Text: "The boards."}))
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin")
		due(d, rec.ID, "lena", "Wed 25 Nov 2026 16:00 Europe/Berlin")
	})
}

// TestQuestionMovesNoFixedTerm: a date does not pause, and a due time that was
// shown never comes earlier by a question (worktime 6.7, 6.8).
func TestQuestionMovesNoFixedTerm(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("jonas", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.Person("lena", "Europe/Berlin", "mon-fri 09:00-17:30", "11:00 16:00")
		fixed := d.Ask("jonas", []string{"lena"}, "Which day?", func(a *door.AskDraft) { a.Term = "2026-11-26" })
		day := d.Ask("jonas", []string{"lena"}, "Which hour?")
		d.At("Tue 24 Nov 2026 11:00 Europe/Berlin")
		// Time off tomorrow puts the answer later, and taking it back not earlier.
		d.Charter("lena", off(d.T, "2026-11-25", "2026-11-25"))
		due(d, day.ID, "lena", "Thu 26 Nov 2026 11:00 Europe/Berlin")
		d.Charter("lena", func(c *charter.Charter) { c.Time.Off = nil })
		due(d, day.ID, "lena", "Thu 26 Nov 2026 11:00 Europe/Berlin")
		d.At("Tue 24 Nov 2026 12:00 Europe/Berlin")
		for _, rec := range []door.Receipt{fixed, day} {
			q := must[door.Receipt](d)(d.Door.AskBack(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: rec.ID, Text: "For whom?"}))
			must[door.Receipt](d)(d.Door.Comment(d.T.Context(), d.Actor("jonas"), door.CommentDraft{Item: rec.ID, Parent: q.ID, Text: "For all."}))
		}
		due(d, fixed.ID, "lena", "Thu 26 Nov 2026 17:30 Europe/Berlin")
		due(d, day.ID, "lena", "")
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin")
		due(d, fixed.ID, "lena", "Thu 26 Nov 2026 17:30 Europe/Berlin")
		due(d, day.ID, "lena", "Thu 26 Nov 2026 11:00 Europe/Berlin")
	})
}

func isProblem(err error, code string) bool {
	p, ok := errors.AsType[*door.Problem](err)
	return ok && p.Code == code
}

// TestAskIntoDocument: a document that one of the asked writes settles the ask
// for all, is their answer, and everybody of the ask reads it (R9.3).
func TestAskIntoDocument(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("jonas", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		for _, p := range []string{"lena", "max", "pia"} {
			d.Person(p, "Europe/Berlin", "mon-fri 09:00-17:30", "11:00 16:00")
		}
		d.Charter("pia", func(c *charter.Charter) { c.Time.Windows = worktime.EveryDay(worktime.ClockTime(16, 0)) })
		rec := d.Ask("jonas", []string{"lena", "max", "pia"}, "How do we compact?")
		d.At("Tue 24 Nov 2026 12:00 Europe/Berlin")
		w := door.Writing{Point: "We compact by the hour.", Source: rec.ID, To: []string{d.ID("jonas")}}
		if _, err := d.Door.Write(d.T.Context(), d.Actor("lena"), item.Update, door.Writing{Point: "x", Source: "nothing", Wide: true}); !errors.Is(err, access.ErrHidden) {
			d.T.Errorf("from an ask that is not there: %v", err)
		}
		doc := must[door.Receipt](d)(d.Door.Write(d.T.Context(), d.Actor("lena"), item.Update, w))
		if len(doc.Plans) != 3 {
			d.T.Errorf("promised to %d people, want the asker and the other two: %+v", len(doc.Plans), doc.Plans)
		}
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin")
		d.Want("jonas", "Tue 24 Nov 2026 16:00 Europe/Berlin", "We compact by the hour.")
		d.Want("max", "Tue 24 Nov 2026 16:00 Europe/Berlin", "We compact by the hour.")
		d.Want("pia", "Tue 24 Nov 2026 16:00 Europe/Berlin", "We compact by the hour.") // and not the ask
		v := must[store.View](d)(d.Store.Reader(d.Actor("max")).Item(d.T.Context(), rec.ID))
		if v.Ask.Stands() != ask.InWriting || v.Into == nil || v.Into.Ref() != doc.Ref {
			d.T.Errorf("the ask stands %s and leads to %v", v.Ask.Stands(), v.Into)
		}
		if got := part(d, rec.ID, "lena"); got.State != ask.Answered || got.Answer != doc.ID {
			d.T.Errorf("who wrote it stands %s with %q", got.State, got.Answer)
		}
		if v = must[store.View](d)(d.Store.Reader(d.Actor("pia")).Item(d.T.Context(), doc.ID)); v.Source == nil || v.Source.ID != rec.ID {
			d.T.Errorf("the document does not lead back: %v", v.Source)
		}
		if _, err := d.Door.Answer(d.T.Context(), d.Actor("max"), door.AskReply{Ask: rec.ID, Text: "late"}); !isProblem(err, "in-document") {
			d.T.Errorf("an answer after that: %v", err)
		}
		if _, err := d.Door.Write(d.T.Context(), d.Actor("jonas"), item.Update, w); !isProblem(err, "source-settled") {
			d.T.Errorf("a second document: %v", err)
		}
		// The asker may do it as well, and nobody else.
		again := d.Ask("jonas", []string{"lena"}, "And the old files?")
		w = door.Writing{Point: "The old files go on Friday.", Source: again.ID, To: []string{d.ID("lena")}}
		if _, err := d.Door.Write(d.T.Context(), d.Actor("max"), item.Update, w); !errors.Is(err, access.ErrHidden) {
			d.T.Errorf("by somebody of another ask: %v, want it hidden", err)
		}
		must[door.Receipt](d)(d.Door.Write(d.T.Context(), d.Actor("jonas"), item.Request, w))
		d.At("Wed 25 Nov 2026 11:00 Europe/Berlin").Want("lena", "Wed 25 Nov 2026 11:00 Europe/Berlin", "The old files go on Friday.")
	})
}
