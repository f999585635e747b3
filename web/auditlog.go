package web

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// auditPage is how many entries of the audit log a page shows.
const auditPage = 100

// getAudit shows the audit log, and whether it is whole.
func (s *Server) getAudit(q *request) error {
	before, _ := strconv.ParseInt(q.r.URL.Query().Get("before"), 10, 64) // anything else begins with the newest
	entries, err := q.read.Audit(q.r.Context(), before, auditPage)
	if err != nil {
		return err
	}
	chain, err := q.read.AuditChain(q.r.Context())
	if err != nil {
		return err
	}
	p := page.Audit{Frame: s.frame(q, page.NoRoom), Count: chain.Entries, Broken: chain.Broken}
	names, err := s.auditNames(q, entries)
	if err != nil {
		return err
	}
	for _, e := range entries {
		p.Entries = append(p.Entries, names.line(q, e))
	}
	if n := len(entries); n == auditPage && entries[n-1].N > 1 {
		p.Older = page.PathAdminAudit + "?before=" + strconv.FormatInt(entries[n-1].N, 10)
	}
	return q.show(http.StatusOK, p.View())
}

// auditNames are the names of what entries are about, as the reader may know them.
type auditNames struct {
	people map[string]store.Person
	teams  map[string]string
}

func (s *Server) auditNames(q *request, entries []store.AuditEntry) (auditNames, error) {
	n := auditNames{teams: make(map[string]string)}
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.Actor, e.Object, e.Detail)
	}
	var err error
	if n.people, err = q.read.Names(q.r.Context(), ids); err != nil {
		return n, err
	}
	teams, err := q.read.Teams(q.r.Context())
	for _, t := range teams {
		n.teams[t.ID] = t.Name
	}
	return n, err
}

func (n auditNames) person(q *request, id string) string {
	if p, ok := n.people[id]; ok {
		return p.Name
	}
	return q.words.T("auditlog.somebody")
}

// team is the name of a team; that a private one exists, its members alone see.
func (n auditNames) team(q *request, id string) string {
	if name, ok := n.teams[id]; ok {
		return name
	}
	return q.words.T("auditlog.private_team")
}

// line is one entry with the words for what it names.
func (n auditNames) line(q *request, e store.AuditEntry) page.AuditLine {
	l := page.AuditLine{N: e.N, At: e.At, Act: string(e.Act), Who: n.person(q, e.Actor), Whom: e.Object, What: e.Detail, From: strings.TrimPrefix(e.Origin, "web ")}
	switch e.Act {
	case store.ActSignIn:
		if e.Detail != "" {
			l.Act += "-after"
		}
	case store.ActSignInFailed:
		if e.Actor == "" {
			l.Act += "-unknown"
		}
	case store.ActResetMade, store.ActMayRaise:
		l.Act, l.Whom = l.Act+"-"+e.Detail, n.person(q, e.Object)
	case store.ActReleased:
		l.Act += "-" + e.Detail
	case store.ActInvited, store.ActJoined:
		l.What = q.words.Of("role", e.Detail)
	case store.ActRole:
		l.Whom, l.What = n.person(q, e.Object), q.words.Of("role", e.Detail)
	case store.ActState:
		l.Whom, l.What = n.person(q, e.Object), q.words.Of("state", e.Detail)
	case store.ActTeamMade:
		l.Whom = n.team(q, e.Object)
	case store.ActTeamJoined, store.ActTeamLeft:
		if e.Detail != e.Actor {
			l.Act += "-other"
		}
		l.Whom, l.What = n.team(q, e.Object), n.person(q, e.Detail)
	case store.ActFeedMade, store.ActFeedEnded:
		l.What = q.words.Of("auditlog.feed", e.Object)
	default: // its object and its detail are words already, or say nothing
	}
	return l
}

// exported is one line of an export.
type exported struct {
	N      int64     `json:"n"`
	At     time.Time `json:"at"`
	AtMS   int64     `json:"at_ms"`
	Actor  string    `json:"actor"`
	Act    store.Act `json:"act"`
	Object string    `json:"object"`
	Detail string    `json:"detail"`
	Origin string    `json:"origin"`
	Hash   string    `json:"hash"`
}

// postAuditExport hands the whole audit log out as JSON lines. That it was
// handed out is written first, and is its last line.
func (s *Server) postAuditExport(q *request) error {
	if err := s.cfg.Door.NoteExport(q.r.Context(), q.actor(), "audit log"); err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Content-Disposition", `attachment; filename="auditlog.jsonl"`)
	out := bufio.NewWriter(q.w)
	enc := json.NewEncoder(out)
	err := q.read.EachAudit(q.r.Context(), func(e store.AuditEntry) error {
		return enc.Encode(exported{e.N, e.At.UTC(), e.At.UnixMilli(), e.Actor, e.Act, e.Object, e.Detail, e.Origin, e.Hash})
	})
	if err != nil {
		return fmt.Errorf("export the audit log: %w", err)
	}
	return out.Flush()
}
