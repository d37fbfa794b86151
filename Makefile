# Everything is built in release, and the examples with it: they ask the same features of the dependencies as the tests do,
# so that the demo, the tests and the gate share one build.
AS_USER := scripts/as_user.sh
CARGO ?= $(AS_USER) cargo
VANTHU := $(or $(CARGO_TARGET_DIR),target)/release/vanthu
SCHEMA := schema/vanthu.record-1.json

.PHONY: help setup build demo test schema lint

help:
	@echo "make demo    install what is missing, build, read fixtures/ and show the tasks found"
	@echo "make test    install what is missing, run all tests"
	@echo "make build   build $(VANTHU)"
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

schema: build
	@mkdir -p schema
	$(VANTHU) schema > $(SCHEMA).new
	mv $(SCHEMA).new $(SCHEMA)

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace --all-targets -- -D warnings
