package front

import (
	"context"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// Why is what answers for an id: a delivery that brought something by name, with
// what it is about, or with Came how the item came otherwise.
type Why struct {
	Delivery store.Delivery
	View     store.View
	Came     *Came // nil for a delivery
}

// WhyOf finds it for the id of a delivery, or of an item that the reader may see.
func WhyOf(ctx context.Context, read *store.Reader, me store.Person, id string, now time.Time) (w Why, err error) {
	w.Delivery, w.View, err = read.Delivery(ctx, id)
	if !errors.Is(err, access.ErrHidden) {
		return w, err
	}
	c, err := CameOf(ctx, read, me, id, now)
	if err != nil {
		return w, err
	}
	if c.Code == "named" {
		w.Delivery, w.View, err = read.Delivery(ctx, c.Delivery)
		return w, err
	}
	return Why{View: c.View, Came: &c}, nil
}

// Planned is one time that a delivery was planned.
type Planned struct {
	Made worktime.Instant
	layer.Plan
}

// PlansOf are the plans of a delivery: the first one, and those after each change
// of its person's charter that came to another window in time. late is the window
// that it missed, 0 for none.
func PlansOf(ctx context.Context, read *store.Reader, d store.Delivery) (plans []Planned, late worktime.Instant, err error) {
	reigns, err := read.Reigns(ctx, d.Person, d.From)
	if err != nil {
		return nil, 0, err
	}
	var last worktime.Instant // of the newest plan, 0 for no window
	for i, reign := range reigns {
		p := Planned{Made: d.From, Plan: layer.Reach(d.Class, layer.Reader{Reigns: reigns[:i+1]}, d.From)}
		if !p.OK {
			p.At = 0
		}
		if i > 0 {
			p.Made = reign.From
			if last != 0 && last <= p.Made || last == p.At {
				continue
			}
		}
		last = p.At
		plans = append(plans, p)
	}
	if d.Class != worktime.Crisis && last != 0 && d.Delivered > last {
		late = last
	}
	return plans, late, nil
}

// Came answers "why did I see this now, or not yet?" for an item that nobody
// brought to its reader by name (R12).
type Came struct {
	store.Came
	// Code is "stream" for what comes by a follow, "asked" for an ask of the
	// reader's own, "named" for what came by name and by nothing else, and else
	// why no brief brings it: "own", "imported", "unfollowed", "muted", "before"
	// or "nothing".
	Code string
	// Delivery is the reader's newest one of what came by name.
	Delivery string
	// Stream is the one it comes by, or might; Pace is how the reader follows
	// it now, "" for not at all, and Since and ByHand since when and whether they
	// chose so.
	Stream string
	Pace   store.Pace
	Since  time.Time
	ByHand bool
	// Told are the briefs that brought it, oldest first.
	Told []Told
	// Coming says that something new waits, Next for which window, 0 for none in
	// sight, and NextWhy why that one.
	Coming  bool
	Next    worktime.Instant
	NextWhy Reason
}

// Told is one brief that brought it, and why that one.
type Told struct {
	store.Stood
	Why Reason
}

// Reason is why a window was chosen, and what the reader was doing when it was
// written: "" where that explains nothing.
type Reason struct {
	Code  layer.WhyCode
	State string
}

// WhyThen is the reason of a window that the reader's pace and charter of today
// do not explain: they were others then.
const WhyThen layer.WhyCode = "then"

// Class is how fast it reaches the reader at their pace.
func (c *Came) Class() worktime.Class { return classOf(c.Pace) }

// CameOf tells it of an item that the reader may see.
func CameOf(ctx context.Context, read *store.Reader, me store.Person, id string, now time.Time) (Came, error) {
	kept, err := read.Came(ctx, id, now)
	if err != nil {
		return Came{}, err
	}
	c := Came{Came: kept}
	c.follow()
	i := kept.View.Item
	for _, d := range kept.View.Deliveries {
		if d.Person == me.ID && d.ID > c.Delivery {
			c.Delivery = d.ID
		}
	}
	mine := i.Author == me.ID
	if c.Code = c.code(mine); c.Code != "stream" && c.Code != "asked" {
		return c, nil
	}
	clocks, err := read.Reigns(ctx, me.ID, worktime.Of(i.Sent))
	if err != nil {
		return c, err
	}
	for _, s := range kept.Stood {
		if !s.Line.Carried || s.Line.Section == brief.Asked {
			c.Told = append(c.Told, Told{s, c.why(s, clocks)})
		}
	}
	switch at := worktime.Of(now); {
	case c.Code == "asked":
		c.Next, c.Coming = tells(me, kept, at)
		c.NextWhy.Code = layer.WhyWindow
	case kept.Waits != nil && kept.Waits.Stream != "":
		plan := layer.Reach(c.Class(), me.Reader(kept.Sealed), at)
		c.Coming, c.Next, c.NextWhy.Code = true, plan.At, plan.Why.Code
		if first := layer.Reach(c.Class(), layer.Reader{Reigns: clocks}, c.written(*kept.Waits)); plan.OK && first.At == plan.At {
			c.NextWhy = reason(first)
		}
	}
	return c, nil
}

// follow finds the stream that it last came by, or else might.
func (c *Came) follow() {
	for _, s := range c.Came.Stood {
		if s.Line.Stream != "" {
			c.Stream = s.Line.Stream
		}
	}
	if c.Came.Waits != nil && c.Came.Waits.Stream != "" {
		c.Stream = c.Came.Waits.Stream
	}
	for _, stream := range store.Streams(c.View) {
		if _, followed := c.Follows[stream]; c.Stream == "" && followed {
			c.Stream = stream
		}
	}
	if c.Stream == "" {
		c.Stream = store.Streams(c.View)[0]
	}
	if f, ok := c.Follows[c.Stream]; ok {
		c.Pace, c.Since, c.ByHand = f.Pace, f.Since, f.ByHand
	}
}

func (c *Came) code(mine bool) string {
	i := c.View.Item
	came := c.Came.Waits != nil && c.Came.Waits.Stream != ""
	for _, s := range c.Came.Stood {
		came = came || s.Line.Stream != ""
	}
	switch {
	case mine && c.View.Ask != nil:
		return "asked"
	case came:
		return "stream"
	case c.Delivery != "" && !mine:
		return "named"
	case mine:
		return "own"
	case i.Origin == item.Imported:
		return "imported"
	case c.Pace == "":
		return "unfollowed"
	case c.Pace == store.PaceMuted:
		return "muted"
	case c.Since.After(i.Sent):
		return "before"
	}
	return "nothing"
}

// written is when that came to be which a line tells of.
func (c *Came) written(l brief.Line) worktime.Instant {
	if i := c.View.Item; l.Cause == store.EventEdited && l.Version == i.Version {
		return worktime.Of(i.Edited)
	}
	return worktime.Of(c.View.Item.Sent)
}

// why explains the window of a brief by the pace of today, under the charter
// that was in force then.
func (c *Came) why(s store.Stood, clocks []layer.Reign) Reason {
	class := c.Class()
	switch {
	case s.Line.Section == brief.Asked:
		return Reason{Code: layer.WhyWindow}
	case s.Line.Stream == "" || class == worktime.Muted:
		return Reason{Code: WhyThen}
	}
	if plan := layer.Reach(class, layer.Reader{Reigns: clocks}, c.written(s.Line)); plan.OK && plan.At == s.Brief.Window {
		return reason(plan)
	}
	// What happened to it later is told of by the window that was next then.
	if plan := layer.Reach(class, layer.Reader{Reigns: clocks}, s.Brief.Window); plan.OK && plan.At == s.Brief.Window {
		return Reason{Code: plan.Why.Code}
	}
	return Reason{Code: WhyThen}
}

func reason(p layer.Plan) Reason { return Reason{Code: p.Why.Code, State: p.Why.State.String()} }

// maxAhead is how many windows ahead the one is looked for that tells of an ask.
const maxAhead = 200

// tells is the next window whose brief says of an ask of the reader's own when
// it is due.
func tells(me store.Person, c store.Came, now worktime.Instant) (worktime.Instant, bool) {
	due := c.View.Ask.Due()
	if due == 0 || !c.View.Ask.Live() {
		return 0, false
	}
	at, ok := me.Clock.Next(worktime.Normal, now, c.Sealed)
	for range maxAhead {
		next, more := me.Clock.Next(worktime.Normal, at+1, worktime.NotSealed)
		if !ok || brief.Tells(due, next, more) {
			return at, ok
		}
		at = next
	}
	return 0, false
}
