// Package words is the message catalogue: the only place with sentences for
// people. Everything else returns codes and values; words turns them into plain
// language, with plural rules, and writes times, lengths, numbers and lists the
// way they are spoken here.
//
// What does not live here: markup (a sentence that holds a link or a time
// element is given out in parts, see [Words.Parts]), and any decision.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed en/*.toml
var files embed.FS

// source is the language that every other one is measured against.
const source = "en"

// Catalogue holds the messages of all languages. It is read-only after Load
// and safe for concurrent use.
type Catalogue struct {
	bundle *i18n.Bundle
	langs  map[string]*Words
	// missed counts look-ups that found nothing or lacked a value.
	missed atomic.Int64
}

// Words speaks one language. It is safe for concurrent use.
type Words struct {
	cat    *Catalogue
	lang   string
	loc    *i18n.Localizer
	plain  map[string]text // messages without plural forms
	plural map[string]bool // ids of those with plural forms
	number *message.Printer
	// pseudo, if set, disguises what is written (see [Catalogue.Pseudo]).
	pseudo bool
}

// Load reads the embedded messages. The error names the file that does not
// parse, or the message that is empty.
func Load() (*Catalogue, error) { return load(files) }

func load(dir fs.FS) (*Catalogue, error) {
	c := &Catalogue{bundle: i18n.NewBundle(language.English), langs: map[string]*Words{}}
	c.bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	names, err := fs.Glob(dir, "*/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	for _, name := range names {
		if err := c.read(dir, name); err != nil {
			return nil, err
		}
	}
	en, ok := c.langs[source]
	if !ok {
		return nil, fmt.Errorf("messages: no %s", source)
	}
	for lang, w := range c.langs {
		if !whole(w, en) { // a language that is not whole is not offered
			delete(c.langs, lang)
		}
	}
	return c, nil
}

// read adds the messages of one file, LANGUAGE/subject.toml.
func (c *Catalogue) read(dir fs.FS, name string) error {
	buf, err := fs.ReadFile(dir, name)
	if err != nil {
		return fmt.Errorf("read messages: %w", err)
	}
	lang := path.Dir(name)
	file, err := c.bundle.ParseMessageFileBytes(buf, lang+".toml")
	if err != nil {
		return fmt.Errorf("messages in %s: %w", name, err)
	}
	w := c.langs[lang]
	if w == nil {
		w = &Words{
			cat: c, lang: lang, plain: map[string]text{}, plural: map[string]bool{},
			loc: i18n.NewLocalizer(c.bundle, lang), number: message.NewPrinter(language.Make(lang)),
		}
		c.langs[lang] = w
	}
	for _, m := range file.Messages {
		if _, twice := w.plain[m.ID]; twice || w.plural[m.ID] {
			return fmt.Errorf("messages in %s: %s stands twice", name, m.ID)
		}
		if strings.TrimSpace(m.Other) == "" {
			return fmt.Errorf("messages in %s: %s is empty", name, m.ID)
		}
		t, err := parse(m.Other)
		if err != nil {
			return fmt.Errorf("messages in %s: %s: %w", name, m.ID, err)
		}
		if m.Zero+m.One+m.Two+m.Few+m.Many == "" {
			w.plain[m.ID] = t
		} else {
			w.plural[m.ID] = true
		}
	}
	return nil
}

// whole reports whether w says everything that en says, in the same shape.
func whole(w, en *Words) bool {
	for id := range en.plain {
		if _, ok := w.plain[id]; !ok {
			return false
		}
	}
	for id := range en.plural {
		_, flat := w.plain[id] // a language may do without plural forms
		if !flat && !w.plural[id] {
			return false
		}
	}
	return true
}

// Languages lists the languages that are whole and so are offered, sorted.
func (c *Catalogue) Languages() []string { return slices.Sorted(maps.Keys(c.langs)) }

// Missed is how many look-ups since Load found no message, or no value for a
// placeholder. In a healthy server it is 0.
func (c *Catalogue) Missed() int64 { return c.missed.Load() }

// For returns the words of a language as a charter or an Accept-Language
// header names it ("tr", "de-AT,de;q=0.8"). One that is not offered is
// answered in English.
func (c *Catalogue) For(lang string) *Words {
	if w, ok := c.langs[lang]; ok {
		return w
	}
	tags, _, err := language.ParseAcceptLanguage(lang)
	if err == nil && len(tags) > 0 {
		for _, tag := range tags {
			base, _ := tag.Base()
			if w, ok := c.langs[base.String()]; ok {
				return w
			}
		}
	}
	return c.langs[source]
}

// Lang is the language's tag, for the lang attribute and for mail headers.
func (w *Words) Lang() string {
	if w.pseudo {
		return "en-XA"
	}
	return w.lang
}

// T returns the message id with its placeholders filled: kv are names and
// values in turn. A whole number is written with the language's separators. An
// unknown id, or one with plural forms, comes back as ⟨id⟩ and is counted.
func (w *Words) T(id string, kv ...any) string {
	return w.flat(w.find(id, kv))
}

// N is T for a message that depends on a count; {n} in it is the count.
func (w *Words) N(id string, n int, kv ...any) string {
	return w.flat(w.findPlural(id, n, kv))
}

// Of is T for one of a family: prefix is the family, code the member, as in
// Of("role", "admin"). Look-ups by a code that was computed go through here,
// so that a test can hold the catalogue and the code to one another.
func (w *Words) Of(prefix, code string, kv ...any) string {
	return w.flat(w.find(prefix+"."+code, kv))
}

// Has reports whether the family has this member; for codes from outside.
func (w *Words) Has(prefix, code string) bool {
	_, ok := w.plain[prefix+"."+code]
	return ok
}

// Part is a piece of a sentence: text as it stands, or a place that the caller
// fills with an element of its own (a link, a time, bold words).
type Part struct {
	Text string
	// Slot is the placeholder's name, "" for text.
	Slot string
}

// Parts returns the message id cut at every placeholder that kv does not fill,
// so that a page can put elements there without joining strings.
func (w *Words) Parts(id string, kv ...any) []Part { return w.find(id, kv) }

// NParts is Parts for a message that depends on a count.
func (w *Words) NParts(id string, n int, kv ...any) []Part { return w.findPlural(id, n, kv) }

// OfParts is Parts for one of a family, see [Words.Of].
func (w *Words) OfParts(prefix, code string, kv ...any) []Part {
	return w.find(prefix+"."+code, kv)
}

func (w *Words) find(id string, kv []any) []Part {
	t, ok := w.plain[id]
	if !ok {
		return w.unknown(id)
	}
	return w.fill(t, kv)
}

func (w *Words) findPlural(id string, n int, kv []any) []Part {
	if !w.plural[id] {
		if t, flat := w.plain[id]; flat && w.lang != source {
			return w.fill(t, append(kv, "n", n))
		}
		return w.unknown(id)
	}
	raw, err := w.loc.Localize(&i18n.LocalizeConfig{
		MessageID: id, PluralCount: n, TemplateParser: template.IdentityParser{},
	})
	if err != nil {
		return w.unknown(id)
	}
	t, err := parse(raw)
	if err != nil {
		return w.unknown(id)
	}
	return w.fill(t, append(kv, "n", n))
}

func (w *Words) unknown(id string) []Part {
	w.cat.missed.Add(1)
	return []Part{{Text: "⟨" + id + "⟩"}}
}

// flat joins parts; a place that nothing filled shows its name and is counted.
func (w *Words) flat(parts []Part) string {
	if len(parts) == 1 && parts[0].Slot == "" {
		return parts[0].Text
	}
	var b strings.Builder
	for _, p := range parts {
		if p.Slot != "" {
			w.cat.missed.Add(1)
			b.WriteString("⟨" + p.Slot + "⟩")
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}
