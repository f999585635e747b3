package web

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// TestLongBrief: a brief that is longer than a page goes on behind a link, whole
// and in its order; its headline speaks of all of it (R12.2).
func TestLongBrief(t *testing.T) {
	w := newHouse(t, "").newWorld()
	const named, updates = 130, 120
	at := time.Now().Add(-time.Minute).Truncate(time.Second)
	sealing := store.Sealing{Brief: store.Brief{
		ID: "long", Person: w.people["member"], Kind: brief.Window, Window: worktime.Of(at), Delivered: worktime.Of(at), Sealed: at, Lines: named + updates,
	}}
	w.write(w.org, func(tx *store.Tx) error {
		for n := range named + updates {
			i := item.Item{ID: fmt.Sprintf("line-%03d", n), Kind: item.Update, Wide: true, Author: w.people["mate"], Point: fmt.Sprintf("The %03dth thing.", n), Sent: at, Edited: at}
			if _, err := tx.AddItem(w.Context(), i); err != nil {
				return err
			}
			l := brief.Line{Section: brief.Named, Item: i.ID, Version: 1, Cause: store.CauseReader}
			if n >= named {
				l.Section, l.Stream, l.Cause = brief.Updates, store.WideStream, store.EventSent
			}
			sealing.Contents = append(sealing.Contents, l)
		}
		return tx.Seal(w.Context(), []store.Sealing{sealing})
	})

	thing := regexp.MustCompile(`The ([0-9]{3})th thing`)
	next := regexp.MustCompile(`href="([^"]*)" rel="next"`)
	var seen, leads []string
	for path := "/brief"; path != ""; {
		a := w.ask("GET", path, w.cookies["member"], nil)
		w.want(path, a, 200, "130\u00a0things need you.")
		for _, m := range thing.FindAllStringSubmatch(a.text, -1) {
			seen = append(seen, m[1])
		}
		for _, said := range []string{"Lines 1 to 100 of 250", "Lines 101 to 200 of 250", "Lines 201 to 250 of 250", "You\u00a0are\u00a0caught\u00a0up"} {
			if strings.Contains(a.text, said) {
				leads = append(leads, path+" "+said)
			}
		}
		path = ""
		if m := next.FindStringSubmatch(a.text); m != nil {
			path = html.UnescapeString(m[1])
		}
		if len(seen) > named+updates {
			break
		}
	}
	if len(seen) != named+updates {
		t.Errorf("%d lines are shown, want %d", len(seen), named+updates)
	}
	for n, s := range seen {
		if want := fmt.Sprintf("%03d", n); s != want {
			t.Errorf("line %d is %s", n, s)
			break
		}
	}
	want := "/brief Lines 1 to 100 of 250, /brief?from=100 Lines 101 to 200 of 250, /brief?from=200 Lines 201 to 250 of 250, /brief?from=200 You\u00a0are\u00a0caught\u00a0up"
	if got := strings.Join(leads, ", "); got != want {
		t.Errorf("the pages say %q, want %q", got, want)
	}
	for _, from := range []string{"-1", "none", "99999999999999999999", "250", "1000000"} {
		w.want("from "+from, w.ask("GET", "/brief?from="+from, w.cookies["member"], nil), 200)
	}
}
