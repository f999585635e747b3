package serve

import (
	"context"
	"net/url"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/store"
)

// AuditCheck is what a look at the audit log of one organisation found.
type AuditCheck struct {
	Organisation string
	store.AuditChain
	// Held is false when the log has no entry any more as it was noted elsewhere.
	Held bool
}

// Noted is an entry of an audit log as somebody wrote it down elsewhere.
type Noted struct {
	N    int64
	Hash string
}

// CheckAudit works the chains of the audit logs out again. With a noted entry,
// one of them must still have it.
func CheckAudit(ctx context.Context, settings config.Settings, noted *Noted) (out []AuditCheck, err error) {
	err = alongside(ctx, settings, func(st *store.Store, orgs []store.Organisation, _ *url.URL) error {
		by, err := owners(ctx, st, orgs)
		if err != nil {
			return err
		}
		for _, a := range by {
			read := st.Reader(a)
			o, err := read.Organisation(ctx)
			if err != nil {
				return err
			}
			check := AuditCheck{Organisation: o.Name, Held: true}
			if check.AuditChain, err = read.AuditChain(ctx); err != nil {
				return err
			}
			if noted != nil {
				if check.Held, err = read.HoldsAudit(ctx, noted.N, noted.Hash); err != nil {
					return err
				}
			}
			out = append(out, check)
		}
		return nil
	})
	return out, err
}
