package mattermostexport_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/wire/mattermostexport"
)

const export = `{"type":"version","version":1,"info":{"generator":"mattermost-server"}}
{"type":"team","team":{"name":"north","display_name":"North"}}
{"type":"user","user":{"username":"lena","email":"lena@example.org","first_name":"Lena","last_name":"Vogt","timezone":{"automaticTimezone":"Europe/Berlin","manualTimezone":""}}}
{"type":"bot","bot":{"username":"deploy","display_name":"Deploy"}}
this is no line
{"type":"post","post":{"team":"north","channel":"town","user":"lena","message":"Can you look, @kenji?","create_at":1764000000000,"replies":[{"user":"kenji","message":"yes","create_at":1764000060000}]}}
{"type":"post","post":{"team":"north","channel":"town","user":"lena","type":"system_join_channel","message":"lena joined","create_at":1764000000000}}
{"type":"hologram","hologram":{}}
{"type":"direct_post","direct_post":{"channel_members":["lena","kenji"],"user":"kenji","message":"quick call?","create_at":1764000120000}}
`

func TestReader(t *testing.T) {
	r := mattermostexport.NewReader(strings.NewReader(export))
	var users, posts, replies, direct, system int
	for {
		line, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case line.User != nil:
			users++
			if line.User.Username == "lena" && line.User.Zone != "Europe/Berlin" {
				t.Errorf("lena is in %q", line.User.Zone)
			}
		case len(line.Post.Members) > 0:
			direct++
			if line.Post.Place() != "kenji, lena" {
				t.Errorf("it is in %q", line.Post.Place())
			}
		case !line.Post.Human():
			system++
		default:
			posts++
			replies += len(line.Post.Replies)
		}
	}
	if users != 2 || posts != 1 || replies != 1 || direct != 1 || system != 1 || r.Unread() != 1 {
		t.Errorf("%d users, %d posts, %d replies, %d direct, %d of the system, %d not read", users, posts, replies, direct, system, r.Unread())
	}
}

func TestNoExport(t *testing.T) {
	for _, s := range []string{"hello\n", `{"type":"post"}` + "\n", `[1,2]` + "\n"} {
		if _, err := mattermostexport.NewReader(strings.NewReader(s)).Next(); !errors.Is(err, mattermostexport.ErrNotExport) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, err := mattermostexport.NewReader(strings.NewReader("")).Next(); !errors.Is(err, io.EOF) {
		t.Errorf("nothing: %v", err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(export)
	f.Add("{\"type\":\"version\"}\n{\"type\":\"post\",\"post\":{\"replies\":[{}]}}")
	f.Fuzz(func(_ *testing.T, s string) {
		r := mattermostexport.NewReader(strings.NewReader(s))
		for {
			line, err := r.Next()
			if err != nil {
				return
			}
			if line.Post != nil {
				line.Post.Place()
			}
		}
	})
}
