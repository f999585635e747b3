// Package browsertest lets a test use the pages as a person does: a real
// Chromium, real clicks and keys, the text that can be seen.
//
// New gives a Page in a fresh incognito context of the one browser that a test
// binary starts, so two Pages are two people. Every wait has a deadline and no
// sleep; every helper ends the test when what it was asked for does not come.
// A failed test leaves a screenshot, the HTML and the page's log in
// t.ArtifactDir (kept under "go test -artifacts").
//
// The browser reaches loopback alone: a page that asks anybody else for
// anything is found by Page.Clean. Names ending in .test lead to 127.0.0.1.
//
// What the pages should say does not live here, nor the server under test:
// tests bring both. A missing browser fails the test and names the command
// that installs it; no test is skipped.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/rubato-hq/rubato/internal/atexit"
)

// Env names the environment variable with the path of the browser to use
// instead of the first of Debian's and Google's names on the PATH.
const Env = "RUBATO_TEST_BROWSER"

// patience is how long a page may take for what it was asked, before the test
// fails. It is generous because the machine may be busy; nothing measures it.
const patience = 20 * time.Second

// answerTime is how long one question to a page may take before it is asked
// again.
const answerTime = 2 * time.Second

// browser returns the chromedp context of the browser of this process, started
// at the first call.
var browser = sync.OnceValues(func() (context.Context, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	// All that the browser writes goes here, and goes away when this process does.
	home, err := os.MkdirTemp("", "rubato-browser-")
	if err != nil {
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	// Again and again: the browser, ended by the same event, may still be writing.
	err = atexit.Run(nil, `for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" 2>/dev/null && break; sleep 0.3; done`, home)
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(home),
		chromedp.Env("HOME="+home, "TMPDIR="+home, "TZ=UTC"),
		chromedp.NoSandbox, // as root and in containers; it sees the pages of tests alone
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("lang", "en-GB"),
		chromedp.Flag("font-render-hinting", "none"), // the same glyphs on every machine
		chromedp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
	)
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start the browser %s: %w", path, err)
	}
	return ctx, nil
})

// find returns the path of a browser.
func find() (string, error) {
	if path := os.Getenv(Env); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("Chromium is needed for this test and was not found on the PATH; install it with: sudo apt-get install -y chromium")
}
