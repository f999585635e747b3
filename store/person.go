package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Person is somebody in an organisation, with the charter in force.
type Person struct {
	ID        string
	Org       string
	Name      string
	Handle    string
	Lang      string
	Place     string // the town shown beside the name
	Archetype charter.Archetype
	Role      access.Role
	State     access.State
	Bot       bool // a name of history that wrote by itself; it never joins
	MayRaise  bool // false while an admin has ended the right to raise a crisis (R11.3)
	Created   time.Time
	Joined    time.Time // zero until they joined
	Charter   charter.Charter
	Revision  int64     // of the charter
	Revised   time.Time // when that revision was written
	// Ruling is the instant from which on that revision is in force.
	Ruling worktime.Instant
	Clock  *worktime.Clock
}

// Reader is what a plan made now needs of the person: the clock in force, and
// the last window whose brief is sealed.
func (p Person) Reader(sealed worktime.Instant) layer.Reader {
	return layer.Reader{Reigns: []layer.Reign{{Clock: p.Clock}}, Sealed: sealed}
}

// Actor is the person as core/access sees them, given the teams they are in.
func (p Person) Actor(teams []string) access.Actor {
	a := access.Actor{Org: p.Org, Person: p.ID, Role: p.Role, State: p.State, Teams: map[string]bool{}}
	for _, t := range teams {
		a.Teams[t] = true
	}
	return a
}

const headOfPerson = `p.id, p.org_id, p.name, p.handle, p.lang, p.place, p.archetype, p.role, p.state, p.bot, p.may_raise, p.created_at, p.joined_at, c.revision, c.created_at, c.from_sec`

const personColumns = headOfPerson + `, c.body`

// Every person has a charter from the start; the newest revision is in force.
const personFrom = ` FROM person p JOIN charter c ON c.org_id = p.org_id AND c.person_id = p.id
	AND c.revision = (SELECT max(n.revision) FROM charter n WHERE n.org_id = p.org_id AND n.person_id = p.id)`

func scanHead(r scanner, more ...any) (Person, error) {
	var p Person
	var created, joined, revised int64
	err := r.Scan(append([]any{&p.ID, &p.Org, &p.Name, &p.Handle, &p.Lang, &p.Place, &p.Archetype, &p.Role, &p.State, &p.Bot, &p.MayRaise, &created, &joined, &p.Revision, &revised, &p.Ruling}, more...)...)
	p.Created, p.Joined, p.Revised = instant(created), instant(joined), instant(revised)
	return p, err
}

func (s *Store) scanPerson(r scanner) (Person, error) {
	var body string
	p, err := scanHead(r, &body)
	if err != nil {
		return p, err
	}
	p.Charter, p.Clock, err = s.compiled(p.Org, p.ID, p.Revision, body, false)
	return p, err
}

// persons reads people outside of transactions, where a revision that is known
// need not be read again.
func (s *Store) persons(ctx context.Context, org, where string, args ...any) ([]Person, error) {
	args = append([]any{org}, args...)
	strange := false
	all, err := list(ctx, s.read, s.dialect, func(r scanner) (Person, error) {
		p, err := scanHead(r)
		e, ok := s.clocks.kept(p)
		p.Charter, p.Clock = e.charter, e.clock
		strange = strange || !ok
		return p, err
	}, `SELECT `+headOfPerson+personFrom+` WHERE p.org_id = $1 AND `+where, args...)
	if err != nil || !strange {
		return all, err
	}
	return list(ctx, s.read, s.dialect, func(r scanner) (Person, error) {
		var body string
		p, err := scanHead(r, &body)
		if err != nil {
			return p, err
		}
		p.Charter, p.Clock, err = s.compiled(p.Org, p.ID, p.Revision, body, true)
		return p, err
	}, `SELECT `+personColumns+personFrom+` WHERE p.org_id = $1 AND `+where, args...)
}

// person is persons for one; none is ErrNotFound.
func (s *Store) person(ctx context.Context, org, where string, args ...any) (Person, error) {
	found, err := s.persons(ctx, org, where, args...)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Person{}, err
	}
	return found[0], nil
}

// clockCache keeps compiled charters by person and revision. A revision that
// was read in a transaction which then failed may come again with other words,
// so an entry says what it was compiled from, and whether it was kept: what was
// read outside of transactions does not change any more.
type clockCache struct {
	mu sync.Mutex
	m  map[clockKey]clockEntry
}

type clockKey struct {
	org, person string
	revision    int64
}

type clockEntry struct {
	body    string
	kept    bool
	charter charter.Charter
	clock   *worktime.Clock
}

// maxClocks bounds the cache; beyond it, it starts anew.
const maxClocks = 4096

func (c *clockCache) kept(p Person) (clockEntry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.m[clockKey{p.Org, p.ID, p.Revision}]
	return e, e.kept
}

func (s *Store) compiled(org, person string, revision int64, body string, kept bool) (charter.Charter, *worktime.Clock, error) {
	key := clockKey{org, person, revision}
	s.clocks.mu.Lock()
	e, ok := s.clocks.m[key]
	s.clocks.mu.Unlock()
	if ok && e.body == body && (e.kept || !kept) {
		return e.charter, e.clock, nil
	}
	c, err := decodeCharter(body)
	if err != nil {
		return c, nil, fmt.Errorf("read the charter of %s: %w", person, err)
	}
	clock, err := worktime.Compile(c.Time, s.zones)
	if err != nil {
		return c, nil, fmt.Errorf("compile the charter of %s: %w", person, err)
	}
	s.clocks.mu.Lock()
	defer s.clocks.mu.Unlock()
	if len(s.clocks.m) >= maxClocks || s.clocks.m == nil {
		s.clocks.m = make(map[clockKey]clockEntry)
	}
	s.clocks.m[key] = clockEntry{body, kept, c, clock}
	return c, clock, nil
}

// Person returns one person of the organisation, ErrNotFound for an unknown id.
func (t *Tx) Person(ctx context.Context, id string) (Person, error) {
	p, err := single(ctx, t.q, t.s.dialect, t.s.scanPerson, `SELECT `+personColumns+personFrom+` WHERE p.org_id = $1 AND p.id = $2`, t.org, id)
	if err != nil {
		return p, fmt.Errorf("person %s: %w", id, err)
	}
	return p, nil
}

// People returns the people with these ids, ordered by id, each once. An
// unknown id is ErrNotFound.
func (t *Tx) People(ctx context.Context, ids []string) ([]Person, error) {
	return t.s.people(ctx, t.q, t.org, ids)
}

func (s *Store) people(ctx context.Context, q querier, org string, ids []string) ([]Person, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return nil, nil
	}
	set, args := in(ids)
	people, err := list(ctx, q, s.dialect, s.scanPerson, `SELECT `+personColumns+personFrom+` WHERE p.org_id = $1 AND p.id IN `+set+` ORDER BY p.id`, append([]any{org}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	if len(people) != len(ids) {
		return nil, fmt.Errorf("people: %d of %d: %w", len(people), len(ids), ErrNotFound)
	}
	return people, nil
}

// PeopleByHandle returns the ids of the people who hold these handles, by
// handle. A handle that nobody holds is left out.
func (t *Tx) PeopleByHandle(ctx context.Context, handles []string) (map[string]string, error) {
	out := make(map[string]string, len(handles))
	handles = unique(handles)
	if len(handles) == 0 {
		return out, nil
	}
	type row struct{ handle, id string }
	set, args := in(handles)
	rows, err := list(ctx, t.q, t.s.dialect, func(r scanner) (row, error) {
		var v row
		err := r.Scan(&v.handle, &v.id)
		return v, err
	}, `SELECT handle, id FROM person WHERE org_id = $1 AND handle IN `+set+` ORDER BY handle, id`, append([]any{t.org}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("people by handle: %w", err)
	}
	for _, v := range rows {
		out[v.handle] = v.id
	}
	return out, nil
}

// AddPerson writes a new person with their first charter. Their handle must be
// free: a taken or reserved one is ErrExists.
func (t *Tx) AddPerson(ctx context.Context, p Person) error {
	if err := t.takeName(ctx, p.Handle, p.ID, ""); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO person (org_id, id, name, handle, lang, archetype, role, state, place, bot, may_raise, created_at, joined_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		t.org, p.ID, p.Name, p.Handle, p.Lang, p.Archetype, p.Role, p.State, p.Place, p.Bot, p.MayRaise, millis(p.Created), millis(p.Joined))
	if err != nil {
		return fmt.Errorf("add person: %w", err)
	}
	return t.AddCharter(ctx, p.ID, 1, worktime.Of(p.Created), p.Charter, "", p.Created)
}

// SetPerson writes a person's name, language, place, archetype, role, state
// and joining time. Handle and charter have verbs of their own.
func (t *Tx) SetPerson(ctx context.Context, p Person) error {
	err := t.one(ctx, `UPDATE person SET name = $1, lang = $2, place = $3, archetype = $4, role = $5, state = $6, may_raise = $7, joined_at = $8
		WHERE org_id = $9 AND id = $10`,
		p.Name, p.Lang, p.Place, p.Archetype, p.Role, p.State, p.MayRaise, millis(p.Joined), t.org, p.ID)
	if err != nil {
		return fmt.Errorf("set person: %w", err)
	}
	return nil
}

// SetHandle gives a person another handle; the old one stays reserved for them.
// One that is taken or looks like one is ErrExists.
func (t *Tx) SetHandle(ctx context.Context, person, handle string) error {
	if err := t.takeName(ctx, handle, person, ""); err != nil {
		return err
	}
	if err := t.one(ctx, `UPDATE person SET handle = $1 WHERE org_id = $2 AND id = $3`, handle, t.org, person); err != nil {
		return fmt.Errorf("set handle: %w", err)
	}
	return nil
}

// AddCharter appends a revision of a person's charter, in force from an
// instant on. A revision that exists already is ErrExists.
func (t *Tx) AddCharter(ctx context.Context, person string, revision int64, from worktime.Instant, c charter.Charter, reason string, now time.Time) error {
	body, err := encodeCharter(c)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO charter (org_id, person_id, revision, from_sec, body, reason, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.org, person, revision, int64(from), body, reason, millis(now))
	if err != nil {
		return fmt.Errorf("add charter: %w", err)
	}
	return nil
}

// Reigns returns the person's clocks in force from since on, oldest first: the
// one that ruled at since, and every one after it.
func (t *Tx) Reigns(ctx context.Context, person string, since worktime.Instant) ([]layer.Reign, error) {
	return t.s.reigns(ctx, t.q, t.org, person, since)
}

func (s *Store) reigns(ctx context.Context, q querier, org, person string, since worktime.Instant) ([]layer.Reign, error) {
	reigns, err := list(ctx, q, s.dialect, func(r scanner) (layer.Reign, error) {
		var reign layer.Reign
		var revision int64
		var body string
		if err := r.Scan(&revision, &reign.From, &body); err != nil {
			return reign, err
		}
		var err error
		_, reign.Clock, err = s.compiled(org, person, revision, body, false)
		return reign, err
	}, `SELECT revision, from_sec, body FROM charter WHERE org_id = $1 AND person_id = $2
		AND revision >= (SELECT coalesce(max(revision), 1) FROM charter WHERE org_id = $1 AND person_id = $2 AND from_sec <= $3)
		ORDER BY revision`, org, person, int64(since))
	if err != nil {
		return nil, fmt.Errorf("clocks of %s: %w", person, err)
	}
	if len(reigns) == 0 {
		return nil, fmt.Errorf("clocks of %s: %w", person, ErrNotFound)
	}
	return reigns, nil
}

// takeName reserves a handle or a slug by its confusable skeleton. Whoever had
// the name before may take it again; anybody else gets ErrExists.
func (t *Tx) takeName(ctx context.Context, name, person, team string) error {
	n, err := t.exec(ctx, `INSERT INTO name (org_id, skeleton, name, person_id, team_id) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (org_id, skeleton) DO UPDATE SET name = excluded.name WHERE name.person_id = excluded.person_id AND name.team_id = excluded.team_id`,
		t.org, Skeleton(name), name, person, team)
	if err != nil {
		return fmt.Errorf("take the name %s: %w", name, err)
	}
	if n == 0 {
		return fmt.Errorf("take the name %s: %w", name, ErrExists)
	}
	return nil
}

// Skeleton folds the letters and digits of a handle that are easily taken for
// one another, so that two names that look alike are one name (R2.6).
func Skeleton(name string) string {
	return skeletonFold.Replace(strings.ToLower(name))
}

var skeletonFold = strings.NewReplacer("0", "o", "1", "l", "i", "l", "5", "s", "rn", "m", "vv", "w", ".", "-", "_", "-")

// Admins returns the ids of those who administer the organisation.
func (t *Tx) Admins(ctx context.Context) ([]string, error) {
	ids, err := list(ctx, t.q, t.s.dialect, scanString, `SELECT id FROM person WHERE org_id = $1 AND role IN ('owner', 'admin') AND state = 'active' ORDER BY id`, t.org)
	if err != nil {
		return nil, fmt.Errorf("admins: %w", err)
	}
	return ids, nil
}
