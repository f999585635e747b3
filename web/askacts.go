package web

import (
	"net/http"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/web/page"
)

// askVerb is one act of the door on an ask.
type askVerb func(q *request, r door.AskReply) (door.Receipt, error)

// onAsk reads the form of an act, runs its verb, and goes back to the ask; a
// refusal shows the ask with that form open and what was typed in it.
func (s *Server) onAsk(q *request, act string, verb askVerb) error {
	form, refused, err := s.receive(q)
	if err != nil {
		return err
	}
	v, err := q.read.Item(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Ask == nil {
		return access.ErrHidden
	}
	typed := make(map[string]string)
	for name := range form {
		typed[name] = form.Get(name)
	}
	r := door.AskReply{
		Key: form.Get("key"), Ask: v.Item.ID, Text: form.Get("text"), Reason: form.Get("reason"), Term: form.Get("term"),
		Person: q.r.PathValue("person"), Grant: form.Get("grant") == "yes", Draft: form.Get("draft"),
	}
	var rec door.Receipt
	if len(refused) > 0 {
		p, err := s.itemPage(q, v, "")
		if err != nil {
			return err
		}
		p.Act, p.Typed, p.Problems = act, typed, refused
		return q.show(refusedStatus(refused), p.View())
	}
	if to := strings.TrimSpace(form.Get("to")); to != "" {
		if r.To, err = s.oneNamed(q, to); err == nil {
			rec, err = verb(q, r)
		}
	} else {
		rec, err = verb(q, r)
	}
	if ps, ok := problems(err); ok {
		p, err := s.itemPage(q, v, "")
		if err != nil {
			return err
		}
		p.Act, p.Typed, p.Problems = act, typed, ps
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	return q.seeOther(page.RefPath(rec.Ref))
}

// oneNamed is the id of the one person that a field names.
func (s *Server) oneNamed(q *request, field string) (string, error) {
	people, err := q.read.Nameable(q.r.Context())
	if err != nil {
		return "", err
	}
	named1 := make([]page.Person, len(people))
	for i, n := range people {
		named1[i] = called(n)
	}
	ids, lost := named(named1, field)
	if len(ids) != 1 || len(lost) > 0 {
		return "", &door.Problem{Field: "to", Code: "unknown-person", Name: field}
	}
	return ids[0], nil
}

func (s *Server) postAnswer(q *request) error {
	return s.onAsk(q, "answer", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.Answer(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postDecline(q *request) error {
	return s.onAsk(q, "decline", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.Decline(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postHandOn(q *request) error {
	return s.onAsk(q, "hand-on", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.HandOn(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postInstead(q *request) error {
	return s.onAsk(q, "instead", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.AskInstead(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postQuestion(q *request) error {
	return s.onAsk(q, "question", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.AskBack(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postAskTime(q *request) error {
	return s.onAsk(q, "more-time", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.AskTime(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postGrantTime(q *request) error {
	return s.onAsk(q, "grant", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.GrantTime(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postWithdraw(q *request) error {
	return s.onAsk(q, "withdrawal", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.Withdraw(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postCouldWait(q *request) error {
	return s.onAsk(q, "could-have-waited", func(q *request, r door.AskReply) (door.Receipt, error) {
		return s.cfg.Door.CouldWait(q.r.Context(), q.actor(), r)
	})
}

// postComment says something on an item.
func (s *Server) postComment(q *request) error {
	form, refused, err := s.receive(q)
	if err != nil {
		return err
	}
	v, err := q.read.Item(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	again := func(status int, ps page.Problems) error {
		p, err := s.itemPage(q, v, form.Get("parent"))
		if err != nil {
			return err
		}
		p.Act, p.Typed, p.Problems = "comment", map[string]string{"text": form.Get("text")}, ps
		if parent := form.Get("parent"); parent != "" {
			p.Act = "reply-" + parent
		}
		return q.show(status, p.View())
	}
	if len(refused) > 0 {
		return again(refusedStatus(refused), refused)
	}
	rec, err := s.cfg.Door.Comment(q.r.Context(), q.actor(), door.CommentDraft{
		Key: form.Get("key"), Item: v.Item.ID, Parent: form.Get("parent"), Text: form.Get("text"), Draft: form.Get("draft"),
	})
	if ps, ok := problems(err); ok {
		return again(http.StatusUnprocessableEntity, ps)
	}
	if err != nil {
		return err
	}
	return q.seeOther(page.SaidPath(rec.Ref, rec.ID))
}
