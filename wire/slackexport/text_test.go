package slackexport

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/markup"
)

func names() Names {
	known := func(m map[string]string) func(string) string { return func(id string) string { return m[id] } }
	return Names{
		User:    known(map[string]string{"U1": "@mia", "W2": "@jonas_w", "U3": "Elif *K*"}),
		Channel: known(map[string]string{"C1": "#general", "C2": "ops"}),
		Group:   known(map[string]string{"S1": "@oncall"}),
	}
}

func TestMarkdown(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"plain", "Nothing to see.", "Nothing to see."},
		{"empty", " \n", ""},
		{"entities", "a &lt;b&gt; &amp; c &amp;lt; 1 &lt; 2", `a \<b> & c \&lt; 1 < 2`},
		{"an entity that was typed", "&amp;copy; &amp; co", `\&copy; & co`},
		{"bold", "this is *bold* and *more than one word*.", "this is **bold** and **more than one word**."},
		{"italic", "this is _it_, (_also_).", "this is _it_, (_also_)."},
		{"struck out", "~gone~", "~~gone~~"},
		{"all three", "*_~x~_*", "**_~~x~~_**"},
		{"crossed", "*a _b* c_", `**a \_b** c\_`},
		{"not marks", "2 * 3 * 4, a_b_c, ~5 to ~6, * x, x *", `2 \* 3 \* 4, a_b_c, \~5 to \~6, \* x, x \*`},
		{"within words", "a*b*c snake_case_name", `a\*b\*c snake_case_name`},
		{"double", "**x** __y__", `\***x**\* \__y_\_`},
		{"over lines", "*a\nb*", "\\*a  \nb\\*"},
		{"code", "run `go test ./... &amp;&amp; ls *` now", "run `go test ./... && ls *` now"},
		{"code with an address", "`curl <https://a.example/x|a.example/x>` `<@U1>`", "`curl a.example/x` `@U1`"},
		{"lone backtick", "it`s `` odd", "it\\`s \\`\\` odd"},
		{"block of code", "before ```a &lt; b\n  *c*``` after", "before\n\n```\na < b\n  *c*\n```\n\nafter"},
		{"block of code on lines", "```\nx\n\ny\n```", "```\nx\n\ny\n```"},
		{"open block", "```x", "\\`\\`\\`x"},
		{"empty block", "a ``` ``` b", "a  \nb"},
		{"two blocks", "```a``````b```", "```\na\n```\n\n```\nb\n```"},
		{"known account", "<@U1> and <@W2|jonas>", "@mia and @jonas_w"},
		{"account with marks in its name", "<@U3>", `Elif \*K\*`},
		{"unknown account", "<@U9> <@U8|lena>", "@U9 @lena"},
		{"channels", "<#C1> <#C2|old> <#C9|lost> <#C8>", "#general #ops #lost #C8"},
		{"everybody", "<!here> <!channel> <!everyone> <!here|@here>", "@here @channel @everyone @here"},
		{"groups", "<!subteam^S1> <!subteam^S2|@dev> <!subteam^S3>", "@oncall @dev @S3"},
		{"date", "<!date^1392734382^{date_num}|18 February> <!date^1392734382^{date}^https://a.example/|then> <!date^1392734382^{date}>", "18 February [then](https://a.example/) 2014-02-18 14:39:42 UTC"},
		{"odd commands", "<!foo|bar> <!> <> <@> <#> <!date^> <!date^x^y>", "@bar @ \\<> @ # \\<!date^> \\<!date^x^y>"},
		{"link", "<https://a.example/x?a=1&amp;b=2>", "<https://a.example/x?a=1&b=2>"},
		{"link with words", "<https://a.example/(x)|see [1] *x*>", `[see \[1\] \*x\*](https://a.example/%28x%29)`},
		{"words that are the address", "<https://a.example|https://a.example> <http://a.example|a.example>", "<https://a.example> <http://a.example>"},
		{"mail", "<mailto:a@b.example|a@b.example> <mailto:a@b.example> <mailto:a@b.example|write>", "<a@b.example> <a@b.example> [write](mailto:a@b.example)"},
		{"other schemes", "<javascript:alert(1)|x> <tel:1|call> <slack://x>", "x call slack://x"},
		{"address with a token", "<https://files.slack.com/a?t=xoxe-123-456|plan.pdf> <https://x.example/?t=xoxb-1>", "plan.pdf"},
		{"not closed", "a < b <https://a.example", `a \< b \<https://a.example`},
		{"lines", "one\ntwo\n\nthree\n\n\n\nfour", "one  \ntwo\n\nthree\n\nfour"},
		{"line ends of Windows", "one\r\ntwo", "one  \ntwo"},
		{"quote", "&gt; said\n&gt;more\nanswer", "> said  \n> more\n\nanswer"},
		{"quote to the end", "so:\n&gt;&gt;&gt;a\nb\n\nc", "so:\n\n> a  \n> b\n>\n> c"},
		{"list", "todo:\n• one\n• two\n    ◦ three\nend", "todo:\n\n- one\n- two\n    - three\n\nend"},
		{"list of dashes and numbers", "- a\n- b\n1. c\n2. d", "- a\n- b\n1. c\n2. d"},
		{"not a heading", "# general\n#general\n#1 is best", "\\# general  \n#general  \n#1 is best"},
		{"not a rule", "a\n---\n===\n***\n+ b", "a  \n\\---  \n\\===  \n\\*\\*\\*  \n\\+ b"},
		{"not a table", "a | b\n--|--\nc | d", "a | b  \n\\--|--  \nc | d"},
		{"not an item", "2016. was a year\n1986) too", "2016\\. was a year  \n1986\\) too"},
		{"not code", "    four spaces", "four spaces"},
		{"not a link", "[x](https://a.example) [1] [x]: y", `\[x\](https://a.example) \[1\] \[x\]: y`},
		{"backslashes", `C:\temp\*`, `C:\\temp\\\*`},
		{"emoji", ":tada: 🎉", ":tada: 🎉"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Markdown(tt.text, names()); got != tt.want {
				t.Errorf("Markdown(%q) =\n%q, want\n%q", tt.text, got, tt.want)
			}
		})
	}
}

// What people type without Slack's own marks looks the same afterwards, down to
// the last sign.
func TestMarkdownShowsTheSame(t *testing.T) {
	signs := rapid.SampledFrom([]string{"a", "b ", "Zürich", " ", "1", "2. ", "#", "# ", "-", "- x", "+", "=", "|", "(", ")", "[", "]", "!", "[x](y)", "<", ">", "&", "&amp;", "\\", "\\n", ":", ";", "&#65;", "<b>", "</b>", "<!-- x -->", "'", "\"", ".", "/", "^", "{", "}", "$", "@ ", "x_y", "%", "www"})
	spaces := regexp.MustCompile(`\s+`)
	rapid.Check(t, func(t *rapid.T) {
		typed := "x" + strings.Join(rapid.SliceOfN(signs, 0, 12).Draw(t, "signs"), "")
		slack := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(typed)
		shown := markup.Plain(Markdown(slack, Names{}))
		if got, want := spaces.ReplaceAllString(shown, " "), strings.TrimSpace(spaces.ReplaceAllString(typed, " ")); strings.TrimSpace(got) != want {
			t.Errorf("%q is shown as %q by %q", typed, got, Markdown(slack, Names{}))
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"*a* _b_ ~c~ `d` ```e```", "<@U1|x> <#C1> <!here> <!subteam^S|@g> <!date^1^{date}^http://x|y> <http://x|y>",
		"&gt;&gt;&gt; a\n• b\n1. c", "a < b > c & d &lt; e", "xoxb-1 <https://x/?t=xoxe-1|f>",
	} {
		f.Add(s)
	}
	token := regexp.MustCompile(`\(\S*xox[a-z]-|<\S*xox[a-z]-\S*>`)
	f.Fuzz(func(t *testing.T, text string) {
		md := Markdown(text, names())
		if len(md) > 4*len(text)+200 {
			t.Errorf("Markdown of %d bytes has %d", len(text), len(md))
		}
		if strings.HasPrefix(text, "<") && !strings.ContainsAny(text[1:], "<&`*_~\n") && token.MatchString(md) {
			t.Errorf("Markdown(%q) = %q holds a token", text, md)
		}
		if _, err := markup.HTML(md, markup.Options{}); err != nil && len(md) <= markup.MaxBytes {
			t.Errorf("Markdown(%q) does not render: %v", text, err)
		}
	})
}
