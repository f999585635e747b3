package slackexport

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// A pass says how a file is gone through.
type pass struct {
	limit int64     // bytes of one element
	quiet bool      // another pass reports the problems
	count func(int) // takes the bytes as they are read, may be nil
}

// elements decodes a file of the export that holds a JSON array, see decode.
func elements[T any](x *Export, name string, f file, p pass, each func(v *T, at int64, item int) error) error {
	r, err := x.open(name, f)
	if errors.Is(err, errDamaged) {
		if !p.quiet {
			x.add(Problem{name, -1, -1, Damaged, ""})
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	return decode(&x.reporter, name, r, p, each)
}

// decode reads a JSON array, one element at a time, and calls each with every one,
// its place in the file (the byte behind the element before it) and its number.
// What cannot be read is reported, after what stood before it was given out. The
// error is one that ends the reading of the whole export, or the one that each
// returned.
func decode[T any](to *reporter, name string, r io.Reader, p pass, each func(v *T, at int64, item int) error) error {
	var at int64
	item := -1
	report := func(why Reason, detail string) {
		if !p.quiet {
			to.add(Problem{name, at, item, why, detail})
		}
	}
	limited := &valueLimit{r: r, count: p.count, allowed: p.limit}
	buffered := bufio.NewReader(limited)
	if mark, _ := buffered.Peek(3); string(mark) == "\ufeff" {
		_, _ = buffered.Discard(len(mark))
	}
	dec := json.NewDecoder(buffered)
	dec.UseNumber()     // a number of any length is a number
	given := error(nil) // from each
	err := func() error {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		if t != json.Delim('[') {
			report(WrongShape, "not an array")
			return nil
		}
		for dec.More() {
			at, item = dec.InputOffset(), item+1
			limited.allowed = at + p.limit
			v := new(T)
			err := dec.Decode(v)
			if odd, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
				// The rest of the element was decoded all the same.
				report(WrongShape, strings.TrimSpace(odd.Field+" is a "+odd.Value))
			} else if err != nil {
				return err
			}
			if given = each(v, at, item); given != nil {
				return nil //nolint:nilerr // the reader wants no more; given is not this file's error
			}
		}
		at, item = dec.InputOffset(), -1
		limited.allowed = at + p.limit
		if _, err := dec.Token(); err != nil { // the closing bracket
			return err
		}
		at = dec.InputOffset()
		// Reading on to the end checks the checksum, too.
		if _, err := dec.Token(); err == nil {
			report(Malformed, "text behind the array")
		} else if err != io.EOF {
			return err
		}
		return nil
	}()
	switch {
	case given != nil:
		return given
	case err == nil:
	case errors.Is(err, errTooLong):
		report(TooLong, "")
	case errors.Is(err, errDamaged):
		report(Damaged, "")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		report(Truncated, "")
	default:
		if _, ok := errors.AsType[*json.SyntaxError](err); !ok {
			return fmt.Errorf("read %s: %w", name, err)
		}
		report(Malformed, err.Error())
	}
	return nil
}

// errStop ends a pass early: its caller has enough.
var errStop = errors.New("stop")

// sequence makes an iterator of a function that hands its values on. An error of
// the function is the last thing that the iterator gives.
func sequence[T any](run func(yield func(T) error) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := run(func(v T) error {
			if !yield(v, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			var none T
			yield(none, err)
		}
	}
}

var errTooLong = errors.New("too long")

// valueLimit stops a decoder that has read more than it may without coming to the
// end of an element: it would otherwise hold the whole of it in memory.
type valueLimit struct {
	r              io.Reader
	count          func(int)
	given, allowed int64
}

func (l *valueLimit) Read(p []byte) (int, error) {
	// What is buffered on the way is not yet asked for by the decoder.
	room := l.allowed + 64<<10 - l.given
	if room <= 0 {
		return 0, errTooLong
	}
	n, err := l.r.Read(p[:min(int64(len(p)), room)])
	l.given += int64(n)
	if l.count != nil {
		l.count(n)
	}
	return n, err
}

// A scalar is a JSON value that ought to be a string, as text: a number keeps its
// digits, so that no ts ever becomes a float. Anything but a string, a number or
// a truth value is empty.
type scalar string

// UnmarshalJSON never fails: a ts that is a list is no ts, and no more than that.
func (s *scalar) UnmarshalJSON(b []byte) error {
	*s = ""
	switch b[0] {
	case '"':
		var text string
		if err := json.Unmarshal(b, &text); err == nil {
			*s = scalar(text)
		}
	case '{', '[', 'n':
	default:
		*s = scalar(b)
	}
	return nil
}
