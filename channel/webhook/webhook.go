// Package webhook calls an address that a person gave, as Standard Webhooks
// 1.0.0 says: a stable id, the time of the attempt, and a signature over both
// and the body.
//
// What does not live here: what the body says (package delivery), when it is
// called again (delivery), and which addresses may be reached (package dial).
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/dial"
)

// Config holds the client to call with: [dial.Guarded.Client].
type Config struct {
	Client *http.Client
}

// Sender is a delivery.Channel. It is safe for concurrent use.
type Sender struct{ client *http.Client }

// New returns a Sender.
func New(cfg Config) *Sender { return &Sender{cfg.Client} }

// The bounds of a secret and of what is read of an answer.
const (
	secretPrefix = "whsec_"
	secretBytes  = 32
	minSecret    = 24
	maxSecret    = 64
	maxRead      = 1 << 10
)

// NewSecret draws a secret for one address: whsec_ and 32 random bytes.
func NewSecret() string {
	var b [secretBytes]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// Send calls the message's address once. 2xx is success; 410 is a
// *delivery.Permanent that ends the contact; an address that may not be called
// is permanent too. Everything else, redirects included, is temporary, after a
// pause if the answer asks for one.
func (s *Sender) Send(ctx context.Context, m delivery.Message) (string, error) {
	key, err := decode(m.To.Secret)
	if err != nil {
		return "", &delivery.Permanent{Err: err}
	}
	if m.ID == "" || strings.Contains(m.ID, ".") {
		return "", &delivery.Permanent{Err: fmt.Errorf("%q cannot be a webhook-id", m.ID)}
	}
	to, err := url.Parse(m.To.Address)
	if err != nil || to.Host == "" || to.User != nil || (to.Scheme != "http" && to.Scheme != "https") {
		return "", &delivery.Permanent{Err: errors.New("the address is no http or https address without a name in it")}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(m.JSON))
	if err != nil {
		return "", &delivery.Permanent{Err: fmt.Errorf("call: %w", err)}
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Rubato")
	r.Header.Set("webhook-id", m.ID)
	r.Header.Set("webhook-timestamp", at)
	r.Header.Set("webhook-signature", sign(key, m.ID, at, m.JSON))
	answer, err := s.client.Do(r)
	if err != nil {
		if refused, ok := errors.AsType[*dial.Refused](err); ok {
			return "", &delivery.Permanent{Err: refused}
		}
		err = fmt.Errorf("call: %w", err)
		if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
			return "", err
		}
		return "", &delivery.Unanswered{Err: err}
	}
	defer answer.Body.Close()
	// What it says does not matter, and how much it says must not either.
	_, _ = io.CopyN(io.Discard, answer.Body, maxRead)
	return judge(answer)
}

// judge tells success from what may be tried again and what may not.
func judge(answer *http.Response) (string, error) {
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return answer.Status, nil
	case code == http.StatusGone:
		return "", &delivery.Permanent{Err: errors.New("the address answers that it is gone (410)"), Ends: true}
	case code >= 300 && code < 400:
		return "", fmt.Errorf("the address answers with a redirect (%d), and none is followed", code)
	case code == http.StatusTooManyRequests || code == http.StatusBadGateway || code == http.StatusServiceUnavailable || code == http.StatusGatewayTimeout:
		return "", &delivery.Later{Err: fmt.Errorf("the address answers %d", code), After: retryAfter(answer.Header.Get("Retry-After"), time.Now())}
	default:
		return "", fmt.Errorf("the address answers %d", code)
	}
}

// retryAfter reads seconds or a date (RFC 9110 10.2.3); 0 for neither.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return min(time.Duration(n)*time.Second, maxAfter)
	}
	if at, err := http.ParseTime(s); err == nil {
		return min(max(at.Sub(now), 0), maxAfter)
	}
	return 0
}

// maxAfter bounds how long a peer can put us off.
const maxAfter = time.Hour

// sign is the header of one signature over id, time and the exact bytes.
func sign(key []byte, id, at string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// decode reads a secret: whsec_ and 24 to 64 bytes in base64.
func decode(secret string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(secret, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < minSecret || len(key) > maxSecret {
		return nil, errors.New("the secret is none: whsec_ and 24 to 64 bytes in base64")
	}
	return key, nil
}
