package auth

import (
	_ "embed"
	"strings"
)

// commonPasswords holds, one a line in order, the passwords of at least
// MinPassword characters among the 30,000 most used ones (the list of zxcvbn
// 4.4.2, MIT licence, (c) 2012-2016 Dan Wheeler and Dropbox, Inc.).
//
//go:embed common.txt
var commonPasswords string

// common reports whether a password, letters in either case, is among the
// most used ones.
func common(password string) bool {
	return strings.Contains("\n"+commonPasswords, "\n"+strings.ToLower(password)+"\n")
}
