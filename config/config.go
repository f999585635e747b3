// Package config is the one settings struct that is passed on, and where each
// value came from: flag over environment over file over default.
//
// What does not live here: reading flags (package cli) and acting on settings.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
	// NoUpgradeBackup lets an upgrade begin without the backup that it makes.
	NoUpgradeBackup bool
}

// Setting describes one setting: its name as a flag and file key, and in the
// environment RUBATO_NAME. About names the value in backquotes, for the help.
type Setting struct {
	Name    string
	Default string
	Secret  bool // an address that may hold a password
	About   string
	set     func(*Settings, string) error
}

// Switch reports whether the setting is true or false, so that its flag needs
// no value.
func (s Setting) Switch() bool { return s.Default == "false" }

// text is a setting that is taken as it is.
func text(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		*field(s) = v
		return nil
	}
}

// truth is a setting that is true or false.
func truth(field func(*Settings) *bool) func(*Settings, string) error {
	return func(s *Settings, v string) (err error) {
		if *field(s), err = strconv.ParseBool(v); err != nil {
			return errors.New("give it as true or false")
		}
		return nil
	}
}

// All lists the settings in the order in which they are printed.
func All() []Setting {
	return []Setting{
		{"listen", "127.0.0.1:7420", false, "`ADDRESS` and port to serve on", text(func(s *Settings) *string { return &s.Listen })},
		{"url", "", false, "public `URL` that links and mails carry; http on --listen if empty, which then is this machine's own", text(func(s *Settings) *string { return &s.URL })},
		{"data", defaultData(), false, "`FOLDER` of the database and the uploads", text(func(s *Settings) *string { return &s.Data })},
		{"database", "", true, "postgres:// `URL`; SQLite in the data folder if empty", text(func(s *Settings) *string { return &s.Database })},
		{"tls-cert", "", false, "`FILE` of the certificate, to serve TLS without a proxy", text(func(s *Settings) *string { return &s.TLSCert })},
		{"tls-key", "", false, "`FILE` of the certificate's key", text(func(s *Settings) *string { return &s.TLSKey })},
		{"insecure-http", "false", false, "serve plain http beyond this machine; passwords travel in the clear", truth(func(s *Settings) *bool { return &s.InsecureHTTP })},
		{"smtp", "", true, "`URL` of the mail relay, smtp://user:password@host:587 or smtps://; no mail if empty", text(func(s *Settings) *string { return &s.SMTP })},
		{"mail-from", "", false, "sender `ADDRESS` of all mail; rubato@ the public host if empty", text(func(s *Settings) *string { return &s.MailFrom })},
		{"proxies", "", false, "`LIST` of reverse proxies whose X-Forwarded-For is believed: addresses or networks, with commas", text(func(s *Settings) *string { return &s.Proxies })},
		{"allow-hosts", "", false, "`LIST` of inner host:port pairs that webhooks may reach, with commas", text(func(s *Settings) *string { return &s.AllowHosts })},
		{"metrics", "", false, "`ADDRESS` and port of Prometheus metrics; none if empty", text(func(s *Settings) *string { return &s.Metrics })},
		{"log-format", "text", false, "`FORMAT` of the log, text or json", text(func(s *Settings) *string { return &s.LogFormat })},
		{"no-upgrade-backup", "false", false, "upgrade the database without keeping a backup of it in the data folder first", truth(func(s *Settings) *bool { return &s.NoUpgradeBackup })},
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

// Shown is the value as a terminal may show it: the password of an address is
// hidden, and what holds a secret and is no address is hidden as a whole.
func (v Value) Shown() string {
	if !v.Secret || v.Value == "" {
		return v.Value
	}
	u, err := url.Parse(v.Value)
	if err != nil || u.Scheme == "" {
		return hidden
	}
	if _, ok := u.User.Password(); ok {
		u.User = url.UserPassword(u.User.Username(), hidden)
	}
	q := u.Query()
	for name := range q {
		if strings.Contains(strings.ToLower(name), "password") {
			q.Set(name, hidden)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

const hidden = "hidden"

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
		if err := set.set(&s, v.Value); err != nil {
			return s, nil, fmt.Errorf("%s %q (%s): %w", set.Name, v.Value, v.Source, err)
		}
		values = append(values, v)
	}
	for _, name := range slices.Sorted(maps.Keys(fromFile)) {
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
