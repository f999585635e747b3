// Package loadtest measures the program from outside, as those who run it meet
// it: the stripped binary in a process of its own, asked over HTTP by many
// clients at once, beside a floor of a few lines that does the least that could
// do the same. It counts the processor's time of the server's process for each
// request first, and the clock on the wall second. Starts, memory and the size
// of the binary are measured here too.
//
// It has benchmarks, and one short test that holds them to work; no test
// asserts a time. What does not live here: benchmarks of single functions, which
// stand beside them, and the product's answers, which other tests hold.
package loadtest
