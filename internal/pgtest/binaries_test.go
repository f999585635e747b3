package pgtest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBinaries(t *testing.T) {
	tests := []struct {
		name, want string
		have       []string // programs, relative to the test's folder
	}{
		{"the newest of Debian's, by number", "debian/15/bin", []string{"debian/9/bin/initdb", "debian/15/bin/initdb"}},
		{"Debian's before the PATH", "debian/16/bin", []string{"debian/16/bin/initdb", "path/initdb"}},
		{"the PATH when Debian's is too old", "path", []string{"debian/14/bin/initdb", "path/initdb"}},
		{"none", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("PATH", filepath.Join(dir, "path"))
			for _, program := range tt.have {
				file := filepath.Join(dir, program)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, nil, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			got, err := binaries(filepath.Join(dir, "debian"))
			if tt.want == "" {
				if !errors.Is(err, errMissing) || !strings.Contains(err.Error(), "apt-get install -y postgresql") {
					t.Errorf("binaries = %q, %v; want an error that names the command", got, err)
				}
				return
			}
			if want := filepath.Join(dir, tt.want); got != want || err != nil {
				t.Errorf("binaries = %q, %v; want %q", got, err, want)
			}
		})
	}
}
