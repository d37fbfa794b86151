#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that vanthu is built on and reads with. Does nothing when all are there.
# Further packages may be named as arguments.
set -euo pipefail

packages=(
    libtesseract-dev libleptonica-dev   # the OCR engine and its picture library
    tesseract-ocr-vie tesseract-ocr-script-viet # its Vietnamese models
    libclang-dev pkg-config             # to build the bindings to them
    fonts-croscore fonts-liberation2    # what the fixtures are set in
    "$@"
)
# The linker that Rust needs; any C compiler will do.
command -v cc >/dev/null || packages+=(build-essential)

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is no Debian or Ubuntu; install what corresponds to: ${packages[*]}"
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "setup: as root, please run: apt-get install --yes ${missing[*]}" >&2
            exit 3
        fi
        as_root=(sudo)
    fi
    apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes -o DPkg::Lock::Timeout=300)
    echo "setup: installing ${missing[*]}"
    # Old lists may still do, so a mirror that does not answer is not the end yet.
    "${apt[@]}" update || echo "setup: the package lists could not be renewed, trying with the old ones" >&2
    "${apt[@]}" install --no-install-recommends "${missing[@]}"
    echo "setup: done"
else
    echo "setup: all system packages are there"
fi

if ! command -v cargo >/dev/null; then
    echo "setup: a Rust toolchain is missing; see https://rustup.rs" >&2
    exit 3
fi
