package audit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rubato-hq/rubato/core/phrase"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Features are what findings are made from, a row for each series of the weeks,
// by its title: what the labelled set keeps instead of calendars of others.
func Features(in *Input) map[string][]string {
	in.prepare()
	window := in.window()
	texts := in.texts(window)
	out := make(map[string][]string)
	for _, s := range in.series(window) {
		off, of := in.off(s)
		weeks := int((s.all[len(s.all)-1].Start - s.all[0].Start) / (7 * day))
		v := s.v
		row := []string{
			number(len(s.counted)), flag(s.recurring), flag(s.item.Endless), number(v.n), number(s.minutes), flag(texts), number(min(v.words, 99)), number(s.agenda), number(s.preRead),
			flag(v.linked), flag(v.board), number(s.item.Attached), number(v.outside), number(s.late), number(off), number(of), number(len(s.all)), number(weeks), number(s.declined), number(v.others), number(v.unsaid),
		}
		if old, twice := out[s.item.Title]; !twice || len(old[0]) < len(row[0]) || old[0] < row[0] {
			out[s.item.Title] = row
		}
	}
	return out
}

// FeatureNames are the columns.
const FeatureNames = "counted recurring endless people minutes texts words agenda preread linked board attached outside late off of all weeks declined others unsaid"

// Found are the habits found in a series of those features, and those possible.
func Found(words *Words, title string, row []string) (found, possible []Habit, err error) {
	var n [21]int
	if len(row) != len(n) {
		return nil, nil, fmt.Errorf("%d features", len(row))
	}
	for i, s := range row {
		if n[i], err = strconv.Atoi(s); err != nil {
			return nil, nil, err
		}
	}
	in := &Input{Words: words}
	item := &Item{Series: "x", Title: title, Recurring: n[1] == 1, Endless: n[2] == 1, Attached: n[11]}
	v := &verdict{classes: make(map[Class]bool), n: n[3], words: n[6], linked: n[9] == 1, board: n[10] == 1, outside: n[12], others: n[19], unsaid: n[20], preRead: n[8]*2 > n[0]}
	v.title = words.hits(phrase.Fold(stripped(title)))
	for _, h := range v.title {
		v.classes[h.Class] = true
	}
	item.judged = v
	s := &series{key: "x", item: item, v: v, minutes: n[4], recurring: n[1] == 1, agenda: n[7], preRead: n[8], late: n[13], declined: n[18]}
	for i := range n[16] {
		at := worktime.Instant(i * n[17] * 7 * day / max(1, n[16]-1))
		s.all = append(s.all, Instance{Item: item, Start: at, End: at + worktime.Instant(n[4]*minute), Cancelled: i >= n[16]-n[14]})
	}
	s.counted = s.all[:min(n[0], len(s.all))]
	for _, f := range in.findings(s, n[5] == 1) {
		if f.Primary && f.Found() {
			found = append(found, f.Habit)
		} else if f.Primary && f.Possible() {
			possible = append(possible, f.Habit)
		}
	}
	return found, possible, nil
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func number(n int) string { return strconv.Itoa(n) }

// Joined is a row as the table writes it.
func Joined(row []string) string { return strings.Join(row, " ") }
