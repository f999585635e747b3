package loadtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/rubato-hq/rubato/store" // the databases' drivers

	"github.com/rubato-hq/rubato/internal/proctest"
)

// TestMain doubles as the floor, a process of its own: RUBATO_FLOOR holds the
// address that it listens on and its database.
func TestMain(m *testing.M) {
	if is := os.Getenv("RUBATO_FLOOR"); is != "" {
		address, database, _ := strings.Cut(is, " ")
		fmt.Fprintln(os.Stderr, serveFloor(address, database))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// floor starts the floor on a database: a path of SQLite, or postgres://.
func floor(tb testing.TB, database string) *server {
	tb.Helper()
	exe, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	address := proctest.Address(tb)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "RUBATO_FLOOR="+address+" "+database)
	return run(tb, cmd, address, func(client *http.Client, at string) error {
		answer, err := client.Get(at + "hello")
		if err != nil {
			return err
		}
		return answer.Body.Close()
	})
}

// row is what the floor keeps of a form.
type row struct {
	point, context string
	done           chan error
}

// serveFloor is a bare server: it keeps one row for each form, with a commit of
// its own or with those beside it, and answers with as many bytes as it is asked for.
func serveFloor(address, database string) error {
	driver, source, conns := "pgx", database, 8
	if !strings.HasPrefix(database, "postgres") {
		driver, conns = "sqlite", 1
		source = "file:" + database + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_txlock=immediate"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	for _, text := range []string{
		`CREATE TABLE IF NOT EXISTS floor (id BIGINT PRIMARY KEY, author TEXT NOT NULL, point TEXT NOT NULL, context TEXT NOT NULL)`,
		`CREATE INDEX IF NOT EXISTS floor_author ON floor (author, id)`,
	} {
		if _, err := db.Exec(text); err != nil {
			return err
		}
	}
	one, err := db.Prepare(`INSERT INTO floor (id, author, point, context) VALUES ($1, $2, $3, $4)`) //nolint:sqlclosecheck // it is closed below, when serving ends
	if err != nil {
		return err
	}
	defer one.Close()
	var last atomic.Int64
	last.Store(time.Now().UnixNano())
	rows := make(chan row)
	go together(db, one, &last, rows)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /one", func(w http.ResponseWriter, r *http.Request) {
		_, err := one.ExecContext(r.Context(), last.Add(1), r.PostFormValue("to"), r.PostFormValue("point"), r.PostFormValue("context"))
		answer(w, err)
	})
	mux.HandleFunc("POST /group", func(w http.ResponseWriter, r *http.Request) {
		mine := row{r.PostFormValue("point"), r.PostFormValue("context"), make(chan error, 1)}
		rows <- mine
		answer(w, <-mine.done)
	})
	mux.HandleFunc("GET /hello", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok\n") })
	mux.HandleFunc("GET /bytes", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.FormValue("n"))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(make([]byte, n)) // whoever asked has gone
	})
	return http.ListenAndServe(address, mux)
}

func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// together commits what waits with one another, up to 64 rows at a time.
func together(db *sql.DB, one *sql.Stmt, last *atomic.Int64, rows chan row) {
	for first := range rows {
		company := []row{first}
		for more := true; more && len(company) < 64; {
			select {
			case r := <-rows:
				company = append(company, r)
			default:
				more = false
			}
		}
		err := keep(context.Background(), db, one, last, company)
		for _, r := range company {
			r.done <- err
		}
	}
}

func keep(ctx context.Context, db *sql.DB, one *sql.Stmt, last *atomic.Int64, company []row) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	mine := tx.StmtContext(ctx, one)
	defer mine.Close()
	for _, r := range company {
		if _, err := mine.ExecContext(ctx, last.Add(1), "group", r.point, r.context); err != nil {
			return err
		}
	}
	return tx.Commit()
}
