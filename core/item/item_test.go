package item_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
)

func kinds() []item.Kind {
	return []item.Kind{item.Update, item.Request, item.Ask, item.Crisis, item.Comment, item.Reply, item.State}
}

func TestRef(t *testing.T) {
	for _, tt := range []struct {
		kind   item.Kind
		number int64
		want   string
	}{
		{item.Update, 1, "U-1"},
		{item.Request, 20, "R-20"},
		{item.Ask, 214, "A-214"},
		{item.Crisis, math.MaxInt64, "C-9223372036854775807"},
		{item.Ask, 0, ""},
		{item.Comment, 3, ""},
		{item.Reply, 3, ""},
		{item.State, 3, ""},
		{"", 3, ""},
	} {
		if got := item.Ref(tt.kind, tt.number); got != tt.want {
			t.Errorf("Ref(%q, %d) = %q, want %q", tt.kind, tt.number, got, tt.want)
		}
		if got := (item.Item{Kind: tt.kind, Number: tt.number}).Ref(); got != tt.want {
			t.Errorf("Item{%q, %d}.Ref() = %q, want %q", tt.kind, tt.number, got, tt.want)
		}
	}
}

func TestParseRef(t *testing.T) {
	for _, tt := range []struct {
		in     string
		kind   item.Kind
		number int64
		ok     bool
	}{
		{"A-12", item.Ask, 12, true},
		{"a-12", item.Ask, 12, true},
		{"u-1", item.Update, 1, true},
		{"R-7", item.Request, 7, true},
		{"c-9223372036854775807", item.Crisis, math.MaxInt64, true},
		{"C-9223372036854775808", "", 0, false}, // one more than fits
		{"", "", 0, false},
		{"-", "", 0, false},
		{"A", "", 0, false},
		{"A-", "", 0, false},
		{"-12", "", 0, false}, // no letter is that of comments
		{"A12", "", 0, false},
		{"A-0", "", 0, false},
		{"A-012", "", 0, false}, // one address an item
		{"A--12", "", 0, false},
		{"A-+12", "", 0, false},
		{"A-1_2", "", 0, false},
		{"A-1e2", "", 0, false},
		{"A-0x1", "", 0, false},
		{"A-12 ", "", 0, false},
		{" A-12", "", 0, false},
		{"A-12-13", "", 0, false},
		{"A-１２", "", 0, false}, // full-width digits
		{"D-12", "", 0, false},
		{"AA-12", "", 0, false},
		{"Ａ-12", "", 0, false},
		{"brief", "", 0, false},
		{"A-" + strings.Repeat("9", 100_000), "", 0, false},
	} {
		kind, number, ok := item.ParseRef(tt.in)
		if kind != tt.kind || number != tt.number || ok != tt.ok {
			t.Errorf("ParseRef(%.40q) = %q, %d, %v, want %q, %d, %v", tt.in, kind, number, ok, tt.kind, tt.number, tt.ok)
		}
	}
}

// TestRefRoundTrip: what has a number has one address, which leads back to it.
func TestRefRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds()).Draw(t, "kind")
		number := rapid.Int64Range(1, math.MaxInt64).Draw(t, "number")
		ref := item.Ref(kind, number)
		gotKind, gotNumber, ok := item.ParseRef(ref)
		if ok != kind.Numbered() {
			t.Fatalf("ParseRef(%q): ok = %v, but Numbered = %v", ref, ok, kind.Numbered())
		}
		if ok && (gotKind != kind || gotNumber != number) {
			t.Fatalf("ParseRef(Ref(%q, %d)) = %q, %d", kind, number, gotKind, gotNumber)
		}
	})
}

func FuzzParseRef(f *testing.F) {
	for _, s := range []string{"A-12", "c-1", "D-9", "-1", "A-", "A-01", "U-9223372036854775808", "ſ-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kind, number, ok := item.ParseRef(s)
		if !ok {
			if kind != "" || number != 0 {
				t.Errorf("ParseRef(%q) = %q, %d, false", s, kind, number)
			}
			return
		}
		if ref := item.Ref(kind, number); !strings.EqualFold(ref, s) || number < 1 {
			t.Errorf("ParseRef(%q) = %q, %d, whose address is %q", s, kind, number, ref)
		}
	})
}

func TestKinds(t *testing.T) {
	letters := make(map[string]item.Kind)
	for _, k := range kinds() {
		if k.Numbered() != k.Written() {
			t.Errorf("%q: Numbered %v, Written %v: what people write with a form has a number", k, k.Numbered(), k.Written())
		}
		if ref := item.Ref(k, 1); ref != "" {
			if other, taken := letters[ref]; taken {
				t.Errorf("%q and %q share the letter of %s", k, other, ref)
			}
			letters[ref] = k
		}
	}
}

func TestNames(t *testing.T) {
	i := item.Item{People: []item.Named{{"a", item.To}, {"b", item.Reader}, {"c", item.Mentioned}, {"d", item.To}}}
	for _, tt := range []struct {
		name string
		as   []item.Naming
		want []string
	}{
		{"all", nil, []string{"a", "b", "c", "d"}},
		{"to", []item.Naming{item.To}, []string{"a", "d"}},
		{"to and readers", []item.Naming{item.To, item.Reader}, []string{"a", "b", "d"}},
		{"mentions", []item.Naming{item.Mentioned}, []string{"c"}},
		{"a naming that nobody has", []item.Naming{"owner"}, nil},
	} {
		if got := i.Names(tt.as...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: Names(%v) = %v, want %v", tt.name, tt.as, got, tt.want)
		}
	}
}

func TestObject(t *testing.T) {
	gone := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	root := item.Item{
		ID: "root", Org: "o", Kind: item.Ask, Team: "t", Open: true, Author: "asker",
		People: []item.Named{{"asked", item.To}, {"reader", item.Reader}},
	}
	wide := item.Item{ID: "wide", Org: "o", Kind: item.Update, Wide: true, Author: "writer", Origin: item.Imported}
	taken := root
	taken.Gone = gone
	comment := item.Item{ID: "c", Org: "o", Kind: item.Comment, Team: "stale", Author: "commenter", Root: "root", People: []item.Named{{"mentioned", item.Mentioned}}}
	note := comment
	note.Kind = item.State
	takenComment := comment
	takenComment.Gone = gone
	about := func(change func(*access.Object)) access.Object {
		o := access.Object{
			Kind: access.Item, Org: "o", Team: "t", Open: true, Author: "commenter", Part: true,
			People: []string{"asked", "reader", "asker", "mentioned"},
		}
		change(&o)
		return o
	}
	for _, tt := range []struct {
		name string
		item item.Item
		root *item.Item
		want access.Object
	}{
		{"an ask", root, nil, access.Object{
			Kind: access.Item, Org: "o", Team: "t", Open: true, Author: "asker", People: []string{"asked", "reader"}, Asked: []string{"asked"},
		}},
		{"imported, for all", wide, nil, access.Object{Kind: access.Item, Org: "o", Wide: true, Author: "writer", History: true}},
		{"taken back", taken, nil, access.Object{
			Kind: access.Item, Org: "o", Team: "t", Open: true, Author: "asker", Gone: true, People: []string{"asked", "reader"}, Asked: []string{"asked"},
		}},
		// A comment lives where its document does, whatever its own row says.
		{"a comment", comment, &root, about(func(*access.Object) {})},
		{"a comment taken back", takenComment, &root, about(func(o *access.Object) { o.Gone = true })},
		{"a comment on what was taken back", comment, &taken, about(func(o *access.Object) { o.Gone = true })},
		{"a note", note, &root, about(func(o *access.Object) { o.History = true })},
	} {
		if diff := cmp.Diff(tt.want, tt.item.Object(tt.root)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if got := root.Names(); !slices.Equal(got, []string{"asked", "reader"}) {
		t.Errorf("Object changed the root's names to %v", got)
	}
}
