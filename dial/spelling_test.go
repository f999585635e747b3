package dial_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/rubato-hq/rubato/dial"
)

// inner are IPv4 addresses of every kind that is not public.
var inner = []string{
	"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.254", "127.0.0.1", "127.0.0.53", "127.255.255.254",
	"168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.254", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1",
	"192.168.0.1", "192.168.255.254", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
}

// spellings writes an IPv4 address in all the ways in which programs read one:
// in decimal, octal and hexadecimal numbers of one to four parts, and inside of
// IPv6 as mapped, compatible, translated, by NAT64, 6to4, Teredo and ISATAP.
func spellings(a netip.Addr) []string {
	b := a.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	hi, lo := n>>16, n&0xffff
	out := []string{
		a.String(), fmt.Sprint(n), fmt.Sprintf("%#x", n), fmt.Sprintf("%#X", n), fmt.Sprintf("0%o", n), fmt.Sprintf("0x%08x", n), fmt.Sprintf("000%o", n),
		fmt.Sprintf("%d.%d", b[0], n&0xffffff), fmt.Sprintf("%d.%d.%d", b[0], b[1], lo), fmt.Sprintf("%#x.%d", b[0], n&0xffffff), fmt.Sprintf("0%o.%#x.%d", b[0], b[1], lo),
		fmt.Sprintf("%#x.%#x.%#x.%#x", b[0], b[1], b[2], b[3]), fmt.Sprintf("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]), fmt.Sprintf("0%03o.0%03d.%d.%d", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("%04d.%04d.%04d.%04d", b[0], b[1], b[2], b[3]), a.String() + ".", a.String() + "..", fmt.Sprint(uint64(n) + 1<<32), strings.ReplaceAll(a.String(), ".", "。"), strings.ReplaceAll(a.String(), ".", "%2e"), "%" + fmt.Sprintf("%02x", a.String()[0]) + a.String()[1:],
	}
	for _, digits := range []string{"０１２３４５６７８９", "⓪①②③④⑤⑥⑦⑧⑨", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "٠١٢٣٤٥٦٧٨٩"} {
		other := []rune(digits)
		out = append(out, strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return other[r-'0']
			}
			return r
		}, a.String()))
	}
	for _, six := range []string{
		fmt.Sprintf("::ffff:%s", a), fmt.Sprintf("::FFFF:%x:%x", hi, lo), fmt.Sprintf("0:0:0:0:0:ffff:%04x:%04x", hi, lo), fmt.Sprintf("::ffff:%s%%lo", a), fmt.Sprintf("::%s", a), fmt.Sprintf("::%x:%x", hi, lo), fmt.Sprintf("::ffff:0:%s", a),
		fmt.Sprintf("64:ff9b::%s", a), fmt.Sprintf("64:ff9b::%x:%x", hi, lo), fmt.Sprintf("0064:ff9b:0:0:0:0:%04x:%04x", hi, lo), fmt.Sprintf("64:ff9b:1::%s", a), fmt.Sprintf("64:ff9b:1:%x:%x::", hi, lo),
		fmt.Sprintf("2002:%x:%x::", hi, lo), fmt.Sprintf("2002:%x:%x::1", hi, lo), fmt.Sprintf("2002:808:808::%s", a), fmt.Sprintf("2001::%x:%x:8000:63bf:%x:%x", hi, lo, ^hi&0xffff, ^lo&0xffff), fmt.Sprintf("2001:0:808:808:0:0:%x:%x", ^hi&0xffff, ^lo&0xffff),
		fmt.Sprintf("fe80::5efe:%s", a), fmt.Sprintf("2a01:4f8::5efe:%s", a), fmt.Sprintf("2a01:4f8::200:5efe:%s", a),
	} {
		out = append(out, "["+six+"]")
	}
	return out
}

// other are hosts that are inner without being IPv4, by every name.
var other = []string{
	"localhost", "LocalHost", "localhost.", "localhost..", "a.localhost", "a.b.localhost.", "ip6-localhost", "localhost.localdomain", "ｌocalhost", "loc\u00adalhost",
	"[::]", "[::1]", "[::0:1]", "[0::1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::1%25lo]", "[::%25lo]", "[::1%251]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%25eth0]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]", "[fdff::1]",
	"[ff01::1]", "[ff02::1]", "[ff02::1%25lo]", "[ff05::1:3]", "[ff0e::1]", "[100::1]", "[5f00::1]", "[2001:db8::1]", "[3fff::1]", "[3ffe::1]", "[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[2620:4f:8000::1]", "[4000::1]", "[::2]", "[1::1]",
}

// TestEverySpellingOfEveryInnerAddress is rows 1 and 3 of security 2: nothing
// that is written for an inner address is dialled, whether the socket would
// understand it or not. No name server is asked: none could be trusted.
func TestEverySpellingOfEveryInnerAddress(t *testing.T) {
	nowhere := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no name server in this test")
	}}
	client := guarded(t, nil, nowhere).Client()
	hosts := append([]string(nil), other...)
	for _, a := range inner {
		hosts = append(hosts, spellings(netip.MustParseAddr(a))...)
	}
	refused, unknown, unread := 0, 0, 0
	for _, host := range hosts {
		for _, at := range []string{"http://" + host + "/", "https://" + host + ":443/x", "http://user@" + host + ":80"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, nil)
			if err != nil {
				unread++
				continue
			}
			answer, err := client.Do(r)
			if err == nil {
				answer.Body.Close()
				t.Errorf("%s was reached", at)
				continue
			}
			_, no := errors.AsType[*dial.Refused](err)
			_, noName := errors.AsType[*net.DNSError](err)
			switch {
			case no:
				refused++
			case noName:
				unknown++
			case strings.Contains(err.Error(), "invalid URL host"), strings.Contains(err.Error(), "idna"):
				unread++
			default:
				t.Errorf("%s: %v, want a refusal before anything is dialled", at, err)
			}
		}
	}
	t.Logf("%d spellings: %d refused at the dial, %d are no name, %d no address", len(hosts)*3, refused, unknown, unread)
	if refused < 1000 {
		t.Errorf("only %d were refused at the dial", refused)
	}
}

// TestEveryAnswerOfANameServer is row 3: whatever a name turns out to be, in
// whatever order its addresses come, and whatever it was a moment ago.
func TestEveryAnswerOfANameServer(t *testing.T) {
	var asked atomic.Int64
	six := []string{
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:808:808:0:0:80ff:fffe", "2a01:4f8::5efe:7f00:1", "fe80::1",
		"fd00:ec2::254", "fc00::1", "ff02::1", "100::1", "2001:db8::1",
	}
	names := bothKinds(t, func(name string, kind dnsmessage.Type) []netip.Addr {
		first, _, _ := strings.Cut(name, ".")
		switch {
		case first == "flip" && asked.Add(1) <= 2: // once for each kind of address
			return pick(kind, "93.184.216.34", "2606:2800:220:1::1")
		case first == "flip":
			return pick(kind, "169.254.169.254", "::ffff:169.254.169.254")
		case first == "mixed": // one that nobody has, then an inner one
			return pick(kind, "127.0.0.1", "10.0.0.1", "::1", "fd00::1")
		}
		var n int
		if _, err := fmt.Sscanf(first, "four%d", &n); err == nil {
			return pick(kind, inner[n])
		}
		if _, err := fmt.Sscanf(first, "six%d", &n); err == nil {
			return pick(kind, six[n])
		}
		return nil
	})
	g := guarded(t, nil, names)
	if found, err := names.LookupNetIP(t.Context(), "ip4", "flip.example.org"); err != nil || !dial.Public(found[0].Unmap()) {
		t.Fatalf("the first answer is %v, %v, want a public address", found, err)
	}
	asked.Store(2)
	hosts := []string{"flip", "mixed"}
	for i := range inner {
		hosts = append(hosts, fmt.Sprintf("four%d", i))
	}
	for i := range six {
		hosts = append(hosts, fmt.Sprintf("six%d", i))
	}
	for _, host := range hosts {
		for _, port := range []string{":80", ":443"} {
			_, err := g.DialContext(t.Context(), "tcp", host+".example.org"+port)
			if _, ok := errors.AsType[*dial.Refused](err); !ok {
				t.Errorf("%s%s: %v, want a refusal", host, port, err)
			}
		}
	}
}

// TestRedirectsToInnerAddresses is row 4: a peer's word about where to go on is
// only read, whatever it says.
func TestRedirectsToInnerAddresses(t *testing.T) {
	var on atomic.Int64
	peer := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			on.Add(1)
			return
		}
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.Header().Set("Refresh", "0;url=/there")
		w.Header().Set("Alt-Svc", `h2="127.0.0.1:22"; ma=60`)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	client := guarded(t, []string{peer.Listener.Addr().String()}, nil).Client()
	for _, to := range []string{"/there", "http://127.0.0.1/", "http://169.254.169.254/latest/", "//127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:25/x", "ftp://127.0.0.1/", peer.URL + "/there"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, peer.URL+"/?to="+to, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusTemporaryRedirect {
			t.Errorf("to %s: %d", to, answer.StatusCode)
		}
	}
	if on.Load() != 0 {
		t.Errorf("%d redirects were followed", on.Load())
	}
	for _, scheme := range []string{"file:///etc/passwd", "gopher://127.0.0.1:25/x", "ftp://127.0.0.1/", "unix:///run/x", "data:text/plain,x", "ws://127.0.0.1/"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, scheme, nil)
		if err != nil {
			continue
		}
		answer, err := client.Do(r)
		if err == nil {
			answer.Body.Close()
			t.Errorf("%s was opened", scheme)
		}
	}
}
