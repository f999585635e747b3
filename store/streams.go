package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Reading is how far a person's streams were read at their last window. Of the
// events below Tx, those written up to Sec were; Late is the lowest of them that
// was written after Sec, or Tx.
type Reading struct {
	Tx   int64
	Late int64
	Sec  worktime.Instant
}

func (r Reading) had(e Event) bool { return e.Position.Tx < r.Tx && worktime.Of(e.At) <= r.Sec }

// reading is how far the streams of a person are read, of nobody for a person
// without a tick.
func (s *Store) reading(ctx context.Context, q querier, org, person string) (Reading, error) {
	got, err := list(ctx, q, s.dialect, func(r scanner) (Reading, error) {
		var v Reading
		err := r.Scan(&v.Tx, &v.Late, &v.Sec)
		return v, err
	}, `SELECT read_tx, late_tx, sealed_sec FROM tick WHERE org_id = $1 AND person_id = $2`, org, person)
	if err != nil {
		return Reading{}, fmt.Errorf("how far %s has read: %w", person, err)
	}
	if len(got) == 0 {
		return Reading{}, nil
	}
	return got[0], nil
}

// threads is the range of the streams of documents among all streams.
const threadsFrom, threadsTo = "item:", "item;"

func isThread(stream string) bool { return strings.HasPrefix(stream, threadsFrom) }

// heard is a follow whose stream may hold something that is new to its person.
type heard struct {
	Follow
	who int // which of those wanted
}

// listening reads the streams of several people at once: what is new to each
// costs what is new, however many streams they follow.
type listening struct {
	s      *Store
	q      querier
	org    string
	wanted []Wanted
	who    map[string]int // by person, those who read streams
	people []string
	// horizon is the position below which the log is complete, and end that
	// behind its last event.
	horizon, end int64
}

// streams reads what is new in the streams of those wanted: the events of each,
// in order, and how far they are read with them.
func (s *Store) streams(ctx context.Context, q querier, org string, wanted []Wanted, out []Gathered) ([][]Event, error) {
	l := listening{s: s, q: q, org: org, wanted: wanted, who: make(map[string]int)}
	for n, w := range wanted {
		if len(w.Paces) > 0 {
			l.who[w.Person.ID] = n
			l.people = append(l.people, w.Person.ID)
		}
	}
	events := make([][]Event, len(wanted))
	if len(l.people) == 0 {
		return events, nil
	}
	// The horizon is read first: what is below it is visible to the next statement.
	var err error
	if l.horizon, err = s.dialect.horizon(ctx, q); err != nil {
		return nil, fmt.Errorf("event horizon: %w", err)
	}
	if err := l.readings(ctx, out); err != nil {
		return nil, err
	}
	follows, err := l.follows(ctx)
	if err != nil {
		return nil, err
	}
	byStream, err := l.events(ctx, follows)
	if err != nil {
		return nil, err
	}
	for _, f := range follows {
		w := wanted[f.who]
		fresh, last := f.fresh(byStream[f.Stream], w)
		events[f.who] = append(events[f.who], fresh...)
		if f.Behind && (last != f.Position || !f.Pace.slow()) {
			f.Position = last
			out[f.who].Moved = append(out[f.who].Moved, f.Follow)
		}
	}
	return events, nil
}

// fresh are the events of its stream that are new to a follow, and the position
// up to which a follow with one of its own is read: it stops at the first event
// after the window, so that the next one begins exactly there.
func (f heard) fresh(events []Event, w Wanted) ([]Event, Position) {
	last := f.Position
	var out []Event
	for _, e := range events {
		switch {
		case !f.Position.before(e.Position):
			continue
		case worktime.Of(e.At) > w.Until:
			if f.Pace.slow() {
				return out, last
			}
			continue
		case !f.Behind && w.Reading.had(e):
			continue
		}
		out = append(out, e)
		last = e.Position
	}
	return out, last
}

// readings says how far each person's streams are read with this brief.
func (l *listening) readings(ctx context.Context, out []Gathered) error {
	head, err := l.s.head(ctx, l.q, l.org, l.horizon)
	if err != nil {
		return err
	}
	l.end = head.Tx + 1
	late := make(map[worktime.Instant]int64) // the first event after an instant
	for _, n := range l.who {
		w := l.wanted[n]
		if _, ok := late[w.Until]; !ok {
			// The lowest of all is right for each: what is below a person's own was before the instant.
			at, err := list(ctx, l.q, l.s.dialect, scanInt, `SELECT min(tx) FROM event WHERE org_id = $1 AND at > $2 AND tx >= $3 AND tx < $4 HAVING count(*) > 0`,
				l.org, millis(w.Until.Time()), l.floor(), l.horizon)
			if err != nil {
				return fmt.Errorf("the first event after a window: %w", err)
			}
			late[w.Until] = l.end
			if len(at) > 0 {
				late[w.Until] = at[0]
			}
		}
		out[n].Reading = Reading{Tx: max(l.end, w.Reading.Tx), Late: late[w.Until], Sec: w.Until}
	}
	return nil
}

// floor is the position from which on something may be new to anybody.
func (l *listening) floor() int64 {
	low := int64(math.MaxInt64)
	for _, n := range l.who {
		low = min(low, l.wanted[n].Reading.Late)
	}
	return low
}

// follows are those that may hold something new: the few that are no threads,
// those behind, and of the threads those in which something was said.
func (l *listening) follows(ctx context.Context) ([]heard, error) {
	threads, err := l.threads(ctx)
	if err != nil {
		return nil, err
	}
	set, people := inFrom(3, l.people)
	others, err := l.list(ctx, `SELECT `+followColumns+` FROM follow f WHERE f.org_id = $1 AND f.stream >= $2 AND f.person_id IN `+set, append([]any{l.org, threadsTo}, people...)...)
	if err != nil {
		return nil, err
	}
	set, people = in(l.people)
	behind, err := l.list(ctx, `SELECT `+followColumns+` FROM follow f WHERE f.org_id = $1 AND f.person_id IN `+set+` AND f.behind`, append([]any{l.org}, people...)...)
	if err != nil {
		return nil, err
	}
	var out []heard
	seen := make(map[[2]string]bool)
	for _, f := range slices.Concat(threads, others, behind) {
		who := l.who[f.Person]
		if key := [2]string{f.Person, f.Stream}; !seen[key] && slices.Contains(l.wanted[who].Paces, f.Pace) {
			seen[key] = true
			out = append(out, heard{f, who})
		}
	}
	slices.SortFunc(out, func(a, b heard) int { return cmp.Or(cmp.Compare(a.who, b.who), cmp.Compare(a.Stream, b.Stream)) })
	return out, nil
}

// threads are the follows of those threads in which something was said: found by
// what was said, or for one person, where much was said and they follow little,
// by what they follow.
func (l *listening) threads(ctx context.Context) ([]Follow, error) {
	if len(l.people) == 1 {
		few, err := list(ctx, l.q, l.s.dialect, scanInt, `SELECT count(*) FROM (
				SELECT 1 FROM follow f WHERE f.org_id = $1 AND f.person_id = $2 AND f.stream >= $3 AND f.stream < $4 ORDER BY f.stream LIMIT $5
			) counted`, l.org, l.people[0], threadsFrom, threadsTo, maxThreads)
		if err != nil {
			return nil, fmt.Errorf("how much somebody follows: %w", err)
		}
		if few[0] < min(maxThreads, (l.horizon-l.floor())/4) {
			return l.list(ctx, `SELECT `+followColumns+` FROM follow f WHERE f.org_id = $1 AND f.person_id = $2 AND f.stream >= $3 AND f.stream < $4 AND f.pace = 'window'
				AND EXISTS (SELECT 1 FROM event e WHERE e.org_id = $1 AND e.stream = f.stream AND e.tx >= $5 AND e.tx < $6)`,
				l.org, l.people[0], threadsFrom, threadsTo, l.floor(), l.horizon)
		}
	}
	set, people := inFrom(6, l.people)
	// The derived table stands first and CROSS JOIN keeps it there: SQLite would
	// ask every follow of a person instead. || keeps it from looking for each
	// person in each stream, where it reads the stream's few followers.
	return l.list(ctx, `SELECT `+followColumns+` FROM (
			SELECT DISTINCT e.stream FROM event e WHERE e.org_id = $1 AND e.tx >= $2 AND e.tx < $3 AND e.stream >= $4 AND e.stream < $5
		) s CROSS JOIN follow f WHERE f.org_id = $1 AND f.stream = s.stream AND f.person_id || '' IN `+set+` AND f.pace = 'window'`,
		append([]any{l.org, l.floor(), l.horizon, threadsFrom, threadsTo}, people...)...)
}

// maxThreads is how many threads of one person are asked one by one.
const maxThreads = 5000

func (l *listening) list(ctx context.Context, query string, args ...any) ([]Follow, error) {
	fs, err := list(ctx, l.q, l.s.dialect, scanFollow, query, args...)
	if err != nil {
		return nil, fmt.Errorf("streams with news: %w", err)
	}
	return fs, nil
}

// events reads each stream once, from where the first of its readers needs it.
func (l *listening) events(ctx context.Context, follows []heard) (map[string][]Event, error) {
	from := make(map[string]Position)
	for _, f := range follows {
		low := f.Position
		if !f.Behind {
			low = Position{Tx: l.wanted[f.who].Reading.Late - 1, N: math.MaxInt64}
		}
		if first, ok := from[f.Stream]; !ok || low.before(first) {
			from[f.Stream] = low
		}
	}
	together := make(map[Position][]string)
	for stream, low := range from {
		together[low] = append(together[low], stream)
	}
	out := make(map[string][]Event)
	for low, streams := range together {
		events, err := byIDs(streams, func(set string, ids []any) ([]Event, error) {
			return list(ctx, l.q, l.s.dialect, scanEvent, fmt.Sprintf(`SELECT tx, n, id, stream, kind, item_id, item_version, actor_id, at FROM event
				WHERE org_id = $1 AND stream IN %s AND (tx, n) > ($%d, $%d) AND tx < $%d ORDER BY stream, tx, n`, set, len(ids)+2, len(ids)+3, len(ids)+4),
				append(append([]any{l.org}, ids...), low.Tx, low.N, l.horizon)...)
		})
		if err != nil {
			return nil, fmt.Errorf("events: %w", err)
		}
		for _, e := range events {
			out[e.Stream] = append(out[e.Stream], e)
		}
	}
	return out, nil
}
