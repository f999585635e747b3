package browsertest

import "fmt"

// Text returns the text of an element as a person sees it, waiting until there
// is such an element.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	p.WaitThere(selector)
	return Eval[string](p, with(selector, `return e.innerText ?? e.textContent`, `""`))
}

// Value returns what a field holds.
func (p *Page) Value(selector string) string {
	p.t.Helper()
	p.WaitThere(selector)
	return Eval[string](p, with(selector, `return String(e.value)`, `""`))
}

// Attribute returns an attribute of an element, "" if it has none.
func (p *Page) Attribute(selector, name string) string {
	p.t.Helper()
	p.WaitThere(selector)
	return Eval[string](p, with(selector, fmt.Sprintf(`return e.getAttribute(%s) ?? ""`, quote(name)), `""`))
}

// Count tells how many elements the CSS selector finds now, hidden ones too.
func (p *Page) Count(css string) int {
	p.t.Helper()
	return Eval[int](p, fmt.Sprintf(`document.querySelectorAll(%s).length`, quote(css)))
}

// WaitThere waits until there is such an element, visible or not.
func (p *Page) WaitThere(selector string) {
	p.t.Helper()
	p.until("find "+selector, with(selector, `return true`, "false"), `document.body?.innerText ?? "an empty page"`)
}

// WaitVisible waits until there is such an element that a person can see.
func (p *Page) WaitVisible(selector string) {
	p.t.Helper()
	p.until("see "+selector, with(selector, `return `+visible, "false"), `document.body?.innerText ?? "an empty page"`)
}

// WaitGone waits until there is no such element, or none that can be seen.
func (p *Page) WaitGone(selector string) {
	p.t.Helper()
	p.until("no longer see "+selector, with(selector, `return !(`+visible+`)`, "true"), with(selector, `return e.outerHTML`, `""`))
}

// WaitText waits until the element shows the text somewhere in it.
func (p *Page) WaitText(selector, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("read %q in %s", text, selector),
		with(selector, fmt.Sprintf(`return (e.innerText ?? e.textContent).includes(%s)`, quote(text)), "false"),
		with(selector, `return e.innerText ?? e.textContent`, `document.body?.innerText ?? "an empty page"`))
}

// WaitPath waits until the page is on this path and query.
func (p *Page) WaitPath(path string) {
	p.t.Helper()
	p.until("be on "+path, fmt.Sprintf(`location.pathname + location.search === %s && document.readyState === "complete"`, quote(path)), `location.href`)
}

// visible says whether a person can see the element e.
const visible = `Boolean(e.getClientRects().length) && e.checkVisibility({visibilityProperty: true, opacityProperty: true})`
