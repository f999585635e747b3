#!/bin/bash
# Copies the files of the checkout that are not ignored to a folder.
set -euo pipefail
git ls-files -z --cached --others --exclude-standard |
	while IFS= read -r -d '' file; do
		if [[ -e $file || -L $file ]]; then printf '%s\0' "$file"; fi
	done | tar --null --files-from=- --create --file=- | tar --extract --file=- --directory="$1"
