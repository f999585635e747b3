package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// link renders the mail of a link that somebody asked for, or was sent to join.
// It is ErrNothing once the link has ended. Its message alone knows the secret,
// and forgets it when it has gone.
func (r Letters) link(ctx context.Context, o store.Outgoing) (Message, error) {
	lm, err := o.LinkMail()
	if err != nil {
		return Message{}, err
	}
	org, err := r.Store.OrganisationByID(ctx, o.Org)
	if errors.Is(err, store.ErrNotFound) {
		return Message{}, ErrNothing
	}
	if err != nil {
		return Message{}, err
	}
	if !lm.Ends.After(time.Now()) { // links live on real time
		return Message{}, ErrNothing
	}
	w := writing{w: r.Words(lm.Lang), org: org, now: time.Now(), loc: time.UTC}
	w.org.URL = r.Public(org)
	if o.Person != "" {
		to, err := r.Store.Receiver(ctx, o.Org, o.Person)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Message{}, err
		}
		if err == nil {
			w.loc = to.Person.Clock.ZoneOn(to.Person.Clock.DateOf(worktime.Of(w.now)))
		}
	}
	m := Message{
		ID: o.ID, Org: w.org, Name: lm.Name, Lang: w.w.Lang(),
		To: store.Contact{Person: o.Person, Channel: store.ChannelEmail, Address: lm.Address},
	}
	ends := w.w.T("mail.link_ends_utc", "when", w.dayTime(lm.Ends))
	if w.loc != time.UTC { // we know where they are
		ends = w.w.T("mail.link_ends", "when", w.dayTime(lm.Ends))
	}
	l := letter{
		W:       w.w,
		Subject: w.w.T("mail.reset_subject", "org", org.Name),
		Title:   w.w.T("mail.reset_title"),
		Lead:    []string{w.w.T("mail.reset_lead", "address", lm.Address), ends},
		Act:     link{w.w.T("mail.reset_act"), w.at(lm.Path)},
		Foot:    []string{w.w.T("mail.reset_foot")},
	}
	switch lm.Kind {
	case store.LinkInvite:
		l.Subject = w.w.T("mail.invite_subject", "name", lm.By, "org", org.Name)
		l.Title = l.Subject
		l.Lead = []string{w.w.T("mail.invite_lead"), ends}
		l.Act.Text = w.w.T("mail.invite_act", "org", org.Name)
		l.Foot = []string{w.w.T("mail.invite_foot", "name", lm.By)}
	case store.LinkAddress:
		l.Subject = w.w.T("mail.address_subject", "org", org.Name)
		l.Title = w.w.T("mail.address_title")
		l.Lead = []string{w.w.T("mail.address_lead", "name", lm.Name, "org", org.Name, "address", lm.Address), ends}
		l.Act.Text = w.w.T("mail.address_act")
		l.Foot = []string{w.w.T("mail.address_foot")}
	case store.MailMoved:
		l.Subject = w.w.T("mail.moved_subject", "org", org.Name)
		l.Title = w.w.T("mail.moved_title")
		l.Lead = []string{w.w.T("mail.moved_lead", "name", lm.Name, "org", org.Name, "address", lm.Address)}
		l.Act.Text = w.w.T("mail.moved_act")
		l.Foot = []string{w.w.T("mail.moved_foot")}
	case store.LinkReset, store.LinkSetup:
	}
	return l.finish(ctx, m)
}
