package page

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/web/static"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds the markup of the pages that people meet first. The diff is
// for a reviewer to read; -update writes the files anew.
func TestGolden(t *testing.T) {
	golden := map[string]bool{"brief-sealed": true, "brief-empty": true, "write-ask": true, "ask-mine": true, "sent-night": true, "why-mine": true, "why-stream": true, "why-crisis": true, "why-asked": true, "crisis-needed": true, "charter-public": true, "fault-404": true}
	checksum := strings.TrimSuffix(strings.TrimPrefix(static.Path(""), static.Prefix), "/")
	for _, s := range Samples(catalogue(t).For("en"), morning()) {
		if !golden[s.Name] {
			continue
		}
		delete(golden, s.Name)
		// A line for each tag: what changed is then one line of the diff.
		got := strings.ReplaceAll(strings.ReplaceAll(render(t, s), checksum, "CHECKSUM"), "<", "\n<") + "\n"
		file := filepath.Join("testdata", s.Name+".html")
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v: write it with go test ./web/page -run TestGolden -update", err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.Name, diff)
		}
	}
	for name := range golden {
		t.Errorf("no sample is called %s", name)
	}
}
