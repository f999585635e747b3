package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axeSource is axe-core 4.14.1 (MPL-2.0, see testdata/axe.LICENSE).
//
//go:embed testdata/axe.min.js
var axeSource string

// Finding is one rule of axe-core that a page breaks.
type Finding struct {
	Rule   string `json:"id"`     // as in "color-contrast"
	Impact string `json:"impact"` // minor, moderate, serious or critical
	Help   string `json:"help"`
	Nodes  []struct {
		Target  []any  `json:"target"`
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// String tells the rule and, for each place, the element and what to do.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", f.Rule, f.Impact, f.Help)
	for _, n := range f.Nodes {
		fmt.Fprintf(&b, "\n  %v %s\n    %s", n.Target, shorten(n.HTML), strings.ReplaceAll(n.Summary, "\n", "\n    "))
	}
	return b.String()
}

// Axe fails the test with every accessibility fault that axe-core finds on the
// page as it is now. The test goes on.
func (p *Page) Axe() {
	p.t.Helper()
	for _, f := range p.Findings() {
		p.t.Errorf("axe on %s: %v", p.where(), f)
	}
}

// Findings returns what axe-core, with all its default rules, finds on the page.
func (p *Page) Findings() []Finding {
	p.t.Helper()
	if p.noScript {
		p.scripts(true) // axe needs promises; the scripts of a loaded page stay unrun
		defer p.scripts(false)
	}
	world := p.apart()
	there := func(e *runtime.EvaluateParams) { e.ContextID = world }
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axeSource, there)); err != nil {
		p.t.Fatalf("load axe-core: %v", err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise, there))
	if err != nil {
		p.t.Fatalf("run axe-core: %v", err)
	}
	var findings []Finding
	if err := json.Unmarshal([]byte(text), &findings); err != nil {
		p.t.Fatalf("run axe-core: %v", err)
	}
	return findings
}

// Sideways returns the elements that stick out of the window to the right, so
// that the page scrolls sideways; empty when it does not.
func (p *Page) Sideways() []string {
	p.t.Helper()
	return Eval[[]string](p, `(() => {
		const width = document.documentElement.clientWidth;
		if (document.scrollingElement.scrollWidth <= width) return [];
		const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > width + 0.5);
		const deepest = out.filter(e => !out.some(o => o !== e && e.contains(o)));
		return deepest.length ? deepest.map(e => e.outerHTML.slice(0, 160)) : ["something outside the body's elements"];
	})()`)
}

// Fits fails the test if the page scrolls sideways. The test goes on.
func (p *Page) Fits() {
	p.t.Helper()
	for _, e := range p.Sideways() {
		p.t.Errorf("%s scrolls sideways, because of %s", p.where(), e)
	}
}

// Clean fails the test with everything that went wrong behind the page since it
// was opened: violations of the Content-Security-Policy, requests that failed
// or were answered with 400 and above, errors on the console. The test goes on.
func (p *Page) Clean() {
	p.t.Helper()
	for _, v := range p.Violations() {
		p.t.Errorf("%s breaks its Content-Security-Policy: %v", p.where(), v)
	}
	for _, f := range p.Failures() {
		p.t.Errorf("%s: a request failed: %v", p.where(), f)
	}
	for _, m := range p.Errors() {
		p.t.Errorf("%s: on the console: %s", p.where(), m)
	}
}
