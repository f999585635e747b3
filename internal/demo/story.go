package demo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/item"
)

// script is the team's three weeks in the order of their happening, Mon 2 to
// Tue 24 November 2026, 08:20 in Berlin. How the verbs use the fields:
//
//   - update, request, ask: Point, Body, Team, To, Readers; ask also Term,
//     Urgent, Need ("" is the norm's term);
//   - comment, answer: On, Body;
//   - decline, handon, asktime: On, with the reason in Body; handon names one
//     person in To, asktime the wanted Term;
//   - grant: On, with the recipient who asked in To; withdraw: On;
//   - crisis: Point is what happens, Body what is at stake, To who is needed;
//   - have-it, crisis-note, end-crisis: On, Body.
//
// On is always the Ref of an update, a request, an ask or a crisis.
func script() []act {
	return finish(slices.Concat(week1(), week2(), week3(), today()))
}

// finish turns the texts as they stand in the source into what was typed:
// lines are joined to paragraphs, {{code}} becomes code, which a raw string
// cannot hold, and {ref} the number that the door will give that item ("U-12"),
// because each kind counts from one. What {ref} does not find stays as it is.
func finish(acts []act) []act {
	code := regexp.MustCompile(`\{\{([^{}\n]+)\}\}`)
	ref := regexp.MustCompile(`\{[a-z0-9-]+\}`)
	numbers, count := map[string]string{}, map[item.Kind]int64{}
	typed := func(s string) string {
		s = code.ReplaceAllString(flow(s), "`$1`")
		return ref.ReplaceAllStringFunc(s, func(found string) string {
			if number, ok := numbers[strings.Trim(found, "{}")]; ok {
				return number
			}
			return found
		})
	}
	for i := range acts {
		a := &acts[i]
		a.Point, a.Body, a.Urgent = typed(a.Point), typed(a.Body), typed(a.Urgent)
		kind := item.Kind(a.Do)
		if !kind.Numbered() {
			continue
		}
		count[kind]++
		if a.Ref == "" {
			a.Ref = fmt.Sprintf("%s %d", a.Do, count[kind])
		}
		numbers[a.Ref] = item.Ref(kind, count[kind])
	}
	return acts
}

// flow joins the lines of each paragraph and list item, as somebody types them
// into a form; tables, code between ~~~ and quotations keep their lines.
func flow(s string) string {
	var b strings.Builder
	fenced, joins := false, false
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, " \t\n")
		fence := strings.HasPrefix(line, "~~~")
		switch {
		case b.Len() == 0:
		case joins && !fenced && !fence && line != "" && !ownLine(line):
			b.WriteByte(' ')
			line = strings.TrimLeft(line, " \t")
		default:
			b.WriteByte('\n')
		}
		b.WriteString(line)
		fenced = fenced != fence
		joins = line != "" && !fence && !strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "#")
	}
	return b.String()
}

// ownLine reports whether a line begins something of its own: an item of a
// list, a row, a heading, a quotation.
func ownLine(line string) bool {
	line = strings.TrimLeft(line, " \t")
	if strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "|") || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ">") {
		return true
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	return digits > 0 && digits < 3 && strings.HasPrefix(line[digits:], ". ")
}
