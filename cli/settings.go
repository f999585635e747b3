package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/config"
)

// settingFlags adds a flag for every setting, and --config for the file.
func settingFlags(c *cobra.Command) {
	for _, s := range config.All() {
		about := s.About
		if s.Default != "" {
			about += " (default " + s.Default + ")"
		}
		c.Flags().String(s.Name, "", about)
	}
	c.Flags().Bool("insecure-http", false, "serve plain http beyond this machine; passwords travel in the clear")
	c.Flags().String("config", "", "settings file (default /etc/rubato/rubato.toml if it exists)")
}

// load reads the settings with the flags that were given.
func load(c *cobra.Command) (config.Settings, []config.Value, error) {
	flags := make(map[string]string)
	for _, s := range config.All() {
		if f := c.Flags().Lookup(s.Name); f != nil && f.Changed {
			flags[s.Name] = f.Value.String()
		}
	}
	if f := c.Flags().Lookup("insecure-http"); f != nil && f.Changed {
		flags["insecure-http"] = f.Value.String()
	}
	file, required := "/etc/rubato/rubato.toml", false
	if f := c.Flags().Lookup("config"); f != nil && f.Changed {
		file, required = f.Value.String(), true
	}
	return config.Load(flags, os.Environ(), file, required)
}

func configCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Print every setting with where it came from; secrets are hidden",
		Args:  noArgs,
	}
	settingFlags(c)
	asJSON := c.Flags().Bool("json", false, "print JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		_, values, err := load(c)
		if err != nil {
			return err
		}
		for i, v := range values {
			if v.Secret && v.Value != "" {
				values[i].Value = "(hidden)"
			}
		}
		if *asJSON {
			return printSettings(s, values)
		}
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		for _, v := range values {
			fmt.Fprintf(w, "%s\t%s\t%s\n", v.Name, v.Value, v.Source)
		}
		return w.Flush()
	}
	return c
}

func printSettings(s std, values []config.Value) error {
	type row struct {
		Name   string `json:"name"`
		Value  string `json:"value"`
		Source string `json:"source"`
	}
	rows := make([]row, len(values))
	for i, v := range values {
		rows[i] = row{v.Name, v.Value, v.Source}
	}
	enc := json.NewEncoder(s.out)
	enc.SetIndent("", "  ")
	return enc.Encode(rows)
}
