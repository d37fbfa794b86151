#!/usr/bin/env bash
# The program tesseract and poppler's pdfimages, from Debian.
for program in tesseract pdfimages; do
    command -v $program >/dev/null ||
        { echo "$program is not there: scripts/setup.sh tesseract-ocr poppler-utils" >&2; exit 1; }
done
