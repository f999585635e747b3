# run     the demo, with a team, their last three weeks and a clock to move
# test    all tests: race detector, browser and PostgreSQL included
# bench   all benchmarks; OLD=file compares with an earlier build/bench.txt
# screens  pictures of every page: all into build/screens, those that the design has none of into docs/screens
# faults  disks, clocks, zones and processes that fail, in full, with the figures of docs/faults.md
# alerts  the rules for Prometheus against their tests, with promtool
# security  known vulnerabilities in what is built in, with govulncheck; needs the network, or VULNDB=file:///...
# lint    formatting, vet, linters, modern idioms, stale generated files
# year    ten organisations of a thousand people for a simulated year, two at a time, and a report; ORGS=n for others
# year-postgres  one of these organisations on PostgreSQL
# kills   500 kills of the program at random, with 50,000 acknowledged writes, on each database
# nodes   two nodes on one PostgreSQL: 100,000 deliveries, one that stands still, restarts, faults, failover
# generate  everything that is generated and committed
# build   the binary, without a C compiler, to build/rubato

SHELL := /bin/bash
.DEFAULT_GOAL := help
TOOL := go tool -modfile=tools/go.mod

# Where goroutines meet; the rest is single-threaded and only gets slower.
RACE := api,auth,channel,delivery,door,internal/atexit,internal/testmail,serve,store,web
BENCH ?= .
COUNT ?= 1
PACKAGES ?= ./...

.PHONY: help
help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile

.PHONY: run
run:
	go run ./cmd/rubato demo

.PHONY: test
test: needs
	go run ./internal/testrun -alone internal/simtest -race $(RACE) $(PACKAGES)

.PHONY: needs
needs:
	@scripts/needs.sh

.PHONY: bench
bench:
	@mkdir -p build
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PACKAGES) | grep -Ev 'no test files|^PASS|^ok ' | tee build/bench.txt; exit $${PIPESTATUS[0]}
	@if [ -n "$(OLD)" ]; then $(TOOL) benchstat "$(OLD)" build/bench.txt; fi

.PHONY: screens
screens: needs
	go test ./serve -count 1 -run 'TestEveryPage$$' -timeout 30m -pictures=$(CURDIR)/build/screens -docs=$(CURDIR)/docs/screens

ORGS ?= 10

.PHONY: year
year:
	@rm -rf build/year && mkdir -p build/year
	go test -c -o build/year/simtest.test ./internal/simtest
	seq 1 $(ORGS) | xargs -P 2 -I{} sh -c 'build/year/simtest.test -test.run "TestYear$$" -test.v -test.timeout 0 -year-people 1000 -year-weeks 52 -year-org {} -year-folder build/year -year-tell >build/year/{}.txt'
	@cat build/year/*.txt | grep -E 'ATTR|(early|late|twice|missing|forbidden|window|promise|unasked):' | sed 's/=== ATTR *TestYear year //'
	@cat build/year/*.txt | grep ATTR | awk '{for (i = 2; i <= NF; i++) n[$$i] += $$(i - 1)} END {print n["items,"] " items, " n["came"] " came by name, " n["briefs"] " briefs, " n["wrong:"] " wrong"}'

.PHONY: year-postgres
year-postgres: needs
	go test ./internal/simtest -run 'TestYear$$' -v -count 1 -timeout 0 -year-people 1000 -year-weeks 52 -year-postgres -year-tell

.PHONY: faults
faults: needs
	go test ./internal/faulttest -count 1 -v -long -timeout 0 | grep --line-buffered -v '^=== \(RUN\|PAUSE\|CONT\)'; exit $${PIPESTATUS[0]}

# One database after the other: beside each other they are slower.
.PHONY: kills
kills:
	go test ./internal/killtest -count 1 -v -timeout 0 -parallel 1 -run 'TestKills$$' -kills 500 -writes 50000

.PHONY: nodes
nodes:
	go test ./internal/nodetest -count 1 -v -timeout 0 -people 300 -each 337 -alone -still 185s -away 10s -restarts 10

.PHONY: alerts
alerts:
	@command -v promtool >/dev/null || { echo "promtool checks the alert rules: apt-get install prometheus, or take it from prometheus.io" >&2; exit 1; }
	promtool check rules contrib/prometheus/rubato.rules.yml
	promtool test rules contrib/prometheus/rubato.rules.test.yml

.PHONY: build
build:
	CGO_ENABLED=0 go build -trimpath -o build/rubato ./cmd/rubato

.PHONY: reproducible
reproducible:
	@scripts/reproducible.sh

.PHONY: generate
generate:
	$(TOOL) templ generate -log-level warn
	@scripts/noinline.sh
	go generate ./...
	@scripts/deps.sh > deps.txt.new && mv deps.txt.new deps.txt || { rm -f deps.txt.new; exit 1; }

# VULNDB is a copy of Go's database of vulnerabilities, file:///..., where the
# network does not reach it.
VULNDB ?= https://vuln.go.dev
.PHONY: security
security:
	$(TOOL) govulncheck -db $(VULNDB) ./...

.PHONY: lint
lint: format-check vet lint-code modern-check modules-check stale-check

.PHONY: format
format:
	$(TOOL) gofumpt -w .
	$(TOOL) templ fmt -log-level error .

.PHONY: format-check
format-check:
	@scripts/format-check.sh

.PHONY: vet
vet:
	go vet ./...

.PHONY: lint-code
lint-code:
	$(TOOL) golangci-lint run

# Without the fix that turns every += of strings into a Builder: most are short.
.PHONY: modern-check
modern-check:
	go fix -diff -stringsbuilder=false ./...

.PHONY: modules-check
modules-check:
	go mod verify
	go mod tidy -diff

.PHONY: stale-check
stale-check:
	@scripts/stale-check.sh
