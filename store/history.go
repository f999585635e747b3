package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/core/item"
)

// The kinds of things that an import brings, as they are known again.
const (
	ImportedPerson = "person"
	ImportedRoom   = "room"
	ImportedEntry  = "entry"
	ImportedThread = "thread" // the document of a thread
	ImportedDay    = "day"    // the document of a day
)

// ImportedAs is what something imported became.
type ImportedAs struct {
	Ref      string // id of the person, team or item
	Document string // of an entry: the document it stands in
	Edited   time.Time
}

// TakeSource begins a batch of an import: no other of the same source goes on
// beside it. It returns the zone that the first import decided on, and whether
// this is the first.
func (t *Tx) TakeSource(ctx context.Context, from history.Source, zone string, now time.Time) (kept string, fresh bool, err error) {
	n, err := t.exec(ctx, `INSERT INTO import_source (org_id, tool, team, zone, began_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, tool, team) DO NOTHING`,
		t.org, from.Tool, from.Team, zone, millis(now))
	if err != nil {
		return "", false, fmt.Errorf("begin to import: %w", err)
	}
	kept, err = single(ctx, t.q, t.s.dialect, scanString, `UPDATE import_source SET zone = zone WHERE org_id = $1 AND tool = $2 AND team = $3 RETURNING zone`, t.org, from.Tool, from.Team)
	if err != nil {
		return "", false, fmt.Errorf("go on importing: %w", err)
	}
	return kept, n == 1, nil
}

// maxKeys bounds how many keys one statement asks for.
const maxKeys = 500

// padded repeats the last key up to one of few lengths, so that few texts serve
// all lists and each is compiled once.
func padded(keys []string) []string {
	keys = slices.Clip(keys)
	for len(keys)&(len(keys)-1) != 0 {
		keys = append(keys, keys[len(keys)-1])
	}
	return keys
}

// Imported returns what came of a source, by key, for those of the keys that
// came already. room is that of entries, threads and days, else "".
func (t *Tx) Imported(ctx context.Context, from history.Source, kind, room string, keys []string) (map[string]ImportedAs, error) {
	type row struct {
		key string
		ImportedAs
	}
	out := make(map[string]ImportedAs, len(keys))
	for chunk := range slices.Chunk(unique(keys), maxKeys) {
		set, args := inFrom(6, padded(chunk))
		rows, err := list(ctx, t.q, t.s.dialect, func(r scanner) (row, error) {
			var v row
			var edited int64
			err := r.Scan(&v.key, &v.Ref, &v.Document, &edited)
			v.Edited = instant(edited)
			return v, err
		}, `SELECT entry, ref_id, document_id, edited_at FROM import_key WHERE org_id = $1 AND tool = $2 AND team = $3 AND kind = $4 AND room = $5 AND entry IN `+set+` ORDER BY entry`,
			append([]any{t.org, from.Tool, from.Team, kind, room}, args...)...)
		if err != nil {
			return nil, fmt.Errorf("what was imported: %w", err)
		}
		for _, v := range rows {
			out[v.key] = v.ImportedAs
		}
	}
	return out, nil
}

// SetImported records what something imported became.
func (t *Tx) SetImported(ctx context.Context, from history.Source, kind, room, key string, as ImportedAs) error {
	_, err := t.exec(ctx, `INSERT INTO import_key (org_id, tool, team, kind, room, entry, ref_id, document_id, edited_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (org_id, tool, team, kind, room, entry) DO UPDATE SET ref_id = excluded.ref_id, document_id = excluded.document_id, edited_at = excluded.edited_at`,
		t.org, from.Tool, from.Team, kind, room, key, as.Ref, as.Document, millis(as.Edited))
	if err != nil {
		return fmt.Errorf("record what was imported: %w", err)
	}
	return nil
}

// AddImportFiles lists the files that hung on an imported item.
func (t *Tx) AddImportFiles(ctx context.Context, itemID string, files []history.File) error {
	for n, f := range files {
		_, err := t.exec(ctx, `INSERT INTO import_file (org_id, item_id, n, name, media_type, size) VALUES ($1, $2, $3, $4, $5, $6)`, t.org, itemID, n+1, f.Name, f.Type, f.Size)
		if err != nil {
			return fmt.Errorf("list a file: %w", err)
		}
	}
	return nil
}

// AddNamed names one more person in an item; one that it names already keeps
// how they are named.
func (t *Tx) AddNamed(ctx context.Context, itemID, person string, as item.Naming) error {
	_, err := t.exec(ctx, `INSERT INTO named (org_id, item_id, person_id, naming) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, item_id, person_id) DO NOTHING`, t.org, itemID, person, as)
	if err != nil {
		return fmt.Errorf("name a person: %w", err)
	}
	return nil
}

// VerifiedPerson returns the id of whoever has verified an e-mail address,
// given in ASCII lower case; "" for nobody.
func (t *Tx) VerifiedPerson(ctx context.Context, address string) (string, error) {
	ids, err := list(ctx, t.q, t.s.dialect, scanString, `SELECT person_id FROM address WHERE org_id = $1 AND address = $2 AND verified_at > 0 ORDER BY person_id`, t.org, address)
	if err != nil {
		return "", fmt.Errorf("verified address: %w", err)
	}
	if len(ids) == 0 {
		return "", nil
	}
	return ids[0], nil
}

// ImportFiles returns the files that hung on imported items that the viewer was
// shown, by item.
func (r *Reader) ImportFiles(ctx context.Context, shown []item.Item) (map[string][]history.File, error) {
	type row struct {
		item string
		history.File
	}
	ids := make([]string, len(shown))
	for i, one := range shown {
		ids[i] = one.ID
	}
	out := make(map[string][]history.File)
	for chunk := range slices.Chunk(ids, maxKeys) {
		set, args := in(padded(chunk))
		rows, err := list(ctx, r.s.read, r.s.dialect, func(s scanner) (row, error) {
			var f row
			err := s.Scan(&f.item, &f.Name, &f.Type, &f.Size)
			return f, err
		}, `SELECT item_id, name, media_type, size FROM import_file WHERE org_id = $1 AND item_id IN `+set+` ORDER BY item_id, n`, append([]any{r.viewer.Org}, args...)...)
		if err != nil {
			return nil, fmt.Errorf("files that stayed elsewhere: %w", err)
		}
		for _, f := range rows {
			out[f.item] = append(out[f.item], f.File)
		}
	}
	return out, nil
}
