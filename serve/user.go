package serve

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// terminal is an operator at work, in the name of the first owner: beside the
// server, through the same door as everybody.
type terminal struct {
	store  *store.Store
	door   *door.Door
	by     access.Actor
	public string
}

// attend runs one act at the terminal.
func attend(ctx context.Context, settings config.Settings, fn func(context.Context, terminal) error) error {
	return alongside(ctx, settings, func(st *store.Store, orgs []store.Organisation, public *url.URL) error {
		if len(orgs) == 0 {
			return ErrNotSetUp
		}
		by, _, err := inNameOf(ctx, st, front.Organisation(orgs, public.Host).ID, "")
		if err != nil {
			return err
		}
		return said(fn(store.WithOrigin(ctx, "terminal"), terminal{st, atTerminal(st), by, public.String()}))
	})
}

// said puts a refusal of the door into words for the terminal.
func said(err error) error {
	if p, ok := errors.AsType[*door.Problem](err); ok {
		for code, says := range map[string]string{
			"taken":          "an organisation at that address is here already: its owner invites people",
			"name-length":    "give the organisation a name of at most 100 characters",
			"last-owner":     "this is the only owner: make another one first",
			"not-yourself":   "this is the owner in whose name the terminal acts",
			"not-an-address": "this is no e-mail address",
			"unknown-role":   "there is no such role: owner, admin or member",
			"unknown-state":  "they are not in a state in which this can be done",
			"not-here-now":   "they are not active: \"rubato user activate\" first",
		} {
			if p.Code == code {
				return errors.New(says)
			}
		}
	}
	return err
}

// person finds somebody by handle.
func (t terminal) person(ctx context.Context, handle string) (id string, err error) {
	handle = strings.TrimPrefix(handle, "@")
	err = t.store.Write(ctx, t.by.Org, func(tx *store.Tx) error {
		held, err := tx.PeopleByHandle(ctx, []string{handle})
		if err == nil && held[handle] == "" {
			err = fmt.Errorf("nobody here is called @%s; see \"rubato user list\"", handle)
		}
		id = held[handle]
		return err
	})
	return id, err
}

// People lists everybody, those who are kept out or have left too.
func People(ctx context.Context, settings config.Settings) (people []store.Person, err error) {
	err = attend(ctx, settings, func(ctx context.Context, t terminal) error {
		people, err = t.store.Reader(t.by).Everybody(ctx)
		return err
	})
	return people, err
}

// InviteLink makes an address with which one person joins.
func InviteLink(ctx context.Context, settings config.Settings, role access.Role, address string) (link string, err error) {
	err = attend(ctx, settings, func(ctx context.Context, t terminal) error {
		secret, hash := auth.NewSecret()
		link = t.public + "/join/" + secret
		return t.door.Invite(ctx, t.by, door.InviteDraft{Hash: hash, Role: role, Address: auth.Address(address), Ends: time.Now().Add(auth.InviteLife)})
	})
	return link, err
}

// ResetLink makes an address with which somebody sets a new password.
func ResetLink(ctx context.Context, settings config.Settings, handle string) (link string, err error) {
	err = attend(ctx, settings, func(ctx context.Context, t terminal) error {
		id, err := t.person(ctx, handle)
		if err == nil {
			link, err = resetLink(ctx, t.door, t.by, id, t.public)
		}
		return err
	})
	return link, err
}

// SetState keeps somebody out, or lets them in again.
func SetState(ctx context.Context, settings config.Settings, handle string, state access.State) error {
	return attend(ctx, settings, func(ctx context.Context, t terminal) error {
		id, err := t.person(ctx, handle)
		if err != nil {
			return err
		}
		return t.door.SetState(ctx, t.by, id, state)
	})
}
