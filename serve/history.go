package serve

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/slackexport"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// ErrNotSetUp says that there is nobody yet whom history could belong to.
var ErrNotSetUp = errors.New(`this database has no organisation yet: start "rubato serve" and set it up first`)

// ImportSlack brings the history of a Slack export into the organisation, in
// the name of the member with that handle, or of its first owner. show is
// called after each batch.
func ImportSlack(ctx context.Context, settings config.Settings, export, handle string, show func(intake.Report)) (report intake.Report, err error) {
	x, err := slackexport.Open(export)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	st, err := open(ctx, settings)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	orgs, err := st.Organisations(ctx)
	switch {
	case err != nil:
		return report, err
	case len(orgs) == 0:
		return report, ErrNotSetUp
	}
	public, err := settings.Public()
	if err != nil {
		return report, err
	}
	by, handle, err := inNameOf(ctx, st, front.Organisation(orgs, public.Host).ID, handle)
	if errors.Is(err, errNoOwner) {
		err = fmt.Errorf("%w: name an admin with --as", err)
	}
	if err != nil {
		return report, err
	}
	zones := zoneinfo.New().Zone
	d := door.New(door.Config{Store: st, Now: time.Now, Wake: func() {}, Zones: zones})
	report, err = intake.Slack(ctx, x, zones, func(ctx context.Context, b history.Batch) (history.Done, error) { return d.Import(ctx, by, b) }, show)
	if errors.Is(err, access.ErrDenied) || errors.Is(err, access.ErrHidden) {
		err = fmt.Errorf("import: @%s may not: an owner or an admin may", handle)
	}
	return report, err
}

// errNoOwner says that nobody can be acted for.
var errNoOwner = errors.New("this organisation has no owner who is here")

// inNameOf is who acts at the terminal: the person with a handle, or the first owner.
func inNameOf(ctx context.Context, st *store.Store, org, handle string) (by access.Actor, name string, err error) {
	err = st.Write(ctx, org, func(tx *store.Tx) error {
		var ids []string
		if handle == "" {
			if ids, err = tx.Admins(ctx); err != nil {
				return err
			}
		} else {
			held, err := tx.PeopleByHandle(ctx, []string{handle})
			if err != nil {
				return err
			}
			if held[handle] == "" {
				return fmt.Errorf("nobody here is called @%s", handle)
			}
			ids = []string{held[handle]}
		}
		people, err := tx.People(ctx, ids)
		if err != nil {
			return err
		}
		for _, p := range people {
			if handle == "" && p.Role != access.Owner {
				continue
			}
			name = p.Handle
			by, err = tx.Actor(ctx, p)
			return err
		}
		return errNoOwner
	})
	return by, name, err
}
