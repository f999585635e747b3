package browsertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// Violation is one breach of a Content-Security-Policy, blocked or only
// reported.
type Violation struct {
	Directive string // as in "script-src-elem"
	Blocked   string // the address that was blocked, "" for something inline
	Kind      string // as in "kInlineViolation"
}

// Failure is a request that did not end well.
type Failure struct {
	URL    string
	Status int    // 400 and above, or 0 when there was no answer
	Reason string // why there was no answer, as in "net::ERR_NAME_NOT_RESOLVED"
}

// heard is what the browser told about a page, in the order in which it did.
type heard struct {
	violations []Violation
	failures   []Failure
	errors     []string
	requests   map[string]string // request id -> address
	log        []string          // all of it, for the artifacts of a failed test
}

// Violations returns the breaches of the Content-Security-Policy since New.
func (p *Page) Violations() []Violation {
	p.t.Helper()
	p.settle()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard.violations)
}

// Failures returns the requests that failed since New, the document's own
// included. Those that the page itself broke off do not count.
func (p *Page) Failures() []Failure {
	p.t.Helper()
	p.settle()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard.failures)
}

// Errors returns what scripts and the browser wrote on the console as errors
// since New. What Violations and Failures tell is not told again.
func (p *Page) Errors() []string {
	p.t.Helper()
	p.settle()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard.errors)
}

// Forget starts the three lists anew, after a test has looked at what it
// provoked on purpose.
func (p *Page) Forget() {
	p.t.Helper()
	p.settle()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard.violations, p.heard.failures, p.heard.errors = nil, nil, nil
}

// settle lets the page finish what it has begun: the browser answers after it
// has told the events before.
func (p *Page) settle() {
	p.t.Helper()
	if p.noScript {
		Eval[bool](p, `true`)
		return
	}
	Eval[bool](p, `new Promise(done => setTimeout(() => done(true)))`)
}

// listen hears the events of the page. It runs inside the loop that reads them.
func (p *Page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := &p.heard
	switch e := event.(type) {
	case *audits.EventIssueAdded:
		if d := e.Issue.Details.ContentSecurityPolicyIssueDetails; d != nil {
			v := Violation{Directive: d.ViolatedDirective, Blocked: d.BlockedURL, Kind: string(d.ContentSecurityPolicyViolationType)}
			h.violations = append(h.violations, v)
			h.note("CSP %+v", v)
		}
	case *network.EventRequestWillBeSent:
		h.requests[string(e.RequestID)] = e.Request.URL
	case *network.EventResponseReceived:
		status := int(e.Response.Status)
		if e.Type == network.ResourceTypeDocument {
			p.status = status
		}
		h.note("%d %s", status, e.Response.URL)
		if status >= 400 {
			h.failures = append(h.failures, Failure{URL: e.Response.URL, Status: status})
		}
	case *network.EventLoadingFailed:
		address := h.requests[string(e.RequestID)]
		h.note("failed %s %s", e.ErrorText, address)
		// What the policy blocked is a violation already.
		if !e.Canceled && e.BlockedReason != network.BlockedReasonCsp {
			h.failures = append(h.failures, Failure{URL: address, Reason: e.ErrorText})
		}
	case *runtime.EventExceptionThrown:
		h.complain("exception: %s", thrown(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		text := make([]string, len(e.Args))
		for i, a := range e.Args {
			text[i] = strings.Trim(string(a.Value)+" "+a.Description, ` "`)
		}
		said := strings.Join(text, " ")
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			h.complain("console.%s: %s", e.Type, said)
			return
		}
		h.note("console.%s: %s", e.Type, said)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceSecurity && e.Entry.Source != log.EntrySourceNetwork {
			h.complain("%s: %s", e.Entry.Source, e.Entry.Text)
			return
		}
		h.note("%s %s: %s", e.Entry.Level, e.Entry.Source, e.Entry.Text)
	}
}

// thrown tells an exception with its stack, as far as there is one.
func thrown(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}

func (h *heard) note(format string, args ...any) { h.log = append(h.log, fmt.Sprintf(format, args...)) }

func (h *heard) complain(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	h.errors = append(h.errors, text)
	h.log = append(h.log, text)
}
