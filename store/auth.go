package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
)

// Session is one signed-in browser. Only the hash of its secret is stored.
type Session struct {
	Hash    string
	ID      string
	Person  string
	Device  string
	Created time.Time
	Used    time.Time
	Ends    time.Time
}

func scanSession(r scanner) (Session, error) {
	var s Session
	var created, used, ends int64
	err := r.Scan(&s.Hash, &s.ID, &s.Person, &s.Device, &created, &used, &ends)
	s.Created, s.Used, s.Ends = instant(created), instant(used), instant(ends)
	return s, err
}

const sessionColumns = `hash, id, person_id, device, created_at, used_at, ends_at`

// AddSession writes a new session.
func (t *Tx) AddSession(ctx context.Context, s Session) error {
	_, err := t.exec(ctx, `INSERT INTO session (org_id, hash, id, person_id, device, created_at, used_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		t.org, s.Hash, s.ID, s.Person, s.Device, millis(s.Created), millis(s.Used), millis(s.Ends))
	if err != nil {
		return fmt.Errorf("add session: %w", err)
	}
	return nil
}

// Session returns the session with this hash, with its person and their teams
// as they stand now.
func (s *Store) Session(ctx context.Context, org, hash string) (Session, Person, access.Actor, error) {
	ses, err := single(ctx, s.read, s.dialect, scanSession, `SELECT `+sessionColumns+` FROM session WHERE org_id = $1 AND hash = $2`, org, hash)
	if err != nil {
		return ses, Person{}, access.Actor{}, fmt.Errorf("session: %w", err)
	}
	p, a, err := s.actor(ctx, org, ses.Person)
	return ses, p, a, err
}

// actor returns a person and how core/access sees them at this moment.
func (s *Store) actor(ctx context.Context, org, person string) (Person, access.Actor, error) {
	p, err := s.person(ctx, org, `p.id = $2`, person)
	if err != nil {
		return p, access.Actor{}, fmt.Errorf("person: %w", err)
	}
	teams, err := s.teamsOf(ctx, s.read, org, person)
	return p, p.Actor(teams), err
}

// TouchSession records that a session was used, for its idle end. A slow request
// does not set it back.
func (t *Tx) TouchSession(ctx context.Context, hash string, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE session SET used_at = $1 WHERE org_id = $2 AND hash = $3 AND used_at < $1`, millis(now), t.org, hash)
	return err
}

// EndSessions ends sessions of a person: the one with this id, or with "" all;
// except keeps the one with that hash.
func (t *Tx) EndSessions(ctx context.Context, person, id, except string) error {
	_, err := t.exec(ctx, `DELETE FROM session WHERE org_id = $1 AND person_id = $2 AND ($3 = '' OR id = $3) AND hash <> $4`, t.org, person, id, except)
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// EndSession ends the session with this hash.
func (t *Tx) EndSession(ctx context.Context, hash string) error {
	if _, err := t.exec(ctx, `DELETE FROM session WHERE org_id = $1 AND hash = $2`, t.org, hash); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// SetPassword writes the hash of a person's password.
func (t *Tx) SetPassword(ctx context.Context, person, hash string, now time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO credential (org_id, person_id, hash, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (org_id, person_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at`, t.org, person, hash, millis(now))
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

// Password returns who signs in with an address, and the hash of their
// password; ErrNotFound when nobody does.
func (s *Store) Password(ctx context.Context, org, address string) (person, hash string, err error) {
	type row struct{ person, hash string }
	v, err := single(ctx, s.read, s.dialect, func(r scanner) (row, error) {
		var v row
		err := r.Scan(&v.person, &v.hash)
		return v, err
	}, `SELECT c.person_id, c.hash FROM address a JOIN credential c ON c.org_id = a.org_id AND c.person_id = a.person_id
		JOIN person p ON p.org_id = a.org_id AND p.id = a.person_id
		WHERE a.org_id = $1 AND a.address = $2 AND p.state = 'active'`, org, address)
	if err != nil {
		return "", "", fmt.Errorf("password: %w", err)
	}
	return v.person, v.hash, nil
}

// PasswordOf returns the hash of a person's password, ErrNotFound for none.
func (s *Store) PasswordOf(ctx context.Context, org, person string) (string, error) {
	hash, err := single(ctx, s.read, s.dialect, scanString, `SELECT hash FROM credential WHERE org_id = $1 AND person_id = $2`, org, person)
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	return hash, nil
}

// LinkKind says what a one-time link is for.
type LinkKind string

// The kinds of link.
const (
	LinkSetup  LinkKind = "setup"  // the first owner of an empty server
	LinkInvite LinkKind = "invite" // to join an organisation
	LinkReset  LinkKind = "reset"  // to set a new password
	// LinkAddress gives its person another mail address.
	LinkAddress LinkKind = "address"
	// MailMoved is no link but the mail that tells an old address of that.
	MailMoved LinkKind = "address-moved"
)

// Link is a one-time link. Only the hash of its secret is stored.
type Link struct {
	Hash    string
	Kind    LinkKind
	ID      string
	Person  string // whose password, or which imported person joins
	Address string // an invite that is bound to one address, or the new one
	Role    access.Role
	Team    string
	MadeBy  string
	Created time.Time
	Ends    time.Time
	Used    time.Time
}

func scanLink(r scanner) (Link, error) {
	var l Link
	var created, ends, used int64
	err := r.Scan(&l.Hash, &l.Kind, &l.ID, &l.Person, &l.Address, &l.Role, &l.Team, &l.MadeBy, &created, &ends, &used)
	l.Created, l.Ends, l.Used = instant(created), instant(ends), instant(used)
	return l, err
}

const linkColumns = `hash, kind, id, person_id, address, role, team_id, made_by, created_at, ends_at, used_at`

// AddLink writes a new link.
func (t *Tx) AddLink(ctx context.Context, l Link) error {
	_, err := t.exec(ctx, `INSERT INTO link (org_id, hash, kind, id, person_id, address, role, team_id, made_by, created_at, ends_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`,
		t.org, l.Hash, l.Kind, l.ID, l.Person, l.Address, l.Role, l.Team, l.MadeBy, millis(l.Created), millis(l.Ends))
	if err != nil {
		return fmt.Errorf("add link: %w", err)
	}
	return nil
}

// Link returns the link with this hash and kind, used or not, ended or not.
func (s *Store) Link(ctx context.Context, org string, kind LinkKind, hash string) (Link, error) {
	l, err := single(ctx, s.read, s.dialect, scanLink, `SELECT `+linkColumns+` FROM link WHERE org_id = $1 AND kind = $2 AND hash = $3`, org, kind, hash)
	if err != nil {
		return l, fmt.Errorf("link: %w", err)
	}
	return l, nil
}

// UseLink takes a link that is unused and not ended at now, once; otherwise
// ErrNotFound. Other open links of the same kind for the same person end too.
func (t *Tx) UseLink(ctx context.Context, kind LinkKind, hash string, now time.Time) (Link, error) {
	l, err := single(ctx, t.q, t.s.dialect, scanLink, `UPDATE link SET used_at = $1 WHERE org_id = $2 AND kind = $3 AND hash = $4 AND used_at = 0 AND ends_at > $1 RETURNING `+linkColumns,
		millis(now), t.org, kind, hash)
	if err != nil {
		return l, fmt.Errorf("use link: %w", err)
	}
	if l.Person != "" {
		_, err = t.exec(ctx, `UPDATE link SET used_at = $1 WHERE org_id = $2 AND kind = $3 AND person_id = $4 AND used_at = 0`, millis(now), t.org, kind, l.Person)
	}
	return l, err
}

// Invitation is what an invite says to whoever opens it.
type Invitation struct {
	Link Link
	By   string // who invites
	Team string // the name of the team they join, "" for none
	Name string // the imported name that they are, "" for none
}

// Invitation names what an invite is about.
func (s *Store) Invitation(ctx context.Context, org string, l Link) (Invitation, error) {
	i := Invitation{Link: l}
	people, err := s.names(ctx, org, []string{l.MadeBy, l.Person})
	if err != nil {
		return i, err
	}
	i.By, i.Name = people[l.MadeBy].Name, people[l.Person].Name
	if l.Team != "" {
		i.Team, err = single(ctx, s.read, s.dialect, scanString, `SELECT name FROM team WHERE org_id = $1 AND id = $2`, org, l.Team)
	}
	if err != nil {
		return i, fmt.Errorf("the team of an invite: %w", err)
	}
	return i, nil
}

// EndLinks ends every open link of a kind, of one person or, with "", of all.
func (t *Tx) EndLinks(ctx context.Context, kind LinkKind, person string, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE link SET used_at = $1 WHERE org_id = $2 AND kind = $3 AND ($4 = '' OR person_id = $4) AND used_at = 0`, millis(now), t.org, kind, person)
	if err != nil {
		return fmt.Errorf("end links: %w", err)
	}
	return nil
}

// EndInvitesBy ends every open invite that a person made: it was their right
// that it carries.
func (t *Tx) EndInvitesBy(ctx context.Context, person string, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE link SET used_at = $1 WHERE org_id = $2 AND kind = 'invite' AND made_by = $3 AND used_at = 0`, millis(now), t.org, person)
	if err != nil {
		return fmt.Errorf("end invites: %w", err)
	}
	return nil
}

// EndInvite ends one open invite, and its mail if that has not gone; ErrNotFound
// for one that is none, or not open any more.
func (t *Tx) EndInvite(ctx context.Context, id string, now time.Time) error {
	if err := t.one(ctx, `UPDATE link SET used_at = $1 WHERE org_id = $2 AND kind = 'invite' AND id = $3 AND used_at = 0`, millis(now), t.org, id); err != nil {
		return fmt.Errorf("end an invite: %w", err)
	}
	_, err := t.exec(ctx, `UPDATE outbox SET state = 'dropped', done_at = $1, error = 'the link was taken back', payload = ''
		WHERE org_id = $2 AND subject_kind = 'link' AND subject_id = $3 AND state = 'waiting'`, millis(now), t.org, id)
	if err != nil {
		return fmt.Errorf("end the mail of an invite: %w", err)
	}
	return nil
}

// InvitesSince is when a person made their invites after a time, oldest first.
func (t *Tx) InvitesSince(ctx context.Context, person string, since time.Time) ([]time.Time, error) {
	out, err := list(ctx, t.q, t.s.dialect, func(r scanner) (time.Time, error) {
		ms, err := scanInt(r)
		return instant(ms), err
	}, `SELECT created_at FROM link WHERE org_id = $1 AND kind = 'invite' AND made_by = $2 AND created_at > $3 ORDER BY created_at, id`, t.org, person, millis(since))
	if err != nil {
		return nil, fmt.Errorf("invites since: %w", err)
	}
	return out, nil
}

// Invites lists the open invites for admins, the newest first.
func (r *Reader) Invites(ctx context.Context, now time.Time) ([]Link, error) {
	if err := r.governs(); err != nil {
		return nil, err
	}
	out, err := list(ctx, r.s.read, r.s.dialect, scanLink, `SELECT `+linkColumns+` FROM link WHERE org_id = $1 AND kind = 'invite' AND used_at = 0 AND ends_at > $2 ORDER BY created_at DESC, id DESC`,
		r.viewer.Org, millis(now))
	if err != nil {
		return nil, fmt.Errorf("invites: %w", err)
	}
	return out, nil
}

// Token is an API token. Only the hash of its secret is stored.
type Token struct {
	Hash    string
	ID      string
	Person  string
	Name    string
	Scopes  []access.Scope
	Team    string
	Created time.Time
	Ends    time.Time
}

func scanToken(r scanner) (Token, error) {
	var t Token
	var scopes string
	var created, ends int64
	err := r.Scan(&t.Hash, &t.ID, &t.Person, &t.Name, &scopes, &t.Team, &created, &ends)
	for s := range strings.FieldsSeq(scopes) {
		t.Scopes = append(t.Scopes, access.Scope(s))
	}
	t.Created, t.Ends = instant(created), instant(ends)
	return t, err
}

const tokenColumns = `hash, id, person_id, name, scopes, team_id, created_at, ends_at` //nolint:gosec // names of columns

// AddToken writes a new token.
func (t *Tx) AddToken(ctx context.Context, k Token) error {
	scopes := make([]string, len(k.Scopes))
	for i, s := range k.Scopes {
		scopes[i] = string(s)
	}
	_, err := t.exec(ctx, `INSERT INTO token (org_id, hash, id, person_id, name, scopes, team_id, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.org, k.Hash, k.ID, k.Person, k.Name, strings.Join(scopes, " "), k.Team, millis(k.Created), millis(k.Ends))
	if err != nil {
		return fmt.Errorf("add token: %w", err)
	}
	return nil
}

// Token returns the token with this hash, with its person as they stand now,
// narrowed to the token's scopes.
func (s *Store) Token(ctx context.Context, org, hash string) (Token, Person, access.Actor, error) {
	k, err := single(ctx, s.read, s.dialect, scanToken, `SELECT `+tokenColumns+` FROM token WHERE org_id = $1 AND hash = $2`, org, hash)
	if err != nil {
		return k, Person{}, access.Actor{}, fmt.Errorf("token: %w", err)
	}
	p, a, err := s.actor(ctx, org, k.Person)
	a.Token, a.Scopes, a.TokenTeam = true, k.Scopes, k.Team
	return k, p, a, err
}

// EndTokens ends tokens of a person: the one with this id, or with "" all.
func (t *Tx) EndTokens(ctx context.Context, person, id string) error {
	_, err := t.exec(ctx, `DELETE FROM token WHERE org_id = $1 AND person_id = $2 AND ($3 = '' OR id = $3)`, t.org, person, id)
	if err != nil {
		return fmt.Errorf("end tokens: %w", err)
	}
	return nil
}

// FeedKind is what a feed's secret opens.
type FeedKind string

// The kinds of feed: each secret opens one thing of one person, to read.
const (
	FeedPage        FeedKind = "page"     // the public charter
	FeedCalendar    FeedKind = "calendar" // the .ics of windows and focus
	FeedUnsubscribe FeedKind = "unsubscribe"
)

// AddFeed writes a feed's secret, by its hash.
func (t *Tx) AddFeed(ctx context.Context, person string, kind FeedKind, hash string, now time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO feed (org_id, hash, id, person_id, kind, created_at) VALUES ($1, $2, $3, $4, $5, $6)`, t.org, hash, NewID(now), person, kind, millis(now))
	if err != nil {
		return fmt.Errorf("add feed: %w", err)
	}
	return nil
}

// EndFeeds ends a person's feeds of one kind or, with "", all.
func (t *Tx) EndFeeds(ctx context.Context, person string, kind FeedKind) error {
	_, err := t.exec(ctx, `DELETE FROM feed WHERE org_id = $1 AND person_id = $2 AND ($3 = '' OR kind = $3)`, t.org, person, kind)
	if err != nil {
		return fmt.Errorf("end feeds: %w", err)
	}
	return nil
}

// Feed returns whose feed a secret opens, by its hash; ErrNotFound for an
// unknown or ended one, and for people who may not come in any more.
func (s *Store) Feed(ctx context.Context, org string, kind FeedKind, hash string) (Person, error) {
	id, err := single(ctx, s.read, s.dialect, scanString, `SELECT f.person_id FROM feed f JOIN person p ON p.org_id = f.org_id AND p.id = f.person_id
		WHERE f.org_id = $1 AND f.kind = $2 AND f.hash = $3 AND p.state = 'active'`, org, kind, hash)
	if err != nil {
		return Person{}, fmt.Errorf("feed: %w", err)
	}
	p, _, err := s.actor(ctx, org, id)
	return p, err
}

// HasFeed reports whether the viewer has a feed of a kind.
func (r *Reader) HasFeed(ctx context.Context, kind FeedKind) (bool, error) {
	if err := r.private(); err != nil {
		return false, err
	}
	n, err := single(ctx, r.s.read, r.s.dialect, scanInt, `SELECT count(*) FROM feed WHERE org_id = $1 AND person_id = $2 AND kind = $3`, r.viewer.Org, r.viewer.Person, kind)
	if err != nil {
		return false, fmt.Errorf("feeds: %w", err)
	}
	return n > 0, nil
}

// Sessions returns the viewer's sessions, the newest first.
func (r *Reader) Sessions(ctx context.Context) ([]Session, error) {
	if err := r.private(); err != nil {
		return nil, err
	}
	out, err := list(ctx, r.s.read, r.s.dialect, scanSession, `SELECT `+sessionColumns+` FROM session WHERE org_id = $1 AND person_id = $2 ORDER BY created_at DESC, id DESC`, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	return out, nil
}

// Tokens returns the viewer's API tokens, the newest first.
func (r *Reader) Tokens(ctx context.Context) ([]Token, error) {
	if err := r.private(); err != nil {
		return nil, err
	}
	out, err := list(ctx, r.s.read, r.s.dialect, scanToken, `SELECT `+tokenColumns+` FROM token WHERE org_id = $1 AND person_id = $2 ORDER BY created_at DESC, id DESC`, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	return out, nil
}
