package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/rubato-hq/rubato/core/audit"
)

// format is the version of the JSON form; a field is added without a new one.
const format = 1

// Data is a report as JSON, for scripts and for comparing with a later one. Its
// schema is docs/audit.schema.json. Minutes and hours are a week unless a field
// says otherwise; rule is where the method defines a figure (docs/audit.md).
type Data struct {
	Format      int      `json:"format" doc:"The version of this form: 1."`
	Made        string   `json:"made" doc:"The date of the report, YYYY-MM-DD; empty in a report for others."`
	From        string   `json:"from,omitempty" doc:"The first date that was looked at."`
	To          string   `json:"to,omitempty" doc:"The last date that was looked at."`
	Weeks       int      `json:"weeks" doc:"Complete weeks that count (A1.3)."`
	Zone        string   `json:"zone,omitempty" doc:"The time zone in which days begin."`
	WorkingTime string   `json:"working_time" doc:"The hours that count as work, W."`
	Shared      bool     `json:"shared" doc:"The calendar is no person’s: no tier, no archetype, no self-audit (A1.5)."`
	Files       int      `json:"files" doc:"Calendars that were read."`
	Unreadable  int      `json:"unreadable" doc:"Entries that could not be read."`
	Missing     []string `json:"missing" doc:"What the data cannot say, by code."`

	Sync             SyncData          `json:"sync"`
	Focus            FocusData         `json:"focus"`
	Recovery         RecoveryData      `json:"recovery"`
	ConflictMinutes  float64           `json:"conflict_minutes" doc:"Sum of all meetings less their union (A3)."`
	OutsideMinutes   float64           `json:"outside_minutes" doc:"Meetings outside of working time (A3)."`
	EarlyLateMinutes float64           `json:"early_late_minutes" doc:"Meetings before nine and after six, outside of working time."`
	DecidingMinutes  float64           `json:"deciding_minutes" doc:"Live time whose title says that something is decided."`
	PerDecision      float64           `json:"minutes_per_decision" doc:"In meetings, of all weeks, by decisions that the person counted; 0 when they did not (A10)."`
	LateNotice       NumberOf          `json:"late_notice" doc:"Meetings called less than a day before, of those of which it is known."`
	BackToBack       NumberOf          `json:"back_to_back" doc:"Days with three meetings or more in a row, of working days."`
	Unscheduled      int               `json:"unscheduled_minutes" doc:"Calls that the person told of; in no other figure (A3.3)."`
	Mix              []MixData         `json:"mix" doc:"Live minutes by what they are for (A3)."`
	Series           []SeriesData      `json:"series" doc:"What each series takes (A3.2), the most first."`
	Findings         []FindingData     `json:"findings" doc:"Habits, found and possible (A5)."`
	Plan             PlanData          `json:"plan"`
	SelfAudit        []QuestionData    `json:"self_audit" doc:"The six questions (A8)."`
	Archetype        ArchetypeData     `json:"archetype"`
	Mismatches       []MismatchData    `json:"mismatches" doc:"Where weeks do not fit the kind of work (A7.4)."`
	Chat             *ChatData         `json:"chat,omitempty" doc:"What a chat export says (A5.3)."`
	ByWeek           []WeekData        `json:"by_week,omitempty" doc:"Each week; none in a report for others."`
	Counted          CountedData       `json:"counted"`
	Evidence         map[string]string `json:"evidence" doc:"Studies, as comparison and no measurement (A11)."`
}

// RangeData is a value with what it may be at least and at most.
type RangeData struct {
	Low  float64 `json:"low"`
	Mid  float64 `json:"mid"`
	High float64 `json:"high"`
}

// SyncData is live time.
type SyncData struct {
	Rule       string    `json:"rule" doc:"A3, A6"`
	Minutes    RangeData `json:"minutes" doc:"Median of the weeks; low counts what was agreed to, high what may have been attended too (A2.9)."`
	Least      int       `json:"least" doc:"The week with the fewest minutes."`
	Most       int       `json:"most" doc:"The week with the most minutes."`
	Meetings   int       `json:"meetings" doc:"Meetings in a week, the median."`
	Tier       string    `json:"tier,omitempty" enum:"below,async-first,healthy,average,meeting-captured" doc:"A hypothetical benchmark, no measurement (A6.3)."`
	AlsoTier   string    `json:"also_tier,omitempty" doc:"Another tier that low or high reach."`
	LowerBound bool      `json:"lower_bound" doc:"A calendar sees invitations only (A3.3)."`
}

// FocusData are the gaps between meetings in working time.
type FocusData struct {
	Rule            string  `json:"rule"`
	Minutes         float64 `json:"minutes" doc:"In gaps of two hours and more."`
	Blocks          int     `json:"blocks"`
	DeepBlocks      int     `json:"deep_blocks" doc:"Of three hours and more."`
	FragmentMinutes float64 `json:"fragment_minutes" doc:"In gaps under two hours."`
	Index           float64 `json:"index" doc:"Fragments as a share of all gaps, 0 to 1."`
}

// RecoveryData is what may pass after interruptions.
type RecoveryData struct {
	Rule        string  `json:"rule"`
	UpToMinutes float64 `json:"up_to_minutes" doc:"At most; 0 if each meeting ended at a natural break (A3.1)."`
	Seconds     int64   `json:"seconds" doc:"After one interruption."`
}

// NumberOf is a number of a number.
type NumberOf struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// MixData is a part of live time.
type MixData struct {
	For     string  `json:"for"`
	Minutes float64 `json:"minutes"`
}

// SeriesData is what a series takes.
type SeriesData struct {
	Key                      string   `json:"key" doc:"The series, the same in every report of it."`
	Title                    string   `json:"title,omitempty"`
	HoursAWeek               float64  `json:"hours_a_week"`
	People                   int      `json:"people" doc:"With the person; 0 when nobody knows."`
	PeopleAtLeast            bool     `json:"people_at_least" doc:"One of them is a list."`
	PersonHours              float64  `json:"person_hours" doc:"0 when nobody knows who takes part."`
	OthersRecoveryUpToHours  float64  `json:"others_recovery_up_to_hours"`
	Names                    []string `json:"names,omitempty" doc:"With --names alone."`
	PersonHoursAYearEstimate float64  `json:"person_hours_a_year" doc:"A week times 46."`
}

// FindingData is a habit in a series or in a chat.
type FindingData struct {
	Rule        string     `json:"rule"`
	Key         string     `json:"key" doc:"What --not-so takes."`
	Series      string     `json:"series,omitempty"`
	Habit       int        `json:"habit" minimum:"1" maximum:"7"`
	Name        string     `json:"name"`
	Title       string     `json:"title,omitempty"`
	State       string     `json:"state" enum:"found,possible,not-so"`
	Primary     bool       `json:"primary" doc:"Its hours are counted here; else they are under another habit of the series."`
	Confidence  float64    `json:"confidence"`
	Signs       []SignData `json:"signs"`
	Minutes     int        `json:"minutes" doc:"Of one occurrence."`
	PerWeek     float64    `json:"per_week"`
	People      int        `json:"people"`
	Recovery    float64    `json:"recovery_up_to_minutes" doc:"The person’s own, of a week."`
	Occurrences int        `json:"occurrences"`
	Source      string     `json:"source" enum:"calendar,chat"`
}

// SignData is a sign with what it adds to the confidence.
type SignData struct {
	Code  string  `json:"code"`
	Value float64 `json:"value"`
	Text  string  `json:"text"`
}

// PlanData is the conversion plan.
type PlanData struct {
	Rule           string     `json:"rule"`
	NetMinutes     RangeData  `json:"net_minutes"`
	RemovedMinutes RangeData  `json:"removed_minutes"`
	LiveMinutes    float64    `json:"live_minutes"`
	AfterMinutes   RangeData  `json:"after_minutes"`
	AbovePublished bool       `json:"above_published" doc:"More than others published: read with care (A9.4)."`
	Moves          []MoveData `json:"moves"`
	Kept           []KeptData `json:"kept" doc:"What stays live, and why (A9.1)."`
}

// MoveData is one thing to change.
type MoveData struct {
	Series          string    `json:"series,omitempty"`
	Habit           int       `json:"habit"`
	Title           string    `json:"title,omitempty"`
	Text            string    `json:"text"`
	Phase           int       `json:"phase" enum:"30,60,90"`
	LiveMinutes     float64   `json:"live_minutes"`
	RemovedMinutes  RangeData `json:"removed_minutes"`
	NetMinutes      RangeData `json:"net_minutes"`
	RecoveryUpTo    float64   `json:"recovery_up_to_minutes"`
	Risk            float64   `json:"risk"`
	Reach           string    `json:"reach" enum:"mine,team,theirs"`
	Priority        float64   `json:"priority"`
	Confidence      float64   `json:"confidence"`
	People          int       `json:"people"`
	ReadyText       string    `json:"ready_text"`
	RestoreUnlessOK string    `json:"restore_on,omitempty"`
}

// KeptData is a series that stays live.
type KeptData struct {
	Series  string  `json:"series"`
	Title   string  `json:"title,omitempty"`
	Reason  string  `json:"reason"`
	Minutes float64 `json:"minutes"`
}

// QuestionData is one of the six questions.
type QuestionData struct {
	N       int    `json:"n"`
	Text    string `json:"text"`
	Data    string `json:"data" enum:"yes,hint,person" doc:"What the data say."`
	Habit   int    `json:"habit" doc:"The row that a yes leads to."`
	Answer  *bool  `json:"answer,omitempty" doc:"What the person said."`
	Support int    `json:"evidence" doc:"Findings behind it."`
}

// ArchetypeData is what kind of work the weeks look like.
type ArchetypeData struct {
	Stated     string             `json:"stated,omitempty"`
	Inferred   string             `json:"inferred,omitempty"`
	Confidence float64            `json:"confidence"`
	Unclear    string             `json:"unclear,omitempty"`
	Points     map[string]float64 `json:"points,omitempty"`
}

// MismatchData is where weeks do not fit the kind of work.
type MismatchData struct {
	Rule  string `json:"rule"`
	Text  string `json:"text"`
	Asked bool   `json:"asked" doc:"A question, because the archetype is only inferred."`
}

// ChatData is what a chat export says.
type ChatData struct {
	Group          bool    `json:"group" doc:"Of all writers, five or more, and not of the person (A12.3)."`
	Own            int     `json:"own"`
	Days           int     `json:"days"`
	SessionsAnHour float64 `json:"sessions_an_hour"`
	AnswerMinutes  int     `json:"answer_minutes"`
	Answers        int     `json:"answers"`
	OutsideDays    int     `json:"outside_days"`
	Episodes       int     `json:"episodes"`
	Asks           int     `json:"asks"`
	Hurried        int     `json:"hurried"`
	Nudges         int     `json:"nudges"`
	QuickCalls     int     `json:"quick_calls"`
	Huddles        int     `json:"huddles"`
}

// WeekData is one week.
type WeekData struct {
	Monday          string  `json:"monday"`
	SyncMinutes     float64 `json:"sync_minutes"`
	Meetings        int     `json:"meetings"`
	FocusMinutes    float64 `json:"focus_minutes"`
	FragmentMinutes float64 `json:"fragment_minutes"`
	RecoveryUpTo    float64 `json:"recovery_up_to_minutes"`
	Away            bool    `json:"away" doc:"Three days of it or more are out of office: it does not count (A1.3)."`
}

// CountedData says what became of the instances in the weeks.
type CountedData struct {
	Instances     int            `json:"instances"`
	Meetings      int            `json:"meetings"`
	Not           map[string]int `json:"not"`
	UnknownPeople int            `json:"unknown_people"`
}

func hundredths(v float64) float64 { return math.Round(v*100) / 100 }

func rangeData(r audit.Range) RangeData {
	return RangeData{hundredths(r.Low), hundredths(r.Mid), hundredths(r.High)}
}

// Figures makes the JSON form of an audit.
func Figures(r *audit.Report, about About) *Data {
	if about.Share {
		about.Titles, about.Names = false, false
	}
	d := &draft{About: about, w: about.Words, r: r, named: make(map[string]string)}
	title := func(s string) string {
		if d.Titles {
			return s
		}
		return ""
	}
	out := &Data{
		Format: format, Weeks: r.Used, WorkingTime: d.Hours, Shared: r.Shared, Files: d.Files, Unreadable: d.Faulty,
		Missing: []string{}, Mix: []MixData{}, Series: []SeriesData{}, Findings: []FindingData{}, SelfAudit: []QuestionData{}, Mismatches: []MismatchData{},
		Evidence: make(map[string]string),
	}
	if !d.Share {
		out.Made, out.Zone = d.today().String(), d.zone()
		if len(r.Weeks) > 0 {
			out.From, out.To = r.Weeks[0].Monday.String(), r.Weeks[len(r.Weeks)-1].Monday.AddDays(6).String()
		}
	}
	for _, m := range r.Missing {
		out.Missing = append(out.Missing, m.What)
	}
	out.Sync = SyncData{Rule: "A3, A6", Minutes: rangeData(r.Sync), Least: r.Least, Most: r.Most, Meetings: r.Meetings, LowerBound: true}
	if !r.Shared {
		out.Sync.Tier, out.Sync.AlsoTier = string(r.Tier), string(r.Also)
	}
	index := 0.0
	if all := r.Focus + r.Fragmented; all > 0 {
		index = hundredths(float64(r.Fragmented) / float64(all))
	}
	out.Focus = FocusData{"A3", float64(r.Focus), r.FocusBlocks, r.DeepBlocks, float64(r.Fragmented), index}
	out.Recovery = RecoveryData{"A3.1", hundredths(r.RecoveryMinutes), d.Recovery}
	out.ConflictMinutes, out.OutsideMinutes, out.EarlyLateMinutes = float64(r.Conflict), float64(r.Outside), float64(r.EarlyLate)
	out.LateNotice, out.BackToBack, out.Unscheduled = NumberOf{r.Late, r.Called}, NumberOf{r.Chained, r.Workdays}, r.Unscheduled
	out.DecidingMinutes, out.PerDecision = hundredths(r.Deciding), hundredths(r.PerDecision)
	for _, s := range r.Mix {
		out.Mix = append(out.Mix, MixData{string(s.Purpose), hundredths(s.Minutes)})
	}
	for _, c := range r.Cost {
		s := SeriesData{Key: c.Key, Title: title(c.Title), HoursAWeek: hundredths(c.Hours), People: c.People, PeopleAtLeast: c.AtLeast, PersonHours: hundredths(c.PersonHours), OthersRecoveryUpToHours: hundredths(c.OthersRecovery), PersonHoursAYearEstimate: hundredths(c.PersonHours * 46)}
		if d.Names {
			s.Names = c.Names
		}
		out.Series = append(out.Series, s)
	}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, d.finding(f, title))
	}
	out.Plan = d.planData(title)
	for _, q := range r.Questions {
		row := QuestionData{N: q.N, Text: d.w.Of("audit.self_q", number(q.N)), Data: q.Answer, Habit: int(q.Habit), Support: len(q.Evidence)}
		if q.Told {
			row.Answer = &q.Yes
		}
		out.SelfAudit = append(out.SelfAudit, row)
	}
	out.Archetype = ArchetypeData{Stated: string(d.Stated), Inferred: string(r.Inference.First()), Confidence: r.Inference.Confidence, Unclear: r.Inference.Unclear}
	if len(r.Inference.Leanings) > 0 {
		out.Archetype.Points = make(map[string]float64)
		for _, l := range r.Inference.Leanings {
			out.Archetype.Points[string(l.Archetype)] = l.Points
		}
	}
	for _, m := range r.Mismatches {
		out.Mismatches = append(out.Mismatches, MismatchData{m.Rule, d.mismatch(m), m.Asked})
	}
	if f := r.Chat; f != nil {
		out.Chat = &ChatData{f.Group, f.Own, f.Days, float64(f.Sessions) / 10, f.AnswerMinutes, f.Answers, f.OutsideDays, f.Episodes, f.Asks, f.Hurried, f.Nudges, f.QuickCalls + f.Loose, f.Huddles}
	}
	if !d.Share {
		for _, w := range r.Weeks {
			out.ByWeek = append(out.ByWeek, WeekData{w.Monday.String(), minutes(w.SyncSeconds), w.Meetings, minutes(w.FocusSeconds), minutes(w.FragmentSeconds), minutes(w.RecoverySeconds), w.Away})
		}
	}
	out.Counted = CountedData{r.Counted.Instances, r.Counted.Meetings, make(map[string]int), r.Counted.Unknown}
	for why, n := range r.Counted.Not {
		out.Counted.Not[string(why)] = n
	}
	for _, e := range audit.Evidence() {
		out.Evidence[e] = d.w.Of("audit.evidence", e) + " (" + d.w.Of("audit.evidence_by", e) + ")"
	}
	return out
}

func minutes(seconds int64) float64 { return hundredths(float64(seconds) / 60) }

func (d *draft) finding(f audit.Finding, title func(string) string) FindingData {
	out := FindingData{
		Rule: "A5", Key: f.Key, Series: f.SeriesKey(), Habit: int(f.Habit), Name: d.habitName(f.Habit), Title: title(f.Title), Primary: f.Primary,
		Confidence: f.Confidence, Signs: []SignData{}, Minutes: f.Minutes, PerWeek: hundredths(f.PerWeek), People: f.People, Recovery: hundredths(f.PerWeek * f.Recovery / 60), Occurrences: f.Occurrences, Source: "calendar",
	}
	switch {
	case f.NotSo:
		out.State = "not-so"
	case f.Found():
		out.State = "found"
	case f.Possible():
		out.State = "possible"
	}
	if f.Chat {
		out.Source, out.Series = "chat", ""
	}
	for _, p := range f.Points {
		out.Signs = append(out.Signs, SignData{p.Code, p.Value, d.w.Of("audit.sign", p.Code, "n", p.N, "of", p.Of)})
	}
	return out
}

func (d *draft) planData(title func(string) string) PlanData {
	p := d.r.Plan
	out := PlanData{Rule: "A9", NetMinutes: rangeData(p.Net), RemovedMinutes: rangeData(p.Removed), LiveMinutes: hundredths(p.Live), AfterMinutes: rangeData(p.After), AbovePublished: p.AboveOthers, Moves: []MoveData{}, Kept: []KeptData{}}
	for _, m := range d.inOrder() {
		row := MoveData{
			Series: m.SeriesKey(), Habit: int(m.Habit), Title: title(m.Title), Text: d.move(m), Phase: m.Phase, LiveMinutes: hundredths(float64(m.Minutes) * m.PerWeek),
			RemovedMinutes: rangeData(m.Removed), NetMinutes: rangeData(m.Net), RecoveryUpTo: hundredths(m.Recovery), Risk: hundredths(m.Risk), Reach: string(m.Reach), Priority: hundredths(m.Priority),
			Confidence: m.Confidence, People: m.People, ReadyText: d.ready(m),
		}
		if m.Chat {
			row.Series = ""
		}
		if !d.Share {
			row.RestoreUnlessOK = d.today().AddDays(trial).String()
		}
		out.Moves = append(out.Moves, row)
	}
	for _, k := range p.Kept {
		out.Kept = append(out.Kept, KeptData{k.Key, title(k.Title), string(k.Reason), hundredths(k.PerWeek * float64(k.Minutes))})
	}
	return out
}

func (d *draft) mismatch(m audit.Mismatch) string {
	if m.Asked {
		return d.w.Of("audit.mismatch_asked", m.Code)
	}
	return d.w.Of("audit.mismatch", m.Code)
}

// ErrNoReport says that a file is no report in JSON.
var ErrNoReport = errors.New("it is no report that \"rubato audit --out FILE.json\" wrote")

// maxData is how much of a report is read.
const maxData = 16 << 20

// Read reads a report that was written as JSON.
func Read(in io.Reader) (*Data, error) {
	var d Data
	if err := json.NewDecoder(io.LimitReader(in, maxData)).Decode(&d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	if d.Format != format {
		return nil, fmt.Errorf("%w: its format is %d, and this program reads %d", ErrNoReport, d.Format, format)
	}
	return &d, nil
}
