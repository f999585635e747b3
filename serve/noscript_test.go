package serve_test

import (
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/internal/browsertest"
)

// TestAskWithoutScript walks an ask from writing to the answer with JavaScript
// switched off: looking before sending, a question back, its answer, the
// answer, a document, and the charter and a crisis on the way.
func TestAskWithoutScript(t *testing.T) {
	address := start(t, "")
	v := visitor{t, browsertest.New(t)}
	v.NoScript()
	v.Open(address + "/")
	v.be("jonas")

	v.Open("/write")
	v.Fill(`[name="point"]`, "Quick call about the feed?")
	v.Fill(`#to`, "@lena, @deniz")
	v.Choose(`[name="where"]`, "named")
	v.Follow(`.bar button[formaction="/write/preview"]`)
	v.says("#beside", "Lena")
	v.says("#beside", "quick doc")
	v.Follow(`#beside [data-take]`) // it opens as a quick doc, with what was typed
	if got := v.Value(`[name="point"]`); got != "Quick call about the feed?" {
		t.Errorf("the words became %q", got)
	}
	v.WaitVisible(".terms")
	v.Follow(`.bar button[data-nojs]`) // and is kept
	v.says("#draft-state", "Draft saved")
	v.Follow(`.bar .btn-pen`)
	if got := v.Status(); got != 201 {
		t.Fatalf("sending answered %d: %s", got, v.Text("main"))
	}
	ref := v.Attribute(`.point a`, "href")

	v.be("lena")
	v.Open(ref)
	v.Open(ref + "?act=question")
	v.Fill(`#question-text`, "Which of the two feeds?")
	v.Follow(`#question button`)
	v.says("main", "Your time stands still")

	v.be("jonas")
	v.Open(ref)
	v.says("main", "asks back")
	v.Fill(`.box textarea`, "The second one.")
	v.Follow(`.box button`)
	v.says("main", "on its way")

	v.be("lena")
	v.Open(ref)
	v.Fill(`#answer-text`, "It is the one from the boards.")
	v.Follow(`#answer button`)
	v.says("main", "You answered")

	v.be("deniz")
	v.Open(ref + "?act=document")
	v.Follow(`#document button`)
	v.says("main", "Begun from "+strings.TrimPrefix(ref, "/"))
	v.Fill(`[name="context"]`, "The feed from the boards is the one that riders read.")
	v.Follow(`.bar .btn-pen`)
	if got := v.Status(); got != 201 {
		t.Fatalf("the document answered %d: %s", got, v.Text("main"))
	}
	v.Open(v.Attribute(`.point a`, "href"))
	v.says("main", "Made from "+strings.TrimPrefix(ref, "/"))
	v.Open(ref)
	v.says("main", "Became a document")

	v.Open("/write?kind=crisis&point=The+boards+are+dark")
	v.Follow(`.bar .btn-pen`)
	if got := v.Value(`[name="what"]`); got != "The boards are dark" {
		t.Errorf("the crisis form has %q", got)
	}
	v.says("main", "nobody is interrupted without that")
	v.Clean()
}
