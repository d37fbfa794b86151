#!/usr/bin/env bash
# Prints what a batch of many small texts costs (100,000, or the number given): inputs a second, peak memory of the
# program that keeps the account, and the time that going on from a finished batch takes.
set -euo pipefail
cd "$(dirname "$0")/.."

count=${1:-100000}
vanthu=${CARGO_TARGET_DIR:-target}/release/vanthu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/in"
seq "$count" | awk -v dir="$work/in" '{
    file = sprintf("%s/%06d.txt", dir, $1)
    printf "Giao Phòng Văn thư số %d chủ trì, phối hợp với Phòng Tổng hợp lập báo cáo trước ngày %d/6/2026.\n", $1, $1 % 28 + 1 > file
    close(file)
}'
for run in first again; do
    began=$(date +%s%N)
    "$vanthu" ingest "$work/in" --out "$work/out" --quiet &
    peak=0
    while kill -0 $! 2>/dev/null; do
        now=$(awk '/^VmHWM/ { print $2 }' "/proc/$!/status" 2>/dev/null || true)
        [ "${now:-0}" -le "$peak" ] || peak=$now
        sleep 0.05
    done
    wait $!
    took=$(($(date +%s%N) - began))
    python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))
assert s["counts"]["done"] == s["inputs"] == int(sys.argv[2]), s["counts"]
seconds = int(sys.argv[5]) / 1e9
print("%-6s %7d inputs in %8.1f s, %7.0f a second, account %4d MiB" %
      (sys.argv[3], s["inputs"], seconds, s["inputs"] / seconds, int(sys.argv[4]) // 1024))' \
        "$work/out/summary.json" "$count" "$run" "$peak" "$took"
done

# Pages that are read by OCR: two workers against one, on the scans of fixtures/ three times over.
mkdir "$work/scans"
for copy in 1 2 3; do
    for scan in fixtures/scans/*.pdf; do
        # A byte behind the end of the file makes another input of it.
        { cat "$scan"; printf '\n%%%s' "$copy"; } >"$work/scans/$copy-$(basename "$scan")"
    done
done
for jobs in 1 2; do
    rm -rf "$work/out"
    "$vanthu" ingest "$work/scans" --out "$work/out" --jobs "$jobs" --quiet
    python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))
print("%s workers: %d pages in %.1f s, %.3f a second" % (sys.argv[2], s["pages"], s["seconds"], s["pages"] / s["seconds"]))' \
        "$work/out/summary.json" "$jobs"
done
