# Everything is built in release, and the examples with it: they ask the same features of the dependencies as the tests do,
# so that the demo, the tests and the gate share one build.
AS_USER := scripts/as_user.sh
CARGO ?= $(AS_USER) cargo
VANTHU := $(or $(CARGO_TARGET_DIR),target)/release/vanthu
SCHEMA := schema/vanthu.record-1.json

PREFIX ?= /usr/local

.PHONY: help setup build demo test schema lint install

help:
	@echo "make demo    install what is missing, build, read fixtures/ and show the tasks found"
	@echo "make test    install what is missing, run all tests"
	@echo "make build   build $(VANTHU)"
	@echo "make install PREFIX=/usr/local"
	@echo "             install the program, its manual pages and what completes its commands in bash, zsh and fish"
	@echo "make lint    check format and lints"
	@echo "make schema  write $(SCHEMA) anew"

setup:
	@scripts/setup.sh

build: setup
	$(CARGO) build --release --workspace --bins --examples

demo: build
	$(AS_USER) $(VANTHU) ingest fixtures/pdf fixtures/scans --out out/demo
	@$(VANTHU) tasks out/demo
	@echo "the records are in out/demo"

test: setup
	$(CARGO) test --release --workspace

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
