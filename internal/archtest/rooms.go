package archtest

import (
	"path"
	"slices"
	"strings"
)

// room says where a package stands in the house.
type room struct {
	ring    int  // imports go from a higher ring to a lower one only
	outside bool // may open connections (L6)
	wayIn   bool // brings the world to the door (L7)
	tests   bool // serves tests: the product may not import it, and it may import all
}

// rooms places every package of the module, by folder; a last element * stands
// for each folder in that folder. A new package is a new line here, on purpose.
var rooms = map[string]room{
	// The rules.
	"core/worktime": {ring: 0},
	"core/charter":  {ring: 1},
	"core/access":   {ring: 2},
	"core/layer":    {ring: 2},
	"core/phrase":   {ring: 2},
	"core/ask":      {ring: 3},
	"core/audit":    {ring: 3},
	"core/crisis":   {ring: 3},
	"core/decision": {ring: 3},
	"core/doc":      {ring: 3},
	"core/format":   {ring: 3},
	"core/history":  {ring: 3},
	"core/item":     {ring: 3},
	"core/meeting":  {ring: 3},
	"core/merge":    {ring: 3},
	"core/outcome":  {ring: 3},
	"core/brief":    {ring: 4},
	"core/measure":  {ring: 4},

	// Values and bytes.
	"config": {ring: 5},
	"dial":   {ring: 5, outside: true}, // the two dialers
	"files":  {ring: 5},
	"fault":  {ring: 5},
	"markup": {ring: 5},
	"wire/*": {ring: 5},
	// One format that the others of wire may read with.
	"wire/zoneinfo": {ring: 4},
	"words":         {ring: 5},

	// Keeping, changing, sending.
	"store":           {ring: 6, outside: true}, // PostgreSQL
	"store/storetest": {ring: 7, tests: true},
	"auth":            {ring: 7, outside: true}, // the organisation's identity provider
	"door":            {ring: 7},
	"delivery":        {ring: 8},

	"backup": {ring: 7},

	"delivery/deliverytest": {ring: 9, tests: true},

	// The world.
	"channel/*":  {ring: 9, outside: true},
	"front":      {ring: 9},
	"intake":     {ring: 9},
	"report":     {ring: 8}, // pages show it
	"web/page":   {ring: 9},
	"web/static": {ring: 8},
	"web":        {ring: 10, wayIn: true},
	"api":        {ring: 10, wayIn: true},
	"calsync":    {ring: 10, wayIn: true, outside: true},
	"chatin":     {ring: 10, wayIn: true, outside: true},
	"gitlog":     {ring: 10, wayIn: true, outside: true},
	"hooks":      {ring: 10, wayIn: true},
	"mailin":     {ring: 10, wayIn: true, outside: true},
	"mcp":        {ring: 10, wayIn: true},

	// The program.
	"canary":        {ring: 11},
	"internal/demo": {ring: 11},
	"serve":         {ring: 12},
	"cli":           {ring: 13, outside: true}, // its one client of the API
	"cmd/rubato":    {ring: 14},

	"internal/*":          {ring: 20, tests: true},
	"internal/testmail/*": {ring: 21, tests: true},
	"internal/simtest/*":  {ring: 19, tests: true},
}

// place returns the room of a package.
func place(dir string) (room, bool) {
	if r, ok := rooms[dir]; ok {
		return r, true
	}
	r, ok := rooms[path.Dir(dir)+"/*"]
	return r, ok
}

// core tells whether a package belongs to the rules.
func core(dir string) bool { return strings.HasPrefix(dir, "core/") }

// within tells whether a folder is one of those, or in one of them.
func within(dir string, of ...string) bool {
	return slices.ContainsFunc(of, func(o string) bool { return dir == o || strings.HasPrefix(dir, o+"/") })
}
