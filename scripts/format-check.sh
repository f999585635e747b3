#!/bin/bash
# Fails with the names of the files that "make format" would change.
set -euo pipefail
tool() { go tool -modfile=tools/go.mod "$@"; }

bad=$(tool gofumpt -l . | sed "s,^,./,")
mapfile -t pages < <(find . -name '*.templ' -not -path './build/*')
if [[ ${#pages[@]} -gt 0 ]]; then
	for page in "${pages[@]}"; do
		tool templ fmt -log-level error -stdout "$page" | cmp -s - "$page" || bad+="${bad:+$'\n'}$page"
	done
fi
if [[ -n $bad ]]; then
	echo "Not formatted (make format does it):"
	echo "$bad"
	exit 1
fi
