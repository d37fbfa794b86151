#!/usr/bin/env bash
# OCRmyPDF, kreuzberg and bare Tesseract beside vanthu on the scans of fixtures/: processor seconds, pages a second and core,
# and wrong characters in a hundred against fixtures/text. The peers and a scorer are installed from PyPI into a virtual
# environment under out/ (OCRmyPDF needs Ghostscript: apt-get install ghostscript tesseract-ocr poppler-utils). All read with
# one core, the Vietnamese data of Tesseract and one OpenMP thread, each in one process for all scans but OCRmyPDF, which
# takes one file at a time. OCRmyPDF is asked to straighten pages and to read all of them, and writes no PDF/A; Tesseract gets
# the pictures out of PDFs by pdfimages, which is not counted; vanthu reads to JSON, and to JSON and searchable PDF.
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
import glob, json, os, resource, shutil, subprocess, sys, tempfile, time, unicodedata
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


def read_text(path):
    return open(path, encoding="utf-8").read() if os.path.exists(path) else ""


def ocrmypdf(out):
    for i, scan in enumerate(scans):
        yield ["ocrmypdf", "-l", "vie", "--jobs", "1", "--force-ocr", "--deskew", "--output-type", "pdf", "--optimize", "0",
               "--image-dpi", "300", "--sidecar", "%s/%d.txt" % (out, i), scan, out + "/ocrmypdf.pdf"]


KREUZBERG = """
import sys
from kreuzberg import ConcurrencyConfig, ExtractionConfig, OcrConfig, extract_file_sync
config = ExtractionConfig(force_ocr=True, use_cache=False, ocr=OcrConfig(backend="tesseract", language="vie"),
                          concurrency=ConcurrencyConfig(max_threads=1))
for i, scan in enumerate(sys.argv[2:]):
    open("%s/%d.txt" % (sys.argv[1], i), "w").write(extract_file_sync(scan, config=config).content)
"""


def kreuzberg(out):
    yield [sys.executable, "-c", KREUZBERG, out, *scans]


def tesseract(model):
    def read(out):
        with open(out + "/pictures", "w") as listed:
            for i, scan in enumerate(scans):
                pictures = [os.path.abspath(scan)]
                if scan.endswith(".pdf"):
                    subprocess.run(["pdfimages", "-png", scan, "%s/page%d" % (out, i)], check=True)
                    pictures = sorted(glob.glob("%s/page%d-*.png" % (out, i)))
                listed.writelines(p + "\n" for p in pictures)
        yield ["tesseract", out + "/pictures", out + "/bare", "-l", model, "--dpi", "300"]
    return read


def ours(*more):
    def read(out):
        yield [vanthu, "ingest", *scans, "--out", out + "/vanthu", "--jobs", "1", "--quiet", *more]
    return read


def text_of(out, i, scan):
    record = "%s/vanthu/%s.json" % (out, os.path.basename(scan))
    if os.path.exists(record):
        return json.load(open(record, encoding="utf-8"))["document"]["text"]
    return read_text("%s/%d.txt" % (out, i))


rows = []
golds = [open("fixtures/text/%s.txt" % os.path.basename(scan)[:2], encoding="utf-8").read() for scan in scans]
pages = sum(gold.count("\f") + 1 for gold in golds)
for name, read in (("Tesseract, vie", tesseract("vie")), ("Tesseract, Vietnamese", tesseract("Vietnamese")),
                   ("kreuzberg", kreuzberg), ("OCRmyPDF", ocrmypdf), ("vanthu, as read", ours("--keep-reading")),
                   ("vanthu", ours()), ("vanthu, with PDF", ours("--format", "pdf"))):
    out = tempfile.mkdtemp(dir=work)
    cpu = wall = failed = 0
    for command in read(out):
        code, c, w = measured(command)
        cpu, wall, failed = cpu + c, wall + w, failed + (code != 0)
    texts = [read_text(out + "/bare.txt")] if "Tesseract" in name else [text_of(out, i, s) for i, s in enumerate(scans)]
    truth = ["\n".join(golds)] if "Tesseract" in name else golds
    edits = sum(Levenshtein.distance(folded(g), folded(t)) for g, t in zip(truth, texts))
    rows.append((name, pages, cpu, wall, pages / cpu, 100 * edits / sum(len(folded(g)) for g in truth), failed))
    shutil.rmtree(out)
print("%-22s %6s %10s %8s %16s %14s %7s" % ("", "pages", "CPU, s", "s", "pages/s a core", "characters, %", "failed"))
for row in rows:
    print("%-22s %6d %10.1f %8.1f %16.3f %14.2f %7d" % row)
COMPARE
