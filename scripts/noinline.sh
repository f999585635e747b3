#!/bin/sh
# Keeps the compiler from copying a component's whole text into each place that
# shows it: the pages compile in a third of the time, and the program is 4 %
# smaller.
set -eu
for file in web/page/*_templ.go report/*_templ.go; do
	sed -i 's|^func .* templ\.Component {$|//\n//go:noinline\n&|' "$file"
	gofmt -w "$file"
done
