// Package config is the one settings struct that is passed on, and where each
// value came from: flag over environment over file over default.
//
// What does not live here: reading flags (package cli) and acting on settings.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Settings is everything that can be set.
type Settings struct {
	Listen       string // address the pages are served on
	Metrics      string // address of /metrics and /debug, "" for none
	Data         string // folder of the database, uploads and keys
	Database     string // postgres:// address, or "" for SQLite in Data
	URL          string // public address; "" means http://Listen
	TLSCert      string
	TLSKey       string
	InsecureHTTP bool   // allow http on an address that is not loopback
	SMTP         string // smtp://user:password@host:port, smtps://..., "" for no mail
	MailFrom     string // sender address of all mail
	Proxies      string // addresses of proxies whose X-Forwarded-For is believed
	AllowHosts   string // inner host:port pairs that webhooks may reach
	LogFormat    string // text or json
}

// Setting describes one setting: its name as a flag and file key, and in the
// environment RUBATO_NAME.
type Setting struct {
	Name    string
	Default string
	Secret  bool
	About   string
	field   func(*Settings) *string
}

// All lists the settings in the order in which they are printed. InsecureHTTP
// is "true" or "false".
func All() []Setting {
	return []Setting{
		{"listen", "127.0.0.1:7420", false, "address and port to serve on", func(s *Settings) *string { return &s.Listen }},
		{"metrics", "", false, "address and port of Prometheus metrics, none if empty", func(s *Settings) *string { return &s.Metrics }},
		{"data", defaultData(), false, "folder of the database and the uploads", func(s *Settings) *string { return &s.Data }},
		{"database", "", true, "postgres:// address; SQLite in the data folder if empty", func(s *Settings) *string { return &s.Database }},
		{"url", "", false, "public address, such as https://rubato.example.org", func(s *Settings) *string { return &s.URL }},
		{"tls-cert", "", false, "certificate file, to serve TLS directly", func(s *Settings) *string { return &s.TLSCert }},
		{"tls-key", "", false, "key file of the certificate", func(s *Settings) *string { return &s.TLSKey }},
		{"smtp", "", true, "mail relay: smtp://user:password@host:587; no mail if empty", func(s *Settings) *string { return &s.SMTP }},
		{"mail-from", "", false, "sender address of all mail", func(s *Settings) *string { return &s.MailFrom }},
		{"proxies", "", false, "addresses of reverse proxies, comma-separated", func(s *Settings) *string { return &s.Proxies }},
		{"allow-hosts", "", false, "inner host:port pairs that webhooks may reach, comma-separated", func(s *Settings) *string { return &s.AllowHosts }},
		{"log-format", "text", false, "text or json", func(s *Settings) *string { return &s.LogFormat }},
	}
}

func defaultData() string {
	if dir := os.Getenv("STATE_DIRECTORY"); dir != "" { // systemd
		return dir
	}
	if dir, err := os.UserConfigDir(); err == nil {
		return filepath.Join(dir, "rubato")
	}
	return "rubato-data"
}

// Value is a setting as it came out, with where it came from.
type Value struct {
	Setting
	Value  string
	Source string // flag, environment, the file's path, or default
}

// Load reads the settings. flags holds those given on the command line by
// name, environ is the environment, file a TOML file that may be absent when
// required is false. An unknown name in the file is an error.
func Load(flags map[string]string, environ []string, file string, required bool) (Settings, []Value, error) {
	fromFile, err := readFile(file, required)
	if err != nil {
		return Settings{}, nil, err
	}
	env := make(map[string]string)
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok {
			env[k] = v
		}
	}
	var s Settings
	var values []Value
	for _, set := range All() {
		v := Value{Setting: set, Value: set.Default, Source: "default"}
		if x, ok := fromFile[set.Name]; ok {
			v.Value, v.Source = x, file
			delete(fromFile, set.Name)
		}
		if x, ok := env[EnvName(set.Name)]; ok {
			v.Value, v.Source = x, "environment"
		}
		if x, ok := flags[set.Name]; ok {
			v.Value, v.Source = x, "flag"
		}
		*set.field(&s) = v.Value
		values = append(values, v)
	}
	s.InsecureHTTP = flags["insecure-http"] == "true" || env[EnvName("insecure-http")] == "true" || fromFile["insecure-http"] == "true"
	delete(fromFile, "insecure-http")
	for name := range fromFile {
		return s, nil, fmt.Errorf("%s: no setting is called %q", file, name)
	}
	return s, values, nil
}

// EnvName is a setting's name in the environment.
func EnvName(name string) string {
	return "RUBATO_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func readFile(file string, required bool) (map[string]string, error) {
	out := make(map[string]string)
	if file == "" {
		return out, nil
	}
	raw := make(map[string]any)
	if _, err := toml.DecodeFile(file, &raw); err != nil {
		if errors.Is(err, fs.ErrNotExist) && !required {
			return out, nil
		}
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	for k, v := range raw {
		out[k] = fmt.Sprint(v)
	}
	return out, nil
}

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
			return nil, fmt.Errorf("listen address %q: %w", s.Listen, err)
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "localhost"
		}
		raw = scheme + "://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("public address %q: give it as https://host", raw)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// Check refuses settings that would be unsafe to serve with (security 1.5).
func (s Settings) Check() error {
	u, err := s.Public()
	if err != nil {
		return err
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key belong together")
	}
	if u.Scheme == "http" && !Loopback(u.Hostname()) && !s.InsecureHTTP {
		return fmt.Errorf("%s would carry passwords in the clear: give --url https://... behind a proxy, --tls-cert and --tls-key, or --insecure-http if you know what you do", u)
	}
	if !slices.Contains([]string{"text", "json"}, s.LogFormat) {
		return fmt.Errorf("log format %q: text or json", s.LogFormat)
	}
	return nil
}

// Loopback reports whether a host name means this machine alone.
func Loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
