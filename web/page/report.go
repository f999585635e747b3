package page

import (
	"time"

	"github.com/rubato-hq/rubato/report"
)

// Report is the reader's own audit (R13): the report, and how to make one.
type Report struct {
	Frame
	// Paper is the report, nil before there is one; Made is when it was made.
	Paper *report.Paper
	Made  time.Time
	// Hours is the reader's working time by their charter, in a line.
	Hours    string
	Problems Problems
}
