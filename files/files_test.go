package files_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/files"
)

const org, id = "org-1", "0123456789abcdefghjkmnpqrs"

func folder(t testing.TB) (*files.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	f, err := files.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, dir
}

// put keeps bytes and returns what they turned out to be, and what lies there.
func put(t testing.TB, b []byte) (files.Kept, []byte) {
	t.Helper()
	f, _ := folder(t)
	kept, err := f.Put(org, id, bytes.NewReader(b), 1<<20)
	if err != nil {
		t.Fatalf("put %q: %v", b[:min(len(b), 20)], err)
	}
	file, err := f.Get(org, id)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(got)) != kept.Size {
		t.Errorf("size %d, but %d bytes lie there", kept.Size, len(got))
	}
	return kept, got
}

func pixels() *image.Paletted { return image.NewPaletted(image.Rect(0, 0, 4, 3), palette.Plan9) }

func pngBytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, pixels()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegBytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, pixels(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifBytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{pixels(), pixels()}, Delay: []int{5, 5}, LoopCount: 3}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// chunk is one of a PNG.
func chunk(name, body string) string {
	sum := crc32.ChecksumIEEE([]byte(name + body))
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + name + body + string(binary.BigEndian.AppendUint32(nil, sum))
}

// segment is one of a JPEG.
func segment(marker byte, body string) string {
	return "\xFF" + string([]byte{marker}) + string(binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))) + body
}

// riff is a WebP of these chunks.
func riff(chunks ...string) string {
	body := "WEBP" + strings.Join(chunks, "")
	return "RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
}

func riffChunk(name, body string) string {
	s := name + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
	if len(body)%2 == 1 {
		s += "\x00"
	}
	return s
}

// lossless is the head of a WebP's frame of a size.
func lossless(width, height int) string {
	return riffChunk("VP8L", "\x2f"+string(binary.LittleEndian.AppendUint32(nil, uint32(width-1)|uint32(height-1)<<14))+"drawn bytes")
}

// exif says where it was taken, and that it lies on its side.
const exif = "Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00" + "\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00" + "\x25\x88\x04\x00\x01\x00\x00\x00SECRET-PLACE"

// TestType tells types by content alone: what a browser could run is text, and
// what is not on the list is unknown.
func TestType(t *testing.T) {
	var plainZip, officeZip bytes.Buffer
	for buf, name := range map[*bytes.Buffer]string{&plainZip: "a.txt", &officeZip: "[Content_Types].xml"} {
		z := zip.NewWriter(buf)
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ name, head, want string }{
		{"png", string(pngBytes(t)), "image/png"},
		{"jpeg", string(jpegBytes(t)), "image/jpeg"},
		{"gif", string(gifBytes(t)), "image/gif"},
		{"webp", riff(lossless(4, 3)), "image/webp"},
		{"svg with a script", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "text/plain"},
		{"svg without a head", `<svg onload="alert(1)" xmlns="http://www.w3.org/2000/svg"/>`, "text/plain"},
		{"html", "<!doctype html><script>alert(1)</script>", "text/plain"},
		{"html behind spaces", "\n\n   <html><body onload=alert(1)>", "text/plain"},
		{"xhtml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script/></html>`, "text/plain"},
		{"script", "alert(document.cookie)", "text/plain"},
		{"pdf", "%PDF-1.7\n", "application/pdf"},
		{"zip", plainZip.String(), "application/zip"},
		{"office", officeZip.String(), "application/vnd.openxmlformats-officedocument"},
		{"gzip", "\x1f\x8b\x08", "application/gzip"},
		{"mp3", "ID3\x04", "audio/mpeg"},
		{"wav", "RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"},
		{"ogg of nobody knows what", "OggS\x00\x02", files.Unknown},
		{"opus", "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead", "audio/ogg"},
		{"webm", "\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"},
		{"matroska", "\x1a\x45\xdf\xa3\x42\x82\x88matroska", files.Unknown},
		{"mp4", "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "video/mp4"},
		{"m4a", "\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00", "audio/mp4"},
		{"heic, which is not cleaned", "\x00\x00\x00\x20ftypheic\x00\x00\x00\x00", files.Unknown},
		{"font", "wOF2", files.Unknown},
		{"windows program", "MZ\x90\x00\x03", files.Unknown},
		{"nothing but zeroes", "\x00\x00\x00\x00", files.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := files.TypeOf([]byte(tt.head)); got != tt.want {
				t.Errorf("TypeOf = %s, want %s", got, tt.want)
			}
		})
	}
}

// TestPicturesSayNothingElse: what tells of place, maker or software goes, what
// hides behind the end goes, and what draws stays as it was.
func TestPicturesSayNothingElse(t *testing.T) {
	plainPNG, plainJPEG, plainGIF := string(pngBytes(t)), string(jpegBytes(t)), string(gifBytes(t))
	end := strings.LastIndex(plainPNG, "\x00\x00\x00\x00IEND")
	const hidden = "SECRET"
	for _, tt := range []struct{ name, media, in, want string }{
		{"png", "image/png", plainPNG, plainPNG},
		{"png with words", "image/png", plainPNG[:end] + chunk("tEXt", "Author\x00"+hidden) + chunk("eXIf", hidden) + chunk("zzZz", hidden) + plainPNG[end:], plainPNG},
		{"png with a page behind it", "image/png", plainPNG + "<script>" + hidden + "</script>", plainPNG},
		{"jpeg", "image/jpeg", plainJPEG, plainJPEG},
		{"jpeg with words", "image/jpeg", plainJPEG[:2] + segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+hidden) + segment(0xED, "Photoshop"+hidden) + segment(0xE2, "MPF\x00"+hidden) + segment(0xFE, hidden) + segment(0xE0, "JFXX\x00"+hidden) + plainJPEG[2:], plainJPEG},
		{"jpeg with an archive behind it", "image/jpeg", plainJPEG + "PK\x03\x04" + hidden, plainJPEG},
		{"gif", "image/gif", plainGIF, plainGIF},
		{"gif with words", "image/gif", plainGIF[:len(plainGIF)-1] + "\x21\xFE\x06" + hidden + "\x00" + "\x21\xFF\x0BXMP DataXMP\x06" + hidden + "\x00" + ";", plainGIF},
		{"gif with a script behind it", "image/gif", plainGIF + "*/;alert('" + hidden + "')", plainGIF},
		{"webp", "image/webp", riff(lossless(4, 3)), riff(lossless(4, 3))},
		{"webp with words", "image/webp", riff(riffChunk("VP8X", "\x0C\x00\x00\x00\x03\x00\x00\x02\x00\x00"), lossless(4, 3), riffChunk("EXIF", hidden), riffChunk("XMP ", hidden+"!")), riff(riffChunk("VP8X", "\x00\x00\x00\x00\x03\x00\x00\x02\x00\x00"), lossless(4, 3))},
		{"webp with a page behind it", "image/webp", riff(lossless(4, 3)) + "<script>" + hidden, riff(lossless(4, 3))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kept, got := put(t, []byte(tt.in))
			if kept.Type != tt.media {
				t.Errorf("type %s", kept.Type)
			}
			if string(got) != tt.want {
				t.Errorf("kept %d bytes of %d, want %d:\n%q", len(got), len(tt.in), len(tt.want), got)
			}
			if bytes.Contains(got, []byte(hidden)) {
				t.Error("it still tells")
			}
		})
	}
}

// TestTurned: a photograph that lies on its side is still shown upright.
func TestTurned(t *testing.T) {
	plain := string(jpegBytes(t))
	_, got := put(t, []byte(plain[:2]+segment(0xE1, exif)+plain[2:]))
	want := plain[:2] + segment(0xE1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00") + plain[2:]
	if string(got) != want {
		t.Errorf("kept %q", got[:60])
	}
	if _, err := jpeg.Decode(bytes.NewReader(got)); err != nil {
		t.Errorf("it does not open any more: %v", err)
	}
}

// TestPixelBombs refuses pictures by the size that they claim, undrawn.
func TestPixelBombs(t *testing.T) {
	size := func(w, h uint32) string {
		return string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h))
	}
	bomb := jpegBytes(t)
	at := bytes.Index(bomb, []byte{0xFF, 0xC0})
	copy(bomb[at+5:], "\xFF\xFF\xFF\xFF")
	for name, in := range map[string]string{
		"png":           "\x89PNG\r\n\x1a\n" + chunk("IHDR", size(100_000, 100_000)+"\x08\x02\x00\x00\x00") + chunk("IEND", ""),
		"png, overflow": "\x89PNG\r\n\x1a\n" + chunk("IHDR", size(1<<31, 1<<31)+"\x08\x02\x00\x00\x00") + chunk("IEND", ""),
		"jpeg":          string(bomb),
		"gif":           "GIF89a\xFF\xFF\xFF\xFF\x00\x00\x00;",
		"gif's frame":   "GIF89a\x01\x00\x01\x00\x00\x00\x00\x2C\x00\x00\x00\x00\xFF\xFF\xFF\xFF\x00\x02\x01\x00\x00;",
		"webp":          riff(lossless(16384, 16384)),
		"webp's canvas": riff(riffChunk("VP8X", "\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF"), lossless(4, 3)),
	} {
		t.Run(name, func(t *testing.T) {
			f, dir := folder(t)
			if _, err := f.Put(org, id, strings.NewReader(in), 1<<20); !errors.Is(err, files.ErrPixels) {
				t.Errorf("err = %v", err)
			}
			empty(t, dir)
		})
	}
}

// TestBroken keeps what only begins like a picture, and shows it to nobody.
func TestBroken(t *testing.T) {
	whole := string(jpegBytes(t))
	for name, in := range map[string]string{
		"png that ends":         string(pngBytes(t))[:40],
		"png without a size":    "\x89PNG\r\n\x1a\n" + chunk("IDAT", "x") + chunk("IEND", ""),
		"png of 4 GB":           "\x89PNG\r\n\x1a\n" + chunk("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00") + "\xFF\xFF\xFF\xFFIDATx",
		"png of no width":       "\x89PNG\r\n\x1a\n" + chunk("IHDR", "\x00\x00\x00\x00\x00\x00\x00\x01\x08\x02\x00\x00\x00") + chunk("IEND", ""),
		"jpeg that ends":        whole[:len(whole)-20],
		"jpeg without a frame":  "\xFF\xD8\xFF\xD9",
		"jpeg of a page":        "\xFF\xD8\xFF<script>alert(1)</script>",
		"jpeg of no height yet": strings.Replace(whole, "\xFF\xDA", "\xFF\xDC\x00\x04\xFF\xFF\xFF\xDA", 1),
		"gif of a script":       "GIF89a/*\x00\x00\x00\x00\x00*/=1;alert(1)",
		"webp of nothing":       riff(),
		"webp that lies":        "RIFF\x00\x00\x00\x00WEBPVP8L\xFF\xFF\xFF\xFFx",
	} {
		t.Run(name, func(t *testing.T) {
			kept, got := put(t, []byte(in))
			if kept.Type != files.Unknown || files.Shown(kept.Type) {
				t.Errorf("type %s", kept.Type)
			}
			if string(got) != in {
				t.Error("it was changed")
			}
		})
	}
}

// FuzzPicture: no bytes make it fail, hang or write more than they are.
func FuzzPicture(f *testing.F) {
	for _, seed := range []string{string(pngBytes(f)), string(jpegBytes(f)), string(gifBytes(f)), riff(lossless(4, 3)), "\xFF\xD8\xFF" + segment(0xE1, exif)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		dir, _ := folder(t)
		kept, err := dir.Put(org, id, bytes.NewReader(in), 1<<20)
		if err != nil && !errors.Is(err, files.ErrPixels) {
			t.Fatal(err)
		}
		if kept.Size > int64(len(in))+36 { // the one word about which side is up
			t.Errorf("%d bytes became %d", len(in), kept.Size)
		}
	})
}

// failing ends with an error of its own.
type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }

// TestNothingStays: a file that is refused or breaks off leaves nothing.
func TestNothingStays(t *testing.T) {
	broken := errors.New("the connection broke")
	for name, tt := range map[string]struct {
		in   io.Reader
		want error
	}{
		"empty":              {strings.NewReader(""), files.ErrEmpty},
		"too large by one":   {strings.NewReader(strings.Repeat("x", 101)), files.ErrTooLarge},
		"endless":            {io.MultiReader(strings.NewReader("GIF89a"), zeroes{}), files.ErrTooLarge},
		"broken off":         {io.MultiReader(strings.NewReader("words"), failing{broken}), broken},
		"broken off picture": {io.MultiReader(bytes.NewReader(pngBytes(t)[:50]), failing{broken}), broken},
	} {
		t.Run(name, func(t *testing.T) {
			f, dir := folder(t)
			if _, err := f.Put(org, id, tt.in, 100); !errors.Is(err, tt.want) {
				t.Errorf("err = %v, want %v", err, tt.want)
			}
			empty(t, dir)
		})
	}
	f, _ := folder(t)
	if kept, err := f.Put(org, id, strings.NewReader(strings.Repeat("x", 100)), 100); err != nil || kept.Size != 100 {
		t.Errorf("what just fits: %+v, %v", kept, err)
	}
}

type zeroes struct{}

func (zeroes) Read(b []byte) (int, error) { return len(b), nil }

// empty checks that no file lies in the folder of the organisation.
func empty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(filepath.Join(dir, org))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("%s stays", e.Name())
	}
}

// TestNoWayOut: no id leads out of the folder, nor does a link in it.
func TestNoWayOut(t *testing.T) {
	f, dir := folder(t)
	outside := filepath.Join(dir, "..", "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", ".", "..", "../secret", "/etc/passwd", "a/b", `a\b`, "a\x00b", "ÄÖ", "x.part", strings.Repeat("x", 65)} {
		for _, pair := range [][2]string{{bad, id}, {org, bad}} {
			if _, err := f.Put(pair[0], pair[1], strings.NewReader("x"), 9); !errors.Is(err, fs.ErrInvalid) {
				t.Errorf("put %q: %v", pair, err)
			}
			if _, err := f.Get(pair[0], pair[1]); !errors.Is(err, fs.ErrInvalid) {
				t.Errorf("get %q: %v", pair, err)
			}
			if err := f.Remove(pair[0], pair[1]); !errors.Is(err, fs.ErrInvalid) {
				t.Errorf("remove %q: %v", pair, err)
			}
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, org), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, org, "link")); err != nil {
		t.Fatal(err)
	}
	if file, err := f.Get(org, "link"); err == nil {
		_ = file.Close()
		t.Error("a link was followed out of the folder")
	}
}

// TestOld lists what may be collected, and collects what was never finished.
func TestOld(t *testing.T) {
	f, dir := folder(t)
	for _, name := range []string{"young", "old"} {
		if _, err := f.Put(org, name, strings.NewReader(name), 9); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"begun.part", "fresh.part"} {
		if err := os.WriteFile(filepath.Join(dir, org, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	for _, name := range []string{"old", "begun.part"} {
		if err := os.Chtimes(filepath.Join(dir, org, name), now, now.Add(-48*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Old(org, now.Add(-24*time.Hour))
	if err != nil || len(got) != 1 || got[0] != "old" {
		t.Errorf("Old = %v, %v", got, err)
	}
	left, err := os.ReadDir(filepath.Join(dir, org))
	if err != nil || len(left) != 3 {
		t.Errorf("left: %v, %v", left, err)
	}
	if got, err := f.Old("nobody", now); err != nil || len(got) != 0 {
		t.Errorf("Old of nobody = %v, %v", got, err)
	}
}
