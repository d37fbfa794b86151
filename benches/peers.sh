#!/usr/bin/env bash
# Other ways to put the marks back, side by side on the same stripped text: leaving it as it is, pyvi's ViUtils.add_accents
# (installed from PyPI into a virtual environment under out/), and vanthu. Documents of ../shared where they are at hand, else
# those of fixtures/documents.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=out/peers
if [ ! -x $venv/bin/python ]; then
    python3 -m venv $venv
    $venv/bin/pip install --quiet 'pyvi==0.1.1'
fi
cargo build --release --quiet -p diacritic-restorer --examples
programs=${CARGO_TARGET_DIR:-target}/release/examples
texts=(../shared/seeds/00[0-3]_*.txt)
[ -e "${texts[0]}" ] || texts=(fixtures/documents/*.txt)
$venv/bin/python -B benches/peers.py "$programs/restore_file" "${texts[@]}"
