package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/serve"
)

func serveCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve your organisation",
		Long: `Serve your organisation. On an empty database it prints the address at which
you set it up, once; "rubato user setup-link" makes a new one.

Every flag can also be set in the environment (RUBATO_LISTEN for --listen) or in
the settings file, which is the place for what holds a password. Where --listen
is for other machines too, --url says by which address they come: links and mails
carry it, and no other is answered. An interrupt or SIGTERM lets what is in hand
come to its end, for ten seconds at most.`,
		Example: `  rubato serve --data /var/lib/rubato --url https://rubato.example.org
  rubato serve --listen :443 --tls-cert cert.pem --tls-key key.pem --url https://rubato.example.org
  rubato serve --database postgres://rubato@/rubato --metrics 127.0.0.1:9420`,
		Args: noArgs,
	}
	settingFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		if err := settings.CheckReached(); err != nil {
			return usageError{err}
		}
		return run(c.Context(), s, settings, time.Time{})
	}
	return c
}

func demoCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "demo",
		Short: "Look around: a team with three weeks of writing, and a clock you can move",
		Long: `Start a demo on a database of its own: team Meridian in Berlin, Istanbul,
São Paulo and San Francisco. Sign in as any of them with one click, write, move
the clock to the next window, and see it arrive. It keeps what you did in a
temporary folder; --data keeps it elsewhere. It answers to the names of this
machine, whatever it listens on, unless --url names another.`,
		Example: `  rubato demo
  rubato demo --listen 127.0.0.1:8080 --data /tmp/meridian --at 2026-11-24T08:30:00+01:00`,
		Args: noArgs,
	}
	settingFlags(c)
	c.Flags().Lookup("data").Usage = "`FOLDER` of the database and the uploads (default one of its own under the temporary folder)"
	at := c.Flags().String("at", "", "`INSTANT` at which the demo begins, as RFC 3339 (default Tue 24 Nov 2026 08:30 in Berlin)")
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		if f := c.Flags().Lookup("data"); !f.Changed && settings.Database == "" {
			settings.Data = demoData()
		}
		start := demo.Start()
		if *at != "" {
			if start, err = time.Parse(time.RFC3339, *at); err != nil {
				return usageError{fmt.Errorf("--at %q: give it as 2026-11-24T08:30:00+01:00", *at)}
			}
		}
		return run(c.Context(), s, settings, start)
	}
	return c
}

// demoData is where a demo keeps its database if nobody says otherwise.
func demoData() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("rubato-demo-%d", os.Getuid()))
}

// run serves until a signal ends it.
func run(ctx context.Context, s std, settings config.Settings, demoAt time.Time) error {
	log := logger(s, settings)
	server, err := serve.New(ctx, settings, log, demoAt)
	if err != nil {
		return err
	}
	setup, err := server.Start(ctx)
	if err != nil {
		return err
	}
	switch {
	case setup != "":
		fmt.Fprintf(s.out, "Rubato is ready. Set it up here, within a day:\n\n  %s\n\n", setup)
	case !demoAt.IsZero():
		fmt.Fprintf(s.out, "The demo is ready:\n\n  %s\n\n", server.URL())
	default:
		fmt.Fprintf(s.out, "Rubato is ready: %s\n", server.URL())
	}
	if at := server.MetricsAddr(); at != "" {
		fmt.Fprintf(s.out, "Metrics: http://%s/metrics\n", at)
	}
	err = server.Wait(ctx)
	log.Info("stopping", "cause", cmp.Or(err, context.Cause(ctx)))
	return errors.Join(err, server.Stop(context.WithoutCancel(ctx)))
}

func logger(s std, settings config.Settings) *slog.Logger {
	if settings.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.err, nil))
	}
	return slog.New(slog.NewTextHandler(s.err, nil))
}
