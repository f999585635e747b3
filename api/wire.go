package api

import (
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/merge"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Keyed is the header that lets a request be sent again safely.
type Keyed struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"Any text of one's own making: the same request with the same key is done once, and told again"`
}

// nothing is an operation's input when its address says all.
type nothing struct{}

// Name is somebody as a line names them.
type Name struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Handle string `json:"handle"`
}

func name(p store.Person) Name { return Name{ID: p.ID, Name: p.Name, Handle: p.Handle} }

// names says people by id; somebody unknown is their id alone.
func names(people map[string]store.Person, ids []string) []Name {
	out := make([]Name, 0, len(ids))
	for _, id := range ids {
		p := people[id]
		p.ID = id
		out = append(out, name(p))
	}
	return out
}

// optional is a name, or nothing for an empty id.
func optional(people map[string]store.Person, id string) *Name {
	if id == "" {
		return nil
	}
	n := names(people, []string{id})[0]
	return &n
}

// TeamName is a team as a line names it.
type TeamName struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// Moment is an instant, in UTC and as the clock of its person shows it.
type Moment struct {
	At    time.Time `json:"at" doc:"UTC"`
	Local string    `json:"local" format:"date-time" doc:"The same instant in the zone of its person"`
	Zone  string    `json:"zone" doc:"IANA name of that zone"`
}

// moment is an instant of a person; nil for none.
func moment(at worktime.Instant, p store.Person) *Moment {
	if at == 0 {
		return nil
	}
	t := at.Time().UTC()
	m := &Moment{At: t, Local: t.Format(time.RFC3339), Zone: "UTC"}
	if p.Clock != nil {
		loc := p.Clock.ZoneOn(p.Clock.DateOf(at))
		m.Local, m.Zone = t.In(loc).Format(time.RFC3339), loc.String()
	}
	return m
}

// Reach is when one person gets something, or would if it were sent now.
type Reach struct {
	Person Name    `json:"person"`
	At     *Moment `json:"at,omitempty" doc:"Absent where no window lies ahead"`
	Due    *Moment `json:"due,omitempty" doc:"When their answer is due"`
	Tight  bool    `json:"tight,omitempty" doc:"Under two of their working hours are left to answer"`
	Why    string  `json:"why" doc:"now, free, after-focus, start, window, daily, weekly, muted or never"`
	State  string  `json:"state" doc:"Where their day stands at the time of writing: on, focus or off"`
	Away   int     `json:"away_days,omitempty" doc:"Working days they are away before it"`
}

func reach(p store.Person, plan layer.Plan) Reach {
	r := Reach{Person: name(p), Tight: plan.Tight, Why: string(plan.Why.Code), State: plan.Why.State.String(), Away: plan.Why.Away}
	if plan.OK {
		r.At = moment(plan.At, p)
	}
	if plan.DueOK {
		r.Due = moment(plan.Due, p)
	}
	return r
}

// Receipt is what was sent, and the promise made for each person.
type Receipt struct {
	ID      string  `json:"id"`
	Ref     string  `json:"ref" doc:"Its permanent address on the server, as /A-12"`
	Again   bool    `json:"again,omitempty" doc:"The same request came before; this is its receipt, and nothing was done twice"`
	Reaches []Reach `json:"reaches"`
}

// receipt names the people of a receipt.
func (s *Server) receipt(q *request, rec door.Receipt, err error) (Receipt, error) {
	if err != nil {
		return Receipt{}, err
	}
	ids := make([]string, len(rec.Plans))
	for i, p := range rec.Plans {
		ids[i] = p.Person
	}
	people, err := q.read.Names(q.ctx, ids)
	out := Receipt{ID: rec.ID, Ref: rec.Ref, Again: rec.Again, Reaches: []Reach{}}
	for _, p := range rec.Plans {
		out.Reaches = append(out.Reaches, reach(people[p.Person], p.Plan))
	}
	return out, err
}

// Head is an item as a line names it.
type Head struct {
	ID      string    `json:"id"`
	Ref     string    `json:"ref,omitempty"`
	Kind    string    `json:"kind"`
	Point   string    `json:"point" doc:"The conclusion or the ask, Markdown"`
	Author  Name      `json:"author"`
	Team    string    `json:"team,omitempty" doc:"Id of the team that holds it"`
	Wide    bool      `json:"wide,omitempty" doc:"It is for the whole organisation"`
	Sent    time.Time `json:"sent"`
	Edited  time.Time `json:"edited"`
	Version int64     `json:"version"`
	Words   int       `json:"words"`
	Origin  string    `json:"origin" doc:"here or import"`
}

func head(i item.Item, people map[string]store.Person) Head {
	return Head{
		ID: i.ID, Ref: i.Ref(), Kind: string(i.Kind), Point: i.Point, Author: names(people, []string{i.Author})[0], Team: i.Team, Wide: i.Wide,
		Sent: i.Sent.UTC(), Edited: i.Edited.UTC(), Version: i.Version, Words: i.Words, Origin: string(i.Origin),
	}
}

// heads says items with the names of their authors.
func (s *Server) heads(q *request) func([]item.Item) ([]Head, error) {
	return func(items []item.Item) ([]Head, error) {
		ids := make([]string, len(items))
		for i, one := range items {
			ids[i] = one.Author
		}
		people, err := q.read.Names(q.ctx, ids)
		out := make([]Head, len(items))
		for i, one := range items {
			out[i] = head(one, people)
		}
		return out, err
	}
}

func pieces(r merge.Result) []Piece {
	out := make([]Piece, len(r.Segments))
	for i, s := range r.Segments {
		out[i] = Piece{Kind: s.Kind.String(), Mine: s.Mine, Theirs: s.Theirs}
	}
	return out
}

// allowed lists what the viewer may do, in a fixed order.
func allowed(can map[access.Action]bool) []string {
	out := []string{}
	for _, a := range []access.Action{access.Comment, access.Edit, access.Delete, access.Answer, access.Manage, access.Settle, access.Join, access.Leave, access.WriteIn} {
		if can[a] {
			out = append(out, string(a))
		}
	}
	return out
}
