package serve

import (
	"runtime"
	"runtime/debug"
)

// Build says what this program was built from.
type Build struct {
	Version  string // of the module, or "development"
	Revision string // of the checkout, "" if unknown
	Go       string
}

// ThisBuild reads what the compiler wrote into this program.
func ThisBuild() Build {
	b := Build{Version: "development", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, kv := range info.Settings {
		if kv.Key == "vcs.revision" {
			b.Revision = kv.Value
		}
	}
	return b
}
