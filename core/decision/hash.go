package decision

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"
)

// Text is what a decision's record holds of its document.
type Text struct {
	Ref, Title, Point, Body string
	Version                 int64
}

// Seal is the SHA-256 of a decision that was made, in hexadecimal: of its text,
// its options, everybody's position, and its outcome. Whoever changes any of them
// afterwards gives it another one.
func (d Decision) Seal(t Text) string {
	h := sha256.New()
	put := func(parts ...string) {
		for _, p := range parts { // by length: no two records read alike
			h.Write([]byte(strconv.Itoa(len(p)) + ":"))
			h.Write([]byte(p))
		}
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	when := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return number(t.UnixMilli())
	}
	put("rubato-decision/1", d.Item, t.Ref, t.Title, t.Point, t.Body, number(t.Version))
	put(d.Driver, string(d.Way), d.Recommended, number(int64(d.Hours)), when(d.Opened), d.Source)
	put(number(int64(len(d.Deciders))))
	put(d.Deciders...)
	put(number(int64(len(d.Supersedes))))
	put(d.Supersedes...)
	put(number(int64(len(d.Options))))
	for _, o := range d.Options {
		put(o.Key, o.Text)
	}
	put(number(int64(len(d.Positions))))
	for _, p := range d.Positions {
		put(p.Person, string(p.Stance), p.Reason, when(p.Taken), when(p.Settled), number(int64(len(p.Votes))))
		for _, o := range d.Options {
			if n, ok := p.Votes[o.Key]; ok {
				put(o.Key, number(int64(n)))
			}
		}
	}
	o := d.Outcome
	put(o.Text, o.Why, o.Option, o.By, when(o.At), o.Early, number(int64(o.From)), number(int64(o.ReviewOn)))
	return hex.EncodeToString(h.Sum(nil))
}

// Chain returns the decisions that lead to one and on from it, the newest first.
// of finds one by its id; a link that leads back to one already seen is left out.
func Chain(item string, of func(item string) (Decision, bool)) []string {
	seen := make(map[string]bool)
	var out []string
	for at := item; at != "" && !seen[at]; { // to the newest
		d, ok := of(at)
		if !ok {
			break
		}
		seen[at] = true
		out = append(out, at)
		at = d.SupersededBy
	}
	slices.Reverse(out)
	older := slices.Clone(out)
	for len(older) > 0 {
		d, ok := of(older[0])
		older = older[1:]
		if !ok {
			continue
		}
		for _, id := range d.Supersedes {
			if !seen[id] {
				seen[id] = true
				out = append(out, id)
				older = append(older, id)
			}
		}
	}
	return out
}
