package report

import (
	"context"
	"io"
	"strconv"
)

// HTML writes a report as one file that loads nothing: css is what a browser
// needs to show it, with its fonts inside.
func HTML(ctx context.Context, w io.Writer, p *Paper, css string) error {
	return p.page(css).Render(ctx, w) //nolint:contextcheck // components get theirs from Render
}

// px and percent write a number for an attribute.
func px(v float64) string      { return strconv.FormatFloat(v, 'f', -1, 64) }
func percent(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) + "%" }

// describes names the elements that tell what a picture shows.
func (f *Figure) describes() string {
	if f.Desc == "" {
		return f.ID + "-t"
	}
	return f.ID + "-t " + f.ID + "-d"
}

func (t *Table) number(column int) bool { return column < len(t.Numbers) && t.Numbers[column] }
