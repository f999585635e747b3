package serve_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/rubato-hq/rubato/internal/browsertest"
)

// TestOwnAudit is the way to one's own report and back: a calendar is uploaded, its
// report is read, seen by nobody else, and deleted; with a script and without.
func TestOwnAudit(t *testing.T) {
	address := start(t, "")
	calendar, err := filepath.Abs("../report/testdata/lena.ics")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range []bool{true, false} {
		v := visitor{t, browsertest.New(t)}
		if !script {
			v.NoScript()
		}
		v.Open(address + "/")
		v.be("jonas")
		v.Follow(`.nav a[href="/audit"]`)
		v.says("h1", "What does being always available cost you?")
		v.Upload("#calendar", calendar)
		v.Fill("#me", "lena@example.org")
		v.Follow(`form[action="/audit"] button`)
		v.says("h1", "were whole")
		v.says("main", "Customer call Northwind")
		v.says("main", "Seven habits")
		if script { // the folded tables and texts open by keyboard
			v.Click(`.plan .ready summary`)
			v.says(".plan .ready pre", "one message brings the meeting back")
		}
		v.Axe()
		v.Fits()

		w := visitor{t, browsertest.New(t)}
		w.Open(address + "/")
		w.be("lena")
		w.Open("/audit")
		w.silent("main", "Northwind")
		w.Clean()

		v.Follow(`form[action="/audit/removal"] button`)
		v.says("h1", "What does being always available cost you?")
		v.silent("main", "Northwind")
		if got := v.Open("/audit/report.html"); got != http.StatusNotFound {
			t.Errorf("a deleted report answers %d", got)
		}
		v.Forget()
	}
}
