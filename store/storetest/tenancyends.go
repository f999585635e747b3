package storetest

import (
	"context"
	"errors"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

func opsThatEnd(change func(string, func(context.Context, *store.Tx) error)) {
	change("DropItem", func(ctx context.Context, tx *store.Tx) error {
		return tx.DropItem(ctx, letter, "", store.DroppedGone, now)
	})
	change("TakeBack", func(ctx context.Context, tx *store.Tx) error { return tx.TakeBack(ctx, update, after(2)) })
	change("EndSession", func(ctx context.Context, tx *store.Tx) error { return tx.EndSession(ctx, "session-ben") })
	change("EndSessions", func(ctx context.Context, tx *store.Tx) error { return tx.EndSessions(ctx, ada, "", "") })
	change("UseLink", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.UseLink(ctx, store.LinkReset, "reset-ben", after(1))
		return err
	})
	change("EndLinks", func(ctx context.Context, tx *store.Tx) error { return tx.EndLinks(ctx, store.LinkReset, "", after(1)) })
	change("EndInvite", func(ctx context.Context, tx *store.Tx) error {
		err := tx.EndInvite(ctx, "invite-id", after(1))
		if errors.Is(err, store.ErrNotFound) {
			return err
		}
		return errors.Join(err, tx.AddLink(ctx, store.Link{Hash: "invite-3", Kind: store.LinkInvite, ID: "invite-id-3", MadeBy: ada, Created: now, Ends: after(600)}))
	})
	change("Unwatch", func(ctx context.Context, tx *store.Tx) error { return tx.Unwatch(ctx, ben) })
	change("EndInvitesBy", func(ctx context.Context, tx *store.Tx) error { return tx.EndInvitesBy(ctx, ada, after(1)) })
	change("EndTokens", func(ctx context.Context, tx *store.Tx) error { return tx.EndTokens(ctx, ben, "") })
	change("EndFeeds", func(ctx context.Context, tx *store.Tx) error { return tx.EndFeeds(ctx, ben, "") })
	change("DropContact", func(ctx context.Context, tx *store.Tx) error { return tx.DropContact(ctx, ben, store.ChannelEmail) })
	change("DropAttachment", func(ctx context.Context, tx *store.Tx) error { return tx.DropAttachment(ctx, ada, "file-ada") })
	change("DropAttachments", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.DropAttachments(ctx, cem, "draft-cem")
		return err
	})
	change("DropLeft", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.DropLeft(ctx, after(1))
		return err
	})
	change("DropDraft", func(ctx context.Context, tx *store.Tx) error { return tx.DropDraft(ctx, ben, "draft-ben") })
	change("DropAuditReport", func(ctx context.Context, tx *store.Tx) error { return tx.DropAuditReport(ctx, ben) })
	change("DropFollow", func(ctx context.Context, tx *store.Tx) error {
		return tx.DropFollow(ctx, ben, store.TeamStream(teamPrivate))
	})
	change("DropTick", func(ctx context.Context, tx *store.Tx) error { return tx.DropTick(ctx, ben) })
	change("DropMember", func(ctx context.Context, tx *store.Tx) error { return tx.DropMember(ctx, teamPrivate, ben) })
	change("DropOutgoingOf", func(ctx context.Context, tx *store.Tx) error { return tx.DropOutgoingOf(ctx, ben, now) })
	change("AddOutgoing", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddOutgoing(ctx, store.Outgoing{ID: "outgoing-4", Subject: store.SubjectBrief, About: "brief-4", Person: ben, Channel: store.ChannelEmail, Round: 1, Due: now, Created: now})
	})
	change("EndAll", func(ctx context.Context, tx *store.Tx) error { return tx.EndAll(ctx, after(1)) })
	change("BackedUp", func(ctx context.Context, tx *store.Tx) error { return tx.BackedUp(ctx, after(1)) })
	change("Hold", func(ctx context.Context, tx *store.Tx) error { return tx.Hold(ctx, after(1)) })
	change("LetGo", func(ctx context.Context, tx *store.Tx) error { return tx.LetGo(ctx) })
	change("SetCalendar", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetCalendar(ctx, store.Calendar{Name: "Germany", Days: []store.Holiday{{Date: worktime.DateFrom(2026, 12, 25), Name: "Christmas"}}, Changed: now, By: ada})
	})
	change("DropCalendar", func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.DropCalendar(ctx, "Germany"), tx.SetCalendar(ctx, store.Calendar{Name: "France", Changed: now, By: ada}))
	})
	change("DropHeld", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.DropHeld(ctx, after(1), now, "the server was restored")
		return errors.Join(err, tx.AddOutgoing(ctx, store.Outgoing{ID: "outgoing-5", Subject: store.SubjectBrief, About: "brief-5", Person: ben, Channel: store.ChannelEmail, Round: 1, Due: now, Created: now}))
	})
	change("DropWaiting", func(ctx context.Context, tx *store.Tx) error {
		return tx.DropWaiting(ctx, now, "the server was restored")
	})
	change("ForgetKeys", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ForgetKeys(ctx, after(1))
		return err
	})
}
