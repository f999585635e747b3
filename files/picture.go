package files

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// MaxPixels bounds a picture once it is drawn (security 2, row 56).
const MaxPixels = 40_000_000

// errBroken says that a picture is not built as its first bytes promise.
var errBroken = errors.New("a broken picture")

// A picture is read by its structure alone, block by block, and never decoded.
// What draws it is copied; what tells of place, time, maker or software is not,
// nor is anything behind its end, where a second file could hide.
type picture struct {
	in  *bufio.Reader
	out *bufio.Writer
}

// rewrite copies a picture of a type from raw to out.
func rewrite(out, raw *os.File, media string) error {
	if _, err := raw.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	p := picture{bufio.NewReaderSize(raw, 32<<10), bufio.NewWriterSize(out, 32<<10)}
	err := map[string]func() error{
		"image/jpeg": p.jpeg, "image/png": p.png, "image/gif": p.gif, "image/webp": p.webp,
	}[media]()
	if err == nil {
		err = p.out.Flush()
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errBroken
	}
	if err == nil && media == "image/webp" {
		err = riffSize(out)
	}
	return err
}

// fits holds the size of a picture to MaxPixels.
func fits(width, height int64) error {
	switch {
	case width <= 0 || height <= 0:
		return errBroken
	case width > MaxPixels || height > MaxPixels || width*height > MaxPixels:
		return ErrPixels
	}
	return nil
}

// take reads exactly n bytes; n is small.
func (p picture) take(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(p.in, b)
	return b, err
}

// copy passes n bytes on.
func (p picture) copy(n int64) error {
	_, err := io.CopyN(p.out, p.in, n)
	return err
}

// drop passes n bytes over.
func (p picture) drop(n int64) error {
	_, err := io.CopyN(io.Discard, p.in, n)
	return err
}

// pass copies n bytes or drops them.
func (p picture) pass(keep bool, n int64) error {
	if keep {
		return p.copy(n)
	}
	return p.drop(n)
}

// png keeps the chunks that draw.
func (p picture) png() error {
	if err := p.copy(8); err != nil {
		return err
	}
	for first := true; ; first = false {
		head, err := p.take(8)
		if err != nil {
			return err
		}
		size, name := int64(binary.BigEndian.Uint32(head)), string(head[4:])
		if first != (name == "IHDR") || first && size != 13 {
			return errBroken
		}
		if first {
			dims, err := p.in.Peek(8)
			if err != nil {
				return err
			}
			if err := fits(int64(binary.BigEndian.Uint32(dims)), int64(binary.BigEndian.Uint32(dims[4:]))); err != nil {
				return err
			}
		}
		keep := false
		switch name {
		case "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT":
			keep = true
			if _, err := p.out.Write(head); err != nil {
				return err
			}
		}
		if err := p.pass(keep, size+4); err != nil { // and its checksum
			return err
		}
		if name == "IEND" {
			return nil
		}
	}
}

// gif keeps the frames, their timing and how often they run.
func (p picture) gif() error {
	head, err := p.take(13)
	if err != nil {
		return err
	}
	if err := fits(int64(binary.LittleEndian.Uint16(head[6:])), int64(binary.LittleEndian.Uint16(head[8:]))); err != nil {
		return err
	}
	if _, err := p.out.Write(head); err != nil {
		return err
	}
	if err := p.copy(colours(head[10])); err != nil {
		return err
	}
	for {
		kind, err := p.in.ReadByte()
		if err != nil {
			return err
		}
		switch kind {
		case 0x3B: // the end
			return p.out.WriteByte(kind)
		case 0x2C:
			err = p.gifFrame()
		case 0x21:
			err = p.gifExtension()
		default:
			return errBroken
		}
		if err != nil {
			return err
		}
	}
}

// colours is the size of a GIF's table of colours.
func colours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func (p picture) gifFrame() error {
	frame, err := p.take(9)
	if err != nil {
		return err
	}
	if err := fits(int64(binary.LittleEndian.Uint16(frame[4:])), int64(binary.LittleEndian.Uint16(frame[6:]))); err != nil {
		return err
	}
	if _, err := p.out.Write(append([]byte{0x2C}, frame...)); err != nil {
		return err
	}
	if err := p.copy(colours(frame[8]) + 1); err != nil {
		return err
	}
	return p.gifBlocks(true)
}

func (p picture) gifExtension() error {
	label, err := p.in.Peek(13)
	if len(label) < 2 {
		return err
	}
	keep := label[0] == 0xF9 || label[0] == 0xFF && len(label) == 13 && label[1] == 11 &&
		(string(label[2:13]) == "NETSCAPE2.0" || string(label[2:13]) == "ANIMEXTS1.0")
	if keep {
		if err := p.out.WriteByte(0x21); err != nil {
			return err
		}
	}
	if err := p.pass(keep, 1); err != nil {
		return err
	}
	return p.gifBlocks(keep)
}

// gifBlocks passes the blocks up to the empty one.
func (p picture) gifBlocks(keep bool) error {
	for {
		size, err := p.in.Peek(1)
		if err != nil {
			return err
		}
		n := int64(size[0])
		if err := p.pass(keep, n+1); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

// webp keeps the chunks that draw, and clears the flags of the others.
func (p picture) webp() error {
	if err := p.copy(12); err != nil { // its size is mended at the end
		return err
	}
	drawn := false
	for {
		head, err := p.take(8)
		if errors.Is(err, io.EOF) && drawn {
			return nil
		}
		if err != nil {
			return err
		}
		size, name := int64(binary.LittleEndian.Uint32(head[4:])), string(head[:4])
		padded := size + size&1
		switch name {
		case "VP8X":
			if drawn || size != 10 {
				return errBroken
			}
			err = p.webpHeader(head)
		case "VP8 ", "VP8L", "ANMF":
			if name != "ANMF" {
				err = p.webpSize(name)
			}
			drawn = true
			if err == nil {
				err = p.chunk(head, padded)
			}
		case "ALPH", "ANIM", "ICCP":
			err = p.chunk(head, padded)
		default: // EXIF, XMP, what nobody knows, and a second file behind the end
			if drawn && !fourCC(name) {
				return nil
			}
			err = p.drop(padded)
			if drawn && errors.Is(err, io.EOF) {
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
}

func fourCC(name string) bool {
	for _, c := range []byte(name) {
		if c != ' ' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

func (p picture) chunk(head []byte, size int64) error {
	if _, err := p.out.Write(head); err != nil {
		return err
	}
	return p.copy(size)
}

func (p picture) webpHeader(head []byte) error {
	body, err := p.take(10)
	if err != nil {
		return err
	}
	body[0] &^= 0x08 | 0x04 // EXIF, XMP
	if err := fits(1+uint24(body[4:]), 1+uint24(body[7:])); err != nil {
		return err
	}
	_, err = p.out.Write(append(head, body...))
	return err
}

func uint24(b []byte) int64 { return int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16 }

// webpSize reads the size of a frame in its own header.
func (p picture) webpSize(name string) error {
	b, err := p.in.Peek(10)
	if err != nil {
		return err
	}
	if name == "VP8L" {
		bits := int64(binary.LittleEndian.Uint32(b[1:]))
		return fits(1+bits&0x3FFF, 1+bits>>14&0x3FFF)
	}
	return fits(int64(binary.LittleEndian.Uint16(b[6:])&0x3FFF), int64(binary.LittleEndian.Uint16(b[8:])&0x3FFF))
}

// riffSize writes how long the file came out into its head.
func riffSize(out *os.File) error {
	info, err := out.Stat()
	if err != nil {
		return fmt.Errorf("measure a picture: %w", err)
	}
	var size [4]byte
	binary.LittleEndian.PutUint32(size[:], uint32(info.Size()-8)) //nolint:gosec // files are far smaller than 4 GB
	if _, err := out.WriteAt(size[:], 4); err != nil {
		return fmt.Errorf("mend a picture: %w", err)
	}
	return nil
}
