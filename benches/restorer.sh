#!/usr/bin/env bash
# Prints the figures of the restorer, each from one program: accuracy, harm, calibration, digits (the example `score`), speed
# (`make bench` has more of it), start and memory (the example `footprint`). Texts of our own are always measured; those of ../shared where
# they are at hand. Pairs of printed and recognised lines held out of channel training may be given:
#   benches/restorer.sh [ENGLISH_PAIRS.tsv [VIETNAMESE_PAIRS.tsv]]
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --quiet --workspace --bins --examples
programs=${CARGO_TARGET_DIR:-target}/release/examples
shared=../shared
data=crates/diacritic-restorer/benches/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cut -f3 $data/english_ocr.tsv >"$work/own.txt"
printf -- '-- accuracy and calibration, our own texts (of other sort than what the models were made from)\n'
"$programs/score" "strip:$work/own.txt" "pairs:$data/english_ocr.tsv" "ocr:$data/vietnamese_ocr.tsv"

# Names of administrative units, every ninth of the list, in lines of our own.
awk -F'\t' '!/^#/ && $2 !~ /[0-9]/ && NR % 9 == 0 {
    printf "Ủy ban nhân dân %s %s phối hợp với Công an %s %s tổ chức thực hiện và báo cáo kết quả.\n", $1, $2, kind, name
} { kind = $1; name = $2 }' dictionaries/admin_units.tsv >"$work/units.txt"
printf -- '-- names of administrative units, marks stripped\n'
"$programs/score" "strip:$work/units.txt" | sed 2q

if [ -d "$shared/seeds" ]; then
    printf -- '-- documents with all marks stripped\n'
    strip=() harm=() clean=()
    for text in "$shared"/seeds/00[0-3]_*.txt; do strip+=("strip:$text"); done
    "$programs/score" "${strip[@]}"
    printf -- '-- the damaged plan, lines with gold\n'
    plan=$(echo "$shared"/seeds/004_*.txt)
    "$programs/score" "lines:$shared/gold/haiphong.lines001-226.txt:$plan:226" | sed 2q
    for text in "$shared"/seeds/00[0-3]_*.txt "$shared"/scans/truth/*.txt; do
        clean+=("clean:$text")
        harm+=("forced:$text")
    done
    printf -- '-- good text by the default gate, then with the gate forced open: edits\n'
    "$programs/score" "${clean[@]}" | tail -1
    "$programs/score" --changes "${harm[@]}" | grep -a -E '^(    |all)'
fi
if [ $# -gt 0 ]; then
    printf -- '-- pairs held out of channel training\n'
    "$programs/score" "pairs:$1" ${2:+"ocr:$2"}
fi
printf -- '-- start and memory\n'
"$programs/footprint"
printf -- '-- speed on one core\n'
"$programs/../vanthu-bench" run --quick --only restore --out "$work/speed.json"
