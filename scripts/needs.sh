#!/bin/bash
# Sees to what the tests need beside Go: a browser, PostgreSQL, curl, strace, a C
# compiler for the race detector, and a second opinion on calendar files. Installs
# what is missing with apt-get where it may.
set -euo pipefail

missing=()
found=
for browser in "${RUBATO_TEST_BROWSER:-}" chromium chromium-browser google-chrome google-chrome-stable; do
	if [[ -n $browser ]] && command -v "$browser" >/dev/null; then found=1; fi
done
[[ -n $found ]] || missing+=(chromium fonts-liberation)
if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && ! command -v initdb >/dev/null; then
	missing+=(postgresql)
fi
command -v curl >/dev/null || missing+=(curl ca-certificates)
command -v strace >/dev/null || missing+=(strace)
command -v "${CC:-gcc}" >/dev/null || command -v cc >/dev/null || missing+=(gcc libc6-dev)
/usr/bin/python3 -c 'import icalendar' 2>/dev/null || missing+=(python3-icalendar)
[[ ${#missing[@]} -gt 0 ]] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "The tests need Chromium, PostgreSQL 15 or newer, curl, strace, a C compiler and Python's icalendar; missing here: ${missing[*]} (Debian's names)." >&2
	exit 1
fi
as=()
if [[ $(id -u) -ne 0 ]]; then
	if ! command -v sudo >/dev/null; then
		echo "The tests need: ${missing[*]}. Install them as root: apt-get install -y ${missing[*]}" >&2
		exit 1
	fi
	as=(sudo)
fi
echo "Installing what the tests need: ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The lock may be held by another apt for a while.
if ! { "${as[@]}" apt-get -q -o DPkg::Lock::Timeout=300 update &&
	"${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
	tail -n 30 "$log" >&2
	echo "Could not install: apt-get install -y ${missing[*]}" >&2
	exit 1
fi
