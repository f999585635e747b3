package faulttest

import (
	"bufio"
	"io"
	"regexp"
	"strings"
)

// trace is what the kernel was asked for, in order: of each call when it began
// and when it ended. strace writes a call whose end came before anything else
// happened in one line, and every other in two.
type trace struct {
	at     int // of the newest event
	half   map[string]call
	log    string // path of SQLite's log
	asked  map[string]string
	first  map[string]int // by writing: the end of the first write of it to the log
	synced []span         // of the log, those that went well
	acks   []ack
}

type call struct {
	name, args string
	began      int
}

type span struct{ began, ended int }

// ack is the first byte of an answer that says that a writing is taken.
type ack struct {
	writing string
	at      int
}

var (
	wholeCall = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += (-?\d+)`)
	halfCall  = regexp.MustCompile(`^(\d+) +(\w+)\((.*?) *<unfinished \.\.\.>$`)
	otherHalf = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)`)
	writingOf = regexp.MustCompile(`Writing[ +](\d{6})`)
	socketOf  = regexp.MustCompile(`^\d+<(TCP(?:v6)?:\[[^\]]*\])>`)
)

// readTrace reads what strace wrote about the program whose log is at path.
func readTrace(r io.Reader, path string) (*trace, error) {
	t := &trace{half: make(map[string]call), log: path, asked: make(map[string]string), first: make(map[string]int)}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		t.at++
		line := lines.Text()
		if m := otherHalf.FindStringSubmatch(line); m != nil {
			if c, ok := t.half[m[1]]; ok && c.name == m[2] {
				delete(t.half, m[1])
				t.ended(c, c.args+m[3], m[4])
			}
		} else if m := halfCall.FindStringSubmatch(line); m != nil {
			c := call{m[2], m[3], t.at}
			t.half[m[1]] = c
			t.began(c)
		} else if m := wholeCall.FindStringSubmatch(line); m != nil {
			c := call{m[2], m[3], t.at}
			t.began(c)
			t.ended(c, c.args, m[4])
		}
	}
	return t, lines.Err()
}

// began sees answers: what is handed to the kernel may be with the reader at once.
func (t *trace) began(c call) {
	socket := socketOf.FindStringSubmatch(c.args)
	if c.name != "write" || socket == nil || !strings.Contains(c.args, `"HTTP/1.1 2`) {
		return
	}
	if n := t.asked[socket[1]]; n != "" {
		t.acks = append(t.acks, ack{n, t.at})
	}
}

// ended sees what was asked for, and what is in the log and on its disk.
func (t *trace) ended(c call, args, result string) {
	switch {
	case strings.HasPrefix(result, "-"):
	case c.name == "read":
		if socket := socketOf.FindStringSubmatch(args); socket != nil {
			if n := writingOf.FindStringSubmatch(args); n != nil {
				t.asked[socket[1]] = n[1]
			} else if strings.Contains(args, " HTTP/1.1") {
				t.asked[socket[1]] = "" // something else
			}
		}
	case !strings.Contains(args, "<"+t.log+">"):
	case c.name == "pwrite64":
		for _, n := range writingOf.FindAllStringSubmatch(args, -1) {
			if _, ok := t.first[n[1]]; !ok {
				t.first[n[1]] = t.at
			}
		}
	default: // fsync, fdatasync
		t.synced = append(t.synced, span{c.began, t.at})
	}
}

// early lists the writings that were acknowledged before a sync of the log had
// come to its end that began after they were in it. One writer writes a commit
// to the log and syncs it before the next one begins.
func (t *trace) early() []string {
	var out []string
	for _, a := range t.acks {
		in, ok := t.first[a.writing]
		good := false
		for _, s := range t.synced {
			if ok && s.began > in && s.ended < a.at {
				good = true
				break
			}
		}
		if !good {
			out = append(out, a.writing)
		}
	}
	return out
}
