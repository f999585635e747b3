package serve

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/backup"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Backup writes a backup of a server, which may be running.
func Backup(ctx context.Context, settings config.Settings, w io.Writer) (m backup.Manifest, err error) {
	snapshot, err := store.OpenSnapshot(ctx, databaseOf(settings))
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, snapshot.Close()) }()
	return backup.Write(ctx, w, snapshot, FilesIn(settings), ThisBuild().Version, time.Now())
}

// NoteBackup writes down beside the server that a backup of it was made.
func NoteBackup(ctx context.Context, settings config.Settings, made time.Time) error {
	return alongside(ctx, settings, func(st *store.Store, orgs []store.Organisation, _ *url.URL) error {
		by, err := owners(ctx, st, orgs)
		if err != nil {
			return err
		}
		return atTerminal(st).NoteBackup(store.WithOrigin(ctx, "terminal"), by, made)
	})
}

// owners are those in whose name the terminal acts, one of each organisation
// that somebody has joined.
func owners(ctx context.Context, st *store.Store, orgs []store.Organisation) ([]access.Actor, error) {
	var by []access.Actor
	for _, o := range orgs {
		owner, _, err := inNameOf(ctx, st, o.ID, "")
		if errors.Is(err, errNoOwner) {
			continue
		}
		if err != nil {
			return nil, err
		}
		by = append(by, owner)
	}
	return by, nil
}

// Restored is what a restore came to.
type Restored struct {
	Manifest backup.Manifest
	// Links lead an owner of each organisation to a new password; on a server
	// that nobody had set up, to its setup.
	Links []OwnerLink
}

// OwnerLink is an address for an owner; Handle is "" where there is none yet.
type OwnerLink struct{ Handle, Address string }

// Restore fills an empty server from a backup that was found whole.
func Restore(ctx context.Context, settings config.Settings, a *backup.Archive) (r Restored, err error) {
	r.Manifest = a.Manifest
	if err := a.Restore(ctx, databaseOf(settings), FilesIn(settings), time.Now()); err != nil {
		return r, err
	}
	r.Links, err = ownerLinks(ctx, settings)
	return r, err
}

// ownerLinks lets the owners in again: whatever opened a door has ended.
func ownerLinks(ctx context.Context, settings config.Settings) (links []OwnerLink, err error) {
	err = alongside(ctx, settings, func(st *store.Store, orgs []store.Organisation, public *url.URL) error {
		ctx := store.WithOrigin(ctx, "terminal")
		if len(orgs) == 0 {
			secret, err := auth.New(st).SetupLink(ctx)
			links = []OwnerLink{{"", public.String() + "/setup/" + secret}}
			return err
		}
		d := atTerminal(st)
		for _, o := range orgs {
			by, handle, err := inNameOf(ctx, st, o.ID, "")
			if errors.Is(err, errNoOwner) {
				continue // added, and nobody joined: "rubato org add" makes its link anew
			}
			if err != nil {
				return err
			}
			address, err := resetLink(ctx, d, by, by.Person, cmp.Or(o.URL, public.String()))
			if err != nil {
				return err
			}
			links = append(links, OwnerLink{handle, address})
		}
		return nil
	})
	return links, err
}

// resetLink is an address at which somebody sets a new password.
func resetLink(ctx context.Context, d *door.Door, by access.Actor, person, public string) (string, error) {
	secret, hash := auth.NewSecret()
	if err := d.MakeReset(ctx, by, person, door.ResetDraft{Hash: hash, Ends: time.Now().Add(auth.ResetLife)}); err != nil {
		return "", err
	}
	return public + "/reset/" + secret, nil
}

// Release lets go out what a restore held back, or drops it. It returns since
// when it was held, the zero time for not at all, and how many messages that are.
func Release(ctx context.Context, settings config.Settings, drop bool) (held time.Time, messages int64, err error) {
	st, err := beside(ctx, settings)
	if err != nil {
		return held, 0, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	orgs, err := st.Organisations(ctx)
	if err != nil {
		return held, 0, err
	}
	by, err := owners(ctx, st, orgs) // where nobody joined yet, nothing is held
	if err != nil {
		return held, 0, err
	}
	return atTerminal(st).Release(store.WithOrigin(ctx, "terminal"), by, drop)
}
