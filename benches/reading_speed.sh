#!/usr/bin/env bash
# Prints the processor time of reading beside that of the tools for one half of the work, in turns on the same files: PDFs
# with good text layers beside pdftotext (those of fixtures/, and of ../shared where they are at hand), and pages that need
# no clean-up (eight invented ones, or the number given) beside bare Tesseract with the same model. Each file is read by a
# process of its own. Fails where scans cost more than 8 % above Tesseract.
set -euo pipefail
cd "$(dirname "$0")/.."

count=${1:-8}
programs=${CARGO_TARGET_DIR:-target}/release
scripts/setup.sh poppler-utils tesseract-ocr >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$programs/fixtures" pages --out "$work" --pages "$count" --seed 3 --damage clean --stamp 0 \
    --forms letter,directive,plan >/dev/null
python3 - "$programs/vanthu" "$work" <<'MEASURE'
import glob, json, os, resource, statistics, subprocess, sys
vanthu, work = sys.argv[1:]
ROUNDS, MOST = 5, 1.08

def taken(*command):
    """Seconds of processor time that the command took, and its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         env={**os.environ, "OMP_THREAD_LIMIT": "1", "RAYON_NUM_THREADS": "1"}).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out

def in_turns(files, tools):
    """Seconds a file of each tool: the median over rounds, in each of which every file is read by all tools in turn."""
    rounds = []
    for _ in range(ROUNDS):
        total = [0.0] * len(tools)
        for file in files:
            for i, tool in enumerate(tools):
                total[i] += taken(*tool(file))[0]
        rounds.append(total)
    return rounds

def extracted(file):
    return json.loads(taken(vanthu, "extract", "--compact", file)[1])["pages"]

TOOLS = {
    "pdftotext": lambda f: ["pdftotext", f, "-"],
    "pdftotext -bbox-layout": lambda f: ["pdftotext", "-bbox-layout", f, "-"],
    "vanthu extract --text": lambda f: [vanthu, "extract", "--text", f],
    "vanthu extract --compact": lambda f: [vanthu, "extract", "--compact", f],
}
folders = {"fixtures/pdf": ["fixtures/pdf"], "../shared/pdf": ["../shared/pdf/born-digital", "../shared/pdf/hard"]}
for name, places in folders.items():
    files = [f for place in places for f in sorted(glob.glob(place + "/*.pdf"))]
    # A layer that tells no letters is read by OCR.
    files = [f for f in files if not f.endswith("x_no_tounicode.pdf")]
    if not files:
        print("left out: %s is not there" % name)
        continue
    pages = sum(len(extracted(f)) for f in files)
    rounds = in_turns(files, list(TOOLS.values()))
    print("%s: %d files of %d pages" % (name, len(files), pages))
    for i, tool in enumerate(TOOLS):
        seconds = statistics.median(r[i] for r in rounds)
        times = statistics.median(r[i] / r[0] for r in rounds)
        print("  %-26s %6.0f pages a second, %.2f times the processor time of pdftotext" % (tool, pages / seconds, times))

pages = sorted(glob.glob(work + "/scans/*.png"))
for page in pages:
    steps = extracted(page)[0]["steps"]
    assert steps == ["ocr"], (page, steps)
rounds = in_turns(pages, [lambda f: ["tesseract", f, "-", "-l", "Vietnamese"], lambda f: [vanthu, "extract", "--text", f]])
bare, ours = (statistics.median(r[i] for r in rounds) / len(pages) for i in (0, 1))
ratio = statistics.median(ours / bare for bare, ours in rounds)
print("%d clean scanned pages: Tesseract %.2f s a page, vanthu %.2f s: %+.0f %%" % (len(pages), bare, ours, 100 * ratio - 100))
assert ratio <= MOST, "more than %.0f %% above Tesseract" % (100 * MOST - 100)
MEASURE
