package serve_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/internal/testmail"
	"github.com/rubato-hq/rubato/serve"
	"github.com/rubato-hq/rubato/store/storetest"
)

// running starts a server; with a zero demoAt a real one. Whoever does not stop
// it leaves that to the end of the test.
func running(t *testing.T, settings config.Settings, log *slog.Logger, demoAt time.Time) *serve.Server {
	t.Helper()
	settings.Listen = "127.0.0.1:0"
	if settings.Data == "" {
		settings.Data = t.TempDir()
	}
	if settings.LogFormat == "" {
		settings.LogFormat = "text"
	}
	if log == nil {
		log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	s, err := serve.New(t.Context(), settings, log, demoAt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.WithoutCancel(t.Context())); err != nil { // again is nothing
			t.Error(err)
		}
	})
	return s
}

// visit asks one address and returns the status and the body.
func visit(t *testing.T, client *http.Client, address string) (int, string) {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// fill posts a form as a browser does.
func fill(t *testing.T, client *http.Client, base, path string, form url.Values) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", base)
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func TestHealthReadinessAndMetrics(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		data := filepath.Join(t.TempDir(), "data")
		s := running(t, config.Settings{Data: data, Database: database, Metrics: "127.0.0.1:0"}, nil, demo.Start())
		client := browser(t)

		// Whoever watches asks by an address of its own.
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/healthz", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "10.1.2.3:7420"
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("/healthz by another name answers %d", answer.StatusCode)
		}
		await(t, func() bool { // the engine's first round
			status, body := visit(t, client, s.URL()+"/readyz")
			return status == http.StatusOK && body == "ready\n"
		})

		visit(t, client, s.URL()+"/D-1")
		status, body := visit(t, client, "http://"+s.MetricsAddr()+"/metrics")
		if status != http.StatusOK {
			t.Fatalf("/metrics answers %d", status)
		}
		for _, want := range []string{
			`rubato_http_requests_total{route="GET /healthz",status="200"} 1`,
			`rubato_http_requests_total{route="GET /{ref}",status="303"} 1`,
			`rubato_http_request_seconds_count{route="GET /healthz"} 1`,
			`rubato_build_info{`, "\nrubato_deliveries_waiting ", "\nrubato_oldest_due_seconds 0\n", "\nrubato_contract_violations_total 0\n",
			`rubato_ready{part="disk"} 1`, `rubato_loop_beat_timestamp_seconds{loop="briefs"} 1`, "\nrubato_sending_held 0\n", "\nrubato_crisis_messages_unsent 0\n",
			`rubato_briefs_sealed_total{kind="window"} `, "\ngo_goroutines ", "\nprocess_resident_memory_bytes ",
		} {
			if !strings.Contains(body, want) {
				t.Errorf("/metrics does not say %s", want)
			}
		}
		if strings.Contains(body, "D-1") || strings.Contains(body, "@") {
			t.Error("/metrics tells what was asked for, or an address")
		}
		if status, _ := visit(t, client, "http://"+s.MetricsAddr()+"/debug/pprof/heap"); status != http.StatusOK {
			t.Errorf("profiles on this machine's own address answer %d", status)
		}
		for _, path := range []string{"/metrics", "/debug/pprof/"} {
			if status, _ := visit(t, client, s.URL()+path); status == http.StatusOK {
				t.Errorf("%s is served to everybody", path)
			}
		}

		if err := os.RemoveAll(data); err != nil {
			t.Fatal(err)
		}
		await(t, func() bool {
			status, body := visit(t, client, s.URL()+"/readyz")
			return status == http.StatusServiceUnavailable && body == "not ready: disk\n"
		})
		if status, _ := visit(t, client, s.URL()+"/healthz"); status != http.StatusOK {
			t.Errorf("/healthz answers %d: the process lives", status)
		}
	})
}

// await asks until something is so.
func await(t *testing.T, so func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(time.Minute); !so(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("it did not come about")
		}
	}
}

// TestStopLetsRequestsEnd stops the server while somebody's form is half sent.
func TestStopLetsRequestsEnd(t *testing.T) {
	s := running(t, config.Settings{}, nil, demo.Start())
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	form := url.Values{"email": {"lena@meridian.example"}, "password": {"not hers"}}.Encode()
	head := "POST /sign-in HTTP/1.1\r\nHost: " + s.Addr() + "\r\nOrigin: http://" + s.Addr() +
		"\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nConnection: close\r\n"
	if _, err := io.WriteString(conn, head+"Content-Length: "+itoa(len(form))+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	if line, err := in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("the server says %q, %v", line, err)
	}
	if _, err := in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	// The handler waits for the form now.
	stopped := make(chan error, 1)
	go func() { stopped <- s.Stop(context.WithoutCancel(t.Context())) }()
	await(t, func() bool {
		c, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", s.Addr())
		if err == nil {
			c.Close()
		}
		return err != nil // nobody else comes in
	})
	if _, err := io.WriteString(conn, form); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatalf("the request in flight was cut off: %v", err)
	}
	page, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || answer.StatusCode != http.StatusUnprocessableEntity || !bytes.Contains(page, []byte("</html>")) {
		t.Errorf("the request in flight got %d, %d bytes, %v", answer.StatusCode, len(page), err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Stop: %v", err)
	}
}

func itoa(n int) string { return big.NewInt(int64(n)).String() }

// TestStopLetsMailEnd stops the server while a relay has a mail and has not
// said so yet: its yes still counts, and nothing goes out twice.
func TestStopLetsMailEnd(t *testing.T) {
	relay := testmail.Start(t)
	relay.Fail(testmail.Fault{At: testmail.AfterData, Delay: 500 * time.Millisecond})
	settings := config.Settings{Data: t.TempDir(), SMTP: "smtp://" + relay.Addr()}
	s := running(t, settings, nil, demo.Start())
	client := browser(t)
	if got := fill(t, client, s.URL(), "/demo/person", url.Values{"person": {"lena"}, "back": {"/brief"}}); got != http.StatusSeeOther {
		t.Fatalf("signing in answers %d", got)
	}
	if got := fill(t, client, s.URL(), "/demo/clock", url.Values{"day": {"2026-11-24"}, "clock": {"11:00"}}); got != http.StatusSeeOther {
		t.Fatalf("moving the clock answers %d", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	in, err := relay.Wait(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	id, _, _ := strings.Cut(in[0].ID, "@")
	id = strings.TrimPrefix(id, "<")
	found := false
	for _, row := range storetest.Dump(t, filepath.Join(settings.Data, "rubato.db"))["outbox"] {
		if strings.Contains(row, " id="+id+" ") {
			found = true
			if !strings.Contains(row, " state=sent ") {
				t.Errorf("the relay has it, but we do not know: %s", row)
			}
		}
	}
	if !found {
		t.Errorf("no message is called %s", in[0].ID)
	}
	for key, n := range relay.Copies() {
		if n != 1 {
			t.Errorf("%v came %d times", key, n)
		}
	}
}

// TestListenForOthers: a server that other machines reach says by which address;
// a demo is reached by the names of its machine.
func TestListenForOthers(t *testing.T) {
	settings := config.Settings{Listen: "0.0.0.0:0", Data: t.TempDir(), LogFormat: "text"}
	if _, err := serve.New(t.Context(), settings, slog.New(slog.DiscardHandler), time.Time{}); err == nil || !strings.Contains(err.Error(), "--url") {
		t.Errorf("without --url: %v", err)
	}
	s, err := serve.New(t.Context(), settings, slog.New(slog.DiscardHandler), demo.Start())
	if err != nil {
		t.Fatalf("a demo: %v", err)
	}
	if _, err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(strings.ReplaceAll(s.Addr(), "[::]", ""), ":")
	if status, _ := visit(t, browser(t), "http://127.0.0.1:"+port+"/sign-in"); status != http.StatusOK {
		t.Errorf("the demo by a name of its machine: %d", status)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTLS(t *testing.T) {
	cert, key, roots := certificate(t)
	settings := config.Settings{TLSCert: cert, TLSKey: key}
	s := running(t, settings, nil, time.Time{})
	if !strings.HasPrefix(s.URL(), "https://127.0.0.1:") {
		t.Errorf("URL = %s", s.URL())
	}
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	answer, err := client.Get(s.URL() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("over TLS: %d, Strict-Transport-Security %q", answer.StatusCode, answer.Header.Get("Strict-Transport-Security"))
	}
	old := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS11}}}
	if answer, err := old.Get(s.URL() + "/healthz"); err == nil {
		answer.Body.Close()
		t.Error("TLS 1.1 is served")
	}
	if status, _ := visit(t, &http.Client{Timeout: 30 * time.Second}, "http://"+s.Addr()+"/healthz"); status != http.StatusBadRequest {
		t.Errorf("plain http on the TLS port answers %d", status)
	}

	// A certificate that cannot be read ends the start, before anything listens.
	settings.TLSKey, settings.Listen, settings.Data, settings.LogFormat = cert, "127.0.0.1:0", t.TempDir(), "text"
	if _, err := serve.New(t.Context(), settings, slog.New(slog.DiscardHandler), time.Time{}); err == nil || !strings.Contains(err.Error(), "--tls-key") {
		t.Errorf("with a wrong key: %v", err)
	}
}

// certificate writes a certificate of this machine and its key.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(made)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key, roots
}

// TestLogsTellNothingOfPeople walks through writing, delivery, mail that fails,
// wrong passwords and unknown addresses, and looks for what people wrote, who
// they are and what opens their doors.
func TestLogsTellNothingOfPeople(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		relay := testmail.Start(t)
		relay.Fail(testmail.Fault{At: testmail.Recipient, To: "lena@meridian.example", Code: 550})
		relay.Fail(testmail.Fault{At: testmail.Data, Code: 451})
		var said lines
		s := running(t, config.Settings{Database: database, SMTP: "smtp://" + relay.Addr()},
			slog.New(slog.NewJSONHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})), demo.Start())
		client := browser(t)
		const canary = "xylophone-canary"
		fill(t, client, s.URL(), "/sign-in", url.Values{"email": {canary + "@meridian.example"}, "password": {canary}})
		fill(t, client, s.URL(), "/demo/person", url.Values{"person": {"jonas"}, "back": {"/brief"}})
		if got := fill(t, client, s.URL(), "/write", url.Values{
			"kind": {"ask"}, "point": {"Where is the " + canary + "?"}, "body": {"The " + canary + " is missing."}, "to": {"@lena"}, "where": {"named"}, "key": {canary},
		}); got != http.StatusCreated {
			t.Fatalf("writing answers %d", got)
		}
		fill(t, client, s.URL(), "/demo/clock", url.Values{"day": {"2026-11-24"}, "clock": {"16:00"}})
		visit(t, client, s.URL()+"/setup/"+canary)
		visit(t, client, s.URL()+"/people/"+canary+"?q="+canary)
		await(t, func() bool { return relay.Tries("lena@meridian.example") > 0 })
		cookies := client.Jar.Cookies(must(url.Parse(s.URL())))
		if len(cookies) == 0 {
			t.Fatal("nobody is signed in")
		}
		if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		log := said.String()
		if !strings.Contains(log, `"route":"POST /write"`) {
			t.Fatalf("the log does not tell of the requests:\n%s", log)
		}
		for _, secret := range []string{canary, "meridian.example", "Lena", "jonas", "127.0.0.1", cookies[0].Value} {
			if at := strings.Index(log, secret); at >= 0 {
				t.Errorf("the log tells %q: ...%s...", secret, log[max(0, at-200):min(len(log), at+100)])
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// lines is a log that goroutines share.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
