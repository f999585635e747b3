package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Public is the public address that links carry: URL, or http on Listen.
func (s Settings) Public() (*url.URL, error) {
	raw := s.URL
	if raw == "" {
		scheme := "http"
		if s.TLSCert != "" {
			scheme = "https"
		}
		host, port, err := net.SplitHostPort(s.Listen)
		if err != nil {
			return nil, fmt.Errorf("--listen %q: give an address and a port, such as 127.0.0.1:7420", s.Listen)
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "localhost"
		}
		raw = scheme + "://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("--url %q: give it as https://host", raw)
	}
	if u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("--url %q: Rubato needs a host of its own, without a path", raw)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// Trusted are the networks of the reverse proxies that are believed.
func (s Settings) Trusted() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, one := range List(s.Proxies) {
		p, err := netip.ParsePrefix(one)
		if a, e := netip.ParseAddr(one); e == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("--proxies %q: give addresses such as 127.0.0.1, or networks such as 10.0.0.0/8", one)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Certificate reads the certificate that TLS is served with; nil for none.
func (s Settings) Certificate() (*tls.Certificate, error) {
	if s.TLSCert == "" {
		return nil, nil
	}
	c, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert %s, --tls-key %s: %w", s.TLSCert, s.TLSKey, err)
	}
	return &c, nil
}

// Check refuses settings that cannot work, or that would be unsafe to serve
// with (security 1.5). It reads no file.
func (s Settings) Check() error {
	u, err := s.Public()
	if err != nil {
		return err
	}
	if _, err := s.Trusted(); err != nil {
		return err
	}
	switch {
	case !listens(s.Listen):
		return fmt.Errorf("--listen %q: give an address and a port, such as 127.0.0.1:7420", s.Listen)
	case s.Metrics != "" && !listens(s.Metrics):
		return fmt.Errorf("--metrics %q: give an address and a port, such as 127.0.0.1:9420", s.Metrics)
	case s.Metrics != "" && s.Metrics == s.Listen && !strings.HasSuffix(s.Listen, ":0"):
		return fmt.Errorf("--metrics %q: metrics need an address of their own", s.Metrics)
	case s.Database != "" && !strings.HasPrefix(s.Database, "postgres://") && !strings.HasPrefix(s.Database, "postgresql://"):
		return errors.New("--database: give it as postgres://user@host/name, or leave it out for SQLite in the data folder")
	case s.Data == "":
		return errors.New("--data: give the folder of the database and the uploads")
	case (s.TLSCert == "") != (s.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key belong together")
	case u.Scheme == "http" && s.TLSCert != "":
		return fmt.Errorf("--url %s: with --tls-cert it begins with https://", u)
	case u.Scheme == "http" && !Loopback(u.Hostname()) && !s.InsecureHTTP:
		return fmt.Errorf("%s would carry passwords in the clear: give --url https://... behind a proxy, --tls-cert and --tls-key, or --insecure-http if you know what you do", u)
	case !slices.Contains([]string{"text", "json"}, s.LogFormat):
		return fmt.Errorf("--log-format %q: text or json", s.LogFormat)
	}
	if s.MailFrom != "" {
		if _, err := mail.ParseAddress(s.MailFrom); err != nil {
			return fmt.Errorf("--mail-from %q: give an address, or \"Name <address>\"", s.MailFrom)
		}
	}
	return nil
}

// CheckReached refuses to listen for other machines without --url: links and
// mails would lead to this one, and every other name would be answered with 421
// (security 1.3, 1.5). It holds for a real server; a demo is reached by the
// names of its machine.
func (s Settings) CheckReached() error {
	host, _, err := net.SplitHostPort(s.Listen)
	if err == nil && s.URL == "" && !Loopback(host) { // one that cannot be read is Check's to refuse
		return fmt.Errorf("--listen %s is for other machines too: say with --url by which address they come, such as --url https://rubato.example.org", s.Listen)
	}
	return nil
}

// listens tells whether an address can be listened on, as it is written.
func listens(address string) bool {
	_, port, err := net.SplitHostPort(address)
	return err == nil && port != ""
}

// List reads a setting that holds several values.
func List(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// Loopback reports whether a host name means this machine alone.
func Loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
