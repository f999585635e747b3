package archtest

import (
	"go/token"
	"regexp"
	"strings"
)

// everybody are the statements that are about all organisations, by how they
// begin, with the reason.
var everybody = map[string]string{
	"SELECT coalesce(max(tx), 0) FROM event":                                 "the event log has one position for the whole database",
	"SELECT org_id, name, url, created_at FROM organisation ORDER BY org_id": "the list of organisations that delivery serves",
}

var (
	firstWhere   = regexp.MustCompile(`(?s)\bWHERE\s+\(*(?:\w+\.)?(\w+)`)
	firstColumn  = regexp.MustCompile(`(?s)^\s*INSERT\s+(?:OR\s+\w+\s+)?INTO\s+\w+\s*\(\s*(\w+)`)
	systemTables = regexp.MustCompile(`\b(?:FROM|INTO)\s+(?:pg_\w+|information_schema\.|sqlite_\w+|goose_\w+|pragma_\w+)`)
	definition   = regexp.MustCompile(`^\s*(?:CREATE|ALTER|DROP)\s`)
)

// tenancy is L12: the organisation comes first in every statement, so that no
// query can forget whose rows it reads or writes.
func tenancy(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		if here, _ := place(p.dir); !within(p.dir, "store") || here.tests {
			continue
		}
		for _, f := range p.product() {
			p.texts(f, func(at token.Pos, text string, whole bool) {
				bare := comment.ReplaceAllString(text, " ")
				if !isStatement(bare) || definition.MatchString(bare) || systemTables.MatchString(bare) || forEverybody(bare) {
					return
				}
				var column string
				if m := firstColumn.FindStringSubmatch(bare); m != nil {
					column = m[1]
				} else if m := firstWhere.FindStringSubmatch(bare); m != nil {
					column = m[1]
				} else if !whole {
					return // its WHERE is only put on when it runs
				}
				if column != "org_id" {
					r.at(at, "the organisation (org_id) is not the first thing this asks for: %s", begin(text))
				}
			})
		}
	}
}

func forEverybody(text string) bool {
	text = strings.Join(strings.Fields(text), " ")
	for beginning := range everybody {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}
