package web

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
)

const manyComments = 2000

// talkative writes a document of history with many comments of many people, and
// returns its address.
func (w *world) talkative() string {
	w.Helper()
	const people = 300
	at := time.Now().Add(-1000 * time.Hour)
	ref := ""
	w.write(w.org, func(tx *store.Tx) error {
		p := store.Person{Lang: "en", Role: access.Member, State: access.Imported, Created: at, Archetype: charter.Maker, Charter: charter.Proposed("Europe/Berlin")}
		for n := range people {
			p.ID, p.Name, p.Handle = fmt.Sprintf("talker-%03d", n), fmt.Sprintf("Talker %03d", n), fmt.Sprintf("talker%03d", n)
			if err := tx.AddPerson(w.Context(), p); err != nil {
				return err
			}
		}
		i := item.Item{ID: "long", Kind: item.Update, Wide: true, Author: "talker-000", Point: "Everything about the boards.", Origin: item.Imported, Sent: at, Edited: at}
		i, err := tx.AddItem(w.Context(), i)
		if err != nil {
			return err
		}
		ref = i.Ref()
		for n := range manyComments {
			sent := at.Add(time.Duration(n) * time.Minute)
			_, err := tx.AddItem(w.Context(), item.Item{
				ID: fmt.Sprintf("said-%04d", n), Kind: item.Comment, Wide: true, Author: fmt.Sprintf("talker-%03d", n%people), Root: "long",
				Body:   fmt.Sprintf("The %dth thing, for @talker%03d and [all](https://example.org/%d):\n\n- one **board**\n- another, with `code`", n, (n+7)%people, n),
				Origin: item.Imported, Sent: sent, Edited: sent,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return "/" + ref
}

// TestLongThread: what was said thousands of times on one thing is shown a
// stretch at a time, whole, and each of it has its address.
func TestLongThread(t *testing.T) {
	w := newHouse(t, "").newWorld()
	at, member := w.talkative(), w.cookies["member"]
	said := regexp.MustCompile(`id="c-(said-[0-9]{4})"`)
	earlier := regexp.MustCompile(`href="([^"]*)"[^>]*>The ones before`)
	read := func(path string) (ids []string, text string) {
		t.Helper()
		path, _, _ = strings.Cut(path, "#")
		a := w.ask("GET", path, member, nil)
		w.want(path, a, 200)
		if len(a.text) > 250_000 {
			t.Errorf("%s is a page of %d bytes", path, len(a.text))
		}
		for _, m := range said.FindAllStringSubmatch(a.text, -1) {
			ids = append(ids, m[1])
		}
		return ids, a.text
	}
	seen := make(map[string]bool)
	for path, pages := at, 0; path != "" && pages < 100; pages++ {
		ids, text := read(path)
		for i, id := range ids {
			if seen[id] {
				t.Errorf("%s shows %s again", path, id)
			}
			if seen[id] = true; i > 0 && ids[i-1] >= id {
				t.Errorf("%s shows %s before %s", path, ids[i-1], id)
			}
		}
		path = ""
		if m := earlier.FindStringSubmatch(text); m != nil {
			path = html.UnescapeString(m[1])
		}
	}
	if len(seen) != manyComments {
		t.Errorf("%d comments are shown, want %d", len(seen), manyComments)
	}

	// What somebody answers long ago stands behind it, and its address leads there.
	posted := w.ask("POST", "/items/long/comments", member, form("key", "k", "text", "At last.", "parent", "said-0003"))
	w.want("an answer", posted, 303, at+"?c=")
	to, _, _ := strings.Cut(posted.to, "#")
	there := w.ask("GET", to, member, nil)
	w.want("where it stands", there, 200, "At last.", "4 earlier comments", "1,947 later comments")
	if ids := said.FindStringSubmatch(there.text); ids == nil || ids[1] != "said-0003" {
		t.Errorf("what it answers is not before it: %v", ids)
	}
	w.want("an answer that says nothing", w.ask("POST", "/items/long/comments", member, form("key", "k2", "text", " ", "parent", "said-0004")), 422, `id="c-said-0004"`)
	w.want("from nothing", w.ask("GET", at+"?c=none", member, nil), 200, "said-1999")
}

// BenchmarkLongThread opens a document with 2,000 comments of 300 people, at
// its end and at its beginning.
func BenchmarkLongThread(b *testing.B) {
	w := newHouse(b, "").newWorld()
	at := w.talkative()
	for name, path := range map[string]string{"end": at, "beginning": at + "?c=said-0000"} {
		b.Run(name, func(b *testing.B) {
			size := 0
			for b.Loop() {
				r := w.do(w.host, "GET", path, w.cookies["member"], "", nil)
				body, err := io.ReadAll(r.Body)
				if err != nil || r.StatusCode != http.StatusOK {
					b.Fatal(r.Status, err)
				}
				size = len(body)
			}
			b.ReportMetric(float64(size), "B/page")
		})
	}
}
