package simtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// edge is all that lies between a process and the world, seen from outside:
// its database, its clock, and whether it runs at all. What goes wrong there is
// drawn beforehand and happens by itself; the product knows nothing of it.
type edge struct {
	under driver.Driver

	naps   atomic.Int32 // statements being run
	mu     sync.Mutex
	proc   *process
	last   int64 // the newest stamp
	frozen time.Time
	jumps  []jump
	writes []strike // of the engine's transactions, in order of time
	reads  []strike
	door   *strike // of the act being done
	inDoor bool
	did    outcome // to the act being done
	// troubles are the stretches in which something is explained by a failure.
	troubles []trouble
	// instant is when the newest statement ran, count how many did then, and
	// hung that there was no end of them.
	instant int64
	count   int
	hung    bool
	// seals holds when each brief was committed, by id.
	seals map[string]stamp
}

// process is one life of the program. What it does after its death is nothing.
type process struct {
	dead chan struct{}
	back time.Time // when the next one starts, after a death
}

func (p *process) isDead() bool {
	select {
	case <-p.dead:
		return true
	default:
		return false
	}
}

// stamp is when something was committed. order rises by at least one with every
// commit, and is the real time in nanoseconds but for that.
type stamp struct {
	order int64
	real  time.Time
}

// jump is a clock that was set: from then on it is off by so much.
type jump struct {
	at  time.Time
	off time.Duration
}

type trouble struct {
	from, to time.Time
	says     string
}

// hit says what happens to a statement or a commit.
type hit string

const (
	hitStatement hit = "an error of the database in the middle of a transaction"
	hitCommit    hit = "an error of the database at commit"
	hitAnswer    hit = "a commit whose answer was lost"
	hitRead      hit = "an error of the database while reading"
	dieStatement hit = "killed in the middle of a transaction"
	dieCommit    hit = "killed at commit"
	dieAnswer    hit = "killed just after a commit"
)

// strike is one failure that waits for its moment: from a time on, so many
// statements or commits are let through first.
type strike struct {
	from  time.Time
	skip  int
	what  hit
	down  time.Duration // after a death
	spent bool
}

// outcome of an act that was struck: whether anything was, and what stands.
type outcome struct {
	struck    hit
	committed bool
	at        stamp
	tau       int64 // on the people's clock, of the commit
}

// slack is what a failure explains beyond its end: a lease of a minute that has
// to lapse, a nap of half of one, and the pause before another try.
const slack = 65 * time.Second

// endless is how many statements in one instant are too many.
const endless = 20_000

// errStruck is what a struck statement or commit says; errDead what everything
// says once the process was killed.
var (
	errStruck = errors.New("the database failed here, as was drawn")
	errDead   = errors.New("the process was killed here, as was drawn")
)

// reset makes the edge new for another life.
func (e *edge) reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.proc, e.last, e.frozen, e.jumps, e.writes, e.reads, e.door, e.inDoor = nil, 0, time.Time{}, nil, nil, nil, nil, false
	e.troubles, e.seals, e.did, e.instant, e.count, e.hung = nil, make(map[string]stamp), outcome{}, 0, 0, false
}

// start begins a process.
func (e *edge) start() *process {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.proc = &process{dead: make(chan struct{})}
	return e.proc
}

// note adds a stretch that something explains.
func (e *edge) note(from, to time.Time, format string, args ...any) {
	e.troubles = append(e.troubles, trouble{from, to, fmt.Sprintf(format, args...)})
}

// offset is how far the people's clock is off at a moment.
func (e *edge) offset(at time.Time) time.Duration {
	off := time.Duration(0)
	for _, j := range e.jumps {
		if !at.Before(j.at) {
			off = j.off
		}
	}
	return off
}

// clock is the time that people live in, for a process: it may have been set,
// and it is not read while the machine sleeps.
func (e *edge) clock() time.Time {
	e.thaw()
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	return now.Add(e.offset(now))
}

// thaw waits for the machine to wake.
func (e *edge) thaw() {
	e.mu.Lock()
	until := e.frozen
	e.mu.Unlock()
	if wait := time.Until(until); wait > 0 {
		pause(wait)
	}
}

// next is a new stamp.
func (e *edge) next() stamp {
	now := time.Now()
	e.last = max(e.last+1, now.UnixNano())
	return stamp{e.last, now}
}

// acting runs an act of the door with what is to befall it.
func (e *edge) acting(s *strike, do func()) outcome {
	e.mu.Lock()
	e.door, e.inDoor, e.did = s, true, outcome{}
	e.mu.Unlock()
	do()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.door, e.inDoor = nil, false
	return e.did
}

// kill ends the process where it stands. The mutex is held.
func (e *edge) kill(down time.Duration, says hit) {
	now := time.Now()
	e.proc.back = now.Add(down)
	close(e.proc.dead)
	e.note(now, now.Add(down+slack), "%s, down for %s", says, down)
}

// struck reports whether something befalls a statement of a transaction (or, at
// a commit, the commit).
func (e *edge) struck(list []strike, commit bool) *strike {
	if e.inDoor {
		if e.door == nil || e.door.spent {
			return nil
		}
		return e.door.meets(commit)
	}
	now := time.Now()
	for i := range list {
		if s := &list[i]; !s.spent && !now.Before(s.from) {
			return s.meets(commit)
		}
	}
	return nil
}

// meets counts one statement or commit down.
func (s *strike) meets(commit bool) *strike {
	if commit != (s.what == hitCommit || s.what == hitAnswer || s.what == dieCommit || s.what == dieAnswer) {
		return nil
	}
	if s.skip > 0 {
		s.skip--
		return nil
	}
	s.spent = true
	return s
}

// statement is asked before each one.
func (e *edge) statement(c *conn, query string, args []driver.NamedValue) error {
	if c.proc.isDead() {
		return errDead
	}
	// A writer holds others up, who must not wait in fake time; each has read before.
	// Of the four connections that read one is left awake, for whom writers wait.
	defer e.naps.Add(-1)
	if e.naps.Add(1) <= 3 && !c.writes {
		e.thaw()
		if wait := latency(query, args); wait > 0 {
			pause(wait)
			if c.proc.isDead() {
				return errDead
			}
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if now := time.Now().UnixNano(); now != e.instant {
		e.instant, e.count = now, 0
	}
	if e.count++; e.count > endless {
		e.hung = true
		e.kill(0, "going round without end")
		return errDead
	}
	if strings.Contains(query, "INTO brief ") || strings.Contains(query, "INTO brief(") {
		for _, a := range args {
			if id, ok := a.Value.(string); ok && len(id) == 26 {
				c.briefs = append(c.briefs, id)
			}
		}
	}
	if !c.writes {
		if e.inDoor {
			return nil
		}
		if s := e.struck(e.reads, false); s != nil {
			e.note(time.Now(), time.Now().Add(slack), "%s", s.what)
			return errStruck
		}
		return nil
	}
	if !c.inTx {
		return nil
	}
	s := e.struck(e.writes, false)
	if s == nil {
		return nil
	}
	e.did.struck = s.what
	if s.what == dieStatement {
		e.kill(s.down, s.what)
		return errDead
	}
	e.note(time.Now(), time.Now().Add(slack), "%s", s.what)
	return errStruck
}

// latency lets the loops of a process take turns at the database, so that a
// seed lives the same life again: senders look a moment after briefs were made,
// those of crises another moment later.
func latency(query string, args []driver.NamedValue) time.Duration {
	switch {
	case strings.Contains(query, "FROM outbox") && strings.Contains(query, "lease_until"):
		for _, a := range args {
			if a.Value == true || a.Value == int64(1) {
				return 2 * time.Millisecond
			}
		}
		return time.Millisecond
	case strings.Contains(query, "FROM needed") && strings.Contains(query, "next_at > 0"):
		return 3 * time.Millisecond
	}
	return 0
}

// commit runs one, unless it is struck.
func (e *edge) commit(c *conn, tx driver.Tx) error {
	if c.proc.isDead() {
		return errors.Join(errDead, tx.Rollback())
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.struck(e.writes, true)
	if s != nil {
		e.did.struck = s.what
		if s.what == hitCommit || s.what == dieCommit {
			err := errStruck
			if s.what == dieCommit {
				e.kill(s.down, s.what)
				err = errDead
			} else {
				e.note(time.Now(), time.Now().Add(slack), "%s", s.what)
			}
			return errors.Join(err, tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	at := e.next()
	for _, id := range c.briefs {
		e.seals[id] = at
	}
	if e.inDoor && !e.did.committed {
		e.did.committed, e.did.at = true, at
		e.did.tau = at.real.Add(e.offset(at.real)).UnixNano()
	}
	switch {
	case s == nil:
		return nil
	case s.what == dieAnswer:
		e.kill(s.down, s.what)
		return errDead
	}
	e.note(time.Now(), time.Now().Add(slack), "%s", s.what)
	return errStruck
}

// Open is that of a driver.
func (e *edge) Open(name string) (driver.Conn, error) {
	e.mu.Lock()
	p := e.proc
	e.mu.Unlock()
	if p.isDead() {
		return nil, errDead
	}
	c, err := e.under.Open(name)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, e: e, proc: p, writes: !strings.Contains(name, "query_only")}, nil
}

// conn is a connection of a process.
type conn struct {
	driver.Conn

	e      *edge
	proc   *process
	writes bool
	inTx   bool
	briefs []string // sealed in the open transaction
}

// PrepareContext is that of a driver.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if c.proc.isDead() {
		return nil, errDead
	}
	st, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &stmt{st, c, query}, nil
}

// ExecContext is that of a driver.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.e.statement(c, query, args); err != nil {
		return nil, err
	}
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

// QueryContext is that of a driver.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.e.statement(c, query, args); err != nil {
		return nil, err
	}
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// BeginTx is that of a driver.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if c.proc.isDead() {
		return nil, errDead
	}
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.inTx, c.briefs = true, nil
	return &transaction{tx, c}, nil
}

// ResetSession is that of a driver.
func (c *conn) ResetSession(ctx context.Context) error {
	return c.Conn.(driver.SessionResetter).ResetSession(ctx)
}

// IsValid is that of a driver.
func (c *conn) IsValid() bool { return c.Conn.(driver.Validator).IsValid() }

type stmt struct {
	driver.Stmt

	c     *conn
	query string
}

// ExecContext is that of a driver.
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.c.e.statement(s.c, s.query, args); err != nil {
		return nil, err
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext is that of a driver.
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.c.e.statement(s.c, s.query, args); err != nil {
		return nil, err
	}
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

type transaction struct {
	driver.Tx

	c *conn
}

// Commit is that of a driver.
func (t *transaction) Commit() error {
	t.c.inTx = false
	return t.c.e.commit(t.c, t.Tx)
}

// Rollback is that of a driver.
func (t *transaction) Rollback() error {
	t.c.inTx = false
	return t.Tx.Rollback()
}

// newEdge registers a driver of SQLite under a name.
func newEdge(name string) (*edge, error) {
	db, err := sql.Open("sqlite", "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	e := &edge{under: db.Driver()}
	e.reset()
	sql.Register(name, e)
	return e, nil
}
