package web

import (
	"testing"

	"github.com/rubato-hq/rubato/web/page"
)

func TestLongest(t *testing.T) {
	for _, tt := range []struct {
		name string
		day  page.WeekDay
		want int64
	}{
		{"a day off", page.WeekDay{}, 0},
		{"no window", page.WeekDay{Work: []page.Minutes{{From: 540, To: 1020}}}, 480},
		{"between windows", page.WeekDay{Work: []page.Minutes{{From: 540, To: 1020}}, Windows: []int{660, 960}}, 300},
		{"windows at the ends", page.WeekDay{Work: []page.Minutes{{From: 540, To: 1020}}, Windows: []int{540, 1020}}, 480},
		{"two stretches", page.WeekDay{Work: []page.Minutes{{From: 510, To: 750}, {From: 870, To: 1110}}, Windows: []int{660, 960}}, 150},
	} {
		if got := longest(tt.day); got != tt.want*60 {
			t.Errorf("%s: %d seconds, want %d minutes", tt.name, got, tt.want)
		}
	}
}
