package page

import "time"

// Demo is the page of demo mode: the team's clock and its cast.
type Demo struct {
	Frame  Frame
	Org    string
	People []DemoPerson
	// Windows are the next batch windows of the team in their order.
	Windows []DemoWindow
	// Day and Clock are what was typed for another moment, in the reader's time.
	Day, Clock string
	Problems   Problems
}

// DemoWindow is somebody's next batch window; Waits is how many directed items
// wait for it by now.
type DemoWindow struct {
	At     time.Time
	Person Person
	Waits  int
}
