package page

import (
	"fmt"
	"time"

	"github.com/a-h/templ"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/words"
)

// Sample is one page with ready-made data, for the eyes and for the tests.
type Sample struct {
	Name      string
	Component templ.Component
	// Data is the page struct: text found in it is data, not a sentence.
	Data any
}

// viewer is what every page struct has.
type viewer interface{ View() templ.Component }

// cast is the team Meridian of the design.
type cast struct {
	w                                          *words.Words
	now                                        time.Time
	lena, jonas, elif, deniz, ana, caio, kenji Person
	priya, maya                                Person
	meridian, boards                           Team
}

func newCast(w *words.Words, now time.Time) cast {
	at := func(handle, name, place, zone string) Person {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			panic(err)
		}
		return Person{ID: "p-" + handle, Name: name, Handle: handle, Place: place, Loc: loc}
	}
	return cast{
		w: w, now: now,
		lena:     at("lena", "Lena Vogt", "Berlin", "Europe/Berlin"),
		jonas:    at("jonas", "Jonas Brandt", "Berlin", "Europe/Berlin"),
		elif:     at("elif", "Elif Kaya", "Istanbul", "Europe/Istanbul"),
		deniz:    at("deniz", "Deniz Aydın", "Istanbul", "Europe/Istanbul"),
		ana:      at("ana", "Ana Ribeiro", "São Paulo", "America/Sao_Paulo"),
		caio:     at("caio", "Caio Mendes", "São Paulo", "America/Sao_Paulo"),
		kenji:    at("kenji", "Kenji Watanabe", "San Francisco", "America/Los_Angeles"),
		priya:    at("priya", "Priya Raman", "San Francisco", "America/Los_Angeles"),
		maya:     at("maya", "Maya Okafor", "San Francisco", "America/Los_Angeles"),
		meridian: Team{ID: "t-1", Slug: "meridian", Name: "Meridian", Open: true},
		boards:   Team{ID: "t-2", Slug: "boards", Name: "Departure boards"},
	}
}

// in is an instant of the cast's week, days after today, at a place.
func (c cast) in(loc *time.Location, days int, clock string) time.Time {
	var h, m int
	if _, err := fmt.Sscanf(clock, "%d:%d", &h, &m); err != nil {
		panic(err)
	}
	y, mon, d := c.now.In(loc).Date()
	return time.Date(y, mon, d+days, h, m, 0, 0, loc)
}

func (c cast) berlin(days int, clock string) time.Time { return c.in(c.lena.Loc, days, clock) }

// rhythm draws a person's week: from and to are their working hours, off the
// days without any.
func (c cast) rhythm(p Person, from, to, window1, window2 string, off ...int) Rhythm {
	var r Rhythm
	for d := -1; d < 9; d++ {
		day := c.in(p.Loc, d, "12:00").Weekday()
		if day == time.Saturday || day == time.Sunday {
			continue
		}
		skip := false
		for _, o := range off {
			skip = skip || o == d
		}
		if skip {
			continue
		}
		r.Work = append(r.Work, Span{c.in(p.Loc, d, from), c.in(p.Loc, d, to)})
		r.Windows = append(r.Windows, c.in(p.Loc, d, window1), c.in(p.Loc, d, window2))
	}
	return r
}

// lenasDay is the day of the design: two spans, two focus blocks, two windows.
func (c cast) lenasDay() Rhythm {
	var r Rhythm
	for d := range 5 {
		if d == 3 {
			r.Work = append(r.Work, Span{c.berlin(d, "08:30"), c.berlin(d, "12:30")}, Span{c.berlin(d, "13:00"), c.berlin(d, "15:00")})
			continue
		}
		r.Work = append(r.Work, Span{c.berlin(d, "08:30"), c.berlin(d, "12:30")}, Span{c.berlin(d, "14:30"), c.berlin(d, "18:30")})
	}
	r.Focus = []Span{{c.berlin(0, "09:00"), c.berlin(0, "11:00")}, {c.berlin(0, "14:30"), c.berlin(0, "16:00")}}
	r.Windows = []time.Time{c.berlin(0, "11:00"), c.berlin(0, "16:00")}
	return r
}

// frame is what stands around a page of Lena's.
func (c cast) frame(room Room, path string) Frame {
	me := c.lena
	return Frame{
		W: c.w, Room: room, Path: path, Me: &me, Now: c.now, NextBrief: c.berlin(0, "11:00"),
		Day: &Day{From: c.berlin(0, "00:00"), To: c.berlin(1, "00:00"), Rhythm: c.lenasDay()},
		Key: "k7Q",
	}
}

// outside is the frame of somebody who is not signed in.
func (c cast) outside() Frame { return Frame{W: c.w, Now: c.now, Key: "k7Q"} }

func (c cast) head(kind item.Kind, ref, point string, by Person, sent time.Time) Head {
	return Head{
		ID: "i-" + ref, Ref: ref, Kind: kind, Point: point, Author: by, Team: c.meridian,
		Sent: sent, Edited: sent, Version: 1, Minutes: 1,
	}
}

// Samples are all pages, with the team Meridian at the moment now, which
// should be in the morning of a Tuesday in Berlin.
func Samples(w *words.Words, now time.Time) []Sample {
	c := newCast(w, now)
	var all []Sample
	add := func(name string, v viewer) {
		all = append(all, Sample{Name: name, Component: v.View(), Data: v})
	}
	c.entrySamples(add)
	c.briefSamples(add)
	c.writeSamples(add)
	c.itemSamples(add)
	c.askSamples(add)
	c.charterSamples(add)
	c.reportSamples(add)
	c.adminSamples(add)
	c.faultSamples(add)
	c.demoSamples(add)
	return all
}
