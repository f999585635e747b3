package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/words"
)

// Letters writes what goes out, from what stands in the store at that moment:
// rights, settings and texts are asked for again, so that nothing leaves that
// its receiver may not see any more. A brief has no thread of its own: it is a
// letter that ends. The calls of one crisis are one thread.
type Letters struct {
	Store *store.Store
	// Now is the time that people live in.
	Now func() time.Time
	// Words speaks a language; see [words.Catalogue.For].
	Words func(lang string) *words.Words
	// Public is the address, without a slash at its end, that all links lead to.
	Public func(store.Organisation) string
}

// Render is a Renderer.
func (r Letters) Render(ctx context.Context, o store.Outgoing) (Message, error) {
	if o.Subject == store.SubjectLink {
		return r.link(ctx, o)
	}
	to, err := r.Store.Receiver(ctx, o.Org, o.Person)
	if errors.Is(err, store.ErrNotFound) {
		return Message{}, ErrNothing
	}
	if err != nil {
		return Message{}, err
	}
	contact, ok := to.Contacts[o.Channel]
	if !ok || to.Person.State != access.Active {
		return Message{}, ErrNothing
	}
	w := r.writing(to)
	m := Message{ID: o.ID, Org: w.org, To: contact, Name: to.Person.Name, Lang: w.w.Lang()}
	switch {
	case o.Subject == store.SubjectBrief && contact.Briefs:
		return r.brief(ctx, w, o, m)
	case o.Subject == store.SubjectCrisis && contact.Crises:
		return r.crisis(ctx, w, o, m)
	}
	return Message{}, ErrNothing
}

// writing is one letter in the making.
type writing struct {
	to   store.Receiver
	read *store.Reader
	w    *words.Words
	org  store.Organisation // with the address that links lead to
	now  time.Time
	loc  *time.Location // where the receiver is by their charter, trips included
}

func (r Letters) writing(to store.Receiver) writing {
	w := writing{to: to, read: r.Store.Reader(to.Actor), w: r.Words(to.Person.Lang), org: to.Org, now: r.Now()}
	w.org.URL = r.Public(to.Org)
	w.loc = to.Person.Clock.ZoneOn(to.Person.Clock.DateOf(worktime.Of(w.now)))
	return w
}

// at is an address on the public site.
func (w writing) at(path string) string { return w.org.URL + path }

func (w writing) clock(t time.Time) string   { return w.w.Clock(t, w.loc) }
func (w writing) dayTime(t time.Time) string { return w.w.DayTime(t, w.loc, w.now) }

// finish writes the letter into the message, as text and as HTML.
func (l letter) finish(ctx context.Context, m Message) (Message, error) {
	var html strings.Builder
	if err := l.page().Render(ctx, &html); err != nil { //nolint:contextcheck // templ passes it on
		return m, fmt.Errorf("write the letter: %w", err)
	}
	m.Subject, m.Text, m.HTML = l.Subject, l.text(), html.String()
	return m, nil
}
