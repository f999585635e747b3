package dial

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// The bounds of one exchange with a peer that a person named.
const (
	exchange  = 10 * time.Second // from dialling to the last byte read
	maxAnswer = 1 << 20
	maxHeader = 64 << 10
)

// ErrTooLong says that a peer's answer was cut after 1 MiB.
var ErrTooLong = errors.New("the answer is longer than 1 MiB")

// Client returns an HTTP client over the guarded dialer. It follows no
// redirects and no proxy of the environment, gives up after 10 s, and reads at
// most 1 MiB of an answer; what comes after that is [ErrTooLong]. Every request
// has a connection of its own, so that its address was checked for it.
func (g *Guarded) Client() *http.Client {
	return &http.Client{
		Timeout:       exchange,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: cutting{&http.Transport{
			DialContext:            g.DialContext,
			TLSHandshakeTimeout:    exchange,
			ResponseHeaderTimeout:  exchange,
			MaxResponseHeaderBytes: maxHeader,
			DisableKeepAlives:      true,
			DisableCompression:     true, // a small answer could unfold into a large one
			ForceAttemptHTTP2:      false,
		}},
	}
}

// cutting ends every answer after maxAnswer bytes.
type cutting struct{ next http.RoundTripper }

func (c cutting) RoundTrip(r *http.Request) (*http.Response, error) {
	if s := r.URL.Scheme; s != "http" && s != "https" {
		return nil, &Refused{Address: r.URL.Redacted(), Why: "is not http or https"}
	}
	answer, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("call: %w", err)
	}
	answer.Body = &cut{ReadCloser: answer.Body, left: maxAnswer}
	return answer, nil
}

type cut struct {
	io.ReadCloser
	left int
}

func (c *cut) Read(p []byte) (int, error) {
	if c.left == 0 { // only the end may follow
		var one [1]byte
		if n, err := c.ReadCloser.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, ErrTooLong
	}
	n, err := c.ReadCloser.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}
