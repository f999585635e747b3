package worktimecase

import (
	"encoding/json"
	"time"
)

// equal compares deeply. Strings that are both RFC 3339 compare as instants,
// numbers are integers (worktime 13).
func equal(want, got any) bool {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(w) != len(g) {
			return false
		}
		for k, v := range w {
			if other, ok := g[k]; !ok || !equal(v, other) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) != len(g) {
			return false
		}
		for i := range w {
			if !equal(w[i], g[i]) {
				return false
			}
		}
		return true
	case string:
		g, ok := got.(string)
		return ok && (w == g || sameInstant(w, g))
	case json.Number:
		g, ok := got.(json.Number)
		return ok && sameInteger(w, g)
	default: // nil and bool
		return want == got
	}
}

func sameInstant(a, b string) bool {
	s, errS := time.Parse(time.RFC3339, a)
	t, errT := time.Parse(time.RFC3339, b)
	return errS == nil && errT == nil && s.Equal(t)
}

func sameInteger(a, b json.Number) bool {
	m, errM := a.Int64()
	n, errN := b.Int64()
	return errM == nil && errN == nil && m == n
}
