package page

import (
	"maps"
	"strings"

	"github.com/a-h/templ"

	"github.com/rubato-hq/rubato/words"
)

// Problem is one thing to mend in what was sent. Code is a member of the
// family "problem" of the catalogue, Values fill its places (names and values
// in turn). Field is the name of the form's field, "" for the whole.
type Problem struct {
	Field  string
	Code   string
	Values []any
}

// Problems are all things to mend in one form. What was typed is kept: the
// page struct carries it back.
type Problems []Problem

// at is the first problem of a field.
func (ps Problems) at(field string) (Problem, bool) {
	for _, p := range ps {
		if p.Field == field {
			return p, true
		}
	}
	return Problem{}, false
}

func (p Problem) text(w *words.Words) string { return w.Of("problem", p.Code, p.Values...) }

// id is the id of the field on the page, "" for none: its name, or what ids, in
// pairs of name and id, says instead. A name that ends in a dot stands for all
// that begin with it.
func (p Problem) id(ids []string) string {
	for i := 0; i+1 < len(ids); i += 2 {
		if ids[i] == p.Field || strings.HasSuffix(ids[i], ".") && strings.HasPrefix(p.Field, ids[i]) {
			return ids[i+1]
		}
	}
	return p.Field
}

// field is one input with its label, hint and problem.
type field struct {
	// id is unique on the page, name is what is sent; id defaults to name.
	id, name string
	label    string
	hint     string
	// crisis and crisisHint stand in the place of label and hint while the form
	// is one of a crisis.
	crisis, crisisHint string
	value              string
	// kind is the input's type, "" for text, "area" for several lines.
	kind  string
	rows  string
	class string
	// box is added to the class of the whole field.
	box      string
	attrs    templ.Attributes
	problems Problems
}

func (f field) key() string {
	if f.id != "" {
		return f.id
	}
	return f.name
}

func (f field) problem() (Problem, bool) { return f.problems.at(f.name) }

// described lists the ids of what describes the input, for aria-describedby.
func (f field) described() string {
	ids := ""
	if f.hint != "" {
		ids = f.key() + "-h"
	}
	if _, wrong := f.problem(); wrong {
		if ids != "" {
			ids += " "
		}
		ids += f.key() + "-e"
	}
	return ids
}

// aria are the attributes that tie the input to its hint and its problem.
func (f field) aria() templ.Attributes {
	out := templ.Attributes{}
	maps.Copy(out, f.attrs)
	if d := f.described(); d != "" {
		out["aria-describedby"] = d
	}
	if _, wrong := f.problem(); wrong {
		out["aria-invalid"] = "true"
	}
	return out
}

// typed is the input's type attribute.
func (f field) typed() string {
	if f.kind == "" {
		return "text"
	}
	return f.kind
}

// lines is the height of a text area.
func (f field) lines() string {
	if f.rows == "" {
		return "3"
	}
	return f.rows
}
