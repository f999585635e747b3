package serve

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// ErrSetUp says that the server has an owner already.
var ErrSetUp = errors.New("this server is set up already: an admin of it invites people on its page")

// SetupLink makes a new one-time address for an empty server, which may be
// running or may never have been started.
func SetupLink(ctx context.Context, settings config.Settings) (address string, err error) {
	public, err := settings.Public()
	if err != nil {
		return "", err
	}
	st, err := beside(ctx, settings)
	if errors.Is(err, store.ErrNoDatabase) {
		st, err = open(ctx, settings)
	}
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	orgs, err := st.Organisations(ctx)
	if err != nil {
		return "", err
	}
	if len(orgs) > 0 {
		return "", ErrSetUp
	}
	secret, err := auth.New(st).SetupLink(ctx)
	if err != nil {
		return "", err
	}
	return public.String() + "/setup/" + secret, nil
}

// Migrate brings the schema up to date and returns its version, and the name of
// the backup of an older one, "" if it was not older.
func Migrate(ctx context.Context, settings config.Settings) (version int64, kept string, err error) {
	st, err := store.Open(ctx, toServe(settings, func(name string) { kept = name }))
	if err != nil {
		return 0, kept, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	version, err = st.SchemaVersion(ctx)
	return version, kept, err
}

func open(ctx context.Context, settings config.Settings) (*store.Store, error) {
	return store.Open(ctx, toServe(settings, func(string) {}))
}

// alongside runs fn on the database of a server that may be running, with its
// organisations, and the address that the settings give it.
func alongside(ctx context.Context, settings config.Settings, fn func(st *store.Store, orgs []store.Organisation, public *url.URL) error) (err error) {
	public, err := settings.Public()
	if err != nil {
		return err
	}
	st, err := beside(ctx, settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	orgs, err := st.Organisations(ctx)
	if err != nil {
		return err
	}
	return fn(st, orgs, public)
}

// atTerminal is the door for who works at the terminal of a server.
func atTerminal(st *store.Store) *door.Door {
	return door.New(door.Config{Store: st, Now: time.Now, Wake: func() {}, Zones: zoneinfo.New().Zone})
}

// beside opens the database beside a server that may be running.
func beside(ctx context.Context, settings config.Settings) (*store.Store, error) {
	cfg := databaseOf(settings)
	cfg.Beside = true
	return store.Open(ctx, cfg)
}

func databaseOf(settings config.Settings) store.Config {
	database := settings.Database
	if database == "" {
		database = filepath.Join(settings.Data, "rubato.db")
	}
	return store.Config{Database: database, Zones: zoneinfo.New().Zone}
}
