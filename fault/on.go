//go:build faults

package fault

import (
	"os"
	"path/filepath"
)

// Stop holds the first caller who passes a point after a file of its name was
// put into the folder RUBATO_FAULTS, for ever. That it is held is told by the
// file's new name, with ".reached".
func Stop(point string) {
	armed := filepath.Join(os.Getenv("RUBATO_FAULTS"), point)
	if os.Rename(armed, armed+".reached") == nil {
		select {}
	}
}
