#!/usr/bin/env bash
# Prints the accuracy figures of the README that need documents with known truth, from ../shared; the structure figures
# and the damaged plan are printed by scripts/scores.sh, those of the extractor alone by
# cargo run --release -p extractor --example score_pages.
set -euo pipefail
cd "$(dirname "$0")/.."

shared=../shared
vanthu=${CARGO_TARGET_DIR:-target}/release/vanthu
if [ ! -d "$shared/seeds" ]; then
    echo "figures: skipped, $shared is not there"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# score NAME GOLD OUTPUT [GOLD OUTPUT ...]: one row of the table, sums over the pairs
score() {
    PYTHONPATH=$shared/eval python3 -B -c 'import json, subprocess, sys
name, *files = sys.argv[1:]
tokens = edits = bag = chars = wrong = 0
for gold, out in zip(files[::2], files[1::2]):
    r = json.loads(subprocess.check_output([sys.executable, sys.path[1] + "/score_text.py", gold, out, "--json"]))
    n = r["gold_tokens"]
    tokens += n
    edits += r["token_edits"]
    bag += (1 - r["bag_accuracy"]) * n
    wrong += r["cer"] * n
print("%-34s %7d %6d %9.5f %9.5f %9.5f" % (name, tokens, edits, 1 - edits / tokens, 1 - bag / tokens, wrong / tokens))' "$@"
}
printf '%-34s %7s %6s %9s %9s %9s\n' "" tokens edits syllables bag cer

echo "-- marks stripped, then restored"
for gold in "$shared"/seeds/00[0-3]_*.txt; do
    python3 -c 'import sys, unicodedata
t = unicodedata.normalize("NFD", sys.stdin.read().replace("đ", "d").replace("Đ", "D"))
sys.stdout.write("".join(c for c in t if not unicodedata.combining(c)))' <"$gold" >"$work/stripped.txt"
    "$vanthu" restore "$work/stripped.txt" >"$work/restored.txt"
    score "$(basename "$gold" .txt)" "$gold" "$work/restored.txt"
done

echo "-- good text through restore: files changed"
changed=0 files=0
for gold in "$shared"/seeds/00[0-3]_*.txt "$shared"/scans/truth/*.txt; do
    files=$((files + 1))
    "$vanthu" restore "$gold" | cmp --silent - "$gold" || { changed=$((changed + 1)); echo "changed: $gold"; }
done
echo "$changed of $files"

# as_text JSON: the text of a record or document without form feeds and marked regions
as_text() {
    python3 -c 'import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8")); d = d.get("document", d); t = d["text"]
out = [t[b["span"]["start"]:b["span"]["end"]] for p in d["pages"] for b in p["blocks"] if b["kind"] not in ("stamp", "handwriting")]
print("\n".join(out).replace("\f", ""))' "$1"
}

# pages TITLE TRUTH PICTURE...: read as it is, then repaired
pages() {
    local title=$1 truth=$2 picture name
    shift 2
    echo "-- $title: as read, then repaired"
    local raw=() new=()
    rm -rf "$work/raw" "$work/new"
    "$vanthu" ingest --quiet --keep-reading --out "$work/raw" "$@" || true
    "$vanthu" ingest --quiet --out "$work/new" "$@" || true
    for picture in "$@"; do
        name=$(basename "$picture")
        for kind in raw new; do
            as_text "$work/$kind/$name.json" >"$work/$kind/$name.txt" || : >"$work/$kind/$name.txt"
            [ "$title" != "real first pages" ] ||
                score "${name%.*} $kind" "$truth/${name%.*}.txt" "$work/$kind/$name.txt"
        done
        raw+=("$truth/${name%.*}.txt" "$work/raw/$name.txt")
        new+=("$truth/${name%.*}.txt" "$work/new/$name.txt")
    done
    score "$title as read" "${raw[@]}"
    score "$title repaired" "${new[@]}"
}
for set in a300 b200 c150 d300 e200 h120; do
    pages "scans $set" "$shared/scans/truth" "$shared"/scans/$set/*
done
pages "real first pages" "$shared/real/gold" "$shared"/real/gold/*.png
