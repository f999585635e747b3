package door_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/door"
)

func TestCleanName(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"board.png", "board.png"},
		{"İzmir review, 2.pdf", "İzmir review, 2.pdf"},
		{"报告.pdf", "报告.pdf"},
		{"../../etc/passwd", "passwd"},
		{`C:\Users\lena\plan.txt`, "plan.txt"},
		{"/", "file"},
		{"", "file"},
		{"..", "file"},
		{".htaccess", "htaccess"},
		{" a \t\r\n b .txt. ", "a b .txt"},
		{"photo\u202Egnp.exe", "photognp.exe"},
		{"\u2066a\u2069\u200B\u200F.txt", "a.txt"},
		{"a\x00b\x1b[31m.txt", "ab[31m.txt"},
		{`a<b>"c|d?*.txt`, "a_b__c_d__.txt"},
		{"a\r\nContent-Type: text/html.txt", "html.txt"},
		{"bad\xff\xfe.txt", "bad.txt"},
		{"e\u0301.txt", "é.txt"},
		{strings.Repeat("ü", 300) + ".pdf", strings.Repeat("ü", 88) + ".pdf"},
	} {
		got := door.CleanName(tt.in)
		if got != tt.want {
			t.Errorf("CleanName(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if again := door.CleanName(got); again != got || !utf8.ValidString(got) {
			t.Errorf("CleanName(%q) = %q, not clean yet", got, again)
		}
	}
}
