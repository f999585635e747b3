package store

import (
	"context"
	"database/sql"
	"sync"
)

// statements keeps the compiled statements of a SQLite pool: compiling costs
// more than running most of ours. PostgreSQL's driver does this by itself.
//
// A statement is compiled between transactions, because the writer has one
// connection and a transaction holds it: the first use of a text runs it as it
// is and remembers it.
type statements struct {
	db    *sql.DB
	mu    sync.Mutex
	known map[string]*sql.Stmt
	asked map[string]bool
}

// maxStatements bounds the cache: lists of many lengths make many texts.
const maxStatements = 400

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, known: make(map[string]*sql.Stmt), asked: make(map[string]bool)}
}

// get returns the compiled statement of a text, nil when there is none yet.
func (s *statements) get(text string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.known[text]
	if st == nil && len(s.known)+len(s.asked) < maxStatements {
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
	s.mu.Unlock()
	for text := range asked {
		st, err := s.db.PrepareContext(ctx, text) //nolint:sqlclosecheck // kept for the life of the pool, which closes it
		if err != nil {
			continue
		}
		s.mu.Lock()
		if s.known[text] == nil {
			s.known[text], st = st, nil
		}
		s.mu.Unlock()
		if st != nil { // somebody else was quicker
			_ = st.Close()
		}
	}
}

// prepared runs texts by their compiled statements, in a transaction if tx is set.
type prepared struct {
	*statements
	tx *sql.Tx
}

// statement's transaction closes what it was given for it.
func (p prepared) statement(ctx context.Context, text string) *sql.Stmt {
	st := p.get(text)
	if st != nil && p.tx != nil {
		st = p.tx.StmtContext(ctx, st)
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
	if st := p.statement(ctx, text); st != nil { //nolint:sqlclosecheck // the pool's, or closed with its transaction
		return st.QueryContext(ctx, args...)
	}
	return p.plain().QueryContext(ctx, text, args...)
}

// QueryRowContext is that of database/sql.
func (p prepared) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	if st := p.statement(ctx, text); st != nil { //nolint:sqlclosecheck // the pool's, or closed with its transaction
		return st.QueryRowContext(ctx, args...)
	}
	return p.plain().QueryRowContext(ctx, text, args...)
}

// ExecContext is that of database/sql.
func (p prepared) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if st := p.statement(ctx, text); st != nil { //nolint:sqlclosecheck // the pool's, or closed with its transaction
		return st.ExecContext(ctx, args...)
	}
	return p.plain().ExecContext(ctx, text, args...)
}
