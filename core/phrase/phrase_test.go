package phrase

import (
	"fmt"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	lists := New(map[string]string{
		"a": "quick call|chat\n=status\n^please\nsync$\nretro*",
		"b": "until ~ evening\nbis",
	})
	for _, c := range []struct{ text, want string }{
		{"A quick chat?", "a 1+2"},
		{"very quick call", "a 1+2"},
		{"Status", "a 0+1"},
		{"Status of it", ""},
		{"please say", "a 0+1"},
		{"say please", ""},
		{"weekly sync", "a 1+1"},
		{"sync weekly", ""},
		{"Retrospektive", "a 0+1"},
		{"until Thursday in the evening", ""},
		{"until Thursday evening", "b 0+3"},
		{"until the late evening", "b 0+4"},
		{"until evening", "b 0+2"},
		{"", ""},
	} {
		var got []string
		for _, h := range lists.Find(Fold(c.text)) {
			got = append(got, fmt.Sprintf("%s %d+%d", h.Class, h.At, h.N))
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Réunion d'équipe": "reunion dequipe", "İLERLEME TOPLANTISI": "ilerleme toplantisi", "ılık Iğdır": "ilik igdir", "Straße & Größe": "strasse grosse",
		"1:1 Lena/Jonas": "1:1 lena jonas", "🎉 Kick-off!": "kick off", "don’t": "dont", "e\u0301te\u0301": "ete", "": "", "...": "", "T's 10:30": "ts 10 30",
	} {
		if got := strings.Join(Fold(in), " "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
