package mattermostexport

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxLine bounds one line: a root with all its replies stands in one.
const maxLine = 64 << 20

// ErrNotExport says that a file does not begin as an export does.
var ErrNotExport = errors.New("it is no bulk export of Mattermost: its first line is no version")

// Line is what one line holds: one of the two, or none.
type Line struct {
	User *User
	Post *Post
}

// User is an account.
type User struct {
	Username, Email     string
	FirstName, LastName string
	Zone                string // IANA, "" if the export has none
	Bot, Deleted        bool
}

// Post is a message with the answers under it. Times are milliseconds.
type Post struct {
	Team, Channel string
	Members       []string // of a direct message, "" for a channel
	User          string
	Type          string // "" for what a person wrote
	Message       string
	CreateAt      int64
	Replies       []Reply
}

// Reply is an answer in the thread of a post.
type Reply struct {
	User, Message string
	CreateAt      int64
}

// Human reports whether a person wrote the post, as far as it says.
func (p *Post) Human() bool { return p.Type == "" || p.Type == "me" }

// Call reports whether the post is a call that somebody began.
func (p *Post) Call() bool { return p.Type == "custom_calls" }

// Place names the conversation: its team and channel, or who is in it.
func (p *Post) Place() string {
	if len(p.Members) > 0 {
		return strings.Join(slices.Sorted(slices.Values(p.Members)), ", ")
	}
	return p.Team + "/" + p.Channel
}

// Reader reads an export.
type Reader struct {
	in     *bufio.Reader
	began  bool
	unread int
}

// NewReader returns a Reader of in.
func NewReader(in io.Reader) *Reader { return &Reader{in: bufio.NewReaderSize(in, 64<<10)} }

// Unread is how many lines were left out so far, because they are no JSON or too
// long.
func (r *Reader) Unread() int { return r.unread }

type wireLine struct {
	Type       string    `json:"type"`
	User       *wireUser `json:"user"`
	Bot        *wireUser `json:"bot"`
	Post       *wirePost `json:"post"`
	DirectPost *wirePost `json:"direct_post"`
}

type wireUser struct {
	Username  string `json:"username"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	DeleteAt  int64  `json:"delete_at"`
	Display   string `json:"display_name"`
	Zone      struct {
		Automatic string `json:"automaticTimezone"`
		Manual    string `json:"manualTimezone"`
	} `json:"timezone"`
}

type wirePost struct {
	Team     string      `json:"team"`
	Channel  string      `json:"channel"`
	Members  []string    `json:"channel_members"`
	User     string      `json:"user"`
	Type     string      `json:"type"`
	Message  string      `json:"message"`
	CreateAt int64       `json:"create_at"`
	Replies  []wireReply `json:"replies"`
}

type wireReply struct {
	User     string `json:"user"`
	Type     string `json:"type"`
	Message  string `json:"message"`
	CreateAt int64  `json:"create_at"`
}

// Next returns the next line that holds an account or a message; io.EOF at the
// end.
func (r *Reader) Next() (Line, error) {
	for {
		raw, err := r.line()
		if err != nil {
			return Line{}, err
		}
		if len(bytes.TrimSpace(raw)) == 0 {
			continue
		}
		var w wireLine
		if err := json.Unmarshal(raw, &w); err != nil {
			if !r.began {
				return Line{}, ErrNotExport
			}
			r.unread++
			continue
		}
		if !r.began {
			if w.Type != "version" {
				return Line{}, ErrNotExport
			}
			r.began = true
			continue
		}
		switch {
		case w.User != nil:
			u := w.User
			zone := u.Zone.Manual
			if zone == "" {
				zone = u.Zone.Automatic
			}
			return Line{User: &User{Username: u.Username, Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, Zone: zone, Deleted: u.DeleteAt > 0}}, nil
		case w.Bot != nil:
			return Line{User: &User{Username: w.Bot.Username, FirstName: w.Bot.Display, Bot: true}}, nil
		case w.Post != nil:
			return Line{Post: w.Post.post()}, nil
		case w.DirectPost != nil:
			return Line{Post: w.DirectPost.post()}, nil
		}
	}
}

func (w *wirePost) post() *Post {
	p := &Post{Team: w.Team, Channel: w.Channel, Members: w.Members, User: w.User, Type: w.Type, Message: w.Message, CreateAt: w.CreateAt}
	for _, r := range w.Replies {
		if r.Type == "" || r.Type == "me" {
			p.Replies = append(p.Replies, Reply{r.User, r.Message, r.CreateAt})
		}
	}
	return p
}

// line reads a line without its end; one that is too long is left out.
func (r *Reader) line() ([]byte, error) {
	var whole []byte
	long := false
	for {
		part, err := r.in.ReadSlice('\n')
		if !long {
			if len(whole)+len(part) > maxLine {
				whole, long = nil, true
			} else {
				whole = append(whole, part...)
			}
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read a line: %w", err)
		case long:
			r.unread++
			if err != nil {
				return nil, io.EOF
			}
			long = false
			continue
		case errors.Is(err, io.EOF) && len(whole) == 0:
			return nil, io.EOF
		}
		return whole, nil
	}
}
