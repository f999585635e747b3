package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
)

func fileIDs(as []store.Attachment) []string {
	var out []string
	for _, a := range as {
		out = append(out, a.ID)
	}
	return out
}

// attachments holds that a file goes where its draft goes, that it is seen by
// who sees what it hangs on, and that what hangs on nothing can be told.
func attachments(t *testing.T, b *Bench) {
	b.fill("a", "mark")
	ctx := t.Context()
	want := attached("file-update", update, "", ada, "mark")
	if got := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]store.Attachment, error) {
		return tx.AttachmentsOf(ctx, update)
	}); !cmp.Equal(got, []store.Attachment{want}) {
		t.Errorf("AttachmentsOf: %s", cmp.Diff([]store.Attachment{want}, got))
	}

	// Who may have the file of an item, of a draft, of something taken back.
	sees := func(file string, people ...string) {
		t.Helper()
		for _, p := range []string{ada, ben, cem, dia} {
			_, err := b.Store.Reader(b.actor("a", p)).Attachment(ctx, file)
			switch {
			case slices.Contains(people, p) && err != nil:
				t.Errorf("%s is refused %s: %v", p, file, err)
			case !slices.Contains(people, p) && !errors.Is(err, access.ErrHidden):
				t.Errorf("%s asks for %s: %v, want it hidden", p, file, err)
			}
		}
	}
	sees("file-update", ada, ben, cem) // of the private team
	sees("file-ben", ben)
	sees("file-left", dia)
	sees("no-such-file")
	b.write("a", func(tx *store.Tx) error {
		if err := tx.AddAttachment(ctx, attached("file-comment", comment, "", ben, "mark")); err != nil {
			return err
		}
		return tx.AddAttachment(ctx, attached("file-letter", letter, "", ada, "mark"))
	})
	sees("file-comment", ada, ben, cem)
	sees("file-letter", ada, ben)

	// Only its owner sends it, and from its own draft alone.
	b.write("a", func(tx *store.Tx) error {
		if err := tx.SendAttachments(ctx, ada, "draft-ben", letter); err != nil {
			return err
		}
		return tx.SendAttachments(ctx, ben, "", letter)
	})
	sees("file-ben", ben)
	b.write("a", func(tx *store.Tx) error { return tx.SendAttachments(ctx, ben, "draft-ben", letter) })
	sees("file-ben", ada, ben)
	if got := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]store.Attachment, error) { return tx.Unsent(ctx, ben) }); len(got) != 0 {
		t.Errorf("unsent after the sending: %v", fileIDs(got))
	}

	// Nobody takes off what is sent, or what is another's.
	for file, person := range map[string]string{"file-ben": ben, "file-ada": ben, "file-update": ada} {
		b.refuse("drop "+file+" as "+person, store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.DropAttachment(ctx, person, file) })
	}

	// What its item loses, it loses.
	hang := must(b.Store.Reader(b.actor("a", ada)).Attachments(ctx, []item.Item{{ID: update}, {ID: comment}}))
	if got := append(fileIDs(hang[update]), fileIDs(hang[comment])...); !cmp.Equal(got, []string{"file-update", "file-comment"}) {
		t.Errorf("files of the item and its thread: %v", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, update, after(1)) })
	sees("file-update")
	sees("file-comment")
	b.write("a", func(tx *store.Tx) error { return tx.DropMember(ctx, teamPrivate, ben) })
	b.write("a", func(tx *store.Tx) error {
		_, err := tx.AddItem(ctx, document("late", item.Update, ada, "mark", inTeam(teamPrivate)))
		if err != nil {
			return err
		}
		return tx.AddAttachment(ctx, attached("file-late", "late", "", ada, "mark"))
	})
	sees("file-late", ada, cem)

	// What hangs on nothing: neither sent nor on a saved draft, and old enough.
	left := func(minutes int) []string {
		return get(b, "a", func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.DropLeft(ctx, after(minutes)) })
	}
	if got := left(0); len(got) != 0 {
		t.Errorf("dropped too early: %v", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropDraft(ctx, cem, "draft-cem") })
	got := left(1)
	slices.Sort(got)
	if !cmp.Equal(got, []string{"file-cem", "file-left"}) {
		t.Errorf("dropped %v", got)
	}
	known := must(b.Store.Attached(ctx, "a", []string{"file-cem", "file-ada", "file-late", "never"}))
	if !cmp.Equal(known, map[string]bool{"file-ada": true, "file-late": true}) {
		t.Errorf("known: %v", known)
	}
}
