package web

import (
	"cmp"
	"net/http"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// messages is how many messages the page of delivery lists of each state.
const messages = 50

// getDelivery shows whether the promise of delivery holds now, and what does
// not go out.
func (s *Server) getDelivery(q *request) error {
	p, err := s.deliveryPage(q)
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, p.View())
}

// promise is how delivery stands, in a sentence.
func promise(s delivery.Standing) page.Promise {
	p := page.Promise{Kept: s.Kept(), Late: s.Late, Calls: s.Calls, Violations: s.Health.Violations, Lately: s.Lately}
	for _, t := range s.Troubles() {
		p.Troubles = append(p.Troubles, string(t))
	}
	if s.Late > 0 {
		p.LateBy = int64(s.Now.Sub(s.Oldest).Seconds())
	}
	for _, l := range s.Health.Stopped(s.Wall) {
		p.Stopped = append(p.Stopped, string(l))
	}
	return p
}

// mailIs says how mail stands.
func (s *Server) mailIs(stands delivery.Standing) string {
	switch {
	case s.cfg.MailOff:
		return "off"
	case stands.MailTrouble != "":
		return "failing"
	}
	return "on"
}

func (s *Server) deliveryPage(q *request) (page.Delivery, error) {
	ctx := q.r.Context()
	st, err := s.cfg.Standing(ctx, q.read)
	if err != nil {
		return page.Delivery{}, err
	}
	p := page.Delivery{
		Frame: s.frame(q, page.NoRoom), Promise: promise(st), Items: st.Backlog.Waiting, Next: st.Next, Oldest: st.Oldest,
		Trials: st.Trials, TrialArrived: st.Canary.Arrived, TrialWaiting: st.Canary.Waiting, TrialSealed: st.Canary.Sealed,
		TrialOverdue: st.Wall.Sub(st.Canary.Waiting) > delivery.CanaryLate && !st.Canary.Waiting.IsZero(), TrialLate: int64(st.Canary.Late(st.Wall).Seconds()),
		Up: int64(st.Wall.Sub(st.Health.Since).Seconds()), LastViolation: int64(st.Wall.Sub(st.Health.LastViolation).Seconds()),
		BackedUp: st.BackedUp, Mail: s.mailIs(st), MailHost: s.cfg.MailHost, MailError: st.MailTrouble, Held: st.Hold.Since, HeldCount: st.Hold.Messages,
	}
	for _, o := range st.Overdue {
		p.Overdue = append(p.Overdue, page.Overdue{Name: o.Name, Due: o.Due})
	}
	for _, c := range st.Outbox {
		p.Queues = append(p.Queues, page.Queue{Channel: c.Channel, State: string(c.State), N: int(c.N)})
	}
	for _, b := range st.Health.Beats {
		one := page.LoopBeat{Loop: string(b.Loop), Ago: -1}
		if !b.At.IsZero() {
			one.Ago = max(0, int(st.Wall.Sub(b.At).Seconds()))
		}
		p.Loops = append(p.Loops, one)
	}
	p.WaitingCount, p.FailedCount = st.Counts()
	if p.Waiting, err = s.outgoing(q, store.SendWaiting, st.Hold.Since); err != nil {
		return p, err
	}
	if p.Failed, err = s.outgoing(q, store.SendFailed, st.Hold.Since); err != nil {
		return p, err
	}
	unreachable, err := q.read.Unreachable(ctx)
	for _, u := range unreachable {
		p.Unreachable = append(p.Unreachable, page.Unreachable{Name: u.Name, Channel: u.Channel, Address: u.Address, At: u.Failed, Error: u.FailedWhy})
	}
	return p, err
}

// outgoing lists messages in a state, up to a limit. What a restore holds may
// have gone out already.
func (s *Server) outgoing(q *request, state store.SendState, held time.Time) ([]page.Outgoing, error) {
	rows, err := q.read.Sendings(q.r.Context(), state, messages)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, o := range rows {
		ids[i] = o.Person
	}
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]page.Outgoing, len(rows))
	for i, o := range rows {
		out[i] = page.Outgoing{
			ID: o.ID, To: cmp.Or(people[o.Person].Name, o.Address), Channel: o.Channel, Subject: string(o.Subject), At: o.Due, Attempt: int(o.Attempt), Error: o.Error,
			Window: state == store.SendWaiting && delivery.AtNextWindow(o.Outgoing), Perhaps: state == store.SendWaiting && o.Held(held),
		}
		if state == store.SendFailed {
			out[i].At = o.Done
		}
	}
	return out, nil
}

// deliveryAct runs an act of the page; it goes back to a part of it, or shows it
// again with why not.
func (s *Server) deliveryAct(q *request, part string, fn func(drop bool) error) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	err = fn(form.Get("drop") == "yes")
	if ps, ok := problems(err); ok {
		p, err := s.deliveryPage(q)
		if err != nil {
			return err
		}
		p.Problems = ps
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	return q.seeOther(page.PathAdminDelivery + "#" + part)
}

// postRelease lets go out what a restore holds back, or drops it.
func (s *Server) postRelease(q *request) error {
	return s.deliveryAct(q, "now", func(drop bool) error {
		_, _, err := s.cfg.Door.Release(q.r.Context(), []access.Actor{q.actor()}, drop)
		return err
	})
}

// postRetry tries a message once more that has failed for good.
func (s *Server) postRetry(q *request) error {
	return s.deliveryAct(q, "out", func(bool) error {
		return s.cfg.Door.SendAgain(q.r.Context(), q.actor(), q.r.PathValue("id"))
	})
}
