#!/usr/bin/env bash
# Reads PDF files that are broken at random (2,000, or the number given; then the seed, then flags for `ingest`) and checks that each
# is accounted for, that none kills a reading process or keeps it too long, and that each failure has its cause. Then reads
# files that ask for too much, each by itself, and prints time and memory of each.
set -euo pipefail
cd "$(dirname "$0")/.."

count=${1:-2000} seed=${2:-1}
programs=${CARGO_TARGET_DIR:-target}/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$programs/fixtures" malformed fixtures/pdf/{10,19,21,24}.pdf --out "$work/in" --count "$count" --seed "$seed"
"$programs/vanthu" ingest "$work/in" --out "$work/out" --quiet "${@:3}" 2>"$work/log" || true
python3 - "$work" "$count" <<'CHECK'
import collections, glob, json, sys
work, count = sys.argv[1], int(sys.argv[2])
s = json.load(open(work + "/out/summary.json"))
causes = collections.Counter(f["cause"] for f in s["failures"])
print("%d malformed PDFs in %.0f s: %d read, %d refused" % (s["inputs"], s["seconds"], s["counts"]["done"], s["counts"]["failed"]))
for cause, n in causes.most_common():
    print("%9d %s" % (n, cause))
assert not s["interrupted"], "the batch was interrupted"
assert not s["problems"], s["problems"]
assert s["inputs"] == count == s["counts"]["done"] + s["counts"]["failed"], "not all accounted for"
assert len(glob.glob(work + "/out/failed/*.json")) == s["counts"]["failed"], "failed/ is not whole"
bad = [f for f in s["failures"] if f["cause"] in ("crash", "timeout", "memory", "io", "missing_component")]
for f in bad:
    print(f["path"].rsplit("/", 1)[-1], f["cause"], f["message"])
assert not bad, "%d were not refused by name" % len(bad)
CHECK

echo "-- hostile files: what became of them, seconds, MiB"
"$programs/fixtures" hostile --out "$work/hostile" >"$work/names"
python3 - "$programs/vanthu" "$work" <<'MEASURE'
import os, subprocess, sys, time
vanthu, work = sys.argv[1:]
late = []
for name in open(work + "/names").read().split():
    began = time.monotonic()
    child = subprocess.Popen([vanthu, "extract", "--text", work + "/hostile/" + name], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True, env={**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C"})
    said = child.stderr.read().strip()
    _, status, usage = os.wait4(child.pid, 0)
    took, peak = time.monotonic() - began, usage.ru_maxrss // 1024
    code = os.waitstatus_to_exitcode(status)
    said = said.split(name + ": ")[-1].split(": ")[0] if code == 2 else "read" if code == 0 else "exit %d" % code
    print("%-22s %-12s %5.2f s %5d MiB" % (name, said, took, peak))
    if took > 2 or peak > 300 or code not in (0, 2):
        late.append(name)
assert not late, late
MEASURE
