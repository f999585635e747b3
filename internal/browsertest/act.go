package browsertest

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Selectors are CSS, and may go on with | and a text that the element must
// show: "button|Send" is the first button with "Send" in what can be read on
// it. Only the helpers that say so look at hidden elements.

// found is the JavaScript that finds the element of a selector, or null.
func found(selector string) string {
	css, text, _ := strings.Cut(selector, "|")
	return fmt.Sprintf(`[...document.querySelectorAll(%s)].find(e => (e.innerText ?? e.textContent).includes(%s)) ?? null`, quote(css), quote(text))
}

// with evaluates body, in which e is the element of the selector, and is what
// otherwise says where there is none.
func with(selector, body, otherwise string) string {
	return fmt.Sprintf(`(() => { const e = %s; if (!e) return %s; %s })()`, found(selector), otherwise, body)
}

// Click clicks the middle of an element with the mouse. It waits until a person
// could: it is there, visible, not disabled, and nothing lies over it.
func (p *Page) Click(selector string) {
	p.t.Helper()
	at := p.reach(selector)
	p.do("click "+selector, chromedp.MouseClickXY(at.X, at.Y))
}

// Follow clicks something that leads to another document, waits until that is
// complete, and returns its HTTP status.
func (p *Page) Follow(selector string) int {
	p.t.Helper()
	left := p.leave()
	p.Click(selector)
	return p.arrive(left)
}

// Submit presses Enter in a field that sends its form to another document,
// waits for that and returns its HTTP status.
func (p *Page) Submit(selector string) int {
	p.t.Helper()
	p.focus(selector)
	left := p.leave()
	p.Press("Enter")
	return p.arrive(left)
}

// leave marks the document, so that arrive knows another one.
func (p *Page) leave() (mark string) {
	p.t.Helper()
	return Eval[string](p, fmt.Sprintf(`window.browsertestLeft = %s`, quote(rand.Text())))
}

// arrive waits until the marked document has been replaced by a complete one.
func (p *Page) arrive(left string) (status int) {
	p.t.Helper()
	p.until("another page", fmt.Sprintf(`window.browsertestLeft !== %s && document.readyState === "complete"`, quote(left)), "")
	return p.Status()
}

type point struct {
	X, Y float64
}

// reach scrolls an element into view and returns its middle once a mouse there
// would meet it.
func (p *Page) reach(selector string) point {
	p.t.Helper()
	const ready = `
		e.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
		const r = e.getClientRects()[0] ?? new DOMRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
		const hit = document.elementFromPoint(x, y);
		const free = hit && (e.contains(hit) || hit.contains(e) && hit.closest("a,button,label,summary") || [...(e.labels ?? [])].some(l => l.contains(hit)));`
	p.until("reach "+selector,
		with(selector, ready+`return Boolean(r.width && r.height && free && !e.disabled && getComputedStyle(e).visibility === "visible")`, "false"),
		with(selector, ready+`return "disabled: " + e.disabled + ", at " + x + "," + y + " lies " + (hit ? hit.outerHTML : "nothing")`, `"no such element"`))
	return Eval[point](p, with(selector, ready+`return {X: x, Y: y}`, "null"))
}

// Fill replaces what a field holds, as typing would: with input events, and
// blur only when the person goes on. Fields with a picker (date, time, colour,
// range) are given their value as if it had been picked.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.focus(selector)
	if Eval[bool](p, with(selector, `return /^(date|time|datetime-local|month|week|color|range)$/.test(e.type)`, "false")) {
		p.set(selector, text)
		return
	}
	Eval[bool](p, with(selector, `e.select ? e.select() : document.execCommand("selectAll"); return true`, "false"))
	if text == "" {
		p.Press("Delete")
		return
	}
	p.insert(text)
}

// Type adds text at the end of what a field holds.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.focus(selector)
	p.Press("Control+End")
	p.insert(text)
}

func (p *Page) insert(text string) {
	p.t.Helper()
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}

func (p *Page) focus(selector string) {
	p.t.Helper()
	p.WaitVisible(selector)
	if !Eval[bool](p, with(selector, `e.focus(); return document.activeElement === e`, "false")) {
		p.t.Fatalf("%s on %s does not take the focus", selector, p.where())
	}
}

// Choose picks the option of a select by its value.
func (p *Page) Choose(selector, value string) {
	p.t.Helper()
	p.focus(selector)
	p.set(selector, value)
}

// set gives a field its value and tells its listeners.
func (p *Page) set(selector, value string) {
	p.t.Helper()
	if !Eval[bool](p, with(selector, fmt.Sprintf(`e.value = %s;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true}));
		return e.value === %[1]s`, quote(value)), "false")) {
		p.t.Fatalf("%s on %s does not take %q", selector, p.where(), value)
	}
}

// Upload puts files into a file field, which may be hidden behind its label.
func (p *Page) Upload(selector string, files ...string) {
	p.t.Helper()
	p.WaitThere(selector)
	object := call(p, runtime.Evaluate, runtime.EvaluateParams{Expression: found(selector)})
	p.do("upload to "+selector, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: files, ObjectID: object.Result.ObjectID})
		return err
	}))
}

// Press presses one key on whatever has the focus: a character, or Enter, Tab,
// Escape, Space, Delete, Backspace, Home, End, ArrowUp, ArrowDown, ArrowLeft,
// ArrowRight; with Shift+, Control+, Alt+ or Meta+ before it.
func (p *Page) Press(key string) {
	p.t.Helper()
	var modifiers []chromedp.KeyOption
	for {
		name, rest, more := strings.Cut(key, "+")
		if !more || rest == "" { // "+" itself is a key
			break
		}
		m, known := modifierKeys[name]
		if !known {
			p.t.Fatalf("press %s: no modifier %q", key, name)
		}
		modifiers = append(modifiers, chromedp.KeyModifiers(m))
		key = rest
	}
	text, named := namedKeys[key]
	if !named {
		if len([]rune(key)) != 1 {
			p.t.Fatalf("press %s: no such key", key)
		}
		text = key
	}
	for _, r := range text {
		p.stroke(r, modifiers)
	}
}

// stroke presses one key as a keyboard does: the character comes with the key
// going down, so that a page which takes the key takes the character too.
func (p *Page) stroke(r rune, modifiers []chromedp.KeyOption) {
	p.t.Helper()
	var down *input.DispatchKeyEventParams
	for _, event := range kb.Encode(r) {
		for _, m := range modifiers {
			m(event)
		}
		switch event.Type {
		case kb.KeyDown:
			down = event
		case kb.KeyChar:
			if event.Modifiers&^int64(chromedp.ModifierShift) == 0 {
				down.Text, down.UnmodifiedText = event.Text, event.UnmodifiedText
			}
		default: // up
			call(p, input.DispatchKeyEvent, *down)
			call(p, input.DispatchKeyEvent, *event)
		}
	}
}

var modifierKeys = map[string]chromedp.Modifier{
	"Shift": chromedp.ModifierShift, "Control": chromedp.ModifierCtrl, "Alt": chromedp.ModifierAlt, "Meta": chromedp.ModifierMeta,
}

var namedKeys = map[string]string{
	"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Space": " ", "Delete": kb.Delete, "Backspace": kb.Backspace,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
}

// Focus describes what has the focus, as in `a#skip "Skip to content"`, or
// "nothing". For walks with the Tab key.
func (p *Page) Focus() string {
	p.t.Helper()
	return Eval[string](p, `(() => {
		const e = document.activeElement;
		if (!e || e === document.body) return "nothing";
		const name = e.ariaLabel || [...(e.labels ?? [])].map(l => l.innerText).join(" ") || e.innerText || e.name || "";
		return e.localName + (e.id ? "#" + e.id : "") + " " + JSON.stringify(name.trim().replace(/\s+/g, " "));
	})()`)
}
