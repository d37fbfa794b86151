#!/usr/bin/env bash
# Reads the PDFs, scans and texts of fixtures/ with the program and scores them: the whole way from file to task register.
# Further flags go to `vanthu eval`, such as --errors or --against OLD.json; docs/evaluation.md tells what the figures mean.
set -euo pipefail
cd "$(dirname "$0")/.."

exec "${CARGO_TARGET_DIR:-target}/release/vanthu" eval fixtures --set text,stripped,layers,pdf,scans --documents "$@"
