#!/usr/bin/env bash
# run.sh TASK [FLAG...] -- OUT FILE...
# Files of pages go through one `ingest` with one reading process, texts through one process each.
set -euo pipefail
task=$1 flags=()
shift
while [ "$1" != -- ]; do
    flags+=("$1")
    shift
done
out=$2
shift 2
i=0
case $task:${flags[*]} in
    restore:* | repair:* | convert:*)
        [ "$task" = convert ] || task=restore
        for file in "$@"; do
            "$VANTHU" "$task" "$file" >"$out/$i.txt"
            i=$((i + 1))
        done
        ;;
    *:extract)
        for file in "$@"; do
            "$VANTHU" extract --text "$file" >"$out/$i.txt"
            i=$((i + 1))
        done
        ;;
    *)
        "$VANTHU" ingest --quiet --jobs 1 "${flags[@]}" --out "$out/records" "$@"
        "$BENCH" texts-of "$out/records" "$out" "$@"
        ;;
esac
