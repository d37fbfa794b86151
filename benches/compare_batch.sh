#!/usr/bin/env bash
# OCRmyPDF, kreuzberg and bare Tesseract beside vanthu on the scans of fixtures/: processor seconds, pages a second and core,
# and wrong characters in a hundred against fixtures/text. The peers and a scorer are installed from PyPI into a virtual
# environment under out/ (OCRmyPDF needs Ghostscript: apt-get install ghostscript tesseract-ocr poppler-utils). All read with
# one core, the Vietnamese data of Tesseract and one OpenMP thread; OCRmyPDF is asked to straighten pages and to read all of
# them, and writes no PDF/A; Tesseract gets the pictures out of PDFs by pdfimages, which is not counted.
set -euo pipefail
cd "$(dirname "$0")/.."

vanthu=$(realpath "${CARGO_TARGET_DIR:-target}/release/vanthu")
venv=out/compare
if [ ! -x $venv/bin/ocrmypdf ] || ! $venv/bin/python -c 'import kreuzberg' 2>/dev/null; then
    python3 -m venv $venv
    $venv/bin/pip install --quiet ocrmypdf rapidfuzz kreuzberg
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PWD/$venv/bin:$PATH OMP_THREAD_LIMIT=1 LC_ALL=C.UTF-8 $venv/bin/python - "$vanthu" "$work" <<'COMPARE'
import glob, json, os, resource, subprocess, sys, time, unicodedata
from rapidfuzz.distance import Levenshtein

vanthu, work = sys.argv[1:]
scans = [s for s in sorted(glob.glob("fixtures/scans/*")) if s.endswith((".pdf", ".tiff", ".png", ".jpg"))]


def folded(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def measured(command):
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).returncode
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return code, cpu, time.monotonic() - clock


def ocrmypdf(scan):
    text = work + "/ocrmypdf.txt"
    command = ["ocrmypdf", "-l", "vie", "--jobs", "1", "--force-ocr", "--deskew", "--output-type", "pdf", "--optimize", "0",
               "--image-dpi", "300", "--sidecar", text, scan, work + "/ocrmypdf.pdf"]
    code, cpu, wall = measured(command)
    return code, cpu, wall, open(text, encoding="utf-8").read() if code == 0 else ""


KREUZBERG = """
import sys
from kreuzberg import ConcurrencyConfig, ExtractionConfig, OcrConfig, extract_file_sync
config = ExtractionConfig(force_ocr=True, use_cache=False, ocr=OcrConfig(backend="tesseract", language="vie"),
                          concurrency=ConcurrencyConfig(max_threads=1))
open(sys.argv[2], "w").write(extract_file_sync(sys.argv[1], config=config).content)
"""


def kreuzberg(scan):
    text = work + "/kreuzberg.txt"
    code, cpu, wall = measured([sys.executable, "-c", KREUZBERG, scan, text])
    return code, cpu, wall, open(text, encoding="utf-8").read() if code == 0 else ""


def tesseract(model):
    def read(scan):
        pictures = [scan]
        if scan.endswith(".pdf"):
            subprocess.run(["pdfimages", "-png", scan, work + "/page"], check=True)
            pictures = sorted(glob.glob(work + "/page*.png"))
        with open(work + "/pictures", "w") as listed:
            listed.write("\n".join(map(os.path.abspath, pictures)))
        code, cpu, wall = measured(["tesseract", work + "/pictures", work + "/bare", "-l", model, "--dpi", "300"])
        return code, cpu, wall, open(work + "/bare.txt", encoding="utf-8").read() if code == 0 else ""
    return read


def ours(*more):
    def read(scan):
        out = work + "/vanthu"
        code, cpu, wall = measured([vanthu, "ingest", scan, "--out", out, "--jobs", "1", "--quiet", "--format", "pdf", *more])
        if code:
            return code, cpu, wall, ""
        record = json.load(open(out + "/" + os.path.basename(scan) + ".json", encoding="utf-8"))
        return code, cpu, wall, record["document"]["text"]
    return read


rows = []
for name, read in (("Tesseract, vie", tesseract("vie")), ("Tesseract, Vietnamese", tesseract("Vietnamese")),
                   ("kreuzberg", kreuzberg), ("OCRmyPDF", ocrmypdf),
                   ("vanthu, as read", ours("--keep-reading")), ("vanthu", ours())):
    pages = cpu = wall = edits = chars = failed = 0
    for scan in scans:
        truth = open("fixtures/text/%s.txt" % os.path.basename(scan)[:2], encoding="utf-8").read()
        code, c, w, text = read(scan)
        failed += code != 0
        cpu, wall, pages = cpu + c, wall + w, pages + truth.count("\f") + 1
        gold = folded(truth)
        edits, chars = edits + Levenshtein.distance(gold, folded(text)), chars + len(gold)
        for path in glob.glob(work + "/*"):
            subprocess.run(["rm", "-rf", path])
    rows.append((name, pages, cpu, wall, pages / cpu, 100 * edits / chars, failed))
print("%-22s %6s %10s %8s %16s %14s %7s" % ("", "pages", "CPU, s", "s", "pages/s a core", "characters, %", "failed"))
for row in rows:
    print("%-22s %6d %10.1f %8.1f %16.3f %14.2f %7d" % row)
COMPARE
