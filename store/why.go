package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Came is what is kept of how an item came to its viewer, and what of it waits:
// what package front explains.
type Came struct {
	View View
	// Stood are the briefs of the viewer in which it stood, oldest first.
	Stood []Stood
	// Waits is the line that a look at this moment shows of it, nil for none.
	Waits *brief.Line
	// Follows are those of the viewer by which it may come, by stream.
	Follows map[string]Follow
	// Sealed is the viewer's last window.
	Sealed worktime.Instant
}

// Stood is one line of one brief.
type Stood struct {
	Brief Brief
	Line  brief.Line
}

// maxStood bounds the briefs that are told of one item: an open ask stands in
// each until it is answered.
const maxStood = 20

// Came returns it for an item that the viewer may see.
func (r *Reader) Came(ctx context.Context, id string, now time.Time) (Came, error) {
	v, err := r.Item(ctx, id)
	if err != nil {
		return Came{}, err
	}
	c := Came{View: v, Follows: make(map[string]Follow)}
	if c.Stood, err = r.stood(ctx, id, worktime.Of(v.Item.Sent)); err != nil {
		return c, err
	}
	_, waits, err := r.unsealed(ctx, now)
	if err != nil {
		return c, err
	}
	for _, l := range waits {
		if l.Item == id {
			c.Waits = &l
		}
	}
	follows, err := r.s.follows(ctx, r.s.read, r.viewer.Org, r.viewer.Person, Streams(v))
	if err != nil {
		return c, err
	}
	for _, f := range follows {
		c.Follows[f.Stream] = f
	}
	sealed, err := r.Sealed(ctx, []string{r.viewer.Person})
	c.Sealed = sealed[r.viewer.Person]
	return c, err
}

// Streams are those by which an item may come to a follower, the one that the
// item itself makes news in first.
func Streams(v View) []string {
	top := v.Item
	if v.Root != nil {
		top = *v.Root
	}
	var wide []string
	switch {
	case top.Team != "":
		wide = []string{TeamStream(top.Team)}
	case top.Wide:
		wide = []string{WideStream}
	}
	if v.Root != nil {
		return append([]string{ThreadStream(top.ID)}, wide...)
	}
	return append(wide, ThreadStream(top.ID))
}

func (r *Reader) stood(ctx context.Context, item string, since worktime.Instant) ([]Stood, error) {
	out, err := list(ctx, r.s.read, r.s.dialect, func(row scanner) (Stood, error) {
		var v Stood
		var sealed int64
		var sections string // nobody asks for them here
		err := row.Scan(&v.Brief.ID, &v.Brief.Person, &v.Brief.Kind, &v.Brief.Window, &v.Brief.Delivered, &v.Brief.Since, &sealed, &v.Brief.Lines, &v.Brief.Words, &sections,
			&v.Line.Section, &v.Line.Item, &v.Line.Version, &v.Line.Delivery, &v.Line.Stream, &v.Line.Cause, &v.Line.Due, &v.Line.Carried)
		v.Brief.Sealed = instant(sealed)
		return v, err
	}, `SELECT `+stoodColumns+` FROM (
			SELECT `+stoodColumns+` FROM brief b CROSS JOIN brief_line l
			WHERE b.org_id = $1 AND b.person_id = $2 AND b.window_sec >= $3 AND l.org_id = $1 AND l.brief_id = b.id AND l.item_id = $4 ORDER BY window_sec DESC, id DESC LIMIT $5
		) newest ORDER BY window_sec, id`,
		r.viewer.Org, r.viewer.Person, int64(since), item, maxStood)
	if err != nil {
		return nil, fmt.Errorf("briefs in which it stood: %w", err)
	}
	return out, nil
}

const stoodColumns = briefColumns + `, section, item_id, item_version, delivery_id, stream, cause, due_sec, carried`

// Why is the id under which a line of this brief is explained: that of the
// delivery which brought it, or else of its item.
func (v BriefView) Why(l brief.Line) string {
	switch {
	case l.Delivery != "":
		return l.Delivery
	case v.Given[l.Item] != "":
		return v.Given[l.Item]
	}
	return l.Item
}
