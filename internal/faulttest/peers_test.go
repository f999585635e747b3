package faulttest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/channel/webhook"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/proctest"
	"github.com/rubato-hq/rubato/internal/testmail"
)

const (
	well = "@well.example.org"
	ill  = "@ill.example.org"
)

// TestMailPeers lets one mail domain of two fail in the ways that mail servers
// fail. The others' mail does not wait for it, nor does a crisis; what is in the
// end taken is taken once, or again under its own Message-ID.
func TestMailPeers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault testmail.Fault
		// ends says what becomes of the mail to the domain that fails: taken,
		// refused, or neither yet.
		ends  string
		again bool // it is taken twice, since its first answer was lost
		long  bool // in the long form alone: it takes a minute and more
	}{
		{name: "nothing fails", ends: "taken"},
		{name: "it hangs", fault: testmail.Fault{At: testmail.Recipient, To: ill, Hang: true}},
		{name: "it refuses for a time (451)", fault: testmail.Fault{At: testmail.Recipient, To: ill, Code: 451}},
		{name: "it refuses for good (550)", fault: testmail.Fault{At: testmail.Recipient, To: ill, Code: 550}, ends: "refused"},
		{name: "it takes 3 s for each", fault: testmail.Fault{At: testmail.Data, To: ill, Delay: 3 * time.Second}, ends: "taken", long: true},
		{name: "it greylists", fault: testmail.Fault{At: testmail.Recipient, To: ill, Code: 451, Once: true}, ends: "taken", long: true},
		{name: "its answer is lost", fault: testmail.Fault{At: testmail.AfterData, To: ill, Drop: true, Once: true}, ends: "taken", again: true, long: true},
	} {
		if c.long && !*longFlag {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			n := share(12, 100)
			address := func(i int) string { return fmt.Sprintf("p%d%s", i, []string{well, ill}[i%2]) }
			o := newStaff(t, "", n, address, nil)
			o.mail.Fail(c.fault)
			began := time.Now()
			o.start()
			took := func(domain string) (n int, last time.Time) {
				for _, m := range o.mail.Messages() {
					if strings.HasSuffix(m.Recipients[0], domain) && !strings.HasPrefix(m.Subject(), "CRISIS") {
						n, last = n+1, m.At
					}
				}
				return n, last
			}
			// Before a message that hangs is given up, which takes a minute.
			if !proctest.Within(t, 50*time.Second, func() bool { got, _ := took(well); return got >= n/2 }) {
				t.Fatal("the others wait for their mail")
			}
			_, last := took(well)
			crisis := o.call("p1", address(0))
			switch c.ends {
			case "taken":
				want := n / 2
				if c.again {
					want = n
				}
				o.until("the mail is taken in the end", func() bool { got, _ := took(ill); return got >= want })
			case "refused":
				o.until("an admin sees who takes nothing", func() bool { return strings.Count(o.lead.read("/admin/delivery").body, ill) >= n/2 })
			}
			for key, copies := range o.mail.Copies() {
				again := c.again && strings.HasSuffix(key.Recipient, ill)
				if copies > 1 && !again || copies > 2 {
					t.Errorf("%s came %d times under one id", key.Recipient, copies)
				}
			}
			for i := range n {
				ids := make(map[string]bool)
				for _, m := range o.mail.To(address(i)) {
					if !strings.HasPrefix(m.Subject(), "CRISIS") {
						ids[m.ID] = true
					}
				}
				if len(ids) > 1 {
					t.Errorf("%s has %d mails of one brief", address(i), len(ids))
				}
			}
			_, all := took(ill)
			t.Attr("mail", fmt.Sprintf("%s: %d of another domain had theirs %d ms after the start, the last of its own after %.1f s; a crisis %d ms", c.name, n/2, last.Sub(began).Milliseconds(), max(0, all.Sub(began).Seconds()), crisis.Milliseconds()))
			o.stop()
		})
	}
}

// TestWebhookPeers lets webhooks fail in every way at once, each way at a server
// of its own: the others' calls do
// not wait for them, what they answer costs no memory, none is called at another
// address, and one that is gone is not called again.
func TestWebhookPeers(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	calls := make(map[string][]time.Time)
	ways := []string{"well", "hangs", "500", "429", "410", "redirects", "talks", "resets"}
	peer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		way := strings.Split(r.URL.Path, "/")[1]
		mu.Lock()
		calls[way] = append(calls[way], time.Now())
		mu.Unlock()
		_, _ = io.Copy(io.Discard, r.Body)
		switch way {
		case "hangs":
			<-r.Context().Done()
		case "500":
			w.WriteHeader(http.StatusInternalServerError)
		case "429":
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		case "410":
			w.WriteHeader(http.StatusGone)
		case "redirects":
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(http.StatusTemporaryRedirect)
		case "talks":
			block := make([]byte, 64<<10)
			for range 200 << 20 / len(block) {
				if _, err := w.Write(block); err != nil {
					return // it hung up
				}
			}
		case "resets":
			panic(http.ErrAbortHandler)
		}
	})
	var servers, allowed []string
	for range ways {
		s := httptest.NewServer(peer)
		t.Cleanup(s.Close)
		servers, allowed = append(servers, s.URL), append(allowed, strings.TrimPrefix(s.URL, "http://"))
	}
	each := share(2, 20)
	o := newStaff(t, "", each*len(ways), func(i int) string { return fmt.Sprintf("p%d@example.org", i) }, func(d *door.Door, people []access.Actor) {
		for i, by := range people {
			if err := d.SetWebhook(t.Context(), by, fmt.Sprintf("%s/%s/%d", servers[i%len(ways)], ways[i%len(ways)], i), webhook.NewSecret(), true, true); err != nil {
				t.Fatal(err)
			}
			if err := d.SetBriefMail(t.Context(), by, false); err != nil {
				t.Fatal(err)
			}
		}
	})
	o.more = []string{"--allow-hosts", strings.Join(allowed, ",")}
	began := time.Now()
	o.start()
	called := func(way string) []time.Time {
		mu.Lock()
		defer mu.Unlock()
		return append([]time.Time(nil), calls[way]...)
	}
	for _, way := range ways {
		o.until("each is called: "+way, func() bool { return len(called(way)) >= each })
	}
	last := called("well")[each-1].Sub(began)
	o.until("those that are gone are switched off", func() bool { return strings.Count(o.lead.read("/admin/delivery").body, "/410/") >= each })
	peak := proctest.Memory(t, o.pid(), "VmHWM")
	// One that hangs is let go of after ten seconds, and called again a minute later.
	if *longFlag {
		o.until("one that failed is called again", func() bool { return len(called("500")) >= 2*each })
		again := called("500")[each].Sub(called("500")[0])
		t.Attr("webhooks", fmt.Sprintf("one that answers 500 is called again after %.0f s", again.Seconds()))
	}
	if n := len(called("well")); n != each {
		t.Errorf("those that are well were called %d times, want %d", n, each)
	}
	if n := len(called("410")); n != each {
		t.Errorf("those that are gone were called %d times, want %d", n, each)
	}
	if n := len(called("elsewhere")); n > 0 {
		t.Errorf("a redirect was followed %d times", n)
	}
	t.Attr("webhooks", fmt.Sprintf("%d each of %s: those that are well were called %d ms after the start; %.1f MiB of memory at most", each, strings.Join(ways[1:], ", "), last.Milliseconds(), peak))
	o.stop()
}
