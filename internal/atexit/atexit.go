// Package atexit cleans up after a test process, however it ended: passed,
// failed, panicked, timed out or was killed with -9.
//
// It serves the harnesses that start other programs (a PostgreSQL cluster, a
// browser). What a single test must undo does not live here: that is
// t.Cleanup. It is for tests alone; the product has no use for it.
package atexit

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// Run has script (POSIX sh, with args as $1, $2, ...) run once this process is
// gone. A non-nil cred runs it as that user, which only root can ask for.
//
// A shell waits on a pipe of which this process holds the only other end, so
// the kernel itself tells it of our death. It stands in a process group of its
// own, so that an interrupt at the terminal does not take it along.
func Run(cred *syscall.Credential, script string, args ...string) error {
	// Plain descriptors: an *os.File would be closed by its finalizer, too early.
	var ends [2]int
	syscall.ForkLock.RLock()
	err := syscall.Pipe(ends[:])
	if err == nil {
		syscall.CloseOnExec(ends[0])
		syscall.CloseOnExec(ends[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return fmt.Errorf("watch this process: %w", err)
	}
	ours := os.NewFile(uintptr(ends[0]), "pipe")
	defer ours.Close()

	argv := append([]string{"-c", "cat >/dev/null; " + script, "sh"}, args...)
	cmd := exec.Command("/bin/sh", argv...)
	cmd.Dir = "/"
	cmd.Stdin = ours // stdout and stderr stay on /dev/null: go test waits for whoever holds its own
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: cred}
	if err := cmd.Start(); err != nil {
		_ = syscall.Close(ends[1])
		return fmt.Errorf("watch this process: %w", err)
	}
	return nil
}
