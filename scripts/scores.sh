#!/usr/bin/env bash
# Scores the built program on annotated documents and holds the figures above scripts/floors.tsv.
# The documents lie beside the repository, in ../shared; where they are missing, nothing is measured.
set -euo pipefail
cd "$(dirname "$0")/.."

shared=../shared
vanthu=${CARGO_TARGET_DIR:-target}/release/vanthu
if [ ! -d "$shared/gold" ]; then
    echo "scores: skipped, $shared/gold is not there"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Both scorers print "figure: value" lines. measure DOCUMENT SCORER ARGUMENT... adds them to the table.
measure() {
    local document=$1 figures
    shift
    figures=$(python3 "$@")
    awk -F': ' -v d="$document" '$2 ~ /^[0-9.]+$/ { print d "\t" $1 "\t" $2 }' <<<"$figures" >>"$work/scores.tsv"
}

restored=$(echo "$shared"/seeds/004_*.txt)
"$vanthu" restore "$restored" >"$work/004.txt"
measure 004 "$shared/eval/score_text.py" "$shared/gold/haiphong.lines001-226.txt" "$work/004.txt" --lines 1:226

parsed() {
    "$vanthu" parse "$2" >"$work/$1.json"
    measure "$1" "$shared/eval/score_structure.py" "$shared/gold/structure/$1.json" "$work/$1.json"
}
parsed seed000 "$(echo "$shared"/seeds/000_*.txt)"
parsed seed003 "$(echo "$shared"/seeds/003_*.txt)"
parsed 08 "$shared/gold/structure/08.txt"
parsed 12 "$shared/gold/structure/12.txt"

# Of all pages the text was judged to be what it is.
"$vanthu" eval "$shared" --set verdicts |
    awk '$1 == "verdicts" { printf "verdicts\tright\t%.4f\n", $4 / $2 }' >>"$work/scores.tsv"

# Pages read by OCR, from the picture to the tasks.
scanned() {
    "$vanthu" eval "$1" --set "$2" --format json --quiet | python3 -c '
import json, sys
for scanned in json.load(sys.stdin)["sets"]:
    figures = {"syllables": scanned["text"]["syllable_accuracy"], **(scanned["structure"] or {}).get("mean", {})}
    for name, figure in figures.items():
        print(scanned["name"], name, figure, sep="\t")
' >>"$work/scores.tsv"
}
scanned fixtures scans
scanned "$shared" real,b200

awk -F'\t' '
    FNR == NR { if ($0 !~ /^#/) floor[$1 FS $2] = $3; next }
    {
        key = $1 FS $2
        note = ""
        if (key in floor) {
            seen[key] = 1
            note = ($3 + 0 < floor[key] + 0) ? "BELOW the floor " floor[key] : "floor " floor[key]
            bad += ($3 + 0 < floor[key] + 0)
        }
        printf "%-8s %-18s %8s  %s\n", $1, $2, $3, note
    }
    END {
        for (key in floor) if (!(key in seen)) { print "not measured: " key; bad++ }
        exit bad > 0
    }
' scripts/floors.tsv "$work/scores.tsv"
