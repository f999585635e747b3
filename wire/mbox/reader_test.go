package mbox_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/wire/mbox"
)

const box = `From jonas@example.org Thu Apr 14 11:06:56 2016
From: =?UTF-8?Q?J=C3=B6nas?= Brandt <Jonas@Example.org>
To: mia@example.org, "Lang, Kim" <kim@example.org>
Cc: team@lists.example.org
Date: Thu, 14 Apr 2016 11:06:56 +0200
Subject: =?UTF-8?Q?Die_Gr=C3=B6=C3=9Fe?=
Message-ID: <1@example.org>
List-Id: <team.lists.example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/html

<p>no</p>
--x
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=F6=DFe?
>From here on it is quoted.
--x--

From mia at example.org  Sat Apr 23 18:18:56 2016
From: mia at example.org (Mia Lang)
Date: Sat, 23 Apr 2016 18:18:56 +0200
Subject: Re: it
In-Reply-To: <1@example.org>
References: <0@example.org> <1@example.org>
Message-ID: <2@example.org>
Auto-Submitted: auto-replied

From me, too: no separator, for no empty line and no time.

From the beginning, this is text as well.

From x Thu Jan  1 00:00:00 1970

no head
`

func all(r io.Reader) (out []mbox.Message, unreadable int, err error) {
	in := mbox.NewReader(r)
	for {
		m, err := in.Next()
		if errors.Is(err, io.EOF) {
			return out, in.Unreadable, nil
		}
		if err != nil {
			return out, in.Unreadable, err
		}
		out = append(out, *m)
	}
}

func TestReader(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	want := []mbox.Message{
		{
			Line: 1, From: mbox.Address{Name: "Jönas Brandt", Address: "jonas@example.org"},
			To: []mbox.Address{{Address: "mia@example.org"}, {Name: "Lang, Kim", Address: "kim@example.org"}}, Cc: []mbox.Address{{Address: "team@lists.example.org"}},
			Date: time.Date(2016, 4, 14, 11, 6, 56, 0, zone), Subject: "Die Größe", ID: "1@example.org", List: true, Text: "Größe?\nFrom here on it is quoted.",
		},
		{
			Line: 24, From: mbox.Address{Name: "Mia Lang", Address: "mia@example.org"}, Date: time.Date(2016, 4, 23, 18, 18, 56, 0, zone), Subject: "Re: it", ID: "2@example.org",
			InReplyTo: []string{"1@example.org"}, References: []string{"0@example.org", "1@example.org"}, Automatic: true,
			Text: "From me, too: no separator, for no empty line and no time.\n\nFrom the beginning, this is text as well.\n\n",
		},
	}
	for name, in := range map[string]io.Reader{
		"at once": strings.NewReader(box), "byte by byte": iotest.OneByteReader(strings.NewReader(box)),
	} {
		got, unreadable, err := all(in)
		if err != nil || unreadable != 1 {
			t.Errorf("%s: %d unreadable, %v", name, unreadable, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, in := range map[string]string{"nothing": "", "a page": "<html>\n\nFrom here to there\n"} {
		if _, _, err := all(strings.NewReader(in)); !errors.Is(err, mbox.ErrNotMailbox) {
			t.Errorf("%s gives %v", name, err)
		}
	}
}

// TestLongMessages: a mail with a large file is cut, and the next one is read.
func TestLongMessages(t *testing.T) {
	long := "From a@x.org Thu Apr 14 11:06:56 2016\nFrom: a@x.org\nSubject: long\n\n" + strings.Repeat(strings.Repeat("x", 70)+"\n", 300_000) + strings.Repeat("y", 1<<20) +
		"\n\nFrom b@x.org Thu Apr 14 11:06:56 2016\nFrom: b@x.org\nSubject: next\n\n"
	got, _, err := all(strings.NewReader(long))
	if err != nil || len(got) != 2 || got[1].Subject != "next" || len(got[0].Text) != 256<<10 {
		t.Errorf("%d messages, %v", len(got), err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(box)
	f.Add("From a Thu Apr 14 11:06:56 2016\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n")
	f.Fuzz(func(_ *testing.T, s string) {
		_, _, _ = all(strings.NewReader(s)) // it comes to an end
	})
}
