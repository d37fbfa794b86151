#!/usr/bin/env bash
# run.sh TASK -- OUT FILE...
set -euo pipefail
while [ "$1" != -- ]; do shift; done
out=$2
shift 2
i=0
for file in "$@"; do
    cp "$file" "$out/$i.txt"
    i=$((i + 1))
done
