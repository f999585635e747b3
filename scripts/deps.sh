#!/bin/bash
# Prints the modules that the binary is made of, sorted: deps.txt. The list is
# that of Linux, for it differs a little between systems.
set -euo pipefail
export GOOS=linux GOARCH=amd64 CGO_ENABLED=0
go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}' ./cmd/rubato | sed '/^$/d' | LC_ALL=C sort -u
