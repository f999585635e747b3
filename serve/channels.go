package serve

import (
	"net"
	"net/url"

	"github.com/rubato-hq/rubato/canary"
	"github.com/rubato-hq/rubato/channel/email"
	"github.com/rubato-hq/rubato/channel/webhook"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/dial"
	"github.com/rubato-hq/rubato/store"
)

// channels builds the ways out beside the page: webhooks, and mail where a
// relay is configured. A demo calls nobody but the hosts that its operator
// allows, because anybody who visits it may give an address.
func channels(settings config.Settings, public *url.URL, demo bool) (map[string]delivery.Channel, error) {
	guarded, err := dial.NewGuarded(config.List(settings.AllowHosts), nil)
	if err != nil {
		return nil, err
	}
	out := make(map[string]delivery.Channel)
	if !demo {
		out[store.ChannelCanary] = canary.Perch{}
	}
	if !demo || settings.AllowHosts != "" {
		out[store.ChannelWebhook] = webhook.New(webhook.Config{Client: guarded.Client()})
	}
	if settings.SMTP == "" {
		return out, nil
	}
	out[store.ChannelEmail], err = email.New(email.Config{SMTP: settings.SMTP, From: mailFrom(settings, public)})
	return out, err
}

// mailFrom is the sender of all mail; without a setting it is rubato at the
// public host.
func mailFrom(settings config.Settings, public *url.URL) string {
	if settings.MailFrom != "" {
		return settings.MailFrom
	}
	host := public.Hostname()
	if net.ParseIP(host) != nil {
		host = "localhost"
	}
	return "Rubato <rubato@" + host + ">"
}
