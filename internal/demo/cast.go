package demo

// A cast is the demo's organisation: its teams and its people.
type cast struct {
	Name   string
	Teams  []castTeam
	People []castMember
}

// A castTeam is one team. Everyone is true when all people of the cast belong
// to it; Members, handles, is empty then. Leads are handles among them.
type castTeam struct {
	Slug     string
	Name     string
	About    string
	Open     bool
	Everyone bool
	Members  []string
	Leads    []string
}

// A castMember is one person and their charter, as they would type it.
type castMember struct {
	Handle string
	Name   string
	Place  string
	// Zone is an IANA name; all times below are local there.
	Zone string
	// Archetype is one of the five of core/charter, Role one of core/access.
	Archetype string
	Role      string
	// Hours and Focus are spans by weekday, "mon-thu 08:30-12:30" or
	// "fri 13:00-15:00"; Windows are the same on every working day, "11:00".
	Hours   []string
	Windows []string
	Focus   []string
	// Minutes is the reading time chosen for a catch-up, 0 for none.
	Minutes int
	// Off is time off, "2026-11-26..2026-11-27" in whole dates with both
	// included, or "2026-12-02 13:00..2026-12-02 18:00".
	Off []string
	// Cover is the handle of the person named while this one is off, or "".
	Cover string
}

// meridian is the team of the pictures: arrival times for public transport,
// made in four places.
func meridian() cast {
	return cast{
		Name: "Meridian",
		Teams: []castTeam{
			{
				Slug: "meridian", Name: "Meridian", Open: true, Everyone: true, Leads: []string{"maya"},
				About: "Arrival times for public transport. Nine people in Berlin, Istanbul, São Paulo and San Francisco.",
			},
			{
				Slug: "trip-store", Name: "Trip store", Open: true,
				Members: []string{"lena", "jonas", "kenji", "priya", "deniz"},
				About:   "Where trip updates are written, kept and read. Importers, compaction, replay.",
			},
			{
				Slug: "operators", Name: "Operators", Open: true,
				Members: []string{"elif", "caio", "ana", "maya"},
				About:   "What the operators need from us, and what we promised them.",
			},
			{
				Slug: "hiring", Name: "Hiring",
				Members: []string{"maya", "elif", "jonas"},
				About:   "Applications and what we think of them. Private.",
			},
		},
		People: []castMember{
			{
				Handle: "lena", Name: "Lena Vogt", Place: "Berlin", Zone: "Europe/Berlin",
				Archetype: "maker", Role: "member",
				Hours:   []string{"mon-thu 08:30-12:30", "mon-thu 14:30-18:30", "fri 08:30-12:30", "fri 13:00-15:00"},
				Windows: []string{"11:00", "16:00"},
				Focus:   []string{"mon-thu 09:00-11:00", "mon-thu 14:30-16:00", "fri 09:00-11:00"},
				Minutes: 36,
				Off:     []string{"2026-12-08 14:30..2026-12-08 18:30", "2026-12-24..2027-01-01"},
				Cover:   "jonas",
			},
			{
				Handle: "jonas", Name: "Jonas Brandt", Place: "Berlin", Zone: "Europe/Berlin",
				Archetype: "maker", Role: "member",
				Hours:   []string{"mon-fri 09:30-18:00"},
				Windows: []string{"10:00", "15:00"},
				Focus:   []string{"mon-thu 10:30-12:30", "mon-wed 15:30-17:00"},
				Minutes: 30,
				Off:     []string{"2026-12-02 13:00..2026-12-02 18:00"},
				Cover:   "lena",
			},
			{
				Handle: "elif", Name: "Elif Kaya", Place: "Istanbul", Zone: "Europe/Istanbul",
				Archetype: "manager", Role: "admin",
				Hours:   []string{"mon-fri 09:00-18:00"},
				Windows: []string{"11:00", "16:00"},
				Focus:   []string{"tue-thu 09:30-11:00"},
				Minutes: 25,
				Cover:   "deniz",
			},
			{
				Handle: "deniz", Name: "Deniz Aydın", Place: "Istanbul", Zone: "Europe/Istanbul",
				Archetype: "maker", Role: "member",
				Hours:   []string{"mon-fri 10:00-18:30"},
				Windows: []string{"12:00", "17:00"},
				Focus:   []string{"mon-fri 13:30-16:30"},
				Minutes: 40,
			},
			{
				Handle: "ana", Name: "Ana Ribeiro", Place: "São Paulo", Zone: "America/Sao_Paulo",
				Archetype: "maker", Role: "member",
				Hours:   []string{"mon-fri 09:00-18:00"},
				Windows: []string{"11:00", "16:00"},
				Focus:   []string{"mon-thu 13:00-15:00"},
				Minutes: 30,
				Off:     []string{"2026-11-02..2026-11-02", "2026-11-20..2026-11-20"},
				Cover:   "caio",
			},
			{
				Handle: "caio", Name: "Caio Mendes", Place: "São Paulo", Zone: "America/Sao_Paulo",
				Archetype: "connector", Role: "member",
				Hours:   []string{"mon-fri 08:00-17:00"},
				Windows: []string{"10:00", "15:00"},
				Focus:   []string{"tue 13:00-14:30", "thu 13:00-14:30"},
				Minutes: 20,
				Off:     []string{"2026-11-02..2026-11-02", "2026-11-20..2026-11-20"},
				Cover:   "ana",
			},
			{
				Handle: "kenji", Name: "Kenji Watanabe", Place: "San Francisco", Zone: "America/Los_Angeles",
				Archetype: "maker", Role: "member",
				Hours:   []string{"mon-fri 08:30-17:00"},
				Windows: []string{"09:30", "15:30"},
				Focus:   []string{"mon-thu 10:00-12:30"},
				Minutes: 30,
				Off:     []string{"2026-11-26..2026-11-27"},
				Cover:   "jonas",
			},
			{
				Handle: "priya", Name: "Priya Raman", Place: "San Francisco", Zone: "America/Los_Angeles",
				Archetype: "operator", Role: "member",
				Hours:   []string{"mon-fri 09:30-18:00"},
				Windows: []string{"10:30", "16:00"},
				Focus:   []string{"mon-thu 13:00-15:00"},
				Minutes: 30,
				Off:     []string{"2026-11-26..2026-11-27"},
				Cover:   "deniz",
			},
			{
				Handle: "maya", Name: "Maya Okafor", Place: "San Francisco", Zone: "America/Los_Angeles",
				Archetype: "decider", Role: "owner",
				Hours:   []string{"mon-fri 08:30-17:30"},
				Windows: []string{"11:00", "16:00"},
				Focus:   []string{"tue 13:00-15:30", "thu 13:00-15:30"},
				Minutes: 20,
				Off:     []string{"2026-11-23..2026-11-24", "2026-11-26..2026-11-27"},
				Cover:   "elif",
			},
		},
	}
}
