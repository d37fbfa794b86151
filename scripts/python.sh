#!/usr/bin/env bash
# Builds the Python package and tests it in a fresh virtual environment: format, lints, the wheel, types, tests, examples
# and the notebook. The wheel is left in python/dist/. `scripts/python.sh wheel` only builds it.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
target=${CARGO_TARGET_DIR:-$root/target}
as_user=scripts/as_user.sh

step() { echo "== python: $* ($((SECONDS / 60)) min $((SECONDS % 60)) s)"; }

step "virtual environment"
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "the tests take CPython 3.11 or newer: PYTHON=python3.12 $0" >&2; exit 3; }
environment=$(mktemp -d)
chmod 755 "$environment"
trap 'rm -rf "$environment"' EXIT
"$python" -m venv "$environment"
pip=("$environment/bin/pip" --disable-pip-version-check --quiet)
"${pip[@]}" install --requirement python/requirements.txt

# The language data of the OCR engine go into the wheel, so that it reads scans wherever it is installed.
data=python/vanthu/tessdata
mkdir -p "$data"
for model in Vietnamese vie; do
    for folder in "${TESSDATA_PREFIX:-}" /usr/share/tesseract-ocr/*/tessdata /usr/share/tessdata; do
        for file in "$folder/$model.traineddata" "$folder/script/$model.traineddata"; do
            [ -f "$file" ] && cp --update "$file" "$data/$model.traineddata" && break 2
        done
    done
done
[ -n "$(ls "$data")" ] || { echo "the Vietnamese data of Tesseract are missing: scripts/setup.sh" >&2; exit 3; }

step profile
"$python" - <<'COMPARE'
import sys, tomllib

def read(path):
    with open(path, "rb") as file:
        return tomllib.load(file)

compiled_whole = lambda path: {
    name for name, how in read(path)["profile"]["release"]["package"].items() if how.get("codegen-units") == 1
}
of_wheel = {package["name"] for package in read("python/Cargo.lock")["package"]}
settings = lambda path: {
    key: how for key, how in read(path)["profile"]["release"].items() if key in ("lto", "overflow-checks")
}
if settings("Cargo.toml") != settings("python/Cargo.toml"):
    sys.exit("python/Cargo.toml: lto and overflow-checks are not those of Cargo.toml")
missing = sorted((compiled_whole("Cargo.toml") & of_wheel) - compiled_whole("python/Cargo.toml"))
if missing:
    sys.exit("python/Cargo.toml: codegen-units = 1 is missing for " + ", ".join(missing))
COMPARE

step wheel
rm -rf python/dist
# shellcheck disable=SC2016
"$as_user" env CARGO_TARGET_DIR="$target" "PATH=$environment/bin:$PATH" \
    maturin build --release --locked --quiet --auditwheel skip --manifest-path python/Cargo.toml --out "$environment/plain"
# Tesseract and the libraries that it needs go into the wheel.
"$as_user" env "PATH=$environment/bin:$PATH" \
    auditwheel repair --plat auto --wheel-dir python/dist "$environment"/plain/vanthu-*.whl
ls -l python/dist
[ "${1:-}" = wheel ] && exit 0
# For Spark.
command -v java >/dev/null || scripts/setup.sh default-jre-headless

step format and lints
"$as_user" cargo fmt --check --manifest-path python/Cargo.toml
"$as_user" env CARGO_TARGET_DIR="$target" \
    cargo clippy --release --locked --manifest-path python/Cargo.toml -- -D warnings

step "install the wheel"
"${pip[@]}" install python/dist/vanthu-*.whl

step types
cd python/tests # so that the installed package is found and not its source
"$environment/bin/mypy" --config-file ../pyproject.toml --package vanthu
"$environment/bin/python" -m mypy.stubtest vanthu._vanthu
"$environment/bin/mypy" --config-file ../pyproject.toml ./*.py ../examples/*.py ../benches/*.py

step tests
VANTHU=${VANTHU:-$target/release/vanthu} "$environment/bin/python" -m pytest --rootdir .. .

step "the wheel alone, in each Python that is at hand"
cd "$root"
for other in python3.10 python3.11 python3.12 python3.13 python3.14; do
    "$other" -c 'import sys' 2>/dev/null || continue
    "$other" -m venv --clear "$environment/bare" 2>/dev/null || continue
    "$environment/bare/bin/pip" --disable-pip-version-check --quiet install --no-index python/dist/vanthu-*.whl
    (cd "$environment" && bare/bin/python -c '
import sys, vanthu
record = vanthu.read(sys.argv[1])
print(sys.version.split()[0], record, record.engine.ocr)
assert record.directive.tasks' "$root/fixtures/scans/10.png")
done

step "all passed"
