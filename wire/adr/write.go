package adr

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Key is one more of the front matter of a new record.
type Key struct{ Name, Value string }

// New makes a record in the form of MADR 4, with what is known of it. body
// follows the title as it is; more are keys that MADR does not have.
func New(r Record, body string, more []Key) *Record {
	status := string(r.Status)
	if r.Status == Superseded && len(r.SupersededBy) > 0 {
		status = "superseded by ADR-" + padded(r.SupersededBy[0])
	}
	add := func(key, value string) {
		if value != "" {
			r.front = append(r.front, key+": "+quoted(value)+"\n")
		}
	}
	r.marks, r.front = [2]string{"---\n", "---\n\n"}, nil
	add("status", status)
	add("date", r.Date)
	add("decision-makers", strings.Join(r.Deciders, ", "))
	add("consulted", strings.Join(r.Consulted, ", "))
	add("informed", strings.Join(r.Informed, ", "))
	for _, k := range more {
		add(k.Name, k.Value)
	}
	r.parts = []part{{level: 1, heading: r.Title, head: "# " + oneLine(r.Title) + "\n\n", text: strings.TrimSpace(body) + "\n"}}
	if r.Name == "" {
		r.Name = FileName(r.Number, r.Title)
	}
	return &r
}

// SetStatus changes the status of a record and the date of it where that stands
// already, and leaves all else as it is.
func (r *Record) SetStatus(s Status, by, date string) {
	r.Status = s
	value := string(s)
	if s == Superseded && by != "" {
		value += " by ADR-" + padded(by)
		r.SupersededBy = []string{by}
	}
	if setKey(r.front, "status", value) {
		if date != "" && setKey(r.front, "date", date) {
			r.Date = date
		}
		return
	}
	for i := range r.parts {
		p := &r.parts[i]
		if strings.EqualFold(p.heading, "status") { // adr-tools
			lines := strings.SplitAfter(p.text, "\n")
			at := slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" })
			said := strings.ToUpper(value[:1]) + value[1:]
			if at < 0 {
				p.text = "\n" + said + "\n\n"
			} else {
				lines[at] = said + ending(lines[at])
				p.text = strings.Join(lines, "")
			}
			return
		}
		if r.bullet && p.level == 1 {
			lines := strings.SplitAfter(p.text, "\n")
			for n, line := range lines {
				m := bulletKey.FindStringSubmatch(strings.TrimRight(line, " \r\n"))
				switch {
				case m == nil:
				case strings.EqualFold(m[1], "status"):
					lines[n] = line[:1] + " " + m[1] + ": " + value + ending(line)
				case strings.EqualFold(m[1], "date") && date != "":
					lines[n] = line[:1] + " " + m[1] + ": " + date + ending(line)
					r.Date = date
				}
			}
			p.text = strings.Join(lines, "")
			return
		}
	}
}

func setKey(front []string, key, value string) bool {
	for i, line := range front {
		if name, _, ok := strings.Cut(line, ":"); ok && strings.EqualFold(strings.TrimSpace(name), key) {
			front[i] = name + ": " + quoted(value) + ending(line)
			return true
		}
	}
	return false
}

// ending is how a line ends.
func ending(line string) string {
	bare := strings.TrimRight(line, "\r\n")
	return line[len(bare):]
}

// quoted is a value of YAML: in quotes where it would be read as something else.
func quoted(s string) string {
	s = oneLine(s)
	plain := s != "" && !strings.ContainsAny(s, "\"'\\#:{}[]&*!|>%@`") && !strings.HasPrefix(s, "-") && !strings.HasPrefix(s, "?") && strings.TrimSpace(s) == s
	if plain {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func padded(number string) string {
	if len(number) < 4 && strings.Trim(number, "0123456789") == "" {
		return strings.Repeat("0", 4-len(number)) + number
	}
	return number
}

// FileName is NNNN-title-with-dashes.md.
func FileName(number int, title string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(title) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		} else {
			dash = true
		}
		if b.Len() > 80 {
			break
		}
	}
	if b.Len() == 0 {
		b.WriteString("decision")
	}
	return fmt.Sprintf("%04d-%s.md", number, b.String())
}
