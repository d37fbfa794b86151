#!/usr/bin/env bash
# poppler's pdftotext, from Debian.
command -v pdftotext >/dev/null || { echo "pdftotext is not there: scripts/setup.sh poppler-utils" >&2; exit 1; }
