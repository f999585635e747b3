// Package intake turns what other tools export into history: which account is a
// person, which channel a room, which message an entry, and in what order it
// all comes in. It reads once through, in batches, and holds no more than the
// names.
//
// What does not live here: the formats themselves (wire), and what becomes of
// the history (door). Nothing here opens a database or the network.
package intake

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/slackexport"
)

// Write takes one batch of history and keeps it, whole or not at all.
type Write func(ctx context.Context, batch history.Batch) (history.Done, error)

// Bounds of what is held while an export is read.
const (
	maxNames     = 100_000 // accounts, and channels
	batchPeople  = 200
	batchEntries = 200
	batchBytes   = 1 << 20 // of texts
)

// ErrTooManyNames says that an export has more accounts or channels than a
// workspace that people work in.
var ErrTooManyNames = errors.New("more than 100,000 accounts or channels in one export")

// Report is what came of an import so far.
type Report struct {
	Source  history.Source
	Zone    string // where days begin and end
	Counts  history.Counts
	LeftOut LeftOut
	// Read is how far the export is read.
	Read slackexport.Progress
	// Problems lists the places that could not be read, More those beyond.
	Problems []slackexport.Problem
	More     int
}

// LeftOut counts messages that are no writing.
type LeftOut struct {
	Notices int // somebody joined, a topic changed
	Gone    int // deleted
	Huddles int // calls
	Empty   int // neither words nor files
}

// TooLong is a message of more text than history keeps; it was cut.
const TooLong slackexport.Reason = "cut"

// Slack reads an export of Slack and hands it on: people first, then channel by
// channel. zones tells which zone names are zones; show is called after each
// batch. What was read before an error is kept, and reading again goes on there.
func Slack(ctx context.Context, x *slackexport.Export, zones worktime.Zones, write Write, show func(Report)) (Report, error) {
	s := slack{x: x, zones: zones, write: write, show: show, users: map[string]user{}, bots: map[string]string{}, channels: map[string]string{}}
	err := s.run(ctx)
	s.refresh()
	return s.report, err
}

// user is what is kept of an account.
type user struct {
	handle string // as it is called here, without @
}

// slack is one export being read.
type slack struct {
	x        *slackexport.Export
	zones    worktime.Zones
	write    Write
	show     func(Report)
	report   Report
	loc      *time.Location
	users    map[string]user   // by key
	bots     map[string]string // keys by bot id
	channels map[string]string // names by id
	own      []slackexport.Problem
}

func (s *slack) refresh() {
	s.report.Read = s.x.Progress()
	found := s.x.Report()
	s.report.Problems, s.report.More = append(found.Problems, s.own...), found.More
}

// keep hands a batch on and takes over what it became.
func (s *slack) keep(ctx context.Context, b history.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.Source, b.Zone = s.report.Source, s.report.Zone
	done, err := s.write(ctx, b)
	if err != nil {
		return err
	}
	s.report.Zone = done.Zone
	s.report.Counts.Add(done.Counts)
	for key, handle := range done.Handles {
		s.users[key] = user{handle}
	}
	s.refresh()
	s.show(s.report)
	return nil
}

func (s *slack) run(ctx context.Context) error {
	if err := s.people(ctx); err != nil {
		return err
	}
	var err error
	if s.loc, err = time.LoadLocation(s.report.Zone); err != nil {
		return err
	}
	for c, err := range s.x.Channels() {
		if err != nil {
			return err
		}
		if s.channels[c.ID] = c.Name; len(s.channels) > maxNames {
			return ErrTooManyNames
		}
	}
	for c, err := range s.x.Channels() {
		if err == nil {
			err = s.channel(ctx, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// people brings the accounts of the export.
func (s *slack) people(ctx context.Context) error {
	var all []history.Person
	seen, teams := map[string]bool{}, map[string]int{}
	for u, err := range s.x.Users() {
		if err != nil {
			return err
		}
		if seen[u.ID] {
			continue
		}
		if len(seen) >= maxNames {
			return ErrTooManyNames
		}
		seen[u.ID] = true
		if u.BotID != "" {
			s.bots[u.BotID] = u.ID
		}
		teams[u.Team]++
		all = append(all, account(u))
	}
	s.report.Source = history.Source{Tool: "slack", Team: commonest(teams)}
	s.report.Zone = history.Zone(all, func(zone string) bool {
		_, err := s.zones(zone)
		return err == nil && zone != "Local"
	})
	for { // at least once: the answer says where days begin
		n := min(len(all), batchPeople)
		if err := s.keep(ctx, history.Batch{People: all[:n]}); err != nil {
			return err
		}
		if all = all[n:]; len(all) == 0 {
			return nil
		}
	}
}

// account is a Slack account as a person of history.
func account(u slackexport.User) history.Person {
	p := history.Person{
		Key: u.ID, Name: u.RealName, Handle: u.Name, Address: asciiLower(u.Email), Zone: u.Zone, Bot: u.Bot, Left: u.Deleted && !u.Bot, Guest: u.Guest,
	}
	if p.Name == "" {
		p.Name = u.DisplayName
	}
	if p.Name == "" {
		p.Name = u.Name
	}
	return p
}

// commonest returns the key that was counted most, the first among equals;
// accounts of other workspaces stand among those of one's own.
func commonest(count map[string]int) string {
	best := ""
	for key, n := range count {
		if key != "" && (n > count[best] || n == count[best] && key < best || best == "") {
			best = key
		}
	}
	return best
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
