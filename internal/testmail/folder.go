package testmail

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A message in a folder is one file: a line for the envelope, then the message
// as it came. The name begins with the time, so that names sort by arrival.
const (
	suffix   = ".eml"
	envelope = "Envelope: "
)

// write puts a message into the folder so that it survives a crash of the
// machine, not only of this process: synced, renamed, and the name synced.
func write(dir string, m Message) error {
	// Quoted, so that no address can break the line.
	line := envelope + strconv.Quote(m.From)
	for _, to := range m.Recipients {
		line += " " + strconv.Quote(to)
	}
	name := fmt.Sprintf("%019d-%s%s", m.At.UnixNano(), rand.Text(), suffix)
	temp := filepath.Join(dir, name+".part")
	if err := writeSynced(temp, line+"\r\n", m.Raw); err != nil {
		return fmt.Errorf("keep the message: %w", err)
	}
	if err := os.Rename(temp, filepath.Join(dir, name)); err != nil {
		return fmt.Errorf("keep the message: %w", err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("keep the message: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("keep the message: %w", err)
	}
	return nil
}

func writeSynced(path, line string, raw []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString(line); err != nil {
		return err
	}
	if _, err := f.Write(raw); err != nil {
		return err
	}
	return f.Sync()
}

// ReadDir returns the messages that a server with Config.Dir has accepted, in
// order. It may be called while the server runs, and after it was killed.
func ReadDir(dir string) ([]Message, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the mail folder: %w", err)
	}
	var out []Message
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), suffix) {
			continue // still being written, or abandoned by a crash: never accepted
		}
		m, err := readFile(dir, e)
		if err != nil {
			return nil, fmt.Errorf("read the mail %s: %w", e.Name(), err)
		}
		out = append(out, m)
	}
	return out, nil
}

func readFile(dir string, e fs.DirEntry) (Message, error) {
	data, err := os.ReadFile(filepath.Join(dir, e.Name()))
	if err != nil {
		return Message{}, err
	}
	line, raw, ok := bytes.Cut(data, []byte("\r\n"))
	rest, isEnvelope := strings.CutPrefix(string(line), envelope)
	if !ok || !isEnvelope {
		return Message{}, errors.New("no envelope")
	}
	var addresses []string
	for rest != "" {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return Message{}, fmt.Errorf("envelope %q: %w", line, err)
		}
		address, err := strconv.Unquote(quoted)
		if err != nil {
			return Message{}, fmt.Errorf("envelope %q: %w", line, err)
		}
		addresses = append(addresses, address)
		rest = strings.TrimPrefix(rest[len(quoted):], " ")
	}
	if len(addresses) == 0 {
		return Message{}, errors.New("empty envelope")
	}
	m := parse(addresses[0], addresses[1:], raw)
	stamp, _, _ := strings.Cut(e.Name(), "-")
	nanos, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return Message{}, fmt.Errorf("time in the name: %w", err)
	}
	m.At = time.Unix(0, nanos)
	return m, nil
}
