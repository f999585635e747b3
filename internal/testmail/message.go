package testmail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // bodies in whatever charset a test may try
	"github.com/emersion/go-message/mail"
)

// Message is one accepted mail: its envelope, and its content taken apart.
type Message struct {
	ID         string    // Message-ID without the angle brackets; "" if it has none
	From       string    // envelope sender; "" is the null sender of bounces
	Recipients []string  // envelope recipients that were accepted
	At         time.Time // when it was accepted, on the real clock
	Header     mail.Header
	Parts      []Part // the leaves of the MIME tree, in order; one for a plain mail
	Raw        []byte // as it came over the wire, dots unstuffed, lines ending in CRLF
	Malformed  error  // why it could not be taken apart to the end, or nil
}

// Part is one leaf of a message, decoded.
type Part struct {
	Type       string // media type in lower case, as in "text/html"
	Params     map[string]string
	Attachment bool
	Filename   string
	Header     message.Header
	Body       []byte // decoded from its transfer encoding, text as UTF-8
}

// Subject returns the decoded subject.
func (m Message) Subject() string {
	s, err := m.Header.Subject()
	if err != nil {
		return m.Header.Get("Subject")
	}
	return s
}

// Text returns the body for people who read plain text, "" if there is none.
func (m Message) Text() string { return m.body("text/plain") }

// HTML returns the HTML body, "" if there is none.
func (m Message) HTML() string { return m.body("text/html") }

func (m Message) body(mediaType string) string {
	for _, p := range m.Parts {
		if p.Type == mediaType && !p.Attachment {
			return string(p.Body)
		}
	}
	return ""
}

// Key is what may be delivered once: one message to one recipient.
type Key struct{ ID, Recipient string }

// Count counts each message and recipient.
func Count(messages []Message) map[Key]int {
	n := map[Key]int{}
	for _, m := range messages {
		for _, r := range m.Recipients {
			n[Key{m.ID, r}]++
		}
	}
	return n
}

// parse takes a message apart. What cannot be read is told in Malformed and kept in Raw.
func parse(from string, to []string, raw []byte) Message {
	m := Message{From: from, Recipients: to, Raw: raw}
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		m.Malformed = fmt.Errorf("header: %w", err)
		return m
	}
	m.Header = r.Header
	if m.ID, err = r.Header.MessageID(); err != nil {
		m.Malformed = fmt.Errorf("Message-ID: %w", err)
	}
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return m
		}
		if err != nil && !message.IsUnknownCharset(err) {
			m.Malformed = fmt.Errorf("part %d: %w", len(m.Parts)+1, err)
			return m
		}
		part, err := leaf(p)
		m.Parts = append(m.Parts, part)
		if err != nil {
			m.Malformed = fmt.Errorf("part %d: %w", len(m.Parts), err)
		}
	}
}

func leaf(p *mail.Part) (Part, error) {
	var out Part
	switch h := p.Header.(type) {
	case *mail.InlineHeader:
		out.Header = h.Header
	case *mail.AttachmentHeader:
		out.Header = h.Header
		out.Attachment = true
		out.Filename, _ = h.Filename() // a bad name is no name
	}
	var err error
	if out.Type, out.Params, err = mime.ParseMediaType(out.Header.Get("Content-Type")); err != nil {
		out.Type = "text/plain" // RFC 2045 5.2
		if out.Header.Get("Content-Type") == "" {
			err = nil
		}
	}
	body, readErr := io.ReadAll(p.Body)
	out.Body = body
	return out, errors.Join(err, readErr)
}
