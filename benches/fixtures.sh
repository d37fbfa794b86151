#!/usr/bin/env bash
# Reads the PDFs and scans of fixtures/ with the program and scores the directives against fixtures/gold: the whole way
# from file to task register. Needs the scorer in ../shared/eval.
set -euo pipefail
cd "$(dirname "$0")/.."

vanthu=${CARGO_TARGET_DIR:-target}/release/vanthu
scorer=../shared/eval/score_structure.py
if [ ! -e "$scorer" ]; then
    echo "fixtures: skipped, $scorer is not there"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in pdf scans; do
    "$vanthu" ingest --quiet "fixtures/$kind" --out "$work/$kind"
    python3 - "$scorer" "$work/$kind" "$kind" <<'SCORE'
import glob, os, re, subprocess, sys
scorer, folder, kind = sys.argv[1:]
fields = "tasks units deadlines targets references outline metadata".split()
rows = {}
for path in sorted(glob.glob(folder + "/*.json")):
    name = os.path.basename(path)[:-5]
    if name == "summary":
        continue
    out = subprocess.check_output([sys.executable, scorer, f"fixtures/gold/{name[:2]}.json", path], text=True)
    rows[name] = dict(re.findall(r"^([a-z]+): ([0-9.]+)$", out, re.M))
print("%-10s" % kind, *("%10s" % f for f in fields))
for name, row in rows.items():
    print("%-10s" % name, *("%10s" % row.get(f, "-") for f in fields))
def mean(field):
    values = [float(row[field]) for row in rows.values() if field in row]
    return "%10.3f" % (sum(values) / len(values))
print("%-10s" % "mean", *(mean(f) for f in fields))
SCORE
done
