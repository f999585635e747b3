package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/report"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
	"github.com/rubato-hq/rubato/web/static"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/words"
)

// maxCalendar bounds what is uploaded for an audit, calendars and a chat export:
// their events are in memory while they are measured.
const maxCalendar = 16_000_000

// getReport shows the reader's own audit, or how to make one.
func (s *Server) getReport(q *request) error {
	return s.showReport(q, http.StatusOK, nil)
}

func (s *Server) showReport(q *request, status int, problems page.Problems) error {
	p := page.Report{Frame: s.frame(q, page.RoomAudit), Problems: problems, Hours: hoursOf(q.words, q.who.Person.Charter.Time)}
	kept, err := q.read.AuditReport(q.r.Context())
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return err
	default:
		p.Made, p.Paper = kept.Made, new(report.Paper)
		if err := json.Unmarshal([]byte(kept.Paper), p.Paper); err != nil {
			return fmt.Errorf("read the report: %w", err)
		}
	}
	return q.show(status, p.View())
}

// hoursOf says in a line when somebody works: "Monday to Friday 09:00-17:00".
func hoursOf(w *words.Words, c worktime.Charter) string {
	byHours := make(map[string][]int) // ISO weekdays
	var order []string
	for iso := 1; iso <= 7; iso++ {
		var spans []string
		for _, span := range c.Hours[iso%7] {
			spans = append(spans, span.String())
		}
		if at := strings.Join(spans, " "); at != "" {
			if byHours[at] == nil {
				order = append(order, at)
			}
			byHours[at] = append(byHours[at], iso)
		}
	}
	for i, at := range order {
		order[i] = w.Days(byHours[at]) + " " + at
	}
	return strings.Join(order, "; ")
}

// postReport makes the reader's report of what they upload. The files are read and
// forgotten; a chat lies in a file of its own for as long as that takes.
func (s *Server) postReport(q *request) error {
	if !multiparted(q.r) { // a plain form brings no file
		return s.showReport(q, http.StatusUnprocessableEntity, page.Problems{{Field: "calendar", Code: "no-calendar-file"}})
	}
	parts, err := q.r.MultipartReader()
	if err != nil {
		return front.Unread(err)
	}
	own := ""
	if c, err := q.read.Contact(q.r.Context(), store.ChannelEmail); err == nil {
		own = c.Address
	}
	lists := audit.NewWords()
	cal := intake.NoCalendars(ics.NewZones(s.cfg.Zones))
	var talk *intake.Talk
	fields := make(map[string]string)
	var wrong page.Problems
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return front.Unread(err)
		}
		switch name := part.FormName(); {
		case part.FileName() == "":
			text, err := io.ReadAll(io.LimitReader(part, maxForm))
			if err != nil {
				return front.Unread(err)
			}
			fields[name] = strings.TrimSpace(front.Text(string(text)))
		case name == "calendar":
			cal.Take(fileName(part.FileName()), part)
		case name == "chat":
			me := append([]string{own}, splitList(fields["me"])...)
			if talk, err = chatOf(part, me, lists); err != nil {
				wrong = append(wrong, page.Problem{Field: "chat", Code: "not-a-chat"})
			}
		}
	}
	if len(cal.Objects) == 0 && talk == nil {
		wrong = append(wrong, page.Problem{Field: "calendar", Code: "no-calendar-file"})
	}
	if len(wrong) > 0 {
		return s.showReport(q, http.StatusUnprocessableEntity, wrong)
	}
	me := splitList(fields["me"])
	if len(me) == 0 && cal.Names(own) {
		me = []string{own}
	}
	paper, figures, err := s.audited(q, cal, talk, me, fields["shared"] != "", lists)
	if err != nil {
		return err
	}
	if err := s.cfg.Door.KeepReport(q.r.Context(), q.actor(), paper, figures); err != nil {
		if ps, ok := problems(err); ok {
			return s.showReport(q, http.StatusUnprocessableEntity, ps)
		}
		return err
	}
	return q.seeOther(page.PathAudit)
}

// audited makes the paper and its figures, as JSON. What a person's charter says
// is their working time; the report before is compared with.
func (s *Server) audited(q *request, cal *intake.Calendars, talk *intake.Talk, me []string, shared bool, lists *audit.Words) (paper, figures string, err error) {
	who := q.who.Person
	now := worktime.Of(q.now)
	asked := intake.Asked{Me: me, Shared: shared}
	if zone, ok := cal.Zones.Named(q.zone().String()); ok {
		asked.Zone = zone
	}
	in, read := cal.Audit(asked, talk, now)
	in.Words, in.Days, in.Clock = lists, true, who.Clock
	if talk != nil {
		in.Chat = &talk.Chat
	}
	r := audit.Run(in)
	about := report.About{
		Words: q.words, Now: now, Clock: who.Clock, Hours: hoursOf(q.words, who.Charter.Time), Files: len(cal.Files), Guess: read.Guess && len(read.Me) > 0, Recovery: in.Recovery, Titles: true, Faulty: cal.Faulty, OnServer: true,
	}
	for _, f := range cal.Faults {
		about.Faults = append(about.Faults, report.Fault{File: f.File, Line: f.Line, Code: string(f.Code), Text: f.Text})
	}
	if kept, err := q.read.AuditReport(q.r.Context()); err == nil {
		if before, err := report.Read(strings.NewReader(kept.Figures)); err == nil {
			about.Before = before
		}
	}
	text, err := json.Marshal(report.New(r, about))
	if err != nil {
		return "", "", fmt.Errorf("write the report: %w", err)
	}
	about.Before = nil
	data, err := json.Marshal(report.Figures(r, about))
	if err != nil {
		return "", "", fmt.Errorf("write the report: %w", err)
	}
	return string(text), string(data), nil
}

// chatOf reads a chat export from an upload. A zip has to be read from its end, so
// it lies in a file until that is done.
func chatOf(part *multipart.Part, me []string, lists *audit.Words) (*intake.Talk, error) {
	ext := strings.ToLower(filepath.Ext(part.FileName()))
	if !slices.Contains([]string{".zip", ".jsonl", ".mbox"}, ext) {
		return nil, intake.ErrNoChat
	}
	file, err := os.CreateTemp("", "rubato-chat-*"+ext)
	if err != nil {
		return nil, fmt.Errorf("hold a chat: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }() //nolint:gosec // our own name; nothing of it stays
	_, err = io.Copy(file, part)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("hold a chat: %w", err)
	}
	return intake.ReadChat(file.Name(), me, lists)
}

// splitList reads addresses that are separated by commas or spaces.
func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

// getReportFile hands the report out as one file.
func (s *Server) getReportFile(q *request) error {
	kept, err := q.read.AuditReport(q.r.Context())
	if errors.Is(err, store.ErrNotFound) {
		return access.ErrHidden
	}
	if err != nil {
		return err
	}
	var paper report.Paper
	if err := json.Unmarshal([]byte(kept.Paper), &paper); err != nil {
		return fmt.Errorf("read the report: %w", err)
	}
	h := q.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="rubato-audit.html"`)
	h.Set("Cache-Control", "no-store")
	return report.HTML(q.r.Context(), q.w, &paper, static.Standalone())
}

// postReportRemoval deletes the reader's report, every byte of it.
func (s *Server) postReportRemoval(q *request) error {
	if _, err := readForm(q); err != nil {
		return err
	}
	if err := s.cfg.Door.DropReport(q.r.Context(), q.actor()); err != nil {
		return err
	}
	return q.seeOther(page.PathAudit)
}
