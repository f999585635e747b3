package door

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// Import writes one batch of history. It is read from then on, and that is all:
// nothing is delivered for it, no stream tells of it, no clock starts and no
// mail goes out. What came before is known by its key and not written again.
func (d *Door) Import(ctx context.Context, by access.Actor, batch history.Batch) (history.Done, error) {
	var done history.Done
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		done = history.Done{}
		if err := access.Can(by, access.Govern, access.Object{Kind: access.Organisation, Org: by.Org}); err != nil {
			return err
		}
		if _, err := d.zones(batch.Zone); err != nil {
			return problem("zone", "unknown-zone")
		}
		now := d.now()
		zone, first, err := tx.TakeSource(ctx, batch.Source, batch.Zone, now)
		if err == nil && first {
			err = tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActImported, Object: batch.Source.Tool + " " + batch.Source.Team})
		}
		if err != nil {
			return err
		}
		in := importing{d: d, tx: tx, by: by, now: now, from: batch.Source, zone: zone, done: history.Done{Zone: zone, Handles: map[string]string{}}}
		if err := in.addPeople(ctx, batch.People); err != nil {
			return err
		}
		if batch.Room != nil {
			if err := in.enterRoom(ctx, *batch.Room); err != nil {
				return err
			}
			if err := in.addEntries(ctx, batch.Entries); err != nil {
				return err
			}
		}
		done = in.done
		return nil
	})
	if err != nil {
		return history.Done{}, fmt.Errorf("import: %w", err)
	}
	return done, nil
}

// importing is one batch on its way into the store.
type importing struct {
	d    *Door
	tx   *store.Tx
	by   access.Actor
	now  time.Time
	from history.Source
	zone string
	done history.Done

	room    history.Room
	team    store.Team // zero for a direct conversation
	named   []item.Named
	authors map[string]string // ids by key
	entries map[string]store.ImportedAs
	threads map[string]store.ImportedAs
	days    map[string]store.ImportedAs
}

// addPeople brings accounts: those of members, by an address that the member
// verified, and names for all others.
func (in *importing) addPeople(ctx context.Context, people []history.Person) error {
	keys := make([]string, len(people))
	for i, p := range people {
		keys[i] = p.Key
	}
	known, err := in.tx.Imported(ctx, in.from, store.ImportedPerson, "", keys)
	if err != nil {
		return err
	}
	ids := make(map[string]string, len(people)) // by key
	for _, p := range people {
		if as, ok := known[p.Key]; ok {
			ids[p.Key] = as.Ref
			in.done.Known++
			continue
		}
		id, err := in.member(ctx, p)
		if err == nil && id == "" {
			id, err = in.name(ctx, p)
		}
		if err != nil {
			return err
		}
		as := store.ImportedAs{Ref: id}
		if err := in.tx.SetImported(ctx, in.from, store.ImportedPerson, "", p.Key, as); err != nil {
			return err
		}
		ids[p.Key], known[p.Key] = id, as
	}
	return in.eachPerson(ctx, ids, func(key string, p store.Person) error {
		in.done.Handles[key] = p.Handle
		return nil
	})
}

// eachPerson reads people, given their ids by key, some at a time.
func (in *importing) eachPerson(ctx context.Context, ids map[string]string, do func(key string, p store.Person) error) error {
	const some = 500
	keys := make(map[string][]string, len(ids)) // by id: two accounts may be one member
	var all []string
	for key, id := range ids {
		if keys[id] == nil {
			all = append(all, id)
		}
		keys[id] = append(keys[id], key)
	}
	slices.Sort(all)
	for chunk := range slices.Chunk(all, some) {
		people, err := in.tx.People(ctx, chunk)
		if err != nil {
			return err
		}
		for _, p := range people {
			for _, key := range keys[p.ID] {
				if err := do(key, p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// member finds the member that an account is, "" if it is none.
func (in *importing) member(ctx context.Context, p history.Person) (string, error) {
	if p.Bot || p.Address == "" {
		return "", nil
	}
	id, err := in.tx.VerifiedPerson(ctx, p.Address)
	if id != "" {
		in.done.Members++
	}
	return id, err
}

// name brings somebody as a name: they cannot sign in, nothing is sent to them
// and no clock of theirs runs. An account that was closed is that of somebody
// who left.
func (in *importing) name(ctx context.Context, p history.Person) (string, error) {
	zone, place := p.Zone, placeOf(p.Zone)
	if _, err := in.d.zones(zone); err != nil || zone == "Local" {
		zone, place = in.zone, ""
	}
	one := store.Person{
		ID: store.NewID(in.now), Org: in.by.Org, Name: oneLine(p.Name, maxName), Lang: "en", Place: place, Archetype: charter.Maker, Role: access.Member,
		State: access.Imported, Bot: p.Bot, MayRaise: true, Created: in.now, Charter: charter.Proposed(zone),
	}
	in.done.People++
	switch {
	case p.Bot:
		one.Place = ""
		in.done.Bots++
	case p.Left:
		one.State = access.Removed
		in.done.Left++
	}
	if p.Guest {
		one.Role = access.Guest
	}
	return one.ID, freeName(one.ID, p.Key, func(handle string) error {
		one.Handle = handle
		if one.Name == "" {
			one.Name = handle
		}
		return in.tx.AddPerson(ctx, one)
	}, p.Handle, p.Name)
}

// freeName tries handles made from the names, in order, until one is free.
func freeName(id, key string, take func(handle string) error, names ...string) error {
	const tries = 20
	base := ""
	for _, name := range append(names, key) {
		if base = handleOf(name); base != "" {
			break
		}
	}
	if base == "" {
		base = "name"
	}
	for n := 1; ; n++ {
		handle := base
		switch {
		case n > tries: // a tail of the id is nobody's
			handle += "-" + id[len(id)-6:]
		case n > 1:
			handle += "-" + strconv.Itoa(n)
		case slices.Contains([]string{"all", "channel", "everyone", "here"}, base):
			continue // an old "@here" must not come to mean somebody
		}
		if err := take(handle); !errors.Is(err, store.ErrExists) || n > tries {
			return err
		}
	}
}

// enterRoom finds what a room became, or makes the team that it becomes.
func (in *importing) enterRoom(ctx context.Context, r history.Room) error {
	in.room = r
	if r.Kind == history.Direct {
		return in.enterDirect(ctx)
	}
	known, err := in.tx.Imported(ctx, in.from, store.ImportedRoom, "", []string{r.Key})
	if err != nil {
		return err
	}
	if as, ok := known[r.Key]; ok {
		in.team, err = in.tx.Team(ctx, as.Ref)
		return err
	}
	created := r.Created
	if created.IsZero() {
		created = in.now
	}
	in.team = store.Team{ID: store.NewID(in.now), Org: in.by.Org, Name: oneLine(r.Name, maxName), Purpose: oneLine(r.Purpose, maxPurpose), Open: r.Kind == history.Open, Created: created}
	err = freeName(in.team.ID, r.Key, func(slug string) error {
		in.team.Slug = slug
		if in.team.Name == "" {
			in.team.Name = slug
		}
		return in.tx.AddTeam(ctx, in.team)
	}, r.Name)
	if err != nil {
		return err
	}
	in.done.Teams++
	if err := in.tx.SetImported(ctx, in.from, store.ImportedRoom, "", r.Key, store.ImportedAs{Ref: in.team.ID}); err != nil {
		return err
	}
	members, err := in.ids(ctx, r.People)
	if err != nil {
		return err
	}
	return in.eachPerson(ctx, members, func(_ string, p store.Person) error { return in.belong(ctx, p) })
}

// belong makes somebody a member of the room's team. Whoever has joined follows
// it from this moment on; what was imported lies before.
func (in *importing) belong(ctx context.Context, p store.Person) error {
	switch {
	case p.Bot, p.State == access.Removed:
		return nil
	case p.State == access.Active:
		return in.d.enter(ctx, in.tx, in.team.ID, p.ID, false)
	}
	return in.tx.AddMember(ctx, in.team.ID, p.ID, false, in.now)
}

// enterDirect finds the people of a direct conversation, who alone will see it.
func (in *importing) enterDirect(ctx context.Context) error {
	ids, err := in.ids(ctx, in.room.People)
	for _, id := range ids {
		in.named = append(in.named, item.Named{Person: id, As: item.To})
	}
	slices.SortFunc(in.named, func(a, b item.Named) int { return strings.Compare(a.Person, b.Person) })
	in.named = slices.Compact(in.named)
	return err
}

// ids returns the ids of people by their keys; an account that no import
// brought is left out.
func (in *importing) ids(ctx context.Context, keys []string) (map[string]string, error) {
	known, err := in.tx.Imported(ctx, in.from, store.ImportedPerson, "", keys)
	out := make(map[string]string, len(known))
	for key, as := range known {
		out[key] = as.Ref
	}
	return out, err
}

// addEntries writes what was said in the room, in order.
func (in *importing) addEntries(ctx context.Context, entries []history.Entry) error {
	if err := in.lookUp(ctx, entries); err != nil {
		return err
	}
	for _, e := range entries {
		author, ok := in.authors[e.Author]
		if !ok {
			return fmt.Errorf("entry %s: author %s: %w", e.Key, e.Author, store.ErrNotFound)
		}
		var err error
		if as, known := in.entries[e.Key]; known {
			in.done.Known++
			err = in.correct(ctx, e, author, as)
		} else {
			err = in.addEntry(ctx, e, author)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lookUp reads once what the entries of a batch need to know.
func (in *importing) lookUp(ctx context.Context, entries []history.Entry) error {
	var keys, authors, threads, days []string
	for _, e := range entries {
		keys, authors = append(keys, e.Key), append(authors, e.Author)
		if thread, key := e.Group(); thread {
			keys, threads = append(keys, key), append(threads, key)
		} else {
			days = append(days, key)
		}
	}
	var err error
	if in.authors, err = in.ids(ctx, authors); err != nil {
		return err
	}
	if in.entries, err = in.tx.Imported(ctx, in.from, store.ImportedEntry, in.room.Key, keys); err != nil {
		return err
	}
	if in.threads, err = in.tx.Imported(ctx, in.from, store.ImportedThread, in.room.Key, threads); err != nil {
		return err
	}
	in.days, err = in.tx.Imported(ctx, in.from, store.ImportedDay, in.room.Key, days)
	return err
}

// addEntry writes one entry: into the document of its thread or its day, or as
// that document if it is the first that came of it.
func (in *importing) addEntry(ctx context.Context, e history.Entry, author string) error {
	i := item.Item{
		ID: store.NewID(e.At), Kind: item.Comment, Team: in.team.ID, Author: author, Body: e.Text,
		Origin: item.Imported, Sent: e.At, Edited: e.At,
	}
	if e.Edited.After(e.At) {
		i.Edited = e.Edited
	}
	thread, group := e.Group()
	in.place(&i, thread, group)
	if i.Root == "" {
		i.Kind = item.Update
		i.Point, i.Body = headline(e)
		i.People = in.named
	}
	i.Words = markup.Words(i.Point) + markup.Words(i.Body)
	i, err := in.tx.AddItem(ctx, i)
	if err != nil {
		return err
	}
	as := store.ImportedAs{Ref: i.ID, Document: i.Root, Edited: e.Edited}
	if i.Root == "" {
		as.Document = i.ID
		in.done.Documents++
		kind, of := store.ImportedDay, in.days
		if thread {
			kind, of = store.ImportedThread, in.threads
		}
		of[group] = store.ImportedAs{Ref: i.ID, Document: i.ID}
		if err := in.tx.SetImported(ctx, in.from, kind, in.room.Key, group, of[group]); err != nil {
			return err
		}
	} else {
		in.done.Comments++
	}
	in.entries[e.Key] = as
	if err := in.tx.SetImported(ctx, in.from, store.ImportedEntry, in.room.Key, e.Key, as); err != nil {
		return err
	}
	in.done.Files += len(e.Files)
	if err := in.tx.AddImportFiles(ctx, i.ID, e.Files); err != nil {
		return err
	}
	return in.letSee(ctx, as.Document, author)
}

// place finds the document that an entry is said on; with none, it is one. A
// reply to something that stands in a document already stands there beside it.
func (in *importing) place(i *item.Item, thread bool, group string) {
	if !thread {
		i.Root = in.days[group].Document
		return
	}
	if root, ok := in.entries[group]; ok {
		i.Root = root.Document
		if root.Ref != root.Document {
			i.Parent = root.Ref
		}
		return
	}
	i.Root = in.threads[group].Document
}

// letSee keeps a writer among those who see what they wrote, where the export
// does not count them among the room's people.
func (in *importing) letSee(ctx context.Context, document, author string) error {
	switch {
	case in.room.Kind == history.Direct:
		return in.tx.AddNamed(ctx, document, author, item.To)
	case in.room.Writers:
		p, err := in.tx.Person(ctx, author)
		if err != nil {
			return err
		}
		return in.belong(ctx, p)
	}
	return nil
}

// correct gives a known entry its newer words, as a revision.
func (in *importing) correct(ctx context.Context, e history.Entry, author string, as store.ImportedAs) error {
	if !e.Edited.After(as.Edited) {
		return nil
	}
	i, err := in.tx.Item(ctx, as.Ref)
	if err != nil {
		return err
	}
	point, body := "", e.Text
	if i.Root == "" {
		point, body = headline(e)
	}
	if point != i.Point || body != i.Body {
		i.Version, i.Point, i.Body, i.Words = i.Version+1, point, body, markup.Words(point)+markup.Words(body)
		if err := in.tx.Revise(ctx, i, author, e.Edited); err != nil {
			return err
		}
		in.done.Edited++
	}
	as.Edited = e.Edited
	return in.tx.SetImported(ctx, in.from, store.ImportedEntry, in.room.Key, e.Key, as)
}
