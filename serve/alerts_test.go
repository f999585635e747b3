package serve

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rubato-hq/rubato/delivery"
)

// TestAlertsAndDocsNameWhatThereIs: every metric in the alert rules and in the
// manual exists, every metric of ours and every alert stands in the manual.
func TestAlertsAndDocsNameWhatThereIs(t *testing.T) {
	reg := registry(newTraffic(), delivery.New(delivery.Config{}), &readiness{}, func() string { return "" })
	described := make(chan *prometheus.Desc)
	go func() {
		reg.Describe(described)
		close(described)
	}()
	exist := make(map[string]bool)
	for d := range described {
		name := regexp.MustCompile(`fqName: "([a-z_0-9]+)"`).FindStringSubmatch(d.String())[1]
		exist[name] = strings.HasPrefix(name, "rubato_")
	}
	read := func(path ...string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(append([]string{".."}, path...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	rules, manual := read("contrib", "prometheus", "rubato.rules.yml"), read("docs", "operations.md")
	metric := regexp.MustCompile(`\brubato_[a-z_]+\b`)
	used := 0
	for place, text := range map[string]string{"the rules": rules, "the manual": manual} {
		for _, name := range metric.FindAllString(text, -1) {
			used++
			if !exist[name] {
				t.Errorf("%s name %s, which no server tells", place, name)
			}
		}
	}
	for name, ours := range exist {
		if ours && !strings.Contains(manual, name) {
			t.Errorf("%s does not stand in docs/operations.md", name)
		}
	}
	alerts := regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(rules, -1)
	for _, a := range alerts {
		if !strings.Contains(manual, "`"+a[1]+"`") {
			t.Errorf("what the alert %s means does not stand in docs/operations.md", a[1])
		}
	}
	if used < 20 || len(alerts) < 10 || len(exist) < 20 {
		t.Errorf("%d names, %d alerts and %d metrics were looked at: this test looks at nothing", used, len(alerts), len(exist))
	}
}
