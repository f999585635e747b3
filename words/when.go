package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Clock writes the time of day of an instant at a place: "09:30". A nil loc is UTC.
func (w *Words) Clock(t time.Time, loc *time.Location) string { return at(t, loc).Format("15:04") }

// DayTime writes an instant for a reader at a place: "today 11:00", "tomorrow
// 09:30", "yesterday 18:00", else "Tue 1 Dec, 20:00", with the year where it
// is not this one.
func (w *Words) DayTime(t time.Time, loc *time.Location, now time.Time) string {
	clock := w.Clock(t, loc)
	switch days(t, now, loc) {
	case -1:
		return w.T("time.yesterday", "clock", clock)
	case 0:
		return w.T("time.today", "clock", clock)
	case 1:
		return w.T("time.tomorrow", "clock", clock)
	}
	return w.T("time.daytime", "day", w.Day(t, loc, now), "clock", clock)
}

// ClockDay is DayTime, without the day where it is the reader's today.
func (w *Words) ClockDay(t time.Time, loc *time.Location, now time.Time) string {
	if days(t, now, loc) == 0 {
		return w.Clock(t, loc)
	}
	return w.DayTime(t, loc, now)
}

// Day writes the date of an instant at a place: "Tue 1 Dec", with the year
// where it is not this one.
func (w *Words) Day(t time.Time, loc *time.Location, now time.Time) string {
	t = at(t, loc)
	if t.Year() != at(now, loc).Year() {
		return w.T("time.day_year", "weekday", w.WeekdayShort(t, loc), "day", strconv.Itoa(t.Day()), "month", w.monthShort(t), "year", strconv.Itoa(t.Year()))
	}
	return w.T("time.day", "weekday", w.WeekdayShort(t, loc), "day", strconv.Itoa(t.Day()), "month", w.monthShort(t))
}

// Date writes the date of an instant at a place in full: "Tuesday 24 November".
func (w *Words) Date(t time.Time, loc *time.Location) string {
	t = at(t, loc)
	return w.T("time.date", "weekday", w.Weekday(t, loc), "day", strconv.Itoa(t.Day()), "month", w.Of("month.long", strconv.Itoa(int(t.Month()))))
}

// ShortDate writes the date of an instant at a place: "24 Nov", with the year
// where it is not this one.
func (w *Words) ShortDate(t time.Time, loc *time.Location, now time.Time) string {
	t = at(t, loc)
	if t.Year() != at(now, loc).Year() {
		return w.T("time.short_year", "day", strconv.Itoa(t.Day()), "month", w.monthShort(t), "year", strconv.Itoa(t.Year()))
	}
	return w.T("time.short", "day", strconv.Itoa(t.Day()), "month", w.monthShort(t))
}

// WeekdayClock writes "Tue 08:32".
func (w *Words) WeekdayClock(t time.Time, loc *time.Location) string {
	return w.T("time.weekday_clock", "weekday", w.WeekdayShort(t, loc), "clock", w.Clock(t, loc))
}

// Weekday writes the day of the week of an instant at a place: "Tuesday".
func (w *Words) Weekday(t time.Time, loc *time.Location) string {
	return w.WeekdayName(isoDay(at(t, loc)))
}

// WeekdayShort writes "Tue".
func (w *Words) WeekdayShort(t time.Time, loc *time.Location) string {
	return w.WeekdayAbbr(isoDay(at(t, loc)))
}

// WeekdayName writes the day of the week by its ISO number, 1 for Monday.
func (w *Words) WeekdayName(iso int) string { return w.Of("weekday.long", strconv.Itoa(iso)) }

// WeekdayAbbr is WeekdayName in three letters.
func (w *Words) WeekdayAbbr(iso int) string { return w.Of("weekday.short", strconv.Itoa(iso)) }

func (w *Words) monthShort(t time.Time) string {
	return w.Of("month.short", strconv.Itoa(int(t.Month())))
}

// Both writes an instant in the reader's own time behind somebody else's, for
// one sentence: "today 11:00 their time, 09:00 yours". Where the two clocks
// agree it is "today 11:00, their time and yours".
func (w *Words) Both(t time.Time, theirs, yours *time.Location, now time.Time) string {
	if w.Short(t, theirs, yours, now) == "" {
		return w.T("time.pair", "theirs", w.DayTime(t, theirs, now), "yours", w.T("time.same"))
	}
	return w.T("time.both", "theirs", w.DayTime(t, theirs, now), "yours", w.Yours(t, theirs, yours, now))
}

// Yours is the second half of Both: "their time, 09:00 yours", with the day
// where it is another one than theirs.
func (w *Words) Yours(t time.Time, theirs, yours *time.Location, now time.Time) string {
	switch {
	case at(t, theirs).Format("2006-01-02 15:04") == at(t, yours).Format("2006-01-02 15:04"):
		return w.T("time.same")
	case sameDay(t, theirs, yours, now):
		return w.T("time.yours", "clock", w.Clock(t, yours))
	}
	return w.T("time.yours_day", "time", w.clockThenDay(t, yours, now))
}

// Short is Yours without saying whose the first half was, for places where that
// is plain: "09:00 yours", "18:30 tomorrow yours", "" where the clocks agree.
func (w *Words) Short(t time.Time, theirs, yours *time.Location, now time.Time) string {
	switch {
	case at(t, theirs).Format("2006-01-02 15:04") == at(t, yours).Format("2006-01-02 15:04"):
		return ""
	case sameDay(t, theirs, yours, now):
		return w.T("time.short_yours", "time", w.Clock(t, yours))
	}
	return w.T("time.short_yours", "time", w.clockThenDay(t, yours, now))
}

// At writes when something comes, after a verb: "at 16:00", "tomorrow 09:30",
// "Tue 1 Dec, 20:00".
func (w *Words) At(t time.Time, loc *time.Location, now time.Time) string {
	if days(t, now, loc) == 0 {
		return w.T("time.at", "clock", w.Clock(t, loc))
	}
	return w.DayTime(t, loc, now)
}

// clockThenDay writes "18:30 today", "01:00 tomorrow", "Tue 1 Dec, 20:00".
func (w *Words) clockThenDay(t time.Time, loc *time.Location, now time.Time) string {
	switch days(t, now, loc) {
	case -1:
		return w.T("time.clock_yesterday", "clock", w.Clock(t, loc))
	case 0:
		return w.T("time.clock_today", "clock", w.Clock(t, loc))
	case 1:
		return w.T("time.clock_tomorrow", "clock", w.Clock(t, loc))
	}
	return w.DayTime(t, loc, now)
}

// Length writes a span of seconds in hours and minutes: "3 h 58 min", "14 h",
// "5 min". A number and its unit do not break apart.
func (w *Words) Length(seconds int64) string {
	minutes := int(max(seconds, 0) / 60)
	switch h, m := minutes/60, minutes%60; {
	case seconds > 0 && minutes == 0:
		return w.T("time.under_a_minute")
	case h == 0:
		return w.Minutes(m)
	case m == 0:
		return w.T("time.hours", "n", h)
	default:
		return w.T("time.hours_minutes", "hours", w.T("time.hours", "n", h), "minutes", w.Minutes(m))
	}
}

// Minutes writes "11 min".
func (w *Words) Minutes(n int) string { return w.T("time.minutes", "n", n) }

// Ago writes how long ago an instant was while that is under an hour, "3
// minutes ago"; after that when it was, as DayTime.
func (w *Words) Ago(t time.Time, loc *time.Location, now time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return w.T("time.just_now")
	case d < time.Hour:
		return w.N("time.ago", int(d/time.Minute))
	}
	return w.DayTime(t, loc, now)
}

// Hours writes a number of hours to one decimal, for sums: "8", "3.5".
func (w *Words) Hours(seconds int64) string {
	return w.tenths(int(math.Round(float64(seconds) / 360)))
}

// tenths writes a number of tenths with one decimal, or none where it is 0.
func (w *Words) tenths(n int) string {
	if n%10 == 0 {
		return w.Number(n / 10)
	}
	return w.T("time.decimal", "whole", w.Number(n/10), "tenth", n%10)
}

// Term writes the term of an ask as the end of a sentence: "within 24 h",
// "within 4 working hours", "by the end of the day", "by Tue 1 Dec". The code
// is that of worktime 6. loc and now are the reader's.
func (w *Words) Term(code string, loc *time.Location, now time.Time) string {
	if n, ok := strings.CutSuffix(code, "wh"); ok {
		if hours, err := strconv.Atoi(n); err == nil {
			return w.N("term.working_hours", hours)
		}
	}
	if n, ok := strings.CutSuffix(code, "h"); ok {
		if hours, err := strconv.Atoi(n); err == nil {
			return w.T("term.hours", "n", hours)
		}
	}
	switch code {
	case "eod":
		return w.T("term.day")
	case "eow":
		return w.T("term.week")
	}
	if t, err := time.Parse(time.DateOnly, code); err == nil {
		return w.T("term.date", "date", w.Day(t, time.UTC, now))
	}
	if t, err := time.Parse(time.RFC3339, code); err == nil {
		return w.T("term.date", "date", w.DayTime(t, loc, now))
	}
	w.cat.missed.Add(1)
	return "⟨" + code + "⟩"
}

// Size writes a number of bytes: "312 B", "48 KB", "1.4 MB".
func (w *Words) Size(bytes int64) string {
	switch {
	case bytes < 1000:
		return w.T("size.bytes", "n", int(bytes))
	case bytes < 1000*1000:
		return w.T("size.kilo", "n", int((bytes+500)/1000))
	}
	return w.T("size.mega", "n", w.tenths(int((bytes+50_000)/100_000)))
}

func at(t time.Time, loc *time.Location) time.Time {
	if loc == nil {
		return t.UTC()
	}
	return t.In(loc)
}

// days counts the calendar days from now to t at a place.
func days(t, now time.Time, loc *time.Location) int {
	day := func(x time.Time) time.Time {
		y, m, d := at(x, loc).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(t).Sub(day(now)) / (24 * time.Hour))
}

// sameDay reports whether the day is called the same in both places: both say
// "today", or both give the same date.
func sameDay(t time.Time, theirs, yours *time.Location, now time.Time) bool {
	a, b := days(t, now, theirs), days(t, now, yours)
	if a < -1 || a > 1 {
		return at(t, theirs).Format(time.DateOnly) == at(t, yours).Format(time.DateOnly)
	}
	return a == b
}

func isoDay(t time.Time) int { return int(t.Weekday()+6)%7 + 1 }

// Place writes a zone's city the way people say it: "Europe/Berlin" is
// "Berlin". It is a guess for those who named no place of their own.
func Place(zone string) string {
	if i := strings.LastIndexByte(zone, '/'); i >= 0 {
		zone = zone[i+1:]
	}
	return strings.ReplaceAll(zone, "_", " ")
}

// Offset writes how far a place is ahead of another at an instant: "+3 h",
// "−8 h 30 min", "" for none.
func (w *Words) Offset(t time.Time, theirs, yours *time.Location) string {
	_, a := at(t, theirs).Zone()
	_, b := at(t, yours).Zone()
	switch d := a - b; {
	case d > 0:
		return w.T("time.ahead", "length", w.Length(int64(d)))
	case d < 0:
		return w.T("time.behind", "length", w.Length(int64(-d)))
	}
	return ""
}

// String names the language, for tests that fail.
func (w *Words) String() string { return fmt.Sprintf("words(%s)", w.Lang()) }
