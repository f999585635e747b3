package archtest

import (
	"go/token"
	"regexp"
)

// changesLog is a statement that changes what stands in the audit log.
var changesLog = regexp.MustCompile(`(?i)(?:UPDATE|DELETE\s+FROM)\s+audit_log\b|\baudit_log\b(?s:.*)\bON\s+CONFLICT\b.*\bDO\s+UPDATE\b`)

// appended is L13: the audit log is written to at its end, and never changed.
func appended(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		if here, _ := place(p.dir); !within(p.dir, "store") || here.tests {
			continue
		}
		for _, f := range p.product() {
			p.texts(f, func(at token.Pos, text string, _ bool) {
				if changesLog.MatchString(text) {
					r.at(at, "the audit log is appended to and never changed: %s", begin(text))
				}
			})
		}
	}
}
