package dial_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/rubato-hq/rubato/dial"
)

func TestPublic(t *testing.T) {
	for _, c := range []struct {
		name   string
		a      string
		public bool
	}{
		{"IPv4", "93.184.216.34", true},
		{"IPv4 below private", "9.255.255.255", true},
		{"IPv4 above private", "172.32.0.1", true},
		{"IPv4 above CGNAT", "100.128.0.1", true},
		{"IPv6", "2606:2800:220:1:248:1893:25c8:1946", true},
		{"IPv6 at a host of Germany", "2a01:4f8::1", true},
		{"loopback", "127.0.0.1", false},
		{"other loopback", "127.255.255.254", false},
		{"this network", "0.0.0.0", false},
		{"this network, host", "0.1.2.3", false},
		{"private 10", "10.0.0.1", false},
		{"private 172", "172.16.0.1", false},
		{"private 172, last", "172.31.255.255", false},
		{"private 192", "192.168.1.1", false},
		{"CGNAT", "100.64.0.1", false},
		{"link-local, metadata", "169.254.169.254", false},
		{"metadata of another cloud", "192.0.0.192", false},
		{"wire server", "168.63.129.16", false},
		{"metadata behind CGNAT", "100.100.100.200", false},
		{"documentation 1", "192.0.2.1", false},
		{"documentation 2", "198.51.100.1", false},
		{"documentation 3", "203.0.113.1", false},
		{"benchmarks", "198.19.0.1", false},
		{"6to4 relay", "192.88.99.1", false},
		{"multicast", "224.0.0.1", false},
		{"reserved", "240.0.0.1", false},
		{"broadcast", "255.255.255.255", false},
		{"v6 unspecified", "::", false},
		{"v6 loopback", "::1", false},
		{"v6 unique local", "fd00::1", false},
		{"v6 unique local of a cloud", "fd00:ec2::254", false},
		{"v6 link-local", "fe80::1", false},
		{"v6 link-local with a zone", "fe80::1%eth0", false},
		{"v6 site-local", "fec0::1", false},
		{"v6 multicast", "ff02::1", false},
		{"v6 documentation", "2001:db8::1", false},
		{"v6 documentation, new", "3fff::1", false},
		{"mapped loopback", "::ffff:127.0.0.1", false},
		{"mapped public", "::ffff:93.184.216.34", false},
		{"compatible", "::127.0.0.1", false},
		{"translated", "::ffff:0:127.0.0.1", false},
		{"NAT64", "64:ff9b::7f00:1", false},
		{"local NAT64", "64:ff9b:1::7f00:1", false},
		{"6to4", "2002:7f00:1::", false},
		{"Teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2", false},
		{"ISATAP", "2606:2800:220:1:0:5efe:7f00:1", false},
		{"ISATAP, global", "2606:2800:220:1:200:5efe:7f00:1", false},
		{"discard", "100::1", false},
		{"segment routing", "5f00::1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := dial.Public(netip.MustParseAddr(c.a)); got != c.public {
				t.Errorf("Public(%s) = %t, want %t", c.a, got, c.public)
			}
		})
	}
	if dial.Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

// Row 1 of security 2: every spelling of an inner address is refused at the dial.
func TestGuardedRefusesEverySpelling(t *testing.T) {
	var reached atomic.Int64
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inner.Close()
	g := guarded(t, nil, nil)
	for _, host := range []string{
		"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0", "0.0.0.0",
		"localhost", "LOCALHOST", "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
		"[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "10.0.0.1", "192.168.0.1", "100.64.0.1", "[fe80::1%25lo]", "[fd00::1]",
		"①②⑦.⓪.⓪.①", "127。0。0。1",
	} {
		for _, port := range []string{"", ":80", ":443"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+host+port+"/", nil)
			if err != nil {
				continue // not even an address
			}
			answer, err := g.Client().Do(r)
			if err == nil {
				answer.Body.Close()
				t.Errorf("%s%s was reached", host, port)
				continue
			}
			_, refused := errors.AsType[*dial.Refused](err)
			_, unknown := errors.AsType[*net.DNSError](err)
			if !refused && !unknown {
				t.Errorf("%s%s: %v, want a refusal at the dial", host, port, err)
			}
		}
	}
	if reached.Load() != 0 {
		t.Errorf("the inner server was called %d times", reached.Load())
	}
}

func TestGuardedPorts(t *testing.T) {
	for _, port := range []string{"22", "25", "6379", "8080", "7420"} {
		conn, err := guarded(t, nil, nil).DialContext(t.Context(), "tcp", "93.184.216.34:"+port)
		if err == nil {
			conn.Close()
		}
		if _, ok := errors.AsType[*dial.Refused](err); !ok {
			t.Errorf("port %s: %v, want a refusal", port, err)
		}
	}
	if _, err := guarded(t, nil, nil).DialContext(t.Context(), "udp", "93.184.216.34:80"); err == nil {
		t.Error("another network than TCP was dialled")
	}
}

// Row 3: the address that counts is the one that is really dialled, whatever
// the name server said before.
func TestGuardedChecksWhatIsDialled(t *testing.T) {
	var asked atomic.Int64
	names := nameServer(t, func(name string) [][4]byte {
		switch n := asked.Add(1); {
		case strings.HasPrefix(name, "flip.") && n <= 2: // both kinds of address are asked for at once
			return [][4]byte{{203, 0, 112, 1}} // public, and nobody is there
		case strings.HasPrefix(name, "many."):
			return [][4]byte{{127, 0, 0, 1}, {10, 0, 0, 1}, {169, 254, 169, 254}}
		}
		return [][4]byte{{127, 0, 0, 1}}
	})
	g := guarded(t, nil, names)
	// A check made apart from the dial would ask first, and find a public address.
	if got, err := names.LookupNetIP(t.Context(), "ip4", "flip.example.org"); err != nil || !dial.Public(got[0]) {
		t.Fatalf("the first answer is %v, %v, want a public address", got, err)
	}
	asked.Store(2)
	for _, host := range []string{"flip.example.org", "many.example.org", "inner.example.org"} {
		_, err := g.DialContext(t.Context(), "tcp", host+":80")
		refused, ok := errors.AsType[*dial.Refused](err)
		if !ok {
			t.Errorf("%s: %v, want a refusal", host, err)
			continue
		}
		if !strings.HasPrefix(refused.Address, "127.0.0.1") {
			t.Errorf("%s: refused %s, want the address that was found", host, refused.Address)
		}
	}
}

func TestGuardedAllowsWhatTheAdminNames(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	defer inner.Close()
	_, port, err := net.SplitHostPort(inner.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	names := nameServer(t, func(string) [][4]byte { return [][4]byte{{127, 0, 0, 1}} })
	g := guarded(t, []string{"Hooks.Example.org:" + port}, names)
	for host, want := range map[string]bool{"hooks.example.org": true, "HOOKS.example.ORG.": true, "other.example.org": false, "127.0.0.1": false} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+host+":"+port+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := g.Client().Do(r)
		if err == nil {
			answer.Body.Close()
		}
		if (err == nil) != want {
			t.Errorf("%s: error %v, want reached %t", host, err, want)
		}
	}
	for _, bad := range []string{"hooks.example.org", ":80", "hooks.example.org:", ""} {
		if _, err := dial.NewGuarded([]string{bad}, nil); err == nil {
			t.Errorf("the pair %q was taken", bad)
		}
	}
}

// Row 4: a redirect is an answer, not a way on.
func TestClientFollowsNoRedirect(t *testing.T) {
	var reached atomic.Int64
	second := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer second.Close()
	for _, code := range []int{301, 302, 303, 307, 308} {
		first := httptest.NewServer(http.RedirectHandler(second.URL, code))
		answer := get(t, first)
		if answer.StatusCode != code {
			t.Errorf("answer = %d, want %d", answer.StatusCode, code)
		}
		first.Close()
	}
	if reached.Load() != 0 {
		t.Errorf("%d redirects were followed", reached.Load())
	}
}

func TestClientIgnoresProxyOfTheEnvironment(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the proxy was called") }))
	defer proxy.Close()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer peer.Close()
	if answer := get(t, peer); answer.StatusCode != http.StatusNoContent {
		t.Errorf("answer = %d", answer.StatusCode)
	}
}

// Row 57: a 200 MB answer is cut, and costs little.
func TestClientCutsAnswer(t *testing.T) {
	const size = 200 << 20
	for name, c := range map[string]struct {
		bytes int
		want  int
		err   error
	}{
		"just fits": {1 << 20, 1 << 20, nil},
		"one more":  {1<<20 + 1, 1 << 20, dial.ErrTooLong},
		"200 MB":    {size, 1 << 20, dial.ErrTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				block := make([]byte, 64<<10)
				for left := c.bytes; left > 0; left -= len(block) {
					if _, err := w.Write(block[:min(left, len(block))]); err != nil {
						return // the reader has gone
					}
				}
			}))
			defer peer.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			answer := get(t, peer)
			n, err := io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			runtime.ReadMemStats(&after)
			if int(n) != c.want || !errors.Is(err, c.err) {
				t.Errorf("read %d bytes, %v; want %d, %v", n, err, c.want, c.err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
				t.Errorf("reading the answer took %d bytes of memory", used)
			}
		})
	}
}

func TestConfiguredGoesWhereItIsTold(t *testing.T) {
	peer, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	to := dial.Configured(peer.Addr().String())
	conn, err := to(t.Context(), "tcp", peer.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if _, err := to(t.Context(), "tcp", "127.0.0.1:25"); err == nil {
		t.Error("another address than the configured one was dialled")
	}
}

func guarded(t *testing.T, allow []string, names *net.Resolver) *dial.Guarded {
	t.Helper()
	g, err := dial.NewGuarded(allow, names)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// get asks a server of the test that the admin allows.
func get(t *testing.T, peer *httptest.Server) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, peer.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := guarded(t, []string{peer.Listener.Addr().String()}, nil).Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// server runs a peer of the test.
func server(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s
}

// nameServer runs a name server that answers every question for an IPv4
// address with what the function says.
func nameServer(t *testing.T, answer func(name string) [][4]byte) *net.Resolver {
	t.Helper()
	return bothKinds(t, func(name string, kind dnsmessage.Type) (out []netip.Addr) {
		if kind == dnsmessage.TypeA {
			for _, a := range answer(name) {
				out = append(out, netip.AddrFrom4(a))
			}
		}
		return out
	})
}

// pick are the addresses of the kind that was asked for.
func pick(kind dnsmessage.Type, addresses ...string) (out []netip.Addr) {
	for _, text := range addresses {
		a := netip.MustParseAddr(text)
		if a.Is4() == (kind == dnsmessage.TypeA) {
			out = append(out, a)
		}
	}
	return out
}

// bothKinds runs a name server that answers for IPv4 and IPv6.
func bothKinds(t *testing.T, answer func(name string, kind dnsmessage.Type) []netip.Addr) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return // closed
			}
			if reply := answered(buf[:n], answer); reply != nil {
				_, _ = pc.WriteTo(reply, from) // a lost answer is asked for again
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", pc.LocalAddr().String())
	}}
}

func answered(question []byte, answer func(string, dnsmessage.Type) []netip.Addr) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	if q.Type == dnsmessage.TypeA || q.Type == dnsmessage.TypeAAAA {
		for _, a := range answer(strings.ToLower(q.Name.String()), q.Type) {
			var body dnsmessage.ResourceBody = &dnsmessage.AAAAResource{AAAA: a.As16()}
			if a.Is4() {
				body = &dnsmessage.AResource{A: a.As4()}
			}
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: body})
		}
	}
	reply, err := m.Pack()
	if err != nil || binary.Size(reply) > 512 {
		return nil
	}
	return reply
}
