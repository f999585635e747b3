package slackexport

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/text/unicode/norm"
)

// Limits bound what an export may ask of the machine that reads it.
type Limits struct {
	Entries    int   // files and folders in it
	EntryBytes int64 // of one JSON file, unpacked
	TotalBytes int64 // of all JSON files, unpacked
	Ratio      int64 // unpacked to packed size of a JSON file above 1 MiB
	Sorting    int   // bytes of a day's messages that are held to be put in order
}

// DefaultLimits hold for [Open]: twenty years of a workspace with thousands of
// channels fit, and JSON that people wrote packs to a fiftieth at best.
func DefaultLimits() Limits {
	return Limits{Entries: 1_000_000, EntryBytes: 512 << 20, TotalBytes: 256 << 30, Ratio: 200, Sorting: 8 << 20}
}

// ratioFrom is the size from which Limits.Ratio holds: small files may well be
// nothing but repetition.
const ratioFrom = 1 << 20

// maxFolders bounds what is kept for each folder while an export is opened.
const maxFolders = 200_000

// The index files, in the order in which channels are told.
const (
	usersFile    = "users.json"
	publicFile   = "channels.json"
	privateFile  = "groups.json"
	groupFile    = "mpims.json"
	directFile   = "dms.json"
	logsFile     = "integration_logs.json"
	maxIndexItem = 16 << 20 // bytes of a channel with all its members
	maxItem      = 2 << 20  // bytes of a message or a person
)

func isIndex(base string) bool {
	switch base {
	case usersFile, publicFile, privateFile, groupFile, directFile, logsFile:
		return true
	}
	return false
}

// An Export is an open export. Its iterators may be used one after the other or
// side by side, each as often as one likes.
type Export struct {
	limits  Limits
	zip     *zipArchive // or
	root    *os.Root
	close   func() error
	prefix  string // the folder of the index files, "" or "x/"
	index   map[string]file
	folders map[string]*folder
	claims  map[string]claim // by folder
	reporter
	total        Progress
	entries, out atomic.Int64
}

// A file is a JSON file by where it is found: its record in the zip's directory.
// In a folder on disk its name says it all.
type file struct {
	at   int64
	size int64
	day  int32
}

// A folder holds the day files of one channel.
type folder struct {
	name  string
	days  []file // by day
	bytes int64
}

// Progress counts day files and their unpacked bytes.
type Progress struct {
	Entries, EntriesDone int
	Bytes, BytesDone     int64
}

// Open opens an export, a zip or a folder, within [DefaultLimits]. It reads the
// directory and the channel indexes, no messages. The error is a [*Refused] or
// comes from the file system.
func Open(path string) (*Export, error) { return OpenWithin(path, DefaultLimits()) }

// OpenWithin is [Open] with other limits.
func OpenWithin(name string, limits Limits) (*Export, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("open slack export: %w", err)
	}
	x := &Export{limits: limits, index: map[string]file{}, folders: map[string]*folder{}, claims: map[string]claim{}}
	found := survey{dirs: map[string]*folder{}, indexes: map[string]map[string]file{}, x: x}
	if info.IsDir() {
		err = x.openFolder(name, &found)
	} else {
		err = x.openZip(name, info.Size(), &found)
	}
	if err == nil {
		err = found.settle()
	}
	if err == nil {
		err = x.claim()
	}
	if err != nil {
		_ = x.Close()
		if _, ok := errors.AsType[*Refused](err); ok {
			return nil, err
		}
		return nil, fmt.Errorf("open slack export: %w", err)
	}
	return x, nil
}

// Close lets go of the file. Iterators that are still running fail.
func (x *Export) Close() error {
	if x.close == nil {
		return nil
	}
	return x.close()
}

func (x *Export) openZip(name string, size int64, found *survey) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	x.close = f.Close
	x.zip, err = openZip(f, size, x.limits, func(name string, h header) error {
		if strings.HasSuffix(h.name, "/") || strings.HasSuffix(h.name, `\`) {
			return nil
		}
		return found.add(name, file{at: h.at, size: h.full}, &h)
	})
	return err
}

// openFolder walks a folder without following anything out of it.
func (x *Export) openFolder(name string, found *survey) error {
	root, err := os.OpenRoot(name)
	if err != nil {
		return err
	}
	x.root, x.close = root, root.Close
	entries := 0
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entries++; entries > x.limits.Entries {
			return &Refused{Entry: name, Why: TooManyEntries}
		}
		if d.IsDir() {
			return nil
		}
		if !d.Type().IsRegular() {
			return &Refused{Entry: name, Why: Link}
		}
		if base := path.Base(name); !isIndex(base) && dayOf(base) == 0 {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return found.add(name, file{size: info.Size()}, nil)
	})
}

// A survey collects what may belong to an export until it is clear where that is.
type survey struct {
	x       *Export
	dirs    map[string]*folder         // with day files, by path
	indexes map[string]map[string]file // by path
	total   int64
}

// add takes one file of the archive or folder, if it is of the kinds that are read.
func (s *survey) add(name string, f file, h *header) error {
	dir, base := path.Split(name)
	f.day = dayOf(base)
	if f.day == 0 && !isIndex(base) || strings.HasPrefix(dir, "__MACOSX/") {
		return nil
	}
	refused := Reason("")
	limits := s.x.limits
	s.total += f.size
	switch {
	case f.size > limits.EntryBytes || s.total > limits.TotalBytes:
		refused = TooLarge
	case h == nil:
	case h.flags&flagEncrypted != 0:
		refused = Encrypted
	case h.method != stored && h.method != deflated:
		refused = Compression
	case h.full > ratioFrom && h.full/limits.Ratio > h.packed:
		refused = Inflated
	}
	if refused != "" {
		return &Refused{Entry: name, Why: refused}
	}
	if f.day == 0 {
		if s.indexes[dir] == nil {
			if len(s.indexes) >= maxFolders {
				return &Refused{Entry: name, Why: TooManyEntries}
			}
			s.indexes[dir] = map[string]file{}
		}
		s.indexes[dir][base] = f
		return nil
	}
	d := s.dirs[dir]
	if d == nil {
		if len(s.dirs) >= maxFolders {
			return &Refused{Entry: name, Why: TooManyEntries}
		}
		d = &folder{name: path.Base(dir)}
		s.dirs[dir] = d
	}
	d.days = append(d.days, f)
	d.bytes += f.size
	return nil
}

// settle finds the export: the index files nearest to the top, or the folders of
// day files if there are none, and what lies under them.
func (s *survey) settle() error {
	const none = 1 << 30
	depth, count := none, 0
	consider := func(dir string) {
		switch n := strings.Count(dir, "/"); {
		case n < depth:
			s.x.prefix, depth, count = dir, n, 1
		case n == depth && dir != s.x.prefix:
			count++
		}
	}
	for dir := range s.indexes {
		consider(dir)
	}
	if depth == none {
		for dir := range s.dirs {
			if dir != "" { // a day file outside any folder belongs to no channel
				parent, _ := path.Split(strings.TrimSuffix(dir, "/"))
				consider(parent)
			}
		}
	}
	switch {
	case depth == none:
		return &Refused{Why: NotAnExport}
	case count > 1:
		return &Refused{Why: SeveralExports}
	}
	maps.Copy(s.x.index, s.indexes[s.x.prefix])
	for dir, d := range s.dirs {
		if parent, _ := path.Split(strings.TrimSuffix(dir, "/")); dir == "" || parent != s.x.prefix {
			s.x.add(Problem{File: path.Clean(dir), Offset: -1, Item: -1, Why: OutsideOfAll})
			continue
		}
		key := norm.NFC.String(d.name)
		if s.x.folders[key] != nil { // two ways to compose one name
			return &Refused{Entry: d.name, Why: DuplicateName}
		}
		slices.SortFunc(d.days, func(a, b file) int { return cmp.Compare(a.day, b.day) })
		s.x.folders[key] = d
		s.x.total.Entries += len(d.days)
		s.x.total.Bytes += d.bytes
	}
	return nil
}

// Indexes returns the names of the index files that the export has, sorted. One
// that Slack itself wrote has channels.json and integration_logs.json.
func (x *Export) Indexes() []string {
	return sortedKeys(x.index)
}

// Progress returns how much of the messages has been read or skipped so far, each
// time that it was. It may be called while an iterator runs.
func (x *Export) Progress() Progress {
	p := x.total
	p.EntriesDone, p.BytesDone = int(x.entries.Load()), x.out.Load()
	return p
}

// Report returns what could not be read so far. It may be called while an
// iterator runs.
func (x *Export) Report() Report { return x.report() }

// open opens a file of the export by its name under the prefix.
func (x *Export) open(name string, f file) (io.ReadCloser, error) {
	if x.zip != nil {
		return x.zip.open(f.at)
	}
	r, err := x.root.Open(x.prefix + name)
	if err != nil {
		return nil, err
	}
	// A folder can change while it is read; what was checked is what is given out.
	return struct {
		io.Reader
		io.Closer
	}{&bounded{r: r, left: f.size, name: name}, r}, nil
}

// bounded refuses to give out more than was announced.
type bounded struct {
	r    io.Reader
	left int64
	name string
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &Refused{Entry: b.name, Why: SizeLies}
	}
	return n, err
}

// folderNamed returns the folder of that name, however its letters are composed.
func (x *Export) folderNamed(name string) *folder {
	if name == "" {
		return nil
	}
	return x.folders[norm.NFC.String(name)]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
