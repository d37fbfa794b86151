#!/usr/bin/env bash
# run.sh TASK [FLAG...] -- OUT FILE...
set -euo pipefail
shift
flags=()
while [ "$1" != -- ]; do
    flags+=("$1")
    shift
done
out=$2
shift 2
i=0
for file in "$@"; do
    pdftotext "${flags[@]}" -enc UTF-8 "$file" "$out/$i.txt"
    i=$((i + 1))
done
