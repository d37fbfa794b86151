#!/usr/bin/env bash
# Prints the accuracy figures of the README that need documents with known truth, from ../shared; the structure figures
# and the damaged plan are held above their floors by scripts/scores.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

shared=../shared
vanthu=${CARGO_TARGET_DIR:-target}/release/vanthu
if [ ! -d "$shared/seeds" ]; then
    echo "figures: skipped, $shared is not there"
    exit 0
fi

echo "-- marks stripped, then restored"
"$vanthu" eval "$shared" --set stripped --documents

echo "-- good text through restore: files changed"
changed=0 files=0
for gold in "$shared"/seeds/00[0-3]_*.txt "$shared"/scans/truth/*.txt; do
    files=$((files + 1))
    "$vanthu" restore "$gold" | cmp --silent - "$gold" || { changed=$((changed + 1)); echo "changed: $gold"; }
done
echo "$changed of $files"

echo "-- verdicts on the text of all pages: ../shared, then fixtures/"
"$vanthu" eval "$shared" --set verdicts
"$vanthu" eval fixtures --set verdicts

echo "-- text layers of PDFs: as read"
"$vanthu" eval "$shared" --set born-digital,hard --keep-reading || true

echo "-- damaged PDFs"
benches/damaged.sh

pages=a300,b200,c150,d300,e200,h120,real
echo "-- scans and real first pages: as read"
"$vanthu" eval "$shared" --set $pages --keep-reading || true
echo "-- scans and real first pages: repaired"
"$vanthu" eval "$shared" --set $pages || true
echo "-- real first pages, one by one: as read, then repaired"
"$vanthu" eval "$shared" --set real --documents --keep-reading || true
"$vanthu" eval "$shared" --set real --documents || true
