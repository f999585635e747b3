package delivery

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// unsubscribeKey names the setting of an organisation that holds the key.
const unsubscribeKey = "unsubscribe_key"

// unsubscribe returns the address at which one POST turns a person's brief mail
// off. It stands in every brief, so its secret must be known again each time,
// and the database keeps secrets as hashes only. So it is made from a key of
// the organisation, which is drawn once, and the person; what opens it is the
// hash in the person's feed of this kind. The secret does nothing else, ends
// when the person is shut out, and changes for all when the key is removed.
func (r Letters) unsubscribe(ctx context.Context, w writing) (string, error) {
	key, err := r.Store.Setting(ctx, w.org.ID, unsubscribeKey)
	if err != nil {
		return "", err
	}
	if key != "" {
		token, hash := unsubscribeToken(key, w.to.Person)
		_, err := r.Store.Feed(ctx, w.org.ID, store.FeedUnsubscribe, hash)
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return w.at("/u/" + token), err
		}
	}
	var token, hash string
	err = r.Store.Write(ctx, w.org.ID, func(tx *store.Tx) error {
		key, err := tx.Setting(ctx, unsubscribeKey)
		if err != nil {
			return err
		}
		if key == "" {
			key = rand.Text() + rand.Text()
			if key, err = tx.KeepSetting(ctx, unsubscribeKey, key); err != nil {
				return err
			}
		}
		token, hash = unsubscribeToken(key, w.to.Person)
		return tx.AddFeed(ctx, w.to.Person.ID, store.FeedUnsubscribe, hash, time.Now())
	})
	if err != nil && !errors.Is(err, store.ErrExists) { // another sender was quicker: it is the same
		return "", fmt.Errorf("make the address to unsubscribe at: %w", err)
	}
	return w.at("/u/" + token), nil
}

// unsubscribeToken derives a person's secret, and the hash it is looked up by.
func unsubscribeToken(key string, p store.Person) (token, hash string) {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("unsubscribe\n" + p.Org + "\n" + p.ID)) // never fails (package hash)
	token = strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)))
	sum := sha256.Sum256([]byte(token))
	return token, hex.EncodeToString(sum[:])
}
