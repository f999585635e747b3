package cli

import (
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/config"
)

// settingsFile is read if it is there.
const settingsFile = "/etc/rubato/rubato.toml"

// settingFlags adds a flag for every setting, and --config for the file.
func settingFlags(c *cobra.Command) {
	some := make([]string, 0, len(config.All()))
	for _, s := range config.All() {
		some = append(some, s.Name)
	}
	someSettingFlags(c, some...)
}

// dataFlags adds those that say where the database is.
func dataFlags(c *cobra.Command) { someSettingFlags(c, "data", "database") }

// orgFlags adds those that say where the database is, and by its address which
// organisation in it is meant.
func orgFlags(c *cobra.Command) { someSettingFlags(c, "url", "data", "database") }

func someSettingFlags(c *cobra.Command, names ...string) {
	known := make(map[string]config.Setting)
	for _, s := range config.All() {
		known[s.Name] = s
	}
	for _, name := range names {
		s := known[name]
		if s.Switch() {
			c.Flags().Bool(name, false, s.About)
			continue
		}
		about := s.About
		if s.Default != "" {
			about += " (default " + s.Default + ")"
		}
		c.Flags().String(name, "", about)
		complete(c, name)
	}
	c.Flags().String("config", "", "`FILE` with settings (default "+settingsFile+" if it exists)")
	complete(c, "config")
}

// complete says what the shell may propose for a flag.
func complete(c *cobra.Command, name string) {
	var values []string
	rule := cobra.ShellCompDirectiveNoFileComp
	switch name {
	case "log-format":
		values = []string{"text", "json"}
	case "data":
		rule = cobra.ShellCompDirectiveFilterDirs
	case "tls-cert", "tls-key", "config":
		rule = cobra.ShellCompDirectiveDefault
	}
	// It fails for a flag that does not exist, which one sees at once.
	_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, rule))
}

// load reads the settings with the flags that were given, and checks them.
func load(c *cobra.Command) (config.Settings, error) {
	settings, _, err := read(c)
	if err == nil {
		if err = settings.Check(); err != nil {
			err = usageError{err}
		}
	}
	return settings, err
}

func read(c *cobra.Command) (config.Settings, []config.Value, error) {
	flags := make(map[string]string)
	for _, s := range config.All() {
		if f := c.Flags().Lookup(s.Name); f != nil && f.Changed {
			flags[s.Name] = f.Value.String()
		}
	}
	file, required := settingsFile, false
	if f := c.Flags().Lookup("config"); f != nil && f.Changed {
		file, required = f.Value.String(), true
	}
	settings, values, err := config.Load(flags, os.Environ(), file, required)
	if err != nil {
		err = usageError{err}
	}
	return settings, values, err
}

func configCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Print every setting with where it came from; passwords are hidden",
		Long: `Print every setting with its value and where it came from: a flag, the
environment, the settings file, or the default; passwords are hidden. It then
says what is wrong with them, if anything, and exits with 2.`,
		Example: `  rubato config
  RUBATO_LISTEN=127.0.0.1:8080 rubato config --json
  rubato config --config /etc/rubato/staging.toml`,
		Args: noArgs,
	}
	settingFlags(c)
	asJSON := c.Flags().Bool("json", false, "print JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, values, err := read(c)
		if err != nil {
			return err
		}
		if err := s.printSettings(values, *asJSON); err != nil {
			return err
		}
		if err := settings.Check(); err != nil {
			return usageError{err}
		}
		if err := settings.CheckReached(); err != nil {
			return usageError{err}
		}
		return nil
	}
	return c
}

func (s std) printSettings(values []config.Value, asJSON bool) error {
	if asJSON {
		type row struct {
			Name   string `json:"name"`
			Value  string `json:"value"`
			Source string `json:"source"`
		}
		rows := make([]row, len(values))
		for i, v := range values {
			rows[i] = row{v.Name, v.Shown(), v.Source}
		}
		return s.printJSON(rows)
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, v := range values {
		shown := plain(v.Shown())
		if shown == "" {
			shown = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", v.Name, shown, v.Source)
	}
	return w.Flush()
}
