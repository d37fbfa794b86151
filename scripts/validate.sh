#!/usr/bin/env bash
# Holds what vanthu writes against programs and schemas of others, on scans of fixtures/:
#   PDF/A-2b      page-validation (it passes the test files of veraPDF and Isartor)
#   ALTO 4.4      the schema of the ALTO board, as the package htrflow carries it
#   hOCR          hocr-spec
#   records       schema/ by jsonschema
#   XLSX, BagIt   openpyxl, bagit
# They are installed from PyPI into a virtual environment under out/; where PyPI cannot be reached, nothing is checked.
set -euo pipefail
cd "$(dirname "$0")/.."

vanthu=${CARGO_TARGET_DIR:-target}/release/vanthu
venv=out/validate
if ! { [ -x $venv/bin/hocr-spec ] || {
    python3 -m venv $venv &&
        $venv/bin/pip install --quiet page-validation==0.11.0 hocr-spec==0.2.0 jsonschema==4.26.0 openpyxl==3.1.5 bagit==1.9.0 lxml==6.0.2 &&
        $venv/bin/pip download --quiet --no-deps --dest $venv/wheels htrflow==0.2.6 ocrd-validators==2.67.1
}; }; then
    rm -rf $venv
    echo "validate: skipped, PyPI cannot be reached"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$vanthu" ingest fixtures/scans/0[1-4]* fixtures/scans/10* --out "$work/out" --format pdf,alto,hocr,xlsx --quiet
"$vanthu" export "$work/out" --bag "$work/bag" --quiet
$venv/bin/hocr-spec --silent "$work"/out/*.hocr && echo "hOCR      valid"
$venv/bin/python - "$work" $venv/wheels schema/vanthu.record-1.json <<'VALIDATE'
import glob, io, json, sys, zipfile
import bagit, jsonschema, openpyxl, page
from lxml import etree

work, wheels, schema = sys.argv[1:]
wrong = 0


def held(kind, files, complaints):
    """Prints how many of `files` are as they should be; `complaints` gives what is wrong with one."""
    global wrong
    bad = {f: found for f in files if (found := complaints(f))}
    wrong += len(bad) + (not files)
    print("%-9s %d of %d valid" % (kind, len(files) - len(bad), len(files)))
    for f, found in bad.items():
        print("    %s: %s" % (f, "; ".join(found[:3])))


def packed(ending):
    for wheel in glob.glob(wheels + "/*.whl"):
        with zipfile.ZipFile(wheel) as z:
            for name in z.namelist():
                if name.endswith(ending):
                    return z.read(name)


class XLink(etree.Resolver):
    def resolve(self, url, _, context):
        return self.resolve_string(packed("xlink.xsd"), context) if url.endswith("xlink.xsd") else None


parser = etree.XMLParser()
parser.resolvers.add(XLink())
alto = etree.XMLSchema(etree.parse(io.BytesIO(packed("alto-4-4.xsd")), parser))
record = jsonschema.Draft202012Validator(json.load(open(schema)))
out = work + "/out/"


def of_alto(f):
    return [] if alto.validate(etree.parse(f)) else [str(e) for e in alto.error_log]


held("PDF/A-2b", glob.glob(out + "*.pdf"), lambda f: [x.message for x in page.validate_pdf(f, profile="2b").failures])
held("ALTO 4.4", glob.glob(out + "*.alto.xml"), of_alto)
held("records", [f for f in glob.glob(out + "*.json") if not f.endswith("summary.json")],
     lambda f: [e.message for e in record.iter_errors(json.load(open(f)))])
held("XLSX", glob.glob(out + "*.xlsx"), lambda f: [] if openpyxl.load_workbook(f).active.max_row > 1 else ["no row"])
held("BagIt", [work + "/bag"], lambda f: [] if bagit.Bag(f).is_valid() else ["not valid"])
sys.exit(wrong > 0)
VALIDATE
