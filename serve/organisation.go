package serve

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// AddOrganisation makes an organisation at the settings' URL, beside those that
// the server has, and returns the address at which its owner joins (R2.5).
func AddOrganisation(ctx context.Context, settings config.Settings, name string) (link string, err error) {
	address, err := settings.Public()
	if err != nil {
		return "", err
	}
	st, err := beside(ctx, settings)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	orgs, err := st.Organisations(ctx)
	if err != nil {
		return "", err
	}
	if len(orgs) == 0 {
		return "", ErrNotSetUp
	}
	d := door.New(door.Config{Store: st, Now: time.Now, Wake: func() {}, Zones: zoneinfo.New().Zone})
	secret, hash := auth.NewSecret()
	err = d.AddOrganisation(store.WithOrigin(ctx, "terminal"), door.OrganisationDraft{
		Name: name, URL: address.String(), LinkHash: hash, Ends: time.Now().Add(auth.InviteLife),
	})
	if err != nil {
		return "", said(err)
	}
	return address.String() + "/join/" + secret, nil
}

// Organisations lists those of a server, oldest first, each with the address at
// which it is reached by these settings.
func Organisations(ctx context.Context, settings config.Settings) (all []store.Organisation, err error) {
	public, err := settings.Public()
	if err != nil {
		return nil, err
	}
	st, err := beside(ctx, settings)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if all, err = st.Organisations(ctx); err != nil {
		return nil, err
	}
	for i := range all {
		all[i].URL = reached(all[i], public)
	}
	return all, nil
}

// reached is where an organisation is: at its own address, or the server's.
func reached(o store.Organisation, public *url.URL) string { return cmp.Or(o.URL, public.String()) }
