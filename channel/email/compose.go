package email

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"github.com/rubato-hq/rubato/delivery"
)

// The headers that the library has no name for.
const (
	autoSubmitted gomail.Header = "Auto-Submitted" // RFC 3834
	listID        gomail.Header = "List-Id"        // RFC 2919
)

// maxSubject is the longest subject in runes; what is longer loses its end.
const maxSubject = 200

// compose makes the mail of a message: text first, HTML beside it, nothing
// that is fetched. No value of a header holds a line break: addresses and ids
// are checked, words are cleaned.
func (s *Sender) compose(m delivery.Message, now time.Time) (*gomail.Msg, error) {
	to, err := recipient(m.Name, m.To.Address)
	if err != nil {
		return nil, err
	}
	host, err := idHost(m.Org.URL)
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&s.from)
	msg.ToMailAddress(to)
	msg.Subject(line(m.Subject))
	msg.SetDateWithValue(now)
	id, err := messageID(m.ID, host)
	if err != nil {
		return nil, err
	}
	msg.SetMessageIDWithValue(id)
	var thread []string
	for _, earlier := range m.Thread {
		id, err := messageID(earlier, host)
		if err != nil {
			return nil, err
		}
		thread = append(thread, "<"+id+">")
	}
	if n := len(thread); n > 0 {
		msg.SetGenHeaderPreformatted(gomail.HeaderInReplyTo, thread[n-1])
		msg.SetGenHeaderPreformatted(gomail.HeaderReferences, strings.Join(thread, "\r\n "))
	}
	msg.SetGenHeaderPreformatted(autoSubmitted, "auto-generated")
	msg.SetGenHeaderPreformatted(gomail.HeaderXAutoResponseSuppress, "All")
	if m.Unsubscribe != "" {
		address, err := url.Parse(m.Unsubscribe)
		if err != nil || (address.Scheme != "https" && address.Scheme != "http") || strings.Contains(m.Unsubscribe, "=?") {
			return nil, errors.New("the address to unsubscribe at is no address")
		}
		msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+address.String()+">")
		msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click") // RFC 8058
		msg.SetGenHeaderPreformatted(listID, "<brief."+host+">")
	}
	if m.Urgent {
		msg.SetGenHeaderPreformatted(gomail.HeaderImportance, "high")
		msg.SetGenHeaderPreformatted(gomail.HeaderPriority, "urgent")
		msg.SetGenHeaderPreformatted(gomail.HeaderXPriority, "1")
	}
	if plainTag(m.Lang) {
		msg.SetGenHeaderPreformatted(gomail.HeaderContentLang, m.Lang)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// recipient checks an address: one mailbox, no line breaks, no comments.
func recipient(name, address string) (*mail.Address, error) {
	if strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		return nil, errors.New("the address holds characters that cannot be seen")
	}
	a, err := mail.ParseAddress("<" + address + ">")
	if err != nil {
		return nil, fmt.Errorf("the address is none: %w", err)
	}
	a.Name = line(name)
	return a, nil
}

// idHost is the host of the public address, as the right side of a Message-ID.
func idHost(public string) (string, error) {
	u, err := url.Parse(public)
	if err != nil {
		return "", errors.New("the public address is none")
	}
	host := u.Hostname()
	if strings.Contains(host, ":") {
		host = "localhost" // an IPv6 address is no dot-atom (RFC 5322 3.2.3)
	}
	if host == "" || !atom(host) {
		return "", errors.New("the public address has no host")
	}
	return host, nil
}

// messageID is an outbox id as the world knows it: stable over all attempts.
func messageID(id, host string) (string, error) {
	if id == "" || !atom(id) {
		return "", fmt.Errorf("%q cannot be a Message-ID", id)
	}
	return id + "@" + host, nil
}

// atom accepts what ids and hosts are made of.
func atom(s string) bool {
	for _, r := range s {
		if r > unicode.MaxASCII || !(unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-._", r)) {
			return false
		}
	}
	return true
}

func plainTag(lang string) bool { return lang != "" && atom(lang) }

// line makes one line of a header's words: control characters and those that
// turn the direction of writing become spaces, and the end of what is too long
// is left out.
func line(s string) string {
	const joiner, nonJoiner = '\u200d', '\u200c' // parts of letters in some scripts
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) || unicode.IsSpace(r) || (unicode.Is(unicode.Cf, r) && r != joiner && r != nonJoiner)
	}), " ")
	s = strings.ReplaceAll(s, "=?", "= ?") // or it would be read as an encoded word, line breaks and all (RFC 2047)
	if utf8.RuneCountInString(s) > maxSubject {
		s = string([]rune(s)[:maxSubject-1]) + "…"
	}
	return s
}
