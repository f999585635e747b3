package api

import (
	"time"

	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// Me is who the token speaks for, and how far.
type Me struct {
	Person
	Lang         string       `json:"lang"`
	Organisation Organisation `json:"organisation"`
	Token        Token        `json:"token" doc:"The one you came with"`
}

// Organisation is the one you belong to.
type Organisation struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Profile is how others see your name.
type Profile struct {
	Name   string `json:"name"`
	Handle string `json:"handle"`
	Place  string `json:"place"`
	Lang   string `json:"lang" doc:"The language of pages, mails and problems"`
}

// Session is a browser that is signed in as you.
type Session struct {
	ID      string    `json:"id"`
	Device  string    `json:"device"`
	Created time.Time `json:"created"`
	Ends    time.Time `json:"ends"`
}

// Token is an API token, without its secret.
type Token struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Scopes  []string  `json:"scopes" doc:"read, write, admin"`
	Team    string    `json:"team,omitempty" doc:"Id of the team it is held to"`
	Created time.Time `json:"created"`
	Ends    time.Time `json:"ends"`
}

func tokenOf(t store.Token) Token {
	out := Token{ID: t.ID, Name: t.Name, Scopes: []string{}, Team: t.Team, Created: t.Created.UTC(), Ends: t.Ends.UTC()}
	for _, sc := range t.Scopes {
		out.Scopes = append(out.Scopes, string(sc))
	}
	return out
}

// Channel is where you are reached beside the page. Its secret is never told.
type Channel struct {
	Channel   string    `json:"channel"`
	Address   string    `json:"address"`
	Briefs    bool      `json:"briefs"`
	Crises    bool      `json:"crises"`
	Failed    time.Time `json:"failed,omitzero" doc:"When the other side last refused for good, or failed for the fifth time in a row or more"`
	FailedWhy string    `json:"failed_why,omitempty"`
}

// Feed is something that your charter gives out. Its address is never told again.
type Feed struct {
	Kind string `json:"kind" doc:"page: your public charter; calendar: your windows and focus blocks"`
}

// BriefMail says whether briefs come by mail.
type BriefMail struct {
	Briefs bool `json:"briefs"`
}

// NewAddress is a mail address that you want to have.
type NewAddress struct {
	Email    string `json:"email"`
	Password string `json:"password" doc:"Your own: a token alone does not move your mail"`
}

// OfMine is an address of one thing of yours.
type OfMine struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) myOperations() {
	on(s, endpoint{id: "get-me", method: "GET", path: "/me", policy: member, summary: "Read who the token speaks for"},
		func(q *request, _ *nothing) (Me, error) {
			p, err := q.read.Me(q.ctx)
			if err != nil {
				return Me{}, err
			}
			o, err := q.read.Organisation(q.ctx)
			return Me{Person: person(p, q.now), Lang: p.Lang, Organisation: Organisation{ID: o.ID, Name: o.Name, URL: s.cfg.Address(o)}, Token: tokenOf(q.who.Token)}, err
		})
	act(s, endpoint{id: "rename", method: "PUT", path: "/me/profile", policy: member, summary: "Change your name, handle, place and language"},
		func(q *request, in *struct{ Body Profile }) error {
			return s.cfg.Door.Rename(q.ctx, q.actor(), in.Body.Name, in.Body.Handle, in.Body.Place, in.Body.Lang)
		})
	on(s, endpoint{id: "list-sessions", method: "GET", path: "/me/sessions", policy: member, summary: "List the browsers that are signed in as you"},
		func(q *request, _ *nothing) (List[Session], error) {
			all, err := q.read.Sessions(q.ctx)
			out := List[Session]{Items: []Session{}}
			for _, one := range all {
				out.Items = append(out.Items, Session{ID: one.ID, Device: one.Device, Created: one.Created.UTC(), Ends: one.Ends.UTC()})
			}
			return out, err
		})
	act(s, endpoint{id: "end-sessions", method: "DELETE", path: "/me/sessions", policy: member, summary: "Sign yourself out everywhere"},
		func(q *request, _ *nothing) error { return s.cfg.Auth.EndSession(q.ctx, q.who, "") })
	act(s, endpoint{id: "end-session", method: "DELETE", path: "/me/sessions/{id}", policy: member, summary: "Sign one browser out"},
		func(q *request, in *OfMine) error { return s.cfg.Auth.EndSession(q.ctx, q.who, in.ID) })
	on(s, endpoint{id: "list-tokens", method: "GET", path: "/me/tokens", policy: member, summary: "List your API tokens"},
		func(q *request, _ *nothing) (List[Token], error) {
			all, err := q.read.Tokens(q.ctx)
			out := List[Token]{Items: []Token{}}
			for _, t := range all {
				out.Items = append(out.Items, tokenOf(t))
			}
			return out, err
		})
	act(s, endpoint{id: "end-token", method: "DELETE", path: "/me/tokens/{id}", policy: member, summary: "Take a token back, this one too"},
		func(q *request, in *OfMine) error { return s.cfg.Auth.EndToken(q.ctx, q.actor(), in.ID) })
	on(s, endpoint{id: "get-channel", method: "GET", path: "/me/channels/{channel}", policy: member, summary: "Read where a channel reaches you"},
		func(q *request, in *struct {
			Channel string `path:"channel" enum:"email,webhook"`
		},
		) (Channel, error) {
			c, err := q.read.Contact(q.ctx, in.Channel)
			return Channel{Channel: in.Channel, Address: c.Address, Briefs: c.Briefs, Crises: c.Crises, Failed: c.Failed.UTC(), FailedWhy: c.FailedWhy}, err
		})
	act(s, endpoint{
		id: "set-brief-mail", method: "PUT", path: "/me/channels/email", policy: member, summary: "Turn briefs by mail on or off",
		detail: "Off, the brief stays on the page and clocks run as before.",
	}, func(q *request, in *struct{ Body BriefMail }) error {
		return s.cfg.Door.SetBriefMail(q.ctx, q.actor(), in.Body.Briefs)
	})
	act(s, endpoint{
		id: "change-address", method: "POST", path: "/me/address", policy: member, summary: "Ask for another mail address",
		detail: "A link goes to it, which works once, for 30 minutes; only the newest counts. Until it is used, the old address stays yours. An address that somebody else has is answered alike, and its link is refused.",
	}, func(q *request, in *struct{ Body NewAddress }) error {
		return front.AskAddress(q.ctx, s.cfg.Auth, s.cfg.Door, q.who, q.actor(), front.AddressWish{
			Email: in.Body.Email, Password: in.Body.Password, From: q.from, MailOff: s.cfg.MailOff,
		})
	})
	on(s, endpoint{id: "list-feeds", method: "GET", path: "/me/feeds", policy: member, summary: "List what your charter gives out behind a secret"},
		func(q *request, _ *nothing) (List[Feed], error) {
			out := List[Feed]{Items: []Feed{}}
			for _, kind := range []store.FeedKind{store.FeedPage, store.FeedCalendar} {
				has, err := q.read.HasFeed(q.ctx, kind)
				if err != nil {
					return out, err
				}
				if has {
					out.Items = append(out.Items, Feed{string(kind)})
				}
			}
			return out, nil
		})
	act(s, endpoint{
		id: "end-feed", method: "DELETE", path: "/me/feeds/{kind}", policy: member, summary: "End one of them: its address opens nothing any more",
		detail: "A new one is made on the charter page alone: a token makes no secrets.",
	}, func(q *request, in *struct {
		Kind string `path:"kind" enum:"page,calendar"`
	},
	) error {
		return s.cfg.Auth.EndFeed(q.ctx, q.actor(), store.FeedKind(in.Kind))
	})
	act(s, endpoint{
		id: "drop-webhook", method: "DELETE", path: "/me/channels/webhook", policy: member, summary: "Remove your webhook",
		detail: "A new one is made on the settings page alone: a token makes no secrets.",
	}, func(q *request, _ *nothing) error { return s.cfg.Door.DropWebhook(q.ctx, q.actor()) })
}
