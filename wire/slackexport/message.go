package slackexport

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// A Message is one entry of a channel. Its key is the channel's id with TS.
type Message struct {
	TS      string // decimal seconds, see CompareTS
	Day     string // the file it stands in, "2025-01-10": a day of the exporter's zone
	Team    string // the workspace's id, may be ""
	Subtype string // Slack's word, "" for a plain message
	Class   Class
	User    string // the author's account; "" for most bots
	Bot     string // a bot's id
	BotName string // what a bot or Slack's own account called itself
	Author  string // the name that stood beside it; accounts of other workspaces have no other
	// Thread is the TS of the root, "" outside of threads; the root carries its own.
	// A root may be missing from the export, and a reply stands in the file of its
	// own day.
	Thread    string
	Text      string // as Slack writes it, see Markdown
	Edited    *Edit  // the last edit, nil if there is none
	Files     []File
	Reactions []Reaction
	Huddle    *Huddle // of a huddle_thread
}

// Class says what kind of entry a message is.
type Class uint8

// The classes of messages.
const (
	// Notice is what Slack says about a channel: joins, topics, pins and the like.
	Notice Class = iota
	// Human is what a person wrote: plain, file_share, thread_broadcast, me_message.
	Human
	// Automatic is what a bot or an integration wrote.
	Automatic
	// Gone is the place of a message that was deleted.
	Gone
	// HuddleThread is a call that somebody started in the channel.
	HuddleThread
)

// String returns the class's name in lower case.
func (c Class) String() string {
	return [...]string{"notice", "human", "automatic", "gone", "huddle", "", "", ""}[c&7]
}

// Human reports whether a person wrote the message, as far as the message says;
// that an account is a bot's is known to Users alone.
func (m *Message) Human() bool { return m.Class == Human }

// Reply reports whether the message answers another.
func (m *Message) Reply() bool { return m.Thread != "" && CompareTS(m.Thread, m.TS) != 0 }

// Time returns when the message was written, in UTC.
func (m *Message) Time() time.Time {
	at, _ := instant(m.TS)
	return at
}

// Edit is the last change of a message.
type Edit struct{ User, TS string }

// File is a file that hung on a message. Its address is left out on purpose: it
// carries a token, and nothing here fetches anything.
type File struct {
	ID, Name, Type string // Type as in Content-Type, may be ""
	Size           int64  // bytes, 0 if not told
}

// Reaction is one emoji under a message, by its name, and whose it is.
type Reaction struct {
	Name  string
	Count int
	Users []string // may be fewer than Count
}

// Huddle is a call started in a channel.
type Huddle struct {
	ID, Name, By string
	Start, End   time.Time // UTC; End is zero if it is not told
	People       []string  // account ids of all who were in it
}

type wireMessage struct {
	Type      scalar          `json:"type"`
	Subtype   scalar          `json:"subtype"`
	User      scalar          `json:"user"`
	BotID     scalar          `json:"bot_id"`
	Username  scalar          `json:"username"`
	Bot       wireBot         `json:"bot_profile"`
	Author    wireAuthor      `json:"user_profile"`
	Team      scalar          `json:"team"`
	Text      scalar          `json:"text"`
	TS        scalar          `json:"ts"`
	Thread    scalar          `json:"thread_ts"`
	Edited    *wireEdit       `json:"edited"`
	Files     []wireFile      `json:"files"`
	File      *wireFile       `json:"file"`
	Comment   *wireComment    `json:"comment"`
	Reactions []wireReaction  `json:"reactions"`
	Attached  []wireAttached  `json:"attachments"`
	Blocks    json.RawMessage `json:"blocks"`
	Room      *wireRoom       `json:"room"`
}

type (
	wireBot struct {
		Name scalar `json:"name"`
	}
	wireAuthor struct {
		RealName    scalar `json:"real_name"`
		DisplayName scalar `json:"display_name"`
		Name        scalar `json:"name"`
	}
	wireEdit struct {
		User scalar `json:"user"`
		TS   scalar `json:"ts"`
	}
	wireFile struct {
		ID    scalar `json:"id"`
		Name  scalar `json:"name"`
		Title scalar `json:"title"`
		Mime  scalar `json:"mimetype"`
		Size  scalar `json:"size"`
	}
	wireComment struct {
		User    scalar `json:"user"`
		Comment scalar `json:"comment"`
	}
	wireReaction struct {
		Name  scalar   `json:"name"`
		Count scalar   `json:"count"`
		Users []scalar `json:"users"`
	}
	wireAttached struct {
		Pretext  scalar `json:"pretext"`
		Title    scalar `json:"title"`
		Text     scalar `json:"text"`
		Fallback scalar `json:"fallback"`
	}
	wireRoom struct {
		ID      scalar   `json:"id"`
		Name    scalar   `json:"name"`
		By      scalar   `json:"created_by"`
		Start   scalar   `json:"date_start"`
		End     scalar   `json:"date_end"`
		People  []scalar `json:"participants"`
		History []scalar `json:"participant_history"`
	}
)

// message makes a Message of what was decoded; false without a time.
func (w *wireMessage) message(day string) (Message, bool) {
	if _, ok := instant(string(w.TS)); !ok {
		return Message{}, false
	}
	m := Message{
		TS:      string(w.TS),
		Day:     day,
		Team:    string(w.Team),
		Subtype: string(w.Subtype),
		User:    string(w.User),
		Bot:     string(w.BotID),
		BotName: first(w.Username, w.Bot.Name),
		Author:  first(w.Author.RealName, w.Author.DisplayName, w.Author.Name),
		Text:    w.text(),
	}
	if validTS(string(w.Thread)) {
		m.Thread = string(w.Thread)
	}
	if w.Comment != nil && m.User == "" {
		m.User = string(w.Comment.User)
	}
	m.Class = w.class(&m)
	if w.Edited != nil {
		m.Edited = &Edit{User: string(w.Edited.User), TS: string(w.Edited.TS)}
	}
	files := w.Files
	if len(files) == 0 && w.File != nil { // before 2018 a message had one file
		files = []wireFile{*w.File}
	}
	for _, f := range files {
		m.Files = append(m.Files, File{ID: string(f.ID), Name: first(f.Name, f.Title), Type: string(f.Mime), Size: number(f.Size)})
	}
	for _, r := range w.Reactions {
		users := texts(r.Users)
		m.Reactions = append(m.Reactions, Reaction{Name: string(r.Name), Count: max(int(number(r.Count)), len(users)), Users: users})
	}
	if w.Room != nil {
		m.Huddle = w.Room.huddle()
	}
	return m, true
}

// text returns what the message says: bots often leave the text empty and say it
// in attachments or blocks.
func (w *wireMessage) text() string {
	if w.Text != "" {
		return string(w.Text)
	}
	var parts []string
	for _, a := range w.Attached {
		said := false
		for _, s := range []scalar{a.Pretext, a.Title, a.Text} {
			if s != "" {
				parts, said = append(parts, string(s)), true
			}
		}
		if !said && a.Fallback != "" {
			parts = append(parts, string(a.Fallback))
		}
	}
	if len(parts) == 0 {
		parts = blockTexts(w.Blocks)
	}
	return strings.Join(parts, "\n")
}

func (w *wireMessage) class(m *Message) Class {
	switch w.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		switch {
		case w.Type != "" && w.Type != "message":
			return Notice
		case m.Bot != "" || m.User == "" || m.User == slackbot:
			return Automatic
		}
		return Human
	case "bot_message":
		return Automatic
	case "tombstone", "message_deleted":
		return Gone
	case "huddle_thread":
		return HuddleThread
	}
	return Notice
}

func (r *wireRoom) huddle() *Huddle {
	h := &Huddle{ID: string(r.ID), Name: string(r.Name), By: string(r.By)}
	h.Start, _ = instant(string(r.Start))
	if end, ok := instant(string(r.End)); ok && end.Unix() > 0 {
		h.End = end
	}
	seen := map[string]bool{}
	for _, p := range append(texts(r.History), texts(r.People)...) {
		if !seen[p] {
			seen[p] = true
			h.People = append(h.People, p)
		}
	}
	return h
}

func texts(of []scalar) []string {
	var list []string
	for _, s := range of {
		if s != "" {
			list = append(list, string(s))
		}
	}
	return list
}

// number returns a count or size; what is none, or negative, is 0.
func number(s scalar) int64 {
	n, err := strconv.ParseInt(string(s), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// size returns about how many bytes the message takes in memory.
func (m *Message) size() int {
	n := 512 + len(m.Text) + 128*(len(m.Files)+len(m.Reactions))
	for _, r := range m.Reactions {
		n += 32 * len(r.Users)
	}
	for _, f := range m.Files {
		n += len(f.Name)
	}
	if m.Huddle != nil {
		n += 32 * len(m.Huddle.People)
	}
	return n
}

// blockTexts takes the strings called "text" out of a message's blocks, whatever
// shape they have: Slack adds new ones all the time.
func blockTexts(raw json.RawMessage) []string {
	var parts []string
	dec := json.NewDecoder(bytes.NewReader(raw))
	var inObject []bool
	var isName, isText bool // what the next string is
	for {
		t, err := dec.Token()
		if err != nil {
			return parts
		}
		wasName, wasText := isName, isText
		isText = false
		switch t := t.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				inObject = append(inObject, t == '{')
			} else {
				inObject = inObject[:len(inObject)-1]
			}
			wasName = false
		case string:
			if wasName {
				isText = t == "text"
			} else if wasText && t != "" {
				parts = append(parts, t)
			}
		}
		isName = !wasName && len(inObject) > 0 && inObject[len(inObject)-1]
	}
}
