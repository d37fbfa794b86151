#!/usr/bin/env bash
# kreuzberg with Tesseract on one thread; it returns nothing from scans unless it is told to read them.
exec "$(dirname "$0")/../python.sh" kreuzberg==4.10.4
