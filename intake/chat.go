package intake

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/mattermostexport"
	"github.com/rubato-hq/rubato/wire/mbox"
	"github.com/rubato-hq/rubato/wire/slackexport"
)

// Talk is a chat export that was read: the signs of its messages, and who and
// where their numbers mean.
type Talk struct {
	audit.Chat
	People []Talker // by their number
	Places []string // what the channels are called, by their number
	// LeftOut counts what no person wrote.
	LeftOut int
	// Unread counts what could not be read.
	Unread int
}

// Talker is somebody who wrote or was written to.
type Talker struct {
	Keys    []string // ids, names and addresses, in lower case
	Name    string
	Zone    string // "" for unknown
	Bot     bool
	Written int
}

// Errors of what is no chat that is read here.
var (
	ErrSlackdump = errors.New("this is slackdump’s own form; let it write a Slack export (\"slackdump convert -f export\") and give that")
	ErrEDN       = errors.New("this is EDN, which is not read; export the workspace from Slack, as a zip")
	ErrNoChat    = errors.New("it is neither a Slack export nor a Mattermost one nor a mailbox")
)

// maxMessages bounds the messages of one export.
const maxMessages = 20_000_000

// talking puts a chat together.
type talking struct {
	t      *Talk
	words  *audit.Words
	people map[string]int
	places map[string]int
}

func newTalking(words *audit.Words) *talking {
	return &talking{t: &Talk{Chat: audit.Chat{Me: -1}}, words: words, people: make(map[string]int), places: make(map[string]int)}
}

// person is the number of somebody, by a key.
func (k *talking) person(key string) int {
	key = strings.ToLower(key)
	n, there := k.people[key]
	if !there {
		n = len(k.t.People)
		k.people[key] = n
		k.t.People = append(k.t.People, Talker{Keys: []string{key}, Name: key})
	}
	return n
}

// known adds somebody with all that they are called, or what is new of them. Who
// they are is their first key alone: two people may have one name.
func (k *talking) known(t Talker) {
	n := k.person(t.Keys[0])
	p := &k.t.People[n]
	for _, key := range t.Keys {
		key = strings.ToLower(key)
		if key == "" {
			continue
		}
		if _, there := k.people[key]; !there {
			k.people[key] = n
		}
		if !slices.Contains(p.Keys, key) {
			p.Keys = append(p.Keys, key)
		}
	}
	p.Name, p.Zone, p.Bot = cmp.Or(t.Name, p.Name), cmp.Or(t.Zone, p.Zone), p.Bot || t.Bot
}

func (k *talking) place(name string) int {
	n, there := k.places[name]
	if !there {
		n = len(k.t.Places)
		k.places[name] = n
		k.t.Places = append(k.t.Places, name)
	}
	return n
}

// add takes one message over: its signs, not its words.
func (k *talking) add(m audit.Message, text string) error {
	if k.t.People[m.Author].Bot {
		k.t.LeftOut++
		return nil
	}
	if len(k.t.Messages) >= maxMessages {
		return fmt.Errorf("more than %d messages", maxMessages)
	}
	m.Signs = k.words.Signs(text)
	m.To = slices.DeleteFunc(m.To, func(to int) bool { return to == m.Author })
	slices.Sort(m.To)
	m.To = slices.Compact(m.To)
	k.t.People[m.Author].Written++
	k.t.Messages = append(k.t.Messages, m)
	return nil
}

// end puts messages in order, and counts.
func (k *talking) end(me []string) *Talk {
	t := k.t
	slices.SortStableFunc(t.Messages, func(a, b audit.Message) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.At, b.At))
	})
	for i := range t.Messages {
		m := &t.Messages[i]
		if t.From == 0 || m.At < t.From {
			t.From = m.At
		}
		t.To = max(t.To, m.At)
		t.Direct = t.Direct || m.Spot != audit.InRoom
	}
	for i, p := range t.People {
		if p.Written > 0 {
			t.Writers++
		}
		for _, m := range me {
			if slices.Contains(p.Keys, strings.ToLower(strings.TrimPrefix(strings.TrimSpace(m), "@"))) {
				t.Me = i
			}
		}
	}
	return t
}

// IsChat reports whether a file or folder is a chat export or a mailbox, by what
// is in it; an error says that it is one that is not read.
func IsChat(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, fmt.Errorf("open %s: %w", path, err)
	}
	if info.IsDir() {
		for _, name := range []string{"channels.json", "users.json", "dms.json", "groups.json"} {
			if _, err := os.Stat(filepath.Join(path, name)); err == nil {
				return true, nil
			}
		}
		if found, _ := filepath.Glob(filepath.Join(path, "*.json.gz")); len(found) > 0 {
			return false, fmt.Errorf("%s: %w", path, ErrSlackdump)
		}
		return false, nil
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".mbox", ".mbx", ".jsonl":
		return true, nil
	case ".edn":
		return false, fmt.Errorf("%s: %w", path, ErrEDN)
	case ".sqlite", ".db", ".gz":
		return false, fmt.Errorf("%s: %w", path, ErrSlackdump)
	case ".zip":
		z, err := zip.OpenReader(path)
		if err != nil {
			return false, fmt.Errorf("open %s: %w", path, err)
		}
		defer func() { _ = z.Close() }() // it was only read
		for _, f := range z.File {
			if isCalendar(f.Name) {
				return false, nil
			}
		}
		return true, nil
	}
	return false, nil
}

// ReadChat reads a Slack export (a zip or a folder), a Mattermost bulk export
// (JSONL or its zip) or a mailbox (mbox). me are the addresses, names or ids of
// the person. No word of a message is kept.
func ReadChat(path string, me []string, words *audit.Words) (*Talk, error) {
	k := newTalking(words)
	var err error
	switch ext := strings.ToLower(filepath.Ext(path)); {
	case ext == ".mbox" || ext == ".mbx":
		err = withFile(path, k.mbox)
	case ext == ".jsonl":
		err = withFile(path, k.mattermost)
	case ext == ".zip" && hasLines(path):
		err = k.mattermostZip(path)
	default:
		err = k.slack(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(k.t.Messages) == 0 && len(k.t.Calls) == 0 {
		return nil, fmt.Errorf("read %s: %w", path, ErrNoChat)
	}
	return k.end(me), nil
}

func withFile(path string, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return read(f)
}

// hasLines reports whether a zip holds a Mattermost export.
func hasLines(path string) bool {
	z, err := zip.OpenReader(path)
	if err != nil {
		return false
	}
	defer func() { _ = z.Close() }() // it was only read
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.EqualFold(filepath.Ext(f.Name), ".jsonl") })
}

var (
	slackNames = regexp.MustCompile(`<@([A-Z0-9]+)(?:\|[^>]*)?>`)
	slackMarks = regexp.MustCompile(`<[^>]*>`)
	plainNames = regexp.MustCompile(`(^|[^\w/@.])@([\w.-]+)`)
)

func (k *talking) slack(path string) error {
	x, err := slackexport.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = x.Close() }() // it was only read
	for u, err := range x.Users() {
		if err != nil {
			return err
		}
		k.known(Talker{Keys: []string{u.ID, u.Email, u.Name, u.RealName, u.DisplayName}, Name: cmp.Or(u.RealName, u.DisplayName, u.Name, u.ID), Zone: u.Zone, Bot: u.Bot})
	}
	for c, err := range x.Channels() {
		if err != nil {
			return err
		}
		if err := k.slackChannel(x, c); err != nil {
			return err
		}
	}
	report := x.Report()
	k.t.Unread = len(report.Problems) + report.More
	return nil
}

func (k *talking) slackChannel(x *slackexport.Export, c slackexport.Channel) error {
	place := k.place(cmp.Or(c.Name, c.ID))
	spot := audit.InRoom
	switch {
	case c.Kind == slackexport.Direct:
		spot = audit.InDirect
	case c.Kind == slackexport.Group && len(c.Members) <= 4:
		spot = audit.InGroup
	}
	for m, err := range x.Messages(c) {
		if err != nil {
			return err
		}
		if m.Huddle != nil {
			h := audit.Huddle{Place: place, Start: worktime.Of(m.Huddle.Start)}
			if !m.Huddle.End.IsZero() {
				h.End = worktime.Of(m.Huddle.End)
			}
			for _, id := range m.Huddle.People {
				h.People = append(h.People, k.person(id))
			}
			k.t.Calls = append(k.t.Calls, h)
		}
		if !m.Human() || m.User == "" {
			k.t.LeftOut++
			continue
		}
		one := audit.Message{At: worktime.Of(m.Time()), Author: k.person(m.User), Place: place, Spot: spot}
		if m.Thread != "" {
			one.Thread = thread(m.Thread)
		}
		for _, named := range slackNames.FindAllStringSubmatch(m.Text, 50) {
			one.To = append(one.To, k.person(named[1]))
		}
		if spot != audit.InRoom {
			for _, id := range c.Members {
				one.To = append(one.To, k.person(id))
			}
		}
		text := slackMarks.ReplaceAllString(m.Text, " ")
		if err := k.add(one, strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)); err != nil {
			return err
		}
	}
	return nil
}

// thread is a number for the root of a thread.
func thread(key string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // a hash takes everything
	return int64(h.Sum64()>>1) | 1
}

func (k *talking) mattermostZip(path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer func() { _ = z.Close() }() // it was only read
	for _, f := range z.File {
		if !strings.EqualFold(filepath.Ext(f.Name), ".jsonl") {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return err
		}
		err = k.mattermost(in)
		_ = in.Close() // it was read, or said why not
		if err != nil {
			return err
		}
	}
	return nil
}

func (k *talking) mattermost(in io.Reader) error {
	r := mattermostexport.NewReader(in)
	for {
		line, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			k.t.Unread += r.Unread()
			return nil
		case err != nil:
			return err
		case line.User != nil:
			u := line.User
			k.known(Talker{Keys: []string{u.Username, u.Email, strings.TrimSpace(u.FirstName + " " + u.LastName)}, Name: cmp.Or(strings.TrimSpace(u.FirstName+" "+u.LastName), u.Username), Zone: u.Zone, Bot: u.Bot})
		case line.Post != nil:
			if err := k.post(line.Post); err != nil {
				return err
			}
		}
	}
}

func (k *talking) post(p *mattermostexport.Post) error {
	place := k.place(p.Place())
	spot := audit.InRoom
	switch n := len(p.Members); {
	case n == 2:
		spot = audit.InDirect
	case n > 2 && n <= 4:
		spot = audit.InGroup
	}
	write := func(user, text string, at int64, in int64) error {
		one := audit.Message{At: worktime.Instant(at / 1000), Author: k.person(user), Place: place, Thread: in, Spot: spot}
		for _, named := range plainNames.FindAllStringSubmatch(text, 50) {
			if n, there := k.people[strings.ToLower(strings.TrimRight(named[2], "."))]; there {
				one.To = append(one.To, n)
			}
		}
		for _, m := range p.Members {
			one.To = append(one.To, k.person(m))
		}
		return k.add(one, text)
	}
	if p.Call() {
		k.t.Calls = append(k.t.Calls, audit.Huddle{Place: place, Start: worktime.Instant(p.CreateAt / 1000), People: []int{k.person(p.User)}})
		return nil
	}
	if !p.Human() {
		k.t.LeftOut++
		return nil
	}
	root := int64(0)
	if len(p.Replies) > 0 {
		root = thread(fmt.Sprint(place, p.CreateAt, p.User))
	}
	if err := write(p.User, p.Message, p.CreateAt, root); err != nil {
		return err
	}
	for _, r := range p.Replies {
		if err := write(r.User, r.Message, r.CreateAt, root); err != nil {
			return err
		}
	}
	return nil
}

// mbox reads a mailbox: what is written to one or a few is direct, what went to
// more is a room.
func (k *talking) mbox(in io.Reader) error {
	r := mbox.NewReader(in)
	roots := make(map[string]int64)
	for {
		m, err := r.Next()
		if errors.Is(err, io.EOF) {
			k.t.Unread += r.Unreadable
			return nil
		}
		if err != nil {
			return err
		}
		if m.From.Address == "" || m.Date.IsZero() || m.Automatic {
			k.t.LeftOut++
			continue
		}
		k.known(Talker{Keys: []string{m.From.Address, m.From.Name}, Name: cmp.Or(m.From.Name, m.From.Address)})
		one := audit.Message{At: worktime.Of(m.Date), Author: k.person(m.From.Address)}
		for _, to := range m.To {
			one.To = append(one.To, k.person(to.Address))
		}
		switch n := len(m.To) + len(m.Cc); {
		case m.List:
		case n <= 1:
			one.Spot = audit.InDirect
		case n <= 3:
			one.Spot = audit.InGroup
		}
		root := int64(0)
		for _, id := range slices.Concat(m.References, m.InReplyTo) {
			if there, ok := roots[id]; ok {
				root = there
				break
			}
		}
		if root == 0 {
			root = thread(m.ID)
		}
		roots[m.ID] = root
		one.Thread, one.Place = root, k.place("mail")
		if err := k.add(one, m.Text); err != nil {
			return err
		}
	}
}

// CallsOf are the huddles of the person as meetings of their calendar, source chat
// (A5.4); one without an end has no length and is not counted.
func (t *Talk) CallsOf() []audit.Instance {
	var out []audit.Instance
	for _, h := range t.Chat.Calls {
		if t.Me < 0 || !slices.Contains(h.People, t.Me) || h.End <= h.Start {
			continue
		}
		item := &audit.Item{Series: fmt.Sprintf("chat:%d", h.Place), Title: "Huddle: " + t.Places[h.Place], Huddle: true, Created: h.Start}
		for _, p := range h.People {
			if p != t.Me {
				item.Attendees = append(item.Attendees, audit.Party{Address: t.People[p].Keys[0], Name: t.People[p].Name, Answer: audit.Yes})
			}
		}
		out = append(out, audit.Instance{Item: item, Start: h.Start, End: h.End})
	}
	return out
}
