package merge

// steps bounds the comparisons of one call, and detour how many edits apart two
// stretches may be that are compared piece by piece. Beyond either, a stretch
// counts as replaced.
const (
	steps  = 1 << 24
	detour = 2000
)

// partners returns for each piece of a the piece of b that it stayed, or -1. The
// answers rise, and pair equal pieces only.
func partners(a, b tokens) []int {
	m := matcher{left: steps, partner: make([]int, a.len())}
	for i := range m.partner {
		m.partner[i] = -1
	}
	numbers := make(map[string]int)
	number := func(t tokens) []int {
		ids := make([]int, t.len())
		for i := range ids {
			id, ok := numbers[t.piece(i)]
			if !ok {
				id = len(numbers)
				numbers[t.piece(i)] = id
			}
			ids[i] = id
		}
		return ids
	}
	m.a, m.b = number(a), number(b)
	m.seenA, m.seenB = make([]seen, len(numbers)), make([]seen, len(numbers))
	m.match(0, len(m.a), 0, len(m.b))
	return m.partner
}

// A matcher pairs the pieces of two texts: first what both have exactly once in
// a stretch (people know a text by its rare words), then, between those, along
// the shortest edit (Myers 1986, in linear space).
type matcher struct {
	a, b         []int // pieces by number
	partner      []int
	left         int // comparisons
	seenA, seenB []seen
}

// seen says how often a piece occurs in a stretch, and where last.
type seen struct{ times, at int }

// match pairs a[a0:a1] with b[b0:b1].
func (m *matcher) match(a0, a1, b0, b1 int) {
	for {
		for a0 < a1 && b0 < b1 && m.a[a0] == m.b[b0] {
			m.partner[a0] = b0
			a0, b0 = a0+1, b0+1
		}
		for a0 < a1 && b0 < b1 && m.a[a1-1] == m.b[b1-1] {
			a1, b1 = a1-1, b1-1
			m.partner[a1] = b1
		}
		m.left -= a1 - a0 + b1 - b0
		if a0 == a1 || b0 == b1 || m.left < 0 {
			return
		}
		if anchors := m.anchors(a0, a1, b0, b1); len(anchors) > 0 {
			for _, p := range anchors {
				m.partner[p.a] = p.b
				m.match(a0, p.a, b0, p.b)
				a0, b0 = p.a+1, p.b+1
			}
			continue // with what is behind the last anchor
		}
		x, y, ok := m.middle(a0, a1, b0, b1)
		if !ok {
			return
		}
		m.match(a0, x, b0, y)
		a0, b0 = x, y
	}
}

type pair struct{ a, b int }

// anchors returns the longest rising run of pieces that each stretch has once.
func (m *matcher) anchors(a0, a1, b0, b1 int) []pair {
	for i := a0; i < a1; i++ {
		s := &m.seenA[m.a[i]]
		s.times, s.at = s.times+1, i
	}
	for j := b0; j < b1; j++ {
		s := &m.seenB[m.b[j]]
		s.times, s.at = s.times+1, j
	}
	var once []pair // rising in a
	for i := a0; i < a1; i++ {
		if id := m.a[i]; m.seenA[id].times == 1 && m.seenB[id].times == 1 {
			once = append(once, pair{i, m.seenB[id].at})
		}
	}
	for i := a0; i < a1; i++ {
		m.seenA[m.a[i]] = seen{}
	}
	for j := b0; j < b1; j++ {
		m.seenB[m.b[j]] = seen{}
	}
	return rising(once)
}

// rising returns the longest subsequence that rises in b, by patience sorting.
func rising(pairs []pair) []pair {
	var piles []int // the pair on top of each
	before := make([]int, len(pairs))
	for i, p := range pairs {
		lo, hi := 0, len(piles)
		for lo < hi {
			if mid := (lo + hi) / 2; pairs[piles[mid]].b < p.b {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		before[i] = -1
		if lo > 0 {
			before[i] = piles[lo-1]
		}
		if lo == len(piles) {
			piles = append(piles, i)
		} else {
			piles[lo] = i
		}
	}
	if len(piles) == 0 {
		return nil
	}
	run := make([]pair, len(piles))
	for i, at := len(run)-1, piles[len(piles)-1]; i >= 0; i, at = i-1, before[at] {
		run[i] = pairs[at]
	}
	return run
}

// middle returns a point inside the stretch that a shortest edit goes through.
// The stretch begins and ends with unequal pieces, so the edit has two steps at
// least, and the point is neither its beginning nor its end. It gives up, false,
// when the stretches are too different.
func (m *matcher) middle(a0, a1, b0, b1 int) (x, y int, ok bool) {
	n, k := a1-a0, b1-b0
	limit := min((n+k+1)/2, detour)
	// How far along a the edits so far reach on each diagonal, seen from the
	// beginning and from the end.
	forth, back := newReach(limit), newReach(limit)
	delta := n - k
	for edits := range limit + 1 {
		if m.left -= 2 * (edits + 1); m.left < 0 {
			return 0, 0, false
		}
		for d := -edits; d <= edits; d += 2 {
			u := forth.next(d, edits, n, k)
			for u >= 0 && u < n && u-d < k && m.a[a0+u] == m.b[b0+u-d] {
				u++
				m.left--
			}
			forth.set(d, u)
			// The other way has come one edit less far when the sum is odd.
			if r := delta - d; delta&1 != 0 && -edits < r && r < edits && u >= 0 && back.get(r) >= n-u {
				return a0 + u, b0 + u - d, true
			}
		}
		for d := -edits; d <= edits; d += 2 {
			u := back.next(d, edits, n, k)
			for u >= 0 && u < n && u-d < k && m.a[a1-1-u] == m.b[b1-1-(u-d)] {
				u++
				m.left--
			}
			back.set(d, u)
			if r := delta - d; delta&1 == 0 && -edits <= r && r <= edits && u >= 0 && forth.get(r) >= n-u {
				return a1 - u, b1 - (u - d), true
			}
		}
	}
	return 0, 0, false
}

// A reach holds the furthest position along a on each diagonal from -limit to
// limit; a negative one is out of reach.
type reach []int

const unreached = -1 << 40

func newReach(limit int) reach { return make(reach, 2*limit+3) }

func (r reach) get(d int) int { return r[len(r)/2+d] }
func (r reach) set(d, u int)  { r[len(r)/2+d] = u }

// next returns the furthest position on diagonal d that one edit more leads to,
// within n pieces of a and k of b.
func (r reach) next(d, edits, n, k int) int {
	if edits == 0 {
		return 0
	}
	best := unreached
	if d > -edits { // one piece of a left out
		if u := r.get(d-1) + 1; u > 0 && u <= n && u-d <= k {
			best = u
		}
	}
	if d < edits { // one piece of b put in
		if u := r.get(d + 1); u >= 0 && u-d <= k {
			best = max(best, u)
		}
	}
	return best
}
