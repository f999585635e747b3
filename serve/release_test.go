package serve_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/serve"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// TestReleaseOnThePage: what a restore holds back is shown to admins, goes out
// or is dropped when they say so, and stands in the audit log.
func TestReleaseOnThePage(t *testing.T) {
	for _, tt := range []struct{ name, drop, state, says string }{
		{"let go", "", "waiting", "let go out what a restore held back"},
		{"dropped", "yes", "dropped", "dropped what a restore held back"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			settings := config.Settings{Data: t.TempDir()}
			s := running(t, settings, nil, demo.Start())
			if err := s.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			old := time.Now().Add(-time.Hour)
			held := func(fn func(*store.Store, string)) {
				t.Helper()
				st := must(store.Open(t.Context(), store.Config{Database: filepath.Join(settings.Data, "rubato.db"), Zones: zoneinfo.New().Zone}))
				fn(st, must(st.Organisations(t.Context()))[0].ID)
				if err := st.Close(); err != nil {
					t.Fatal(err)
				}
			}
			held(func(st *store.Store, org string) {
				write := func(org string, fn func(*store.Tx) error) {
					t.Helper()
					if err := st.Write(t.Context(), org, fn); err != nil {
						t.Fatal(err)
					}
				}
				write(org, func(tx *store.Tx) error {
					people, err := tx.PeopleByHandle(t.Context(), []string{"kenji"})
					if err != nil {
						return err
					}
					return tx.AddOutgoing(t.Context(), store.Outgoing{
						ID: "held", Subject: store.SubjectCrisis, About: "none", Person: people["kenji"], Channel: store.ChannelWebhook, Round: 1, Due: old, Created: old,
					})
				})
				write(store.Server, func(tx *store.Tx) error { return tx.Hold(t.Context(), old.Add(time.Minute)) })
			})

			s = running(t, settings, nil, demo.Start())
			admin, member := browser(t), browser(t)
			for handle, client := range map[string]*http.Client{"maya": admin, "jonas": member} {
				fill(t, client, s.URL(), "/demo/person", url.Values{"person": {handle}})
			}
			if status, page := visit(t, admin, s.URL()+"/admin/delivery"); status != http.StatusOK || !strings.Contains(page, "Delivery is held back since") || !strings.Contains(page, "One message waits") || strings.Count(page, "It may have gone out since the backup was made.") != 1 {
				t.Fatalf("the admin page does not say that delivery is held: %d", status)
			}
			if got := fill(t, member, s.URL(), "/admin/delivery/release", nil); got != http.StatusForbidden {
				t.Errorf("a member lets it go: %d", got)
			}
			if got := fill(t, admin, s.URL(), "/admin/delivery/release", url.Values{"drop": {tt.drop}}); got != http.StatusSeeOther {
				t.Fatalf("letting go answers %d", got)
			}
			if _, page := visit(t, admin, s.URL()+"/admin/delivery"); strings.Contains(page, "Delivery is held back") {
				t.Error("it is still held")
			}
			if _, page := visit(t, admin, s.URL()+"/admin/audit"); !strings.Contains(page, tt.says) {
				t.Errorf("the audit log does not say: %s", tt.says)
			}
			if err := s.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			if at, n, err := serve.Release(t.Context(), settings, false); !at.IsZero() || n != 0 || err != nil {
				t.Errorf("once more, at the terminal: %s, %d, %v", at, n, err)
			}
			held(func(st *store.Store, org string) {
				counts := must(st.CountSendings(t.Context(), org))
				waits := false
				for _, c := range counts {
					waits = waits || c.Channel == store.ChannelWebhook
				}
				if waits != (tt.state == "waiting") {
					t.Errorf("the message waits: %v, want it %s", waits, tt.state)
				}
			})
		})
	}
}
