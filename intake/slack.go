package intake

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/wire/slackexport"
)

// channel brings one channel with what was written in it. An archived one in
// which nothing is left to read is left out.
func (s *slack) channel(ctx context.Context, c slackexport.Channel) error {
	r := room(c)
	b := batch{s: s, room: &r, known: map[string]bool{}}
	if !c.Archived && r.Kind != history.Direct {
		if err := b.flush(ctx); err != nil {
			return err
		}
	}
	for m, err := range s.x.Messages(c) {
		if err == nil {
			err = b.add(ctx, m)
		}
		if err != nil {
			return err
		}
	}
	if b.empty() {
		return nil
	}
	return b.flush(ctx)
}

// room is a Slack channel as a room of history. A folder that no index names is
// taken for private: those who wrote in it are all that is known of its people.
func room(c slackexport.Channel) history.Room {
	r := history.Room{Key: c.ID, Name: c.Name, Purpose: c.Purpose, Created: c.Created, People: c.Members}
	if r.Purpose == "" {
		r.Purpose = c.Topic
	}
	r.Purpose = plain(r.Purpose)
	switch c.Kind {
	case slackexport.Public:
		r.Kind = history.Open
	case slackexport.Direct, slackexport.Group:
		r.Kind = history.Direct
	case slackexport.Private, slackexport.Unknown:
		r.Kind, r.Writers = history.Private, len(c.Members) == 0
	}
	return r
}

// plain reads a caption: Slack's signs, no marks.
func plain(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// batch collects entries of a channel until they are written together.
type batch struct {
	s       *slack
	room    *history.Room
	people  []history.Person // that no index told of
	known   map[string]bool  // keys of people
	entries []history.Entry
	bytes   int
}

func (b *batch) empty() bool { return len(b.entries)+len(b.people) == 0 }

func (b *batch) flush(ctx context.Context) error {
	err := b.s.keep(ctx, history.Batch{People: b.people, Room: b.room, Entries: b.entries})
	b.people, b.entries, b.bytes = nil, nil, 0
	clear(b.known)
	return err
}

// add takes one message over, unless it is no writing.
func (b *batch) add(ctx context.Context, m slackexport.Message) error {
	s := b.s
	out := &s.report.LeftOut
	switch {
	case m.Class == slackexport.Gone:
		out.Gone++
		return nil
	case m.Class == slackexport.HuddleThread:
		out.Huddles++
		return nil
	case m.Class == slackexport.Notice && m.Subtype != "file_comment": // what people wrote under a file, until 2018
		out.Notices++
		return nil
	}
	e := history.Entry{Key: tsKey(m.TS), Author: b.author(&m), At: m.Time(), Files: files(m.Files)}
	if len(s.users)+len(b.people) > maxNames {
		return ErrTooManyNames
	}
	if m.Thread != "" {
		e.Thread = tsKey(m.Thread)
	} else {
		e.Day = e.At.In(s.loc).Format("2006-01-02")
	}
	if m.Edited != nil {
		e.Edited = (&slackexport.Message{TS: m.Edited.TS}).Time()
	}
	e.Text = slackexport.Markdown(m.Text, slackexport.Names{User: s.mention, Channel: s.named})
	if cut := cutText(e.Text); cut != e.Text {
		e.Text = cut
		s.own = append(s.own, slackexport.Problem{File: b.room.Key + "/" + m.Day + ".json", Offset: -1, Item: -1, Why: TooLong, Detail: "ts " + m.TS})
	}
	if strings.TrimSpace(e.Text) == "" && len(e.Files) == 0 {
		out.Empty++
		return nil
	}
	b.entries = append(b.entries, e)
	if b.bytes += len(e.Text); len(b.entries) >= batchEntries || b.bytes >= batchBytes {
		return b.flush(ctx)
	}
	return nil
}

// author returns the key of who wrote a message, and brings whoever the
// export's own list does not tell of: bots without an account, and people of
// other workspaces.
func (b *batch) author(m *slackexport.Message) string {
	p := history.Person{Key: m.User, Name: m.Author, Bot: m.Class == slackexport.Automatic}
	p.Left = !p.Bot
	if m.User == "" {
		if key, ok := b.s.bots[m.Bot]; ok {
			return key
		}
		if p.Key = m.Bot; m.Bot == "" {
			p.Key = strings.TrimSpace("bot " + m.BotName)
		}
	}
	if p.Bot && p.Name == "" {
		p.Name = m.BotName
	}
	if _, ok := b.s.users[p.Key]; ok || b.known[p.Key] {
		return p.Key
	}
	if p.Name == "" {
		p.Name = p.Key
	}
	b.known[p.Key] = true
	b.people = append(b.people, p)
	return p.Key
}

// mention is an account as a text names it: a mention of whoever it became.
func (s *slack) mention(id string) string {
	if u, ok := s.users[id]; ok {
		return "@" + u.handle
	}
	return ""
}

func (s *slack) named(id string) string { return s.channels[id] }

// files lists what hung on a message, but for what was deleted since.
func files(of []slackexport.File) []history.File {
	const most, longest = 100, 255
	var list []history.File
	for _, f := range of {
		if f.Name != "" && len(list) < most {
			list = append(list, history.File{Name: cutAt(f.Name, longest), Type: cutAt(f.Type, longest), Size: f.Size})
		}
	}
	return list
}

// tsKey is a ts in one spelling: some tools drop zeros.
func tsKey(ts string) string {
	whole, fraction, _ := strings.Cut(ts, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// cutText keeps a text within what history takes.
func cutText(s string) string {
	if len(s) <= history.MaxText {
		return s
	}
	return cutAt(s, history.MaxText-len("\n\n…")) + "\n\n…"
}

// cutAt cuts a text before a byte, at a whole character.
func cutAt(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
