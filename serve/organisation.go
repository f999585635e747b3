package serve

import (
	"cmp"
	"context"
	"net/url"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// AddOrganisation makes an organisation at the settings' URL, beside those that
// the server has, and returns the address at which its owner joins (R2.5).
func AddOrganisation(ctx context.Context, settings config.Settings, name string) (link string, err error) {
	err = alongside(ctx, settings, func(st *store.Store, orgs []store.Organisation, public *url.URL) error {
		if len(orgs) == 0 {
			return ErrNotSetUp
		}
		secret, hash := auth.NewSecret()
		link = public.String() + "/join/" + secret
		return said(atTerminal(st).AddOrganisation(store.WithOrigin(ctx, "terminal"), door.OrganisationDraft{
			Name: name, URL: public.String(), LinkHash: hash, Ends: time.Now().Add(auth.InviteLife),
		}))
	})
	return link, err
}

// Organisations lists those of a server, oldest first, each with the address at
// which it is reached by these settings.
func Organisations(ctx context.Context, settings config.Settings) (all []store.Organisation, err error) {
	err = alongside(ctx, settings, func(_ *store.Store, orgs []store.Organisation, public *url.URL) error {
		for i := range orgs {
			orgs[i].URL = cmp.Or(orgs[i].URL, public.String())
		}
		all = orgs
		return nil
	})
	return all, err
}
