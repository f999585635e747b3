package config_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/config"
)

func TestShown(t *testing.T) {
	for _, tt := range []struct{ name, value, want string }{
		{"nothing", "", ""},
		{"without a password", "postgres://rubato@/rubato", "postgres://rubato@/rubato"},
		{"a password", "postgres://rubato:s3cret@db:5432/rubato?sslmode=require", "postgres://rubato:hidden@db:5432/rubato?sslmode=require"},
		{"an empty password", "smtp://me:@mx:25", "smtp://me:hidden@mx:25"},
		{"a password among the parameters", "postgres://db/rubato?password=s3cret&sslPassword=s3cret", "postgres://db/rubato?password=hidden&sslPassword=hidden"},
		{"no address", "s3cret", "hidden"},
		{"an address that cannot be read", "postgres://u:s3cret%@h", "hidden"},
	} {
		v := config.Value{Setting: config.Setting{Secret: true}, Value: tt.value}
		if got := v.Shown(); got != tt.want {
			t.Errorf("%s: %q is shown as %q, want %q", tt.name, tt.value, got, tt.want)
		}
		if strings.Contains(v.Shown(), "s3cret") {
			t.Errorf("%s: the secret is shown: %q", tt.name, v.Shown())
		}
	}
}

func TestTrusted(t *testing.T) {
	got, err := config.Settings{Proxies: "127.0.0.1, 10.1.2.3/8 ::1"}.Trusted()
	want := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Trusted = %v, %v, want %v", got, err, want)
	}
	if _, err := (config.Settings{Proxies: "proxy.example.org"}).Trusted(); err == nil {
		t.Error("a name is taken for an address")
	}
}

func TestPublic(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    config.Settings
		want string
	}{
		{"an address", config.Settings{URL: "https://rubato.example.org/"}, "https://rubato.example.org"},
		{"this machine", config.Settings{Listen: "127.0.0.1:7420"}, "http://127.0.0.1:7420"},
		{"every address", config.Settings{Listen: ":7420"}, "http://localhost:7420"},
		{"with a certificate", config.Settings{Listen: "[::1]:443", TLSCert: "c", TLSKey: "k"}, "https://[::1]:443"},
	} {
		if got, err := tt.s.Public(); err != nil || got.String() != tt.want {
			t.Errorf("%s: %v, %v, want %s", tt.name, got, err, tt.want)
		}
	}
}

func TestCheckReached(t *testing.T) {
	for _, tt := range []struct {
		listen, url string
		ok          bool
	}{
		{"127.0.0.1:7420", "", true},
		{"127.8.8.8:0", "", true},
		{"[::1]:7420", "", true},
		{"localhost:7420", "", true},
		{"rubato.localhost:7420", "", true},
		{":7420", "", false},
		{"0.0.0.0:7420", "", false},
		{"[::]:7420", "", false},
		{"10.0.0.5:7420", "", false},
		{"[fd00::5]:7420", "", false},
		{"rubato:7420", "", false},
		{":7420", "https://rubato.example.org", true},
		{"10.0.0.5:7420", "http://10.0.0.5:7420", true},
		{"7420", "", true}, // Check refuses it
	} {
		err := config.Settings{Listen: tt.listen, URL: tt.url}.CheckReached()
		if (err == nil) != tt.ok {
			t.Errorf("--listen %s --url %q: %v", tt.listen, tt.url, err)
		}
		if err != nil && (!strings.Contains(err.Error(), tt.listen) || !strings.Contains(err.Error(), "--url https://") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("--listen %s: %v is not one line that says what to set", tt.listen, err)
		}
	}
}
