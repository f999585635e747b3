package slackexport

import (
	"iter"
	"strings"
	"time"
)

// A User is one account of the workspace.
type User struct {
	ID   string // "U..." or "W...", "USLACKBOT" for Slack's own
	Team string // the workspace's id
	Name string // the handle
	// RealName and DisplayName are what people see, either may be empty.
	RealName, DisplayName string
	Title                 string
	Email                 string // as exported: nobody has verified it for us
	Zone                  string // IANA, "" if the export has none
	Deleted               bool
	Bot                   bool
	BotID                 string // what messages of the bot carry instead of ID
	Guest                 bool   // restricted to some channels
	Admin, Owner          bool
}

type wireUser struct {
	ID              scalar `json:"id"`
	TeamID          scalar `json:"team_id"`
	Name            scalar `json:"name"`
	Deleted         bool   `json:"deleted"`
	RealName        scalar `json:"real_name"`
	Zone            scalar `json:"tz"`
	IsBot           bool   `json:"is_bot"`
	Restricted      bool   `json:"is_restricted"`
	UltraRestricted bool   `json:"is_ultra_restricted"`
	Admin           bool   `json:"is_admin"`
	Owner           bool   `json:"is_owner"`
	PrimaryOwner    bool   `json:"is_primary_owner"`
	Profile         struct {
		RealName    scalar `json:"real_name"`
		DisplayName scalar `json:"display_name"`
		Title       scalar `json:"title"`
		Email       scalar `json:"email"`
		BotID       scalar `json:"bot_id"`
		Team        scalar `json:"team"`
	} `json:"profile"`
}

// slackbot speaks in everybody's name: reminders, huddles, notices.
const slackbot = "USLACKBOT"

// Users returns the accounts in the order of users.json. One that has no id is
// reported and left out. An error ends the sequence.
func (x *Export) Users() iter.Seq2[User, error] {
	return sequence(func(yield func(User) error) error {
		f, ok := x.index[usersFile]
		if !ok {
			return nil
		}
		return elements(x, usersFile, f, pass{limit: maxItem}, func(w *wireUser, at int64, item int) error {
			if w.ID == "" {
				x.add(Problem{usersFile, at, item, WrongShape, "no id"})
				return nil
			}
			return yield(w.user())
		})
	})
}

func (w *wireUser) user() User {
	return User{
		ID:          string(w.ID),
		Team:        first(w.TeamID, w.Profile.Team),
		Name:        string(w.Name),
		RealName:    first(w.RealName, w.Profile.RealName),
		DisplayName: string(w.Profile.DisplayName),
		Title:       string(w.Profile.Title),
		Email:       strings.TrimSpace(string(w.Profile.Email)),
		Zone:        string(w.Zone),
		Deleted:     w.Deleted,
		Bot:         w.IsBot || w.Profile.BotID != "" || w.ID == slackbot,
		BotID:       string(w.Profile.BotID),
		Guest:       w.Restricted || w.UltraRestricted,
		Admin:       w.Admin,
		Owner:       w.Owner || w.PrimaryOwner,
	}
}

func first(of ...scalar) string {
	for _, s := range of {
		if s != "" {
			return string(s)
		}
	}
	return ""
}

// Kind says who reads a channel.
type Kind uint8

// The kinds of channels.
const (
	// Unknown is a folder that no index names: take it for private.
	Unknown Kind = iota
	// Public channels are open to the workspace.
	Public
	// Private channels are open to their members.
	Private
	// Group is a direct message among several people.
	Group
	// Direct is a direct message between two.
	Direct
)

// String returns the kind's name in lower case.
func (k Kind) String() string {
	return [...]string{"unknown", "public", "private", "group", "direct", "", "", ""}[k&7]
}

// A Channel is one conversation of the workspace.
type Channel struct {
	ID   string
	Name string // "" for direct messages
	Kind Kind
	// Folder holds its messages; "" if it has none, or if it is not clear whose
	// they are.
	Folder         string
	Creator        string
	Created        time.Time // UTC, zero if the export does not know it
	Archived       bool
	General        bool
	Members        []string // user ids
	Topic, Purpose string
}

type wireChannel struct {
	ID       scalar      `json:"id"`
	Name     scalar      `json:"name"`
	Creator  scalar      `json:"creator"`
	Created  scalar      `json:"created"`
	Archived bool        `json:"is_archived"`
	General  bool        `json:"is_general"`
	Members  []scalar    `json:"members"`
	Topic    wireCaption `json:"topic"`
	Purpose  wireCaption `json:"purpose"`
}

type wireCaption struct {
	Value scalar `json:"value"`
}

// A claim is what the index files say about a folder.
type claim struct {
	channel   string // id
	ambiguous bool
}

// indexes are the files that name channels.
func indexes() []struct {
	name string
	kind Kind
} {
	return []struct {
		name string
		kind Kind
	}{{publicFile, Public}, {privateFile, Private}, {groupFile, Group}, {directFile, Direct}}
}

// claim finds out whose each folder is. A folder that two channels claim is
// nobody's: one of them may be private.
func (x *Export) claim() error {
	for _, index := range indexes() {
		f, ok := x.index[index.name]
		if !ok {
			continue
		}
		type names struct {
			ID   scalar `json:"id"`
			Name scalar `json:"name"`
		}
		err := elements(x, index.name, f, pass{limit: maxIndexItem, quiet: true}, func(n *names, _ int64, _ int) error {
			d := x.folderFor(string(n.ID), string(n.Name))
			if d == nil {
				return nil
			}
			c, claimed := x.claims[d.name]
			if !claimed {
				c.channel = string(n.ID)
			}
			c.ambiguous = c.ambiguous || claimed && c.channel != string(n.ID)
			x.claims[d.name] = c
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// folderFor returns a channel's folder: slackdump names it by id, Slack by name.
func (x *Export) folderFor(id, name string) *folder {
	if d := x.folderNamed(id); d != nil {
		return d
	}
	return x.folderNamed(name)
}

// Channels returns the conversations in the order of the index files (public,
// private, group, direct), then the folders that none of them names. One without
// an id is reported and left out. An error ends the sequence.
func (x *Export) Channels() iter.Seq2[Channel, error] {
	return sequence(func(yield func(Channel) error) error {
		for _, index := range indexes() {
			f, ok := x.index[index.name]
			if !ok {
				continue
			}
			err := elements(x, index.name, f, pass{limit: maxIndexItem}, func(w *wireChannel, at int64, item int) error {
				if w.ID == "" {
					x.add(Problem{index.name, at, item, WrongShape, "no id"})
					return nil
				}
				c := w.channel(index.kind)
				if d := x.folderFor(c.ID, c.Name); d != nil && !x.claims[d.name].ambiguous {
					c.Folder = d.name
				}
				return yield(c)
			})
			if err != nil {
				return err
			}
		}
		for _, name := range sortedKeys(x.folders) {
			d := x.folders[name]
			c, claimed := x.claims[d.name]
			if claimed && !c.ambiguous {
				continue
			}
			why := Unlisted
			if c.ambiguous {
				why = Ambiguous
			}
			x.add(Problem{d.name, -1, -1, why, ""})
			if err := yield(Channel{ID: d.name, Name: d.name, Kind: Unknown, Folder: d.name}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *wireChannel) channel(kind Kind) Channel {
	c := Channel{
		ID:       string(w.ID),
		Name:     string(w.Name),
		Kind:     kind,
		Creator:  string(w.Creator),
		Archived: w.Archived,
		General:  w.General,
		Topic:    string(w.Topic.Value),
		Purpose:  string(w.Purpose.Value),
	}
	// Slack opened in 2013; direct messages of some tools were "created" in 1970.
	if at, ok := instant(string(w.Created)); ok && at.Year() >= 2013 {
		c.Created = at
	}
	for _, m := range w.Members {
		if m != "" {
			c.Members = append(c.Members, string(m))
		}
	}
	return c
}
