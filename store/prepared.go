package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// statements keeps the compiled statements of a SQLite pool: compiling costs
// more than running most of ours. PostgreSQL's driver does this by itself.
//
// A statement is compiled outside transactions, because the writer has one
// connection and a transaction holds it: the first use of a text in one runs it
// as it is and remembers it.
type statements struct {
	db    *sql.DB
	mu    sync.Mutex
	known map[string]compiled
	asked map[string]bool
	// being are the texts that somebody compiles now: nobody else does, because a
	// statement that was compiled twice has to be closed, and that waits for a
	// connection in use.
	being map[string]bool
}

// compiled is a statement and, for each place in its text, which argument goes
// there.
type compiled struct {
	*sql.Stmt
	places []int
}

// places writes a text without names: SQLite's driver looks the name of every
// place up among all of them, which takes longer than the statement where there
// are hundreds. Its arguments then go in the order of their places.
func places(text string) (string, []int) {
	var b strings.Builder
	var at []int
	for {
		head, rest, ok := strings.Cut(text, "$")
		b.WriteString(head)
		if !ok {
			return b.String(), at
		}
		n := 0
		for ; rest != "" && rest[0] >= '0' && rest[0] <= '9'; rest = rest[1:] {
			n = 10*n + int(rest[0]-'0')
		}
		b.WriteByte('?')
		at = append(at, n-1)
		text = rest
	}
}

// inPlace are arguments in the order of their places.
func inPlace(args []any, at []int) []any {
	out := make([]any, len(at))
	for i, n := range at {
		out[i] = args[n]
	}
	return out
}

// maxStatements bounds the cache: lists of many lengths make many texts.
const maxStatements = 400

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, known: make(map[string]compiled), asked: make(map[string]bool), being: make(map[string]bool)}
}

// get returns the compiled statement of a text, none when there is none yet.
func (s *statements) get(text string) compiled {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.known[text]
	if st.Stmt == nil && !s.being[text] && len(s.known)+len(s.asked)+len(s.being) < maxStatements {
		s.asked[text] = true
	}
	return st
}

// compile prepares what was asked for. It fails silently: a text that does not
// compile says so itself when it is run.
func (s *statements) compile(ctx context.Context) {
	s.mu.Lock()
	if len(s.asked) == 0 {
		s.mu.Unlock()
		return
	}
	asked := s.asked
	s.asked = make(map[string]bool)
	for text := range asked {
		s.being[text] = true
	}
	s.mu.Unlock()
	for text := range asked {
		plain, at := places(text)
		st, err := s.db.PrepareContext(ctx, plain)
		s.mu.Lock()
		delete(s.being, text)
		if err == nil {
			s.known[text] = compiled{st, at}
		}
		s.mu.Unlock()
	}
}

// prepared runs texts by their compiled statements, in a transaction if tx is set.
type prepared struct {
	*statements
	tx *sql.Tx
}

// statement's transaction closes what it was given for it.
func (p prepared) statement(ctx context.Context, text string) compiled {
	st := p.get(text)
	if st.Stmt == nil && p.tx == nil {
		p.compile(ctx)
		st = p.get(text)
	}
	if st.Stmt != nil && p.tx != nil {
		st.Stmt = p.tx.StmtContext(ctx, st.Stmt)
	}
	return st
}

func (p prepared) plain() querier {
	if p.tx != nil {
		return p.tx
	}
	return p.db
}

// QueryContext is that of database/sql.
func (p prepared) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if st := p.statement(ctx, text); st.Stmt != nil {
		return st.QueryContext(ctx, inPlace(args, st.places)...)
	}
	text, at := places(text)
	return p.plain().QueryContext(ctx, text, inPlace(args, at)...)
}

// QueryRowContext is that of database/sql.
func (p prepared) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	if st := p.statement(ctx, text); st.Stmt != nil {
		return st.QueryRowContext(ctx, inPlace(args, st.places)...)
	}
	text, at := places(text)
	return p.plain().QueryRowContext(ctx, text, inPlace(args, at)...)
}

// ExecContext is that of database/sql.
func (p prepared) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if st := p.statement(ctx, text); st.Stmt != nil {
		return st.ExecContext(ctx, inPlace(args, st.places)...)
	}
	text, at := places(text)
	return p.plain().ExecContext(ctx, text, inPlace(args, at)...)
}
