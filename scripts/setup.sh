#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that vanthu is built on and reads with. Does nothing when all are there.
# Further packages may be named as arguments.
set -euo pipefail

packages=(
    libtesseract-dev libleptonica-dev   # the OCR engine and its picture library
    tesseract-ocr-vie tesseract-ocr-script-viet # its Vietnamese models
    libclang-dev pkg-config             # to build the bindings to them
    fonts-croscore fonts-liberation2    # what the fixtures and the tests are set in
    "$@"
)
# The linker that Rust needs; any C compiler will do.
command -v cc >/dev/null || packages+=(build-essential)

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is no Debian or Ubuntu; install what corresponds to: ${packages[*]}"
    exit 0
fi

# Whether a package is there. Newer systems have version 2 of the Liberation fonts under their old name.
installed() {
    local version
    case $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null || true) in
        installed) return 0 ;;
    esac
    [ "$1" = fonts-liberation2 ] || return 1
    version=$(dpkg-query --show --showformat='${Version}' fonts-liberation 2>/dev/null || true)
    [ -n "$version" ] && dpkg --compare-versions "$version" ge 1:2
}

missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
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
    for i in "${!missing[@]}"; do
        if [ "${missing[$i]}" = fonts-liberation2 ] && ! apt-cache show fonts-liberation2 >/dev/null 2>&1; then
            missing[i]=fonts-liberation
        fi
    done
    "${apt[@]}" install --no-install-recommends "${missing[@]}"
    echo "setup: done"
else
    echo "setup: all system packages are there"
fi

"$(dirname "$0")/as_user.sh" true
