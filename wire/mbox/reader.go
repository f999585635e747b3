package mbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // what is not UTF-8
	"github.com/emersion/go-message/mail"
)

// The bounds of what is kept of a message.
const (
	maxMessage = 8 << 20 // bytes; of a longer one the beginning
	maxText    = 256 << 10
	maxParts   = 100
)

// ErrNotMailbox says that there is no message in what was read.
var ErrNotMailbox = errors.New("there is no mailbox in it")

// Message is one message as far as it says who wrote to whom, and when.
type Message struct {
	Line       int // of the mailbox, where it begins, from 1
	From       Address
	To, Cc     []Address
	Date       time.Time // with the writer's offset; zero for none
	Subject    string
	ID         string
	InReplyTo  []string
	References []string
	List       bool // a list sent it on
	Automatic  bool // a program wrote it (RFC 3834)
	Text       string
}

// Address is who a message names.
type Address struct {
	Name    string
	Address string // in lower case
}

// Reader reads a mailbox.
type Reader struct {
	r    *bufio.Reader
	line int
	next []byte // the line that the next message begins with, already read
	done bool
	seen bool
	// Unreadable counts messages whose head could not be read.
	Unreadable int
}

// NewReader returns a Reader of r. The caller bounds its length.
func NewReader(r io.Reader) *Reader { return &Reader{r: bufio.NewReaderSize(r, 64<<10)} }

// separator is the line between messages: a sender, and a time that ends in a
// year. The space around "at" is what archives of lists write.
var separator = regexp.MustCompile(`^From \S.* \d{1,2}:\d{2}(:\d{2})?.* \d{4}|^From \S+ .*\d{4}$`)

// Next returns the next message, io.EOF after the last, and ErrNotMailbox at the
// end of what holds none.
func (r *Reader) Next() (*Message, error) {
	for {
		raw, at, err := r.message()
		if err != nil {
			return nil, err
		}
		m, err := parse(raw)
		if err != nil {
			r.Unreadable++
			continue
		}
		m.Line = at
		return m, nil
	}
}

// message is the text of the next one and the line on which it begins.
func (r *Reader) message() (raw []byte, at int, err error) {
	for r.next == nil { // what stands before the first
		line, err := r.read()
		if err != nil {
			if errors.Is(err, io.EOF) && !r.seen {
				return nil, 0, ErrNotMailbox
			}
			return nil, 0, err
		}
		if separator.Match(bytes.TrimRight(line, "\r\n")) {
			r.next = line
		}
	}
	r.seen, r.next = true, nil
	at = r.line
	blank := false
	for {
		line, err := r.read()
		if errors.Is(err, io.EOF) {
			return raw, at, nil
		}
		if err != nil {
			return nil, 0, err
		}
		trimmed := bytes.TrimRight(line, "\r\n")
		if blank && separator.Match(trimmed) {
			r.next = bytes.Clone(line)
			return raw, at, nil
		}
		blank = len(trimmed) == 0
		if quoted := bytes.TrimLeft(line, ">"); len(quoted) < len(line) && bytes.HasPrefix(quoted, []byte("From ")) {
			line = line[1:] // as it stood before it was put there
		}
		if room := maxMessage - len(raw); room > 0 {
			raw = append(raw, line[:min(len(line), room)]...)
		}
	}
}

// read returns one line, or as much of a long one as there is room for.
func (r *Reader) read() ([]byte, error) {
	if r.done {
		return nil, io.EOF
	}
	line, err := r.r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		line = bytes.Clone(line)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.r.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read a mailbox: %w", err)
		}
		r.done = err != nil
	case errors.Is(err, io.EOF):
		r.done = true
		if len(line) == 0 {
			return nil, io.EOF
		}
	case err != nil:
		return nil, fmt.Errorf("read a mailbox: %w", err)
	}
	r.line++
	return line, nil
}

var errHead = errors.New("a message without a head")

func parse(raw []byte) (*Message, error) {
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil {
		return nil, errors.Join(errHead, err)
	}
	h := mail.Header{Header: e.Header}
	m := &Message{}
	m.Subject = word(h.Get("Subject"))
	if from := addresses(h, "From"); len(from) > 0 {
		m.From = from[0]
	}
	m.To, m.Cc = addresses(h, "To"), addresses(h, "Cc")
	m.Date, _ = h.Date() // zero for what is none
	m.ID, _ = h.MessageID()
	m.InReplyTo, _ = h.MsgIDList("In-Reply-To")
	m.References, _ = h.MsgIDList("References")
	m.List = h.Has("List-Id") || h.Has("List-Post") || strings.EqualFold(h.Get("Precedence"), "list")
	if auto := h.Get("Auto-Submitted"); auto != "" && !strings.EqualFold(auto, "no") {
		m.Automatic = true
	}
	if p := strings.ToLower(h.Get("Precedence")); p == "bulk" || p == "junk" || p == "auto_reply" {
		m.Automatic = true
	}
	if m.From.Address == "" && m.Date.IsZero() && m.Subject == "" {
		return nil, errHead
	}
	parts := 0
	m.Text = text(e, &parts)
	return m, nil
}

// text is the first plain text in a message, cut at maxText.
func text(e *message.Entity, parts *int) string {
	if *parts++; *parts > maxParts {
		return ""
	}
	if mr := e.MultipartReader(); mr != nil {
		for {
			p, err := mr.NextPart()
			if p == nil || err != nil && !message.IsUnknownCharset(err) {
				return ""
			}
			if t := text(p, parts); t != "" {
				return t
			}
		}
	}
	kind, _, err := e.Header.ContentType()
	if err != nil && kind == "" || kind != "" && kind != "text/plain" {
		return ""
	}
	b, err := io.ReadAll(io.LimitReader(e.Body, maxText))
	if err != nil && len(b) == 0 {
		return ""
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

func addresses(h mail.Header, field string) []Address {
	list, err := h.AddressList(field)
	if err != nil { // "name at host (Full Name)", as archives of lists write it
		var out []Address
		for one := range strings.SplitSeq(h.Get(field), ",") {
			if a, ok := written(word(one)); ok {
				out = append(out, a)
			}
		}
		return out
	}
	var out []Address
	for _, a := range list {
		out = append(out, Address{Name: a.Name, Address: strings.ToLower(a.Address)})
	}
	return out
}

var atHost = regexp.MustCompile(`^\s*(\S+) at (\S+)\s*(?:\((.*)\))?\s*$`)

func written(s string) (Address, bool) {
	m := atHost.FindStringSubmatch(s)
	if m == nil {
		return Address{}, false
	}
	return Address{Name: strings.TrimSpace(m[3]), Address: strings.ToLower(m[1] + "@" + m[2])}, true
}

// word decodes what a head writes in other letters (RFC 2047).
func word(s string) string {
	out, err := (&mime.WordDecoder{CharsetReader: message.CharsetReader}).DecodeHeader(s)
	if err != nil {
		out = s
	}
	return strings.ToValidUTF8(out, "\uFFFD")
}
