package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// Message is one thing on its way to one address. ID is stable over all
// attempts: the other side folds repeats by it.
type Message struct {
	ID      string
	Org     store.Organisation
	To      store.Contact
	Name    string // of the receiver
	Lang    string // of the words, as a language tag
	Subject string
	Text    string
	HTML    string
	// Thread lists the ids of earlier messages that this one belongs to, oldest first.
	Thread []string
	// Unsubscribe is the one-click address, "" where a message has none: crises
	// and what was asked for (R12.4).
	Unsubscribe string
	// Urgent marks a crisis.
	Urgent bool
	// JSON is the body for channels that carry data instead of words.
	JSON []byte
}

// Channel is one way out. An error is temporary, and tried again, unless it is
// Permanent. receipt is what the other side said, for the record.
type Channel interface {
	Send(ctx context.Context, m Message) (receipt string, err error)
}

// Permanent marks a refusal that trying again cannot mend. Ends says that the
// other side wants nothing more at this address: the contact is switched off.
type Permanent struct {
	Err  error
	Ends bool
}

func (p *Permanent) Error() string { return p.Err.Error() }

func (p *Permanent) Unwrap() error { return p.Err }

// Later marks a temporary failure after which the other side asks for a pause.
type Later struct {
	Err   error
	After time.Duration // at least; 0 for none named
}

func (l *Later) Error() string { return l.Err.Error() }

func (l *Later) Unwrap() error { return l.Err }

// Unanswered marks a temporary failure after which nobody knows whether the other
// side took the message.
type Unanswered struct{ Err error }

func (u *Unanswered) Error() string { return u.Err.Error() }

func (u *Unanswered) Unwrap() error { return u.Err }

// Renderer makes the message of one outgoing row from what stands in the store
// at this moment. ErrNothing says that there is nothing to send any more.
type Renderer func(ctx context.Context, o store.Outgoing) (Message, error)

// ErrNothing says that a message lost its content before it was sent.
var ErrNothing = errors.New("nothing to send any more")
