package markup

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestUnmarked holds the short way of Plain to the long one.
func TestUnmarked(t *testing.T) {
	short := 0
	words := rapid.SampledFrom([]string{"Ship", "it", "4", "-", "--", "+", "#", "(c)", "...", ":", "a:b", "\"so\"", "'s", "=", "!", "http:", "ftp.x.org", "http.de", "1.", "1)", "x.", "Ü", "  ", "^", "$x$", "%", "/", ";", "{#id}", ":smile:", "mailto:x", "A"})
	rapid.Check(t, func(t *rapid.T) {
		md := strings.Join(rapid.SliceOfN(words, 1, 8).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
		if md = clean(md); !unmarked(md) {
			return
		}
		short++
		p := plainer{src: []byte(md), addresses: true, expansion: 64 << 10}
		if long := strings.Join(p.blocks(parse(p.src)), "\n"); long != md {
			t.Fatalf("Plain(%q) = %q, and by the short way it stays as it is", md, long)
		}
	})
	if short < 20 {
		t.Errorf("%d texts went the short way; this proves nothing", short)
	}
}
