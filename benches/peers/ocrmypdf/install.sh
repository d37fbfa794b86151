#!/usr/bin/env bash
# OCRmyPDF, which takes Ghostscript and the program tesseract.
set -euo pipefail
for program in gs tesseract; do
    command -v $program >/dev/null ||
        { echo "$program is not there: scripts/setup.sh ghostscript tesseract-ocr" >&2; exit 1; }
done
exec "$(dirname "$0")/../python.sh" ocrmypdf==17.13.0
