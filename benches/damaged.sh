#!/usr/bin/env bash
# Prints what becomes of each damaged PDF of ../shared: how much of its known text is read, or the cause it is refused by.
# Fails where one is read too slowly, ends otherwise than by a named cause, or less is read than was.
set -euo pipefail
cd "$(dirname "$0")/.."

shared=../shared/pdf
vanthu=${CARGO_TARGET_DIR:-target}/release/vanthu
if [ ! -d "$shared/damaged" ]; then
    echo "damaged: skipped, $shared/damaged is not there"
    exit 0
fi
python3 - "$vanthu" "$shared" <<'MEASURE'
import collections, glob, os, re, subprocess, sys, time
vanthu, shared = sys.argv[1:]
SECONDS = 20
# So many files are read, and those whose bytes are all there give at least this share of the words.
READ, WORDS = 17, 0.995

def words(text):
    return collections.Counter(re.findall(r"\w+", text.lower()))

true = words(open(shared + "/born-digital/000.gt.txt", encoding="utf-8").read())
rows, bad, refused, late = [], [], 0, 0
for path in sorted(glob.glob(shared + "/damaged/*.pdf")):
    name = os.path.basename(path)
    password = ["--password", "user"] if name.endswith("_user.pdf") else []
    began = time.monotonic()
    try:
        child = subprocess.run([vanthu, "extract", "--text", *password, path], capture_output=True, timeout=SECONDS,
                               env={**os.environ, "LC_ALL": "C"})
        code, text, said = child.returncode, child.stdout.decode(), child.stderr.decode().strip()
    except subprocess.TimeoutExpired:
        code, text, said = None, "", ""
    took = time.monotonic() - began
    if code == 0:
        share = sum((words(text) & true).values()) / sum(true.values())
        rows.append(share)
        if share < WORDS and "bitflips" not in name:
            bad.append(name)
        print("%-28s read     %5.1f %% of the words  %5.2f s" % (name, 100 * share, took))
    elif code == 2:
        refused += 1
        print("%-28s refused  %-20s %5.2f s" % (name, said.split(name + ": ")[-1].split(": ")[0], took))
    else:
        print("%-28s ENDED    %s" % (name, "late" if code is None else "with %d: %s" % (code, said[:80])))
        late += 1
        bad.append(name)
print("%d files: %d read, %d refused by name, %d otherwise" % (len(rows) + refused + late, len(rows), refused, late))
assert not bad, bad
assert len(rows) >= READ, "fewer are read than before"
MEASURE
