package slackexport

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Days returns the days for which the channel has a file, in order, as
// "2025-01-10".
func (x *Export) Days(c Channel) []string {
	d := x.folderNamed(c.Folder)
	if d == nil {
		return nil
	}
	days := make([]string, len(d.days))
	for i, f := range d.days {
		days[i] = dayName(f.day)
	}
	return days
}

// Messages returns the channel's messages in the order of their TS, day file by
// day file. One without a time, and the second of two with one time, is reported
// and left out. An error ends the sequence.
func (x *Export) Messages(c Channel) iter.Seq2[Message, error] { return x.MessagesAfter(c, "") }

// MessagesAfter is [Export.Messages] without the files up to and including that
// of the given day, "2025-01-10": an import that was interrupted goes on behind
// the last day it finished. With the last of Days it only counts the channel as
// done.
func (x *Export) MessagesAfter(c Channel, day string) iter.Seq2[Message, error] {
	return sequence(func(yield func(Message) error) error {
		d := x.folderNamed(c.Folder)
		if d == nil {
			return nil
		}
		last := ""
		for _, f := range d.days {
			if dayName(f.day) <= day {
				x.entries.Add(1)
				x.out.Add(f.size)
				continue
			}
			r := dayReader{x: x, file: f, name: d.name + "/" + dayName(f.day) + ".json", last: &last, yield: yield}
			if err := r.read(); err != nil {
				return err
			}
			x.entries.Add(1)
			x.out.Add(f.size - r.counted)
		}
		return nil
	})
}

// A dayReader gives out the messages of one file in order.
type dayReader struct {
	x       *Export
	file    file
	name    string
	counted int64
	last    *string // the TS given out before, over all days
	begun   bool
	yield   func(Message) error
}

// found is a message with its place in the file.
type found struct {
	Message
	at   int64
	item int
}

// read holds a day in memory to sort it, which a busy day of a busy channel fits
// in. One that does not is nearly always sorted already and goes straight through; else it is read several times,
// the earliest messages that fit each time.
func (r *dayReader) read() error {
	var batch []found
	size := 0
	err := r.pass(false, func(m found) error {
		batch = append(batch, m)
		if size += m.size(); size > r.x.limits.Sorting {
			return errStop
		}
		return nil
	})
	switch {
	case err == nil:
		return r.give(batch)
	case !errors.Is(err, errStop):
		return err
	}
	batch = nil
	sorted, err := r.sorted()
	if err != nil {
		return err
	}
	if sorted {
		return r.pass(true, r.giveOne)
	}
	for more, after := true, ""; more; {
		if batch, more, err = r.earliest(after); err != nil {
			return err
		}
		if err := r.give(batch); err != nil {
			return err
		}
		if len(batch) > 0 {
			after = batch[len(batch)-1].TS
		}
	}
	return nil
}

// pass decodes the file once. Problems are reported the first time, and once
// more where that stopped early; the report knows what it has.
func (r *dayReader) pass(again bool, each func(found) error) error {
	p := pass{limit: maxItem}
	if !again {
		p.count = func(n int) {
			r.counted += int64(n)
			r.x.out.Add(int64(n))
		}
	}
	day := dayName(r.file.day)
	return elements(r.x, r.name, r.file, p, func(w *wireMessage, at int64, item int) error {
		m, ok := w.message(day)
		if !ok {
			r.x.add(Problem{r.name, at, item, NoTime, fmt.Sprintf("ts %.40q", string(w.TS))})
			return nil
		}
		return each(found{m, at, item})
	})
}

// sorted reports whether the file is in order, looking at nothing else.
func (r *dayReader) sorted() (bool, error) {
	type stamp struct {
		TS scalar `json:"ts"`
	}
	last := ""
	err := elements(r.x, r.name, r.file, pass{limit: maxItem, quiet: true}, func(s *stamp, _ int64, _ int) error {
		ts := string(s.TS)
		if _, ok := instant(ts); !ok {
			return nil
		}
		if last != "" && CompareTS(ts, last) < 0 {
			return errStop
		}
		last = ts
		return nil
	})
	if errors.Is(err, errStop) {
		return false, nil
	}
	return err == nil, err
}

// earliest returns the earliest messages after a TS, as many as fit, sorted, and
// whether there are more.
func (r *dayReader) earliest(after string) (batch []found, more bool, err error) {
	size, limit := 0, ""
	err = r.pass(true, func(m found) error {
		if after != "" && CompareTS(m.TS, after) <= 0 || limit != "" && CompareTS(m.TS, limit) >= 0 {
			return nil
		}
		batch = append(batch, m)
		if size += m.size(); size <= 2*r.x.limits.Sorting {
			return nil
		}
		order(batch)
		kept := 0
		for size = 0; size <= r.x.limits.Sorting; kept++ {
			size += batch[kept].size()
		}
		if kept == len(batch) {
			return nil
		}
		limit, more = batch[kept].TS, true
		clear(batch[kept:])
		batch = batch[:kept]
		return nil
	})
	order(batch)
	return batch, more, err
}

func order(batch []found) {
	slices.SortStableFunc(batch, func(a, b found) int { return CompareTS(a.TS, b.TS) })
}

func (r *dayReader) give(batch []found) error {
	order(batch)
	for _, m := range batch {
		if err := r.giveOne(m); err != nil {
			return err
		}
	}
	return nil
}

func (r *dayReader) giveOne(m found) error {
	if *r.last != "" {
		switch CompareTS(m.TS, *r.last) {
		case 0:
			r.x.add(Problem{r.name, m.at, m.item, Repeated, ""})
			return nil
		case -1:
			if !r.begun {
				r.x.add(Problem{r.name, m.at, m.item, OutOfOrder, ""})
			}
			r.begun = true
			return r.yield(m.Message)
		}
	}
	r.begun = true
	*r.last = m.TS
	return r.yield(m.Message)
}
