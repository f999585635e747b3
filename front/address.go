package front

import (
	"context"
	"errors"
	"strings"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
)

// AddressPath is where the link leads that gives its person another mail
// address: AddressPath/SECRET.
const AddressPath = "/address"

// AddressWish is another mail address that somebody wants to have.
type AddressWish struct {
	Email, Password string
	From            string // the address they come from
	MailOff         bool   // this server sends no mail
}

// AskAddress mails a link to it. What it answers does not tell whether somebody
// else has the address.
func AskAddress(ctx context.Context, a *auth.Auth, d *door.Door, who auth.Who, by access.Actor, wish AddressWish) error {
	if err := access.Can(by, access.Own, access.Object{Kind: access.Person, Org: by.Org, Person: by.Person}); err != nil {
		return err // a token that only reads tries no password
	}
	address := strings.TrimSpace(wish.Email)
	switch {
	case wish.MailOff:
		return &door.Problem{Field: "email", Code: "mail-off"}
	case !door.ValidAddress(address):
		return &door.Problem{Field: "email", Code: "not-an-address"}
	}
	err := a.MayMove(ctx, who, address, wish.Password, wish.From)
	if errors.Is(err, auth.ErrWrong) {
		return &door.Problem{Field: "password", Code: "not-your-password"}
	}
	if err != nil {
		return err
	}
	secret, hash := auth.NewSecret()
	return d.AskAddress(ctx, by, door.AddressDraft{Address: auth.Address(address), Hash: hash, Path: AddressPath + "/" + secret, Ends: auth.Until(auth.ResetLife)})
}
