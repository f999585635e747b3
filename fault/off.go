//go:build !faults

// Package fault names the points at which a test may hold the program, to kill
// it there. Only a program built with -tags faults, which nobody is given,
// stops at one; in every other the points are empty.
//
// What does not live here: what fails at a point. It holds, and nothing else.
package fault

// Stop holds the caller at a point that a test armed: here, never.
func Stop(string) {}
