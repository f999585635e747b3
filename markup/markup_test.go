package markup_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rubato-hq/rubato/markup"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// team is who can be mentioned in the tests.
func team(handle string) bool {
	return slices.Contains([]string{"mia", "jonas.w", "elif_k", "o-neil"}, handle)
}

// Each golden file holds a text and what becomes of it: on a page, in a mail,
// as plain text.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("golden files: %d, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			md := string(a.Files[0].Data)
			page, err := markup.HTML(md, markup.Options{HeadingShift: 1, Uploads: "/files/", Person: team})
			if err != nil {
				t.Fatal(err)
			}
			mail, err := markup.HTML(md, markup.Options{HeadingShift: 2, PublicURL: "https://rubato.example.org/", Person: team})
			if err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: a.Comment, Files: []txtar.File{
				a.Files[0],
				{Name: "page.html", Data: []byte(page)},
				{Name: "mail.html", Data: []byte(mail)},
				{Name: "plain.txt", Data: []byte(markup.PlainAt(md, "https://rubato.example.org") + "\n")},
				{Name: "conclusion.txt", Data: []byte(markup.Conclusion(md) + "\n")},
				{Name: "mentions.txt", Data: []byte(strings.Join(markup.Mentions(md), " ") + "\n")},
			}}
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(a)), string(txtar.Format(got))); diff != "" {
				t.Errorf("%s (-want +got, -update rewrites):\n%s", file, diff)
			}
		})
	}
}

func TestMentions(t *testing.T) {
	for _, tt := range []struct {
		name, md string
		want     []string
	}{
		{"one", "Ask @mia.", []string{"mia"}},
		{"at the start", "@mia can say", []string{"mia"}},
		{"each once, in order", "@jonas.w, @mia and @jonas.w again", []string{"jonas.w", "mia"}},
		{"capital letter", "@Mia, please", []string{"mia"}},
		{"end of a sentence", "It was @jonas.w.", []string{"jonas.w"}},
		{"trailing dots", "Well, @mia... yes", []string{"mia"}},
		{"punctuation", "(@mia) \"@elif_k\" @o-neil! @mia's", []string{"mia", "elif_k", "o-neil"}},
		{"underscore within", "@elif_k", []string{"elif_k"}},
		{"emphasis", "*@mia* **@jonas.w** _@elif_k_ __@o-neil__ ~~@lena~~", []string{"mia", "jonas.w", "elif_k", "o-neil", "lena"}},
		{"heading, list, quote, table", "# @aa\n\n- @bb\n\n> @cc\n\n|x|\n|-|\n|@dd|", []string{"aa", "bb", "cc", "dd"}},
		{"over a line", "@mia\n@jonas.w", []string{"mia", "jonas.w"}},
		{"mail address", "write to mia@example.org or \"mia@example.org\"", nil},
		{"fediverse address", "@mia@example.org", nil},
		{"path", "see https://example.org/@mia and example.org/@mia", nil},
		{"code span", "`@mia`", nil},
		{"code block", "```\n@mia\n```\n\n    @mia", nil},
		{"words of a link", "[@mia](https://example.org)", nil},
		{"words of an image", "![@mia](/files/a.png)", nil},
		{"escaped", `\@mia`, nil},
		{"entity", "&#64;mia", nil},
		{"doubled", "@@mia", nil},
		{"too short", "@m @a.", nil},
		{"two letters", "@ab", []string{"ab"}},
		{"32 letters", "@" + strings.Repeat("a", 32), []string{strings.Repeat("a", 32)}},
		{"33 letters", "@" + strings.Repeat("a", 33), nil},
		{"other letters", "@josé @ми", nil},
		{"only dots", "@.... x", nil},
		{"raw html is text", "<b>@mia</b> <a @jonas.w>", []string{"mia", "jonas.w"}},
		{"very long paragraph", strings.Repeat("word ", 8000) + "@mia", []string{"mia"}},
		{"none", "no one", nil},
		{"too long a text", strings.Repeat("@mia ", markup.MaxBytes/5+1), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := markup.Mentions(tt.md); !slices.Equal(got, tt.want) {
				t.Errorf("Mentions(%q) = %q, want %q", tt.md, got, tt.want)
			}
		})
	}
}

func TestInline(t *testing.T) {
	const r = ` rel="nofollow noopener noreferrer"`
	page := markup.Options{Uploads: "/files/", Person: team}
	mail := markup.Options{PublicURL: "https://r.example/", Uploads: "/files/", Person: team}
	for _, tt := range []struct {
		name, md string
		o        markup.Options
		want     string
	}{
		{"known", "@mia", page, `<a href="/people/mia"` + r + `>@mia</a>`},
		{"capital", "@Mia", page, `<a href="/people/mia"` + r + `>@Mia</a>`},
		{"unknown", "@nobody", page, `@nobody`},
		{"no resolver", "@mia", markup.Options{}, `@mia`},
		{"in mail", "@mia", mail, `<a href="https://r.example/people/mia"` + r + `>@mia</a>`},
		{"escaped mention", `\@mia`, page, `@mia`},
		{"mention in a link", "[hi @mia](https://a.example)", page, `<a href="https://a.example"` + r + `>hi @mia</a>`},
		{"item", "See D-214.", page, `See <a href="/D-214"` + r + `>D-214</a>.`},
		{"items", "A-12,U-3;R-7 (C-17) *H-1*", page, `<a href="/A-12"` + r + `>A-12</a>,<a href="/U-3"` + r + `>U-3</a>;<a href="/R-7"` + r + `>R-7</a> (<a href="/C-17"` + r + `>C-17</a>) <em><a href="/H-1"` + r + `>H-1</a></em>`},
		{"item in mail", "D-214", mail, `<a href="https://r.example/D-214"` + r + `>D-214</a>`},
		{"no item", "X-1 AD-1 D-0 D-01 D-1a D-1-2 D-1.5 2D-1 x/D-1 D-1/x D- -1 d-1 D-1234567890", page, `X-1 AD-1 D-0 D-01 D-1a D-1-2 D-1.5 2D-1 x/D-1 D-1/x D- -1 d-1 D-1234567890`},
		{"escaped item", `D\-214`, page, `D-214`},
		{"item in code", "`D-214`", page, `<code>D-214</code>`},
		{"unknown item", "D-214 D-215", markup.Options{Item: func(ref string) bool { return ref == "D-215" }}, `D-214 <a href="/D-215"` + r + `>D-215</a>`},
		{"own path", "[log](/decisions?team=x)", page, `<a href="/decisions?team=x"` + r + `>log</a>`},
		{"own path in mail", "[log](/decisions)", mail, `<a href="https://r.example/decisions"` + r + `>log</a>`},
		{"scheme in capitals", "[x](HTTPS://A.example/B)", page, `<a href="https://A.example/B"` + r + `>x</a>`},
		{"quotes in an address", `[x](https://a.example/?q="b")`, page, `<a href="https://a.example/?q=%22b%22"` + r + `>x</a>`},
		{"other alphabets in an address", "[x](https://a.example/ölçü)", page, `<a href="https://a.example/%C3%B6l%C3%A7%C3%BC"` + r + `>x</a>`},
		{"plus and comma stay", "[x](https://a.example/?q=a+b,c%20d)", page, `<a href="https://a.example/?q=a+b,c%20d"` + r + `>x</a>`},
		{"link title", `[x](https://a.example "to <a>")`, page, `<a href="https://a.example"` + r + ` title="to &lt;a&gt;">x</a>`},
		{"link without words", "[](https://a.example)", page, `<a href="https://a.example"` + r + `>https://a.example</a>`},
		{"mail address", "mia@a.example", page, `<a href="mailto:mia@a.example"` + r + `>mia@a.example</a>`},
		{"bare link", "https://a.example/x_y_z.", page, `<a href="https://a.example/x_y_z"` + r + `>https://a.example/x_y_z</a>.`},
		{"bare www", "www.a.example", page, `<a href="http://www.a.example"` + r + `>www.a.example</a>`},
		{"ftp stays text", "ftp://a.example/x", page, `ftp://a.example/x`},
		{"refused scheme keeps its words", "[x](tel:1)", page, `x`},
		{"upload", `![a "b"](/files/01J.png "t")`, page, `<img src="/files/01J.png" alt="a &#34;b&#34;" title="t">`},
		{"upload in mail", `![a](/files/01J.png)`, mail, `<img src="https://r.example/files/01J.png" alt="a">`},
		{"upload by its whole address", `![a](https://r.example/files/01J.png)`, mail, `<img src="https://r.example/files/01J.png" alt="a">`},
		{"image from elsewhere", `![a](https://a.example/x.png)`, page, `<a href="https://a.example/x.png"` + r + `>a</a>`},
		{"image without words", `![](https://a.example/x.png)`, page, `<a href="https://a.example/x.png"` + r + `>https://a.example/x.png</a>`},
		{"image in a link", `[![a](https://b.example/x.png)](https://a.example)`, page, `<a href="https://a.example"` + r + `>a</a>`},
		{"no images", `![a](/files/01J.png)`, markup.Options{}, `<a href="/files/01J.png"` + r + `>a</a>`},
		{"raw html", `<b onclick=x>hi</b> <!-- note -->`, page, `&lt;b onclick=x&gt;hi&lt;/b&gt; &lt;!-- note --&gt;`},
		{"marks inside raw html", `<b>*hi*</b>`, page, `&lt;b&gt;<em>hi</em>&lt;/b&gt;`},
		{"entities", `&lt;b&gt; &copy; &#65; \&amp; &nope; &amp;lt;`, page, `&lt;b&gt; © A &amp;amp; &amp;nope; &amp;lt;`},
		{"hidden marks", "a\u202eb\x07c&#x202e;d", page, `abcd`},
		{"nul", "a\x00b&#0;c", page, "a\ufffdb\ufffdc"},
		{"direction marks stay", "a\u200fb\u200dc", page, "a\u200fb\u200dc"},
		{"hard break", "a  \nb\\\nc\nd", page, "a<br>\nb<br>\nc\nd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := markup.HTML(tt.md, tt.o)
			if want := "<p>" + tt.want + "</p>\n"; err != nil || got != want {
				t.Errorf("HTML(%q) = %q, %v\nwant %q", tt.md, got, err, want)
			}
		})
	}
}

func TestHeadingShift(t *testing.T) {
	for _, tt := range []struct {
		shift int
		want  string
	}{
		{0, "<h1>a</h1>\n<h3>b</h3>\n<h6>c</h6>\n"},
		{1, "<h2>a</h2>\n<h4>b</h4>\n<h6>c</h6>\n"},
		{4, "<h5>a</h5>\n<h6>b</h6>\n<h6>c</h6>\n"},
		{-9, "<h1>a</h1>\n<h1>b</h1>\n<h1>c</h1>\n"},
	} {
		got, err := markup.HTML("# a\n\n### b\n\n#\n\n###### c", markup.Options{HeadingShift: tt.shift})
		if err != nil || got != tt.want {
			t.Errorf("HTML with headings shifted by %d = %q, %v, want %q", tt.shift, got, err, tt.want)
		}
	}
}

func TestTooLarge(t *testing.T) {
	if _, err := markup.HTML(strings.Repeat("a", markup.MaxBytes), markup.Options{}); err != nil {
		t.Errorf("HTML of %d bytes: %v", markup.MaxBytes, err)
	}
	_, err := markup.HTML(strings.Repeat("a", markup.MaxBytes+1), markup.Options{})
	large, ok := errors.AsType[*markup.TooLarge](err)
	if !ok || large.Bytes != markup.MaxBytes+1 || large.Max != markup.MaxBytes {
		t.Errorf("HTML of %d bytes: %v, want a TooLarge", markup.MaxBytes+1, err)
	}
	if got := markup.Plain(strings.Repeat("*a\x1b*", markup.MaxBytes/4+1)); strings.Contains(got, "\x1b") {
		t.Error("Plain of a text that is too large keeps control characters")
	}
}

func TestConclusion(t *testing.T) {
	long := strings.Repeat("somewhat longer words ", 20)
	for _, tt := range []struct{ name, md, want string }{
		{"first paragraph", "One *two* [three](https://a.example)\nfour.\n\nFive.", "One two three four."},
		{"behind a heading", "# Title\n\nThe point.", "The point."},
		{"behind a quote", "> quoted\n\nThe point.", "The point."},
		{"list alone", "- **one** and `two`\n- three", "one and two"},
		{"list under a heading", "# Title\n\n1. 2026 is the year", "2026 is the year"},
		{"quote alone", "> quoted", "quoted"},
		{"heading alone", "# Title", "Title"},
		{"code alone", "```\nx := 1\n```", "x := 1"},
		{"table alone", "|a|b|\n|-|-|\n|c|d|", "a b - - c d"},
		{"rule first", "---\n\nThe point.", "The point."},
		{"image first", "![a plan](/files/x.png)\n\nThe point.", "a plan"},
		{"empty", " \n\n", ""},
		{"definitions only", "[a]: https://a.example", ""},
		{"short enough", strings.Repeat("a", 200), strings.Repeat("a", 200)},
		{"one long word", strings.Repeat("ü", 300), strings.Repeat("ü", 199) + "…"},
		{"long", long, strings.TrimSpace(strings.Repeat("somewhat longer words ", 9)) + "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := markup.Conclusion(tt.md)
			if got != tt.want || utf8.RuneCountInString(got) > markup.ConclusionRunes {
				t.Errorf("Conclusion(%q) = %q, want %q", tt.md, got, tt.want)
			}
		})
	}
	if got := markup.Conclusion("The point.\n\n" + strings.Repeat("More of it. ", 10000)); got != "The point." {
		t.Errorf("Conclusion of a long text = %q", got)
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		md   string
		want int
	}{
		{"", 0},
		{"one two  three\nfour", 4},
		{"- one\n- two -- three", 3},
		{"[one two](https://a.example/three/four)", 2},
		{"# One\n\n> two\n\n`three` **four**", 4},
		{"|a|b|\n|-|-|\n|c|d|", 4},
		{"l'été à İzmir", 3},
		{"![one two](/files/a.png)", 2},
	} {
		if got := markup.Words(tt.md); got != tt.want {
			t.Errorf("Words(%q) = %d, want %d", tt.md, got, tt.want)
		}
	}
	for words, want := range map[int]int{-1: 1, 0: 1, 1: 1, 238: 1, 239: 2, 476: 2, 2380: 10, 2381: 11} {
		if got := markup.ReadingMinutes(words); got != want {
			t.Errorf("ReadingMinutes(%d) = %d, want %d", words, got, want)
		}
	}
}

// One parser serves all: texts rendered side by side do not disturb each other.
func TestConcurrent(t *testing.T) {
	texts := []string{strings.Repeat("*a* [b](/c) `d` ", 300), "|a|\n|-|\n|@mia|", strings.Repeat("[", 500), "- [x] D-1"}
	want := make([]string, len(texts))
	for i, md := range texts {
		want[i], _ = markup.HTML(md, markup.Options{Person: team})
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, md := range texts {
				if got, err := markup.HTML(md, markup.Options{Person: team}); err != nil || got != want[i] {
					t.Errorf("HTML(%q) = %q, %v, want %q", md, got, err, want[i])
				}
			}
		})
	}
	wg.Wait()
}
