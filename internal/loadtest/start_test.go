package loadtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"
)

// BenchmarkColdStart goes from nothing running to the first page, whole and
// as a person gets it, on SQLite: on an empty folder (the schema is made), on
// one that was used before, and on one that holds many items. It reports the
// memory of a server that nobody asks anything, and the size of the binary.
func BenchmarkColdStart(b *testing.B) {
	exe := build(b)
	binary, err := os.Stat(exe)
	if err != nil {
		b.Fatal(err)
	}
	size := float64(binary.Size()) / 1e6
	b.Run("first", func(b *testing.B) {
		starts(b, exe, size, func() string { return b.TempDir() })
	})
	b.Run("again", func(b *testing.B) {
		data := b.TempDir()
		start(b, exe, data).stop()
		starts(b, exe, size, func() string { return data })
	})
	b.Run(fmt.Sprintf("items=%d", *itemsFlag), func(b *testing.B) {
		data := prepare(b, *itemsFlag).data
		starts(b, exe, size, func() string { return data })
	})
}

// starts times starts alone, and reports the memory of one more.
func starts(b *testing.B, exe string, size float64, data func() string) {
	for b.Loop() {
		b.StopTimer()
		folder := data()
		b.StartTimer()
		s := start(b, exe, folder)
		b.StopTimer()
		s.stop()
		b.StartTimer()
	}
	b.StopTimer()
	s := start(b, exe, data())
	<-time.After(300 * time.Millisecond) // nobody asks it anything
	b.ReportMetric(s.memory(), "idle-MiB")
	b.ReportMetric(size, "binary-MB")
	s.stop()
}

// page reads the page that somebody gets who types the address and is not
// signed in. On an empty server that is where to find the link to set it up.
func page(client *http.Client, address string) error {
	answer, err := client.Get(address)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	ready := answer.StatusCode == http.StatusOK || answer.StatusCode == http.StatusServiceUnavailable
	if !ready || !bytes.Contains(body, []byte("</html>")) {
		return fmt.Errorf("no page but %s: %.200s", answer.Status, body)
	}
	return nil
}
