# Everything is built in release, and the examples with it: they ask the same features of the dependencies as the tests do,
# so that the demo, the tests and the gate share one build.
AS_USER := scripts/as_user.sh
CARGO ?= $(AS_USER) cargo
VANTHU := $(or $(CARGO_TARGET_DIR),target)/release/vanthu
BENCH := $(AS_USER) $(VANTHU)-bench
SCHEMA := schema/vanthu.record-1.json

PREFIX ?= /usr/local

.PHONY: help setup build demo test python schema lint install bench bench-quick bench-compare bench-instructions bench-peers

help:
	@echo "make demo    install what is missing, build, read fixtures/ and show the tasks found"
	@echo "make test    install what is missing, run all tests"
	@echo "make build   build $(VANTHU)"
	@echo "make python  build the Python package and test it in a fresh virtual environment"
	@echo "make install PREFIX=/usr/local"
	@echo "             install the program, its manual pages and what completes its commands in bash, zsh and fish"
	@echo "make lint    check format and lints"
	@echo "make schema  write $(SCHEMA) anew"
	@echo "make bench   speed, growth, memory, instructions, accuracy and other tools: one table, and benches/results/"
	@echo "make bench-quick"
	@echo "             speed alone, in under two minutes"
	@echo "make bench-compare BASE=COMMIT|FILE"
	@echo "             ratios to another commit, built aside and measured in turns, or to a file of benches/results/"
	@echo "make bench-instructions"
	@echo "             instructions of the hot paths (takes Valgrind: scripts/setup.sh valgrind)"
	@echo "make bench-peers"
	@echo "             other tools at the same tasks, each installed into benches/peers/.env/"

setup:
	@scripts/setup.sh

build: setup
	$(CARGO) build --release --workspace --bins --examples

demo: build
	$(AS_USER) $(VANTHU) ingest fixtures/pdf fixtures/scans --out out/demo
	@$(VANTHU) tasks out/demo
	@echo "the records are in out/demo"

test: setup
	@$(AS_USER) scripts/s3.sh
	$(CARGO) test --release --workspace

python: build
	@scripts/python.sh

# What was built as a user is installed with the rights of whoever calls make; DESTDIR is for packages.
install: build
	install -D -m 755 $(VANTHU) $(DESTDIR)$(PREFIX)/bin/vanthu
	$(VANTHU) man --out $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(VANTHU) completions bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/vanthu
	$(VANTHU) completions zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_vanthu
	$(VANTHU) completions fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/vanthu.fish

schema: build
	@mkdir -p schema
	$(VANTHU) schema > $(SCHEMA).new
	mv $(SCHEMA).new $(SCHEMA)

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace --all-targets -- -D warnings

bench: build
	@$(BENCH) run

bench-quick: build
	@$(BENCH) run --quick

bench-compare: build
	@$(BENCH) compare "$(BASE)"

bench-instructions: build
	@$(BENCH) instructions

bench-peers: build
	@$(BENCH) peers
