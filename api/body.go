package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxDepth bounds how deep a body may nest.
const maxDepth = 16

// What a body is refused for before anything is made of it.
var (
	errDeep  = errors.New("it nests too deeply")
	errTwice = errors.New("a field is given twice")
	errNul   = errors.New("a text holds the character 0")
)

// unmarshal reads JSON that can be meant in one way only: no field twice, no
// text with a NUL in it (which not every database takes), no endless depth.
func unmarshal(data []byte, v any) error {
	if err := sane(data); err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func sane(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	type level struct {
		names map[string]bool // nil for a list
		name  bool            // a name comes next
	}
	var open []level
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		top := len(open) - 1
		if s, ok := t.(string); ok {
			if strings.ContainsRune(s, 0) {
				return errNul
			}
			if top >= 0 && open[top].name {
				if open[top].names[s] {
					return errTwice
				}
				open[top].names[s], open[top].name = true, false
				continue
			}
		}
		if top >= 0 && open[top].names != nil && t != json.Delim('}') && t != json.Delim(']') {
			open[top].name = true // after this value
		}
		switch t {
		case json.Delim('{'):
			open = append(open, level{names: make(map[string]bool), name: true})
		case json.Delim('['):
			open = append(open, level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:top]
		}
		if len(open) > maxDepth {
			return errDeep
		}
	}
}
