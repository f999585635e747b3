package slackexport

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/maphash"
	"io"
	"slices"
	"sync"
)

// The records of a zip (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 to 4.3.16). We read
// them ourselves because archive/zip keeps every entry of the directory in memory,
// several hundred bytes each, before anybody can count them, and opens archives
// whose entries share their bytes.
const (
	localSig, localLen     = 0x04034b50, 30
	centralSig, centralLen = 0x02014b50, 46
	endSig, endLen         = 0x06054b50, 22
	end64Sig, end64Len     = 0x06064b50, 56
	locatorSig, locatorLen = 0x07064b50, 20
	extra64                = 0x0001

	stored, deflated = 0, 8

	flagEncrypted = 1 << 0
	hostUnix      = 3
	hostMac       = 19
	typeMask      = 0xF000 // of a Unix mode, in the upper half of the attributes
	typeFolder    = 0x4000
	typeFile      = 0x8000
	reparsePoint  = 0x0400 // a Windows attribute: links and the like
)

// zipArchive is an archive on disk: where its directory lies and where each entry
// begins, nothing more.
type zipArchive struct {
	f          io.ReaderAt
	from, size int64   // of the directory
	starts     []int64 // of all entries, rising, and the directory's
	inflaters  sync.Pool
}

// header is an entry as the directory tells it.
type header struct {
	name         string
	at           int64 // of this record in the file
	flags        uint16
	method       uint16
	crc          uint32
	packed, full int64
	start        int64 // of the entry's own record
	recordLen    int64
	special      bool // a link, a device: neither file nor folder
}

// openZip reads the directory of an archive and calls each for every entry in it,
// after the checks that hold for all: places, names, kinds.
func openZip(f io.ReaderAt, size int64, limits Limits, each func(name string, h header) error) (*zipArchive, error) {
	z := &zipArchive{f: f}
	records, err := z.findDirectory(size)
	if err != nil {
		return nil, err
	}
	if records > int64(limits.Entries) {
		return nil, &Refused{Why: TooManyEntries}
	}
	type span struct{ from, to int64 }
	spans := make([]span, 0, records)
	seed, names := maphash.MakeSeed(), make([]uint64, 0, records)
	r := bufio.NewReaderSize(io.NewSectionReader(f, z.from, z.size), 64<<10)
	at := z.from
	for range records {
		h, err := readHeader(r, at)
		if err != nil {
			return nil, fmt.Errorf("read the archive's directory: %w", err)
		}
		at += h.recordLen
		name, why := cleanName(h.name)
		if why == "" && h.special {
			why = Link
		}
		if why != "" {
			return nil, &Refused{Entry: h.name, Why: why}
		}
		names = append(names, maphash.String(seed, name))
		to := h.start + localLen + int64(len(h.name)) + h.packed
		if h.start < 0 || h.packed < 0 || h.full < 0 || to > z.from || to < h.start {
			return nil, &Refused{Entry: h.name, Why: Overlapping}
		}
		spans = append(spans, span{h.start, to})
		if err := each(name, h); err != nil {
			return nil, err
		}
	}
	if at != z.from+z.size {
		return nil, &Refused{Why: NotAnArchive} // more records than were counted
	}
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return nil, &Refused{Entry: z.named(seed, names[i], records), Why: DuplicateName}
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	z.starts = make([]int64, 0, len(spans)+1)
	for i, s := range spans {
		if i > 0 && s.from < spans[i-1].to {
			return nil, &Refused{Entry: z.nameOf(s.from), Why: Overlapping}
		}
		z.starts = append(z.starts, s.from)
	}
	z.starts = append(z.starts, z.from)
	return z, nil
}

// named returns the last of the entries whose names have that hash, for an error:
// while all is well, no name is kept.
func (z *zipArchive) named(seed maphash.Seed, hash uint64, records int64) (found string) {
	r := bufio.NewReaderSize(io.NewSectionReader(z.f, z.from, z.size), 64<<10)
	for range records {
		h, err := readHeader(r, 0)
		if err != nil {
			return found
		}
		if name, _ := cleanName(h.name); maphash.String(seed, name) == hash {
			found = h.name
		}
	}
	return found
}

// findDirectory reads the records at the end of the archive and returns how many
// entries they count.
func (z *zipArchive) findDirectory(size int64) (int64, error) {
	tail := make([]byte, min(size, endLen+1<<16))
	if _, err := z.f.ReadAt(tail, size-int64(len(tail))); err != nil {
		return 0, fmt.Errorf("read the archive's end: %w", err)
	}
	le := binary.LittleEndian
	i := bytes.LastIndex(tail, le.AppendUint32(nil, endSig))
	if i < 0 || len(tail)-i < endLen {
		return 0, &Refused{Why: NotAnArchive}
	}
	end := tail[i:]
	endAt := size - int64(len(end))
	disks := le.Uint16(end[4:]) | le.Uint16(end[6:])
	records, records2 := uint64(le.Uint16(end[10:])), uint64(le.Uint16(end[8:]))
	length, from := uint64(le.Uint32(end[12:])), uint64(le.Uint32(end[16:]))
	if records == 0xFFFF || length == 0xFFFFFFFF || from == 0xFFFFFFFF {
		var locator [locatorLen]byte
		var end64 [end64Len]byte
		if _, err := z.f.ReadAt(locator[:], endAt-locatorLen); err == nil && le.Uint32(locator[:]) == locatorSig {
			at := int64(le.Uint64(locator[8:])) //nolint:gosec // a negative one is refused by the read at it
			if _, err := z.f.ReadAt(end64[:], at); at < 0 || err != nil || le.Uint32(end64[:]) != end64Sig {
				return 0, &Refused{Why: NotAnArchive}
			}
			endAt = at
			records2, records = le.Uint64(end64[24:]), le.Uint64(end64[32:])
			length, from = le.Uint64(end64[40:]), le.Uint64(end64[48:])
		}
	}
	// Directory, end and comment follow each other to the byte: two programs that
	// look for them differently must not see two different archives.
	if int(le.Uint16(end[20:])) != len(end)-endLen || disks != 0 || records != records2 || from > uint64(endAt) || length > uint64(endAt) || //nolint:gosec // endAt is a place in the file
		from+length != uint64(endAt) || records > length/centralLen { //nolint:gosec // endAt is a place in the file
		return 0, &Refused{Why: NotAnArchive}
	}
	z.from, z.size = int64(from), int64(length) //nolint:gosec // at most endAt
	return int64(records), nil                  //nolint:gosec // at most endAt
}

// readHeader reads one record of the directory, which begins at byte at.
func readHeader(r io.Reader, at int64) (header, error) {
	var b [centralLen]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return header{}, err
	}
	le := binary.LittleEndian
	if le.Uint32(b[:]) != centralSig {
		return header{}, &Refused{Why: NotAnArchive}
	}
	nameLen, extraLen, commentLen := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
	rest := make([]byte, nameLen+extraLen+commentLen)
	if _, err := io.ReadFull(r, rest); err != nil {
		return header{}, err
	}
	h := header{
		name:      string(rest[:nameLen]),
		at:        at,
		flags:     le.Uint16(b[8:]),
		method:    le.Uint16(b[10:]),
		crc:       le.Uint32(b[16:]),
		packed:    int64(le.Uint32(b[20:])),
		full:      int64(le.Uint32(b[24:])),
		start:     int64(le.Uint32(b[42:])),
		recordLen: int64(centralLen + len(rest)),
	}
	attributes := le.Uint32(b[38:])
	switch host := b[5]; host {
	case hostUnix, hostMac:
		kind := attributes >> 16 & typeMask
		h.special = kind != 0 && kind != typeFile && kind != typeFolder
	default:
		h.special = attributes&reparsePoint != 0
	}
	large(rest[nameLen:nameLen+extraLen], &h)
	return h, nil
}

// large takes sizes and places above 4 GiB from the extra field that holds them,
// in this order and only those that did not fit (APPNOTE 4.5.3).
func large(extra []byte, h *header) {
	le := binary.LittleEndian
	for len(extra) >= 4 {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			return
		}
		field := extra[:n]
		extra = extra[n:]
		if id != extra64 {
			continue
		}
		for _, v := range []*int64{&h.full, &h.packed, &h.start} {
			if *v == 0xFFFFFFFF && len(field) >= 8 {
				*v = int64(le.Uint64(field)) //nolint:gosec // a negative one is refused later
				field = field[8:]
			}
		}
	}
}

// nameOf returns the name that the entry at start gives itself, for an error.
func (z *zipArchive) nameOf(start int64) string {
	var b [localLen]byte
	if _, err := z.f.ReadAt(b[:], start); err != nil || binary.LittleEndian.Uint32(b[:]) != localSig {
		return ""
	}
	name := make([]byte, binary.LittleEndian.Uint16(b[26:]))
	n, _ := z.f.ReadAt(name, start+localLen)
	return string(name[:n])
}

// open returns the contents of the entry whose directory record is at byte at.
func (z *zipArchive) open(at int64) (io.ReadCloser, error) {
	h, err := readHeader(io.NewSectionReader(z.f, at, z.from+z.size-at), at)
	if err != nil {
		return nil, fmt.Errorf("read the archive's directory again: %w", err)
	}
	record := make([]byte, localLen+len(h.name))
	if _, err := z.f.ReadAt(record, h.start); err != nil {
		return nil, fmt.Errorf("read entry %q: %w", h.name, errDamaged)
	}
	le := binary.LittleEndian
	nameLen, extraLen := int64(le.Uint16(record[26:])), int64(le.Uint16(record[28:]))
	if le.Uint32(record) != localSig || nameLen != int64(len(h.name)) || string(record[localLen:]) != h.name {
		return nil, &Refused{Entry: h.name, Why: NameLies}
	}
	from := h.start + localLen + nameLen + extraLen
	i, found := slices.BinarySearch(z.starts, h.start)
	if !found || from+h.packed > z.starts[i+1] {
		return nil, &Refused{Entry: h.name, Why: Overlapping}
	}
	packed := io.NewSectionReader(z.f, from, h.packed)
	e := &zipEntry{name: h.name, left: h.full, sum: h.crc, crc: crc32.NewIEEE(), r: packed}
	if h.method == deflated {
		inflater, ok := z.inflaters.Get().(io.ReadCloser)
		if !ok {
			inflater = flate.NewReader(packed)
		} else if err := inflater.(flate.Resetter).Reset(packed, nil); err != nil {
			return nil, fmt.Errorf("read entry %q: %w", h.name, err)
		}
		e.r, e.done = inflater, func() { z.inflaters.Put(inflater) }
	}
	return e, nil
}

var errDamaged = errors.New("damaged")

// zipEntry gives out no more than the directory announced, and vouches at the end
// for what it gave out.
type zipEntry struct {
	name string
	r    io.Reader
	left int64
	sum  uint32
	crc  hash.Hash32
	done func()
}

func (e *zipEntry) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if e.left -= int64(n); e.left < 0 {
		return 0, &Refused{Entry: e.name, Why: SizeLies}
	}
	e.crc.Write(p[:n])
	switch {
	case err == io.EOF:
		if e.left > 0 || e.crc.Sum32() != e.sum {
			return n, errDamaged
		}
	case err != nil:
		return n, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return n, err
}

func (e *zipEntry) Close() error {
	if e.done != nil {
		e.done()
		e.done = nil
	}
	return nil
}
