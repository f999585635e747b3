package delivery

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/store"
)

// eventBody is the body of a webhook (Standard Webhooks 1.0.0). It is thin:
// what more there is, the page shows to those who may see it.
type eventBody struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      any    `json:"data"`
}

type callData struct {
	Crisis   string `json:"crisis"`
	URL      string `json:"url"`
	What     string `json:"what"`
	AtStake  string `json:"at_stake"`
	RaisedBy string `json:"raised_by"`
	RaisedAt string `json:"raised_at"`
	Call     int64  `json:"call"`
}

type sealedData struct {
	Window string `json:"window"`
	URL    string `json:"url"`
	Title  string `json:"title"` // as the subject of the mail
	Lines  int    `json:"lines"`
}

// maxCallWords bounds each text in a webhook, in runes.
const maxCallWords = 1000

// sealedCall makes the body of a webhook that tells of a brief.
func (w writing) sealedCall(v briefs, o store.Outgoing, m Message) (Message, error) {
	return w.event("brief.sealed", o, m, sealedData{
		Window: v.Brief.Window.Time().Format(time.RFC3339), URL: w.at("/brief"), Title: w.subject(v), Lines: brief.New(v.Lines) + v.more(),
	})
}

// event puts data into a body. Its time is when the message was written, which
// stays over all attempts.
func (w writing) event(kind string, o store.Outgoing, m Message, data any) (Message, error) {
	body, err := json.Marshal(eventBody{Type: kind, Timestamp: o.Created.UTC().Format(time.RFC3339), Data: data})
	if err != nil {
		return m, fmt.Errorf("write the event: %w", err)
	}
	m.JSON = body
	return m, nil
}
