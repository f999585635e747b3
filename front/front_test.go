package front_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// TestPeer: an address is what a listed proxy itself saw, or the connection's
// own, and never what anybody only says (security 1.9); limits count an IPv6
// network of 64 bits as one.
func TestPeer(t *testing.T) {
	f := front.Front{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	for _, tt := range []struct {
		name, remote string
		forwarded    []string // header by header
		want         string   // as limits count it
	}{
		{"nobody forwards", "203.0.113.9:4711", nil, "203.0.113.9"},
		{"a stranger says who they are", "203.0.113.9:4711", []string{"198.51.100.1"}, "203.0.113.9"},
		{"a stranger beside the proxies' network", "11.0.0.1:4711", []string{"198.51.100.1"}, "11.0.0.1"},
		{"a proxy", "127.0.0.1:4711", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a proxy of a listed network", "10.200.3.4:4711", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a proxy by IPv6", "[fd00::2]:4711", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a proxy by an address that is IPv4 within IPv6", "[::ffff:10.0.0.1]:4711", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a client that says who it is to a proxy that adds", "127.0.0.1:4711", []string{"192.0.2.1, 198.51.100.1"}, "198.51.100.1"},
		{"the same in two headers", "127.0.0.1:4711", []string{"192.0.2.1", "198.51.100.1"}, "198.51.100.1"},
		{"a client in a listed network that says who it is", "127.0.0.1:4711", []string{"192.0.2.1, 10.9.9.9"}, "10.9.9.9"},
		{"with a port", "127.0.0.1:4711", []string{"198.51.100.1:55555"}, "198.51.100.1"},
		{"IPv6", "127.0.0.1:4711", []string{"2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"},
		{"IPv6 of the same network", "127.0.0.1:4711", []string{"2001:db8:1:2:ffff::1"}, "2001:db8:1:2::/64"},
		{"IPv6 of the next network", "127.0.0.1:4711", []string{"2001:db8:1:3::1"}, "2001:db8:1:3::/64"},
		{"IPv6 in brackets with a port", "127.0.0.1:4711", []string{"[2001:db8:1:2::9]:443"}, "2001:db8:1:2::/64"},
		{"IPv6 in brackets", "127.0.0.1:4711", []string{"[2001:db8:1:2::9]"}, "2001:db8:1:2::/64"},
		{"IPv6 without a proxy", "[2001:db8:1:2::9]:443", nil, "2001:db8:1:2::/64"},
		{"IPv6 with a zone", "[fe80::1%eth0]:443", nil, "fe80::/64"},
		{"IPv4 within IPv6", "127.0.0.1:4711", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"no address", "127.0.0.1:4711", []string{"unknown"}, "127.0.0.1"},
		{"nothing", "127.0.0.1:4711", []string{""}, "127.0.0.1"},
		{"an end without an address", "127.0.0.1:4711", []string{"198.51.100.1,"}, "127.0.0.1"},
		{"a socket", "@", nil, "@"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		r.RemoteAddr = tt.remote
		for _, v := range tt.forwarded {
			r.Header.Add("X-Forwarded-For", v)
		}
		if got := auth.Peer(f.Peer(r)); got != tt.want {
			t.Errorf("%s: counted as %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestOrganisationOfAHost holds that nobody takes the server's own host over by
// adding an organisation at it.
func TestOrganisationOfAHost(t *testing.T) {
	f := front.Front{Public: &url.URL{Scheme: "https", Host: "one.example.org"}}
	all := []store.Organisation{{ID: "first"}, {ID: "second", URL: "https://two.example.org"}, {ID: "third", URL: "https://one.example.org"}}
	for host, want := range map[string]string{"one.example.org": "first", "ONE.example.org": "first", "Two.example.org": "second", "localhost": "first"} {
		if got := f.Organisation(all, host).ID; got != want {
			t.Errorf("%s chooses the %s, want the %s", host, got, want)
		}
	}
}
