package worktime

// Event is what a calendar says about a block of time.
type Event struct {
	Start, End Instant
	// People are the organiser, the owner of the calendar and everybody else
	// invited, each once, without rooms and resources.
	People int
	// Busy is TRANSP opaque.
	Busy   bool
	AllDay bool
	// Status is "confirmed", "tentative" or "cancelled"; Me is the owner's
	// answer, "declined" for a no; Kind is "meeting" for one.
	Status, Me, Kind string
}

// longestMeeting is 12 h: what is longer is an all-day event in disguise.
const longestMeeting = 12 * hour

// Meeting reports whether e counts as a meeting (worktime 10.1).
func (e Event) Meeting() bool {
	length := e.End - e.Start
	return e.People >= 2 && e.Busy && e.Status != "cancelled" && e.Me != "declined" &&
		!e.AllDay && e.Kind == "meeting" && 0 < length && length <= longestMeeting
}

// Tier is where a week's hours in meetings stand (audit A6).
type Tier string

// The tiers, by hours rounded half up: up to 3, 6, 12, 18, and more.
const (
	TierBelow    Tier = "below"
	TierAsync    Tier = "async-first"
	TierHealthy  Tier = "healthy"
	TierAverage  Tier = "average"
	TierCaptured Tier = "meeting-captured"
)

// TierOf is the tier of so many seconds in meetings in a week.
func TierOf(seconds int64) Tier {
	switch hours := (seconds + hour/2) / hour; {
	case hours <= 3:
		return TierBelow
	case hours <= 6:
		return TierAsync
	case hours <= 12:
		return TierHealthy
	case hours <= 18:
		return TierAverage
	default:
		return TierCaptured
	}
}
