#!/bin/bash
# Builds the binary here and in a copy elsewhere, and fails if they differ.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CGO_ENABLED=0
mkdir "$work/copy"
scripts/copy.sh "$work/copy"
go build -trimpath -buildvcs=false -o "$work/one" ./cmd/rubato
(cd "$work/copy" && go build -trimpath -buildvcs=false -o "$work/two" ./cmd/rubato)
one=$(sha256sum <"$work/one") two=$(sha256sum <"$work/two")
echo "$one $(stat -c %s "$work/one") bytes"
if [[ $one != "$two" ]]; then
	echo "Two builds of the same source differ: ${one%% *} and ${two%% *}"
	exit 1
fi
