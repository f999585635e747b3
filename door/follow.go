package door

import (
	"context"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// SetPace chooses how fast the actor wants a stream: a team's, one document's,
// or the organisation's (R12.7). Muting never hides what is directed to them.
func (d *Door) SetPace(ctx context.Context, by access.Actor, stream string, pace store.Pace) error {
	if !slices.Contains([]store.Pace{store.PaceWindow, store.PaceDaily, store.PaceWeekly, store.PaceMuted}, pace) {
		return problem("pace", "unknown-pace")
	}
	err := d.own(ctx, by, func(tx *store.Tx) error {
		if err := d.mayFollow(ctx, tx, by, stream); err != nil {
			return err
		}
		return tx.SetPace(ctx, by.Person, stream, pace, d.now())
	})
	if err == nil {
		d.wake()
	}
	return err
}

func (d *Door) mayFollow(ctx context.Context, tx *store.Tx, by access.Actor, stream string) error {
	kind, id, _ := strings.Cut(stream, ":")
	switch {
	case stream == store.WideStream:
		return access.Can(by, access.See, access.Object{Kind: access.Organisation, Org: by.Org})
	case stream == store.TeamStream(id) && kind == "team":
		team, err := d.team(ctx, tx, id)
		if err != nil {
			return err
		}
		return access.Can(by, access.See, team.Object())
	case stream == store.ThreadStream(id):
		_, err := d.visible(ctx, tx, by, id, access.See)
		return err
	}
	return access.ErrHidden
}
