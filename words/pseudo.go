package words

import "strings"

// The pseudo-language en-XA: English in foreign letters, 40 % longer, between
// marks. It is made at run time and for tests alone: text on a page without
// the marks did not come from the catalogue, and what breaks under the length
// would break in German.
const (
	pseudoOpen  = "[!! "
	pseudoClose = " !!]"
)

// Pseudo returns the words of the pseudo-language en-XA.
func (c *Catalogue) Pseudo() *Words {
	w := *c.langs[source]
	w.pseudo = true
	return &w
}

// disguise writes every ASCII letter as another one that looks like it, so
// that no plain letter is left in what the catalogue says.
func disguise(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	foreign := []rune("àƀçðéƒĝĥíĵķļḿñóþǫŕšţúṽŵẋýžÀƁÇÐÉƑĜĤÎĴĶĻḾÑÓÞǪŔŠŢÛṼŴẊÝŽ")
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune(plain, r); i >= 0 {
			return foreign[i]
		}
		return r
	}, s)
}

// pad is what makes the message 40 % longer, in words that can wrap.
func pad(t text) string {
	length := 0
	for _, p := range t {
		length += len([]rune(p.Text)) + len(p.Slot)
	}
	var b strings.Builder
	for n := (length*4 + 9) / 10; n > 0; n -= 5 {
		b.WriteByte(' ')
		b.WriteString(strings.Repeat("ẽ", min(n, 4)))
	}
	return b.String()
}
