package door

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/store"
)

// Bounds of attachments, in bytes but for MaxFiles, which counts those of one thing.
const (
	MaxFile   = 100_000_000
	MaxFiles  = 20
	MaxUnsent = 2_000_000_000 // of one person, while they hang on nothing sent
)

// How long what hangs on nothing is kept: an upload whose draft was never
// saved or sent, and bytes that no row knows.
const (
	leftFor   = 7 * 24 * time.Hour
	strayedAt = 24 * time.Hour
)

// FileDraft is a file to hang on what its sender is writing: on the id of a
// draft, or one that their page made for a form ("comment-" and an id).
type FileDraft struct {
	Key   string // of the request, "" for none
	Draft string
	Name  string
}

// Attached is a file that hangs on what is being written.
type Attached struct {
	store.Attachment
	// Again says that the same request came before, and that this came of it.
	Again bool `json:"-"`
}

// received is what is the same in a request to attach that comes again.
type received struct {
	FileDraft
	Sum  string
	Size int64
}

// Attach receives one file and hangs it on what the actor is writing. It is
// seen by them alone until that is sent. The file is streamed to disk; what its
// sender says of its type is not believed.
func (d *Door) Attach(ctx context.Context, by access.Actor, draft FileDraft, from io.Reader) (Attached, error) {
	if !validDraft(draft.Draft) {
		return Attached{}, access.ErrHidden
	}
	if err := access.Can(by, access.Own, access.Object{Kind: access.Draft, Org: by.Org, Person: by.Person}); err != nil {
		return Attached{}, err
	}
	draft.Name = CleanName(draft.Name)
	room := int64(MaxFile) // one that comes again has taken its room already
	if draft.Key == "" {
		unsent, err := d.store.Reader(by).Unsent(ctx)
		if err != nil {
			return Attached{}, err
		}
		if room, err = roomFor(draft, unsent); err != nil {
			return Attached{}, err
		}
	}
	id := store.NewID(d.now())
	kept, err := d.files.Put(by.Org, id, from, room)
	if err != nil {
		return Attached{}, fileProblem(err, draft.Name, room)
	}
	a, err := once(ctx, d, by, "attach", draft.Key, received{draft, kept.Sum, kept.Size}, func(tx *store.Tx) (Attached, error) {
		all, err := tx.Unsent(ctx, by.Person)
		if err != nil {
			return Attached{}, err
		}
		switch room, err := roomFor(draft, byDraft(all)); { // others came meanwhile
		case err != nil:
			return Attached{}, err
		case kept.Size > room:
			return Attached{}, fileProblem(files.ErrTooLarge, draft.Name, room)
		}
		a := Attached{Attachment: store.Attachment{
			ID: id, Draft: draft.Draft, Person: by.Person, Name: draft.Name, Type: kept.Type, Size: kept.Size, Sum: kept.Sum, At: d.now(),
		}}
		return a, tx.AddAttachment(ctx, a.Attachment)
	})
	if errors.Is(err, store.ErrUnknownOutcome) || a.ID == id {
		return a, err
	}
	err = errors.Join(err, d.files.Remove(by.Org, id))
	a.Again = err == nil
	return a, err
}

// Detach takes a file off what the actor is writing.
func (d *Door) Detach(ctx context.Context, by access.Actor, id string) error {
	if err := access.Can(by, access.Own, access.Object{Kind: access.Draft, Org: by.Org, Person: by.Person}); err != nil {
		return err
	}
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error { return tx.DropAttachment(ctx, by.Person, id) })
	if errors.Is(err, store.ErrNotFound) {
		return access.ErrHidden
	}
	if err != nil {
		return err
	}
	return d.files.Remove(by.Org, id)
}

// SweepFiles collects what hangs on nothing in an organisation: uploads of a
// week ago without an item and without a saved draft, and bytes of a day ago
// that the database does not know. It returns how many files went.
func (d *Door) SweepFiles(ctx context.Context, org string) (int, error) {
	var left []string
	err := d.store.Write(ctx, org, func(tx *store.Tx) error {
		var err error
		left, err = tx.DropLeft(ctx, d.now().Add(-leftFor))
		return err
	})
	if err != nil {
		return 0, err
	}
	old, err := d.files.Old(org, time.Now().Add(-strayedAt))
	if err != nil {
		return 0, err
	}
	const batch = 500
	for len(old) > 0 {
		some := old[:min(batch, len(old))]
		old = old[len(some):]
		known, err := d.store.Attached(ctx, org, some)
		if err != nil {
			return 0, err
		}
		for _, id := range some {
			if !known[id] {
				left = append(left, id)
			}
		}
	}
	left = unique(left)
	for _, id := range left {
		if err := d.files.Remove(org, id); err != nil {
			return 0, err
		}
	}
	return len(left), nil
}

// roomFor is how large one more file on a draft may be.
func roomFor(draft FileDraft, unsent map[string][]store.Attachment) (int64, error) {
	if len(unsent[draft.Draft]) >= MaxFiles {
		return 0, &Problem{Field: "files", Code: "too-many-files", Name: draft.Name}
	}
	room := int64(MaxUnsent)
	for _, as := range unsent {
		for _, a := range as {
			room -= a.Size
		}
	}
	if room <= 0 {
		return 0, &Problem{Field: "files", Code: "too-much-unsent", Name: draft.Name}
	}
	return min(room, MaxFile), nil
}

func byDraft(all []store.Attachment) map[string][]store.Attachment {
	out := make(map[string][]store.Attachment)
	for _, a := range all {
		out[a.Draft] = append(out[a.Draft], a)
	}
	return out
}

// fileProblem turns a refusal of the folder into what a person can mend.
func fileProblem(err error, name string, room int64) error {
	var code string
	switch {
	case errors.Is(err, files.ErrTooLarge) && room < MaxFile:
		code = "too-much-unsent"
	case errors.Is(err, files.ErrTooLarge):
		code = "file-too-large"
	case errors.Is(err, files.ErrEmpty):
		code = "file-empty"
	case errors.Is(err, files.ErrPixels):
		code = "too-many-pixels"
	case errors.Is(err, files.ErrNoRoom):
		code = "no-room"
	default:
		return err
	}
	return &Problem{Field: "files", Code: code, Name: name}
}

// validDraft reports whether files may hang on something of this name: a
// draft's id, with a form's name before it for what has no draft of its own.
func validDraft(id string) bool {
	form, rest, named := strings.Cut(id, "-")
	if !named {
		form, rest = "", id
	}
	small := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }
	return len(rest) == 26 && len(form) <= 16 && !strings.ContainsFunc(form+rest, small)
}

// sendFiles moves what hangs on a draft to the item that came of it.
func (d *Door) sendFiles(ctx context.Context, tx *store.Tx, by access.Actor, draft, itemID string) error {
	if draft == "" {
		return nil
	}
	if err := tx.SendAttachments(ctx, by.Person, draft, itemID); err != nil {
		return err
	}
	all, err := tx.AttachmentsOf(ctx, itemID)
	if err == nil && len(all) > MaxFiles {
		return &Problem{Field: "files", Code: "too-many-files", Name: all[len(all)-1].Name}
	}
	return err
}
