package files

import (
	"bytes"
	"encoding/binary"
	"io"
)

// The markers of a JPEG that mean something here.
const (
	soi  = 0xD8 // start
	eoi  = 0xD9 // end
	sos  = 0xDA // a scan follows
	dnl  = 0xDC // its height
	app0 = 0xE0 // JFIF
	app1 = 0xE1 // EXIF, XMP
	app2 = 0xE2 // colour profile, or further pictures
	appE = 0xEE // how Adobe means the colours
	appF = 0xEF
	com  = 0xFE // a comment
)

// jpeg keeps what draws, and of EXIF the one word that says which side is up.
func (p picture) jpeg() error {
	if err := p.copy(2); err != nil {
		return err
	}
	framed, turned := false, false
	for {
		marker, err := p.jpegMarker()
		if err != nil {
			return err
		}
		if marker == eoi {
			if !framed {
				return errBroken
			}
			_, err := p.out.Write([]byte{0xFF, eoi})
			return err
		}
		if marker == soi || marker == 0 || marker == 0x01 || marker >= 0xD0 && marker <= 0xD7 {
			return errBroken // none of them stands between segments
		}
		size, err := p.in.Peek(2)
		if err != nil {
			return err
		}
		n := int64(binary.BigEndian.Uint16(size))
		if n < 2 {
			return errBroken
		}
		switch {
		case frame(marker):
			err = p.jpegFrame(marker, n)
			framed = true
		case marker == app1 && !turned:
			turned, err = p.jpegTurn(n)
		case marker == app2:
			name, _ := p.in.Peek(14)
			err = p.segment(marker, n, bytes.HasPrefix(name[min(len(name), 2):], []byte("ICC_PROFILE")))
		case marker == dnl:
			return errBroken // a height that comes late is one that nobody can hold to a bound
		case marker == app0: // another kind of it holds a second, small picture
			name, _ := p.in.Peek(7)
			err = p.segment(marker, n, bytes.HasPrefix(name[min(len(name), 2):], []byte("JFIF\x00")))
		default:
			err = p.segment(marker, n, marker == appE || marker != com && (marker < app0 || marker > appF))
		}
		if err == nil && marker == sos {
			if !framed {
				return errBroken
			}
			err = p.jpegScan()
		}
		if err != nil {
			return err
		}
	}
}

// frame reports whether a marker begins a frame, with its size.
func frame(marker byte) bool {
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
}

// jpegMarker reads the next marker; fill bytes before it may repeat.
func (p picture) jpegMarker() (byte, error) {
	b, err := p.in.ReadByte()
	if err != nil {
		return 0, err
	}
	if b != 0xFF {
		return 0, errBroken
	}
	for b == 0xFF {
		if b, err = p.in.ReadByte(); err != nil {
			return 0, err
		}
	}
	return b, nil
}

// segment passes a segment of n bytes, its size included.
func (p picture) segment(marker byte, n int64, keep bool) error {
	if keep {
		if _, err := p.out.Write([]byte{0xFF, marker}); err != nil {
			return err
		}
	}
	return p.pass(keep, n)
}

func (p picture) jpegFrame(marker byte, n int64) error {
	b, err := p.in.Peek(7)
	if err != nil {
		return err
	}
	if n < 8 {
		return errBroken
	}
	if err := fits(int64(binary.BigEndian.Uint16(b[5:])), int64(binary.BigEndian.Uint16(b[3:]))); err != nil {
		return err
	}
	return p.segment(marker, n, true)
}

// jpegScan copies the drawn bytes of a scan up to the next marker.
func (p picture) jpegScan() error {
	for {
		b, err := p.in.Peek(2)
		if err != nil {
			return err
		}
		if next := b[1]; b[0] == 0xFF && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7) {
			return nil
		}
		if err := p.out.WriteByte(b[0]); err != nil {
			return err
		}
		if _, err := p.in.Discard(1); err != nil {
			return err
		}
	}
}

// jpegTurn reads an EXIF segment for the orientation, and writes one that says
// nothing else. Without one nothing is written.
func (p picture) jpegTurn(n int64) (bool, error) {
	body, err := p.take(int(n))
	if err != nil {
		return false, err
	}
	turn := orientation(body[2:])
	if turn < 2 || turn > 8 {
		return false, nil
	}
	exif := []byte{0xFF, app1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(turn), 0, 0, 0, 0, 0, 0}
	_, err = p.out.Write(exif)
	return true, err
}

// orientation finds tag 0x0112 in the first directory of an EXIF body, 0 for none.
func orientation(exif []byte) uint16 {
	body, ok := bytes.CutPrefix(exif, []byte("Exif\x00\x00"))
	if !ok || len(body) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if body[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(body[4:]))
	r := bytes.NewReader(body)
	if _, err := r.Seek(at, io.SeekStart); err != nil {
		return 0
	}
	var count uint16
	if binary.Read(r, order, &count) != nil {
		return 0
	}
	var entry struct {
		Tag, Kind uint16
		Count     uint32
		Value     [2]uint16
	}
	for range count {
		if binary.Read(r, order, &entry) != nil {
			return 0
		}
		if entry.Tag == 0x0112 {
			return entry.Value[0]
		}
	}
	return 0
}
