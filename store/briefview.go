package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
)

// BriefView is a brief as its reader sees it at this moment: a line whose item
// they may no longer see, or that was taken back, is left out.
type BriefView struct {
	Brief Brief
	// Lines are the Part of it that was asked for; Beyond counts the others by
	// section, whether they may still be seen or not.
	Lines  []brief.Line
	Part   Part
	Beyond map[brief.Section]int
	Items  map[string]item.Item // by id, with the roots of comments and answers
	Asks   map[string]ask.Ask   // by item, with those that comments, answers and notes are about
	// People holds everybody whose name stands beside a line, Teams the teams.
	People map[string]Person
	Teams  map[string]Team
	Crises map[string]crisis.Crisis
	// Given are the deliveries that once brought the asks which still wait for
	// the reader, by item.
	Given map[string]string
}

// LastBrief returns a part of the viewer's newest sealed window brief; ErrHidden
// before the first.
func (r *Reader) LastBrief(ctx context.Context, part Part) (BriefView, error) {
	return r.briefPart(ctx, part, `person_id = $2 AND kind = 'window' ORDER BY window_sec DESC LIMIT 1`, r.viewer.Person)
}

// Brief returns a part of one of the viewer's briefs.
func (r *Reader) Brief(ctx context.Context, id string, part Part) (BriefView, error) {
	return r.briefPart(ctx, part, `id = $2 AND person_id = $3`, id, r.viewer.Person)
}

func (r *Reader) briefPart(ctx context.Context, part Part, where string, args ...any) (BriefView, error) {
	b, err := r.s.briefWhere(ctx, r.s.read, r.viewer.Org, where, args...)
	if err != nil {
		return BriefView{}, r.hide(err)
	}
	lines, err := r.s.briefLines(ctx, r.s.read, r.viewer.Org, b, part)
	if err != nil {
		return BriefView{}, err
	}
	beyond, err := r.s.beyond(ctx, r.s.read, r.viewer.Org, b, part, lines)
	if err != nil {
		return BriefView{}, err
	}
	return r.briefView(ctx, BriefView{Brief: b, Part: part, Beyond: beyond}, lines)
}

// At is the position of the part's first line, Next that of the first behind it,
// Of how many lines the whole brief has.
func (v BriefView) At() (from, next, of int) {
	from, next = v.Part.of(v.Brief.Lines)
	return from, next, v.Brief.Lines
}

// briefView adds what these lines of a brief show.
func (r *Reader) briefView(ctx context.Context, v BriefView, lines []brief.Line) (BriefView, error) {
	v.Crises = make(map[string]crisis.Crisis)
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.Item
	}
	var err error
	if v.Items, err = r.withRoots(ctx, ids); err != nil {
		return v, err
	}
	var asks, people, carried []string
	for id, i := range v.Items {
		if i.Kind == item.Ask {
			asks = append(asks, id)
		}
	}
	if v.Asks, err = r.s.asks(ctx, r.s.read, r.viewer.Org, unique(asks)); err != nil {
		return v, err
	}
	for _, l := range lines {
		i, ok := v.Items[l.Item]
		if !ok || r.can(access.See, object(i, v.Items)) != nil {
			continue
		}
		if l.Section != brief.Asked { // whose words the reader wrote
			l.Words = i.Words
		} else {
			for _, one := range v.Asks[i.ID].Recipients {
				people = append(people, one.Person)
			}
		}
		if l.Carried && l.Section == brief.Asks {
			carried = append(carried, i.ID)
		}
		v.Lines = append(v.Lines, l)
		people = append(people, i.Author)
		if root, ok := v.Items[i.Root]; ok {
			people = append(people, root.Author)
		}
		if i.Kind == item.Crisis && v.Crises[i.ID].Item == "" {
			cs, err := r.s.crises(ctx, r.s.read, r.viewer.Org, i.ID, "")
			if err != nil {
				return v, err
			}
			for _, c := range cs {
				v.Crises[c.Item] = c
			}
		}
	}
	if v.Given, err = r.s.askedBefore(ctx, r.s.read, r.viewer.Org, r.viewer.Person, carried); err != nil {
		return v, err
	}
	if v.Teams, err = r.teams(ctx); err != nil {
		return v, err
	}
	v.People, err = r.Names(ctx, people)
	return v, err
}

func (r *Reader) withRoots(ctx context.Context, ids []string) (map[string]item.Item, error) {
	return withRoots(ids, func(ids []string) (map[string]item.Item, error) {
		return r.s.itemsAs(ctx, r.s.read, r.viewer.Org, lineColumns, ids)
	})
}

// teams are those that the viewer may see, by id.
func (r *Reader) teams(ctx context.Context) (map[string]Team, error) {
	all, err := r.Teams(ctx)
	out := make(map[string]Team, len(all))
	for _, t := range all {
		out[t.ID] = t
	}
	return out, err
}

// Look shows a part of what waits for the viewer at now without sealing, sending
// or storing anything and without starting a clock (R12.2).
func (r *Reader) Look(ctx context.Context, now time.Time, part Part) (BriefView, error) {
	b, lines, err := r.unsealed(ctx, now)
	if err != nil {
		return BriefView{}, err
	}
	last, err := list(ctx, r.s.read, r.s.dialect, scanInt, `SELECT window_sec FROM brief WHERE org_id = $1 AND person_id = $2 AND kind = 'window' ORDER BY window_sec DESC LIMIT 1`, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return BriefView{}, fmt.Errorf("last brief: %w", err)
	}
	if len(last) == 1 {
		b.Since = worktime.Instant(last[0])
	}
	v := BriefView{Brief: b, Part: part}
	from, to := part.of(b.Lines)
	if to-from < b.Lines {
		v.Beyond = bySection(slices.Concat(lines[:from], lines[to:]))
	}
	return r.briefView(ctx, v, lines[from:to])
}

// unsealed gathers what a brief of the viewer would hold at now.
func (r *Reader) unsealed(ctx context.Context, now time.Time) (Brief, []brief.Line, error) {
	p, err := r.Me(ctx)
	if err != nil {
		return Brief{}, nil, err
	}
	waiting, err := r.s.waiting(ctx, r.s.read, p.Org, []string{p.ID})
	if err != nil {
		return Brief{}, nil, err
	}
	read, err := r.s.reading(ctx, r.s.read, p.Org, p.ID)
	if err != nil {
		return Brief{}, nil, err
	}
	at := worktime.Of(now)
	g, err := r.s.gather(ctx, r.s.read, p.Org, []Wanted{{Person: p, Waiting: waiting[p.ID], Paces: []Pace{PaceWindow, PaceDaily, PaceWeekly}, Until: at, Reading: read}})
	if err != nil {
		return Brief{}, nil, err
	}
	b := Brief{Person: p.ID, Kind: brief.Window, Window: at, Delivered: at, Lines: len(g[0].Lines)}
	for _, l := range g[0].Lines {
		b.Words += l.Words
	}
	return b, g[0].Lines, nil
}
