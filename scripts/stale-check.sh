#!/bin/bash
# Fails with the difference if generating anew would change a committed file.
# It generates in a copy, so the checkout stays as it is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/before"
scripts/copy.sh "$work/before"
cp -a "$work/before" "$work/after"
if ! make -C "$work/after" generate >"$work/log" 2>&1; then
	cat "$work/log"
	exit 1
fi
if ! (cd "$work" && diff -ruN before after); then
	echo "Generated files are stale: make generate, and commit what it changes."
	exit 1
fi
