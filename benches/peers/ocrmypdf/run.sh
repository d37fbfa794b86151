#!/usr/bin/env bash
# run.sh TASK -- OUT FILE...: OCR of all pages, straightened; no PDF/A, nothing optimised; it takes one file at a time.
set -euo pipefail
while [ "$1" != -- ]; do shift; done
out=$2
shift 2
i=0
for file in "$@"; do
    "$PEER_ENV/bin/ocrmypdf" -l vie --jobs 1 --force-ocr --deskew --output-type pdf --optimize 0 --image-dpi 300 \
        --sidecar "$out/$i.txt" "$file" "$out/made.pdf" || true
    i=$((i + 1))
done
