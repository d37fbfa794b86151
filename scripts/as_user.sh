#!/usr/bin/env bash
# Runs a command with cargo on its path. Through sudo, where the path has none, it runs as the user who called sudo and
# with that user's toolchain, so that what is built is theirs.
set -euo pipefail

# The toolchain that rustup put into this home folder, if any.
toolchain_in() {
    local home
    home=$(getent passwd "$1" | cut -d: -f6)
    [ -x "$home/.cargo/bin/cargo" ] && echo "$home/.cargo/bin"
}

if command -v cargo >/dev/null; then
    exec "$@"
elif bin=$(toolchain_in "$(id -un)"); then
    PATH=$bin:$PATH exec "$@"
elif [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER:-}" ] && bin=$(toolchain_in "$SUDO_USER"); then
    exec sudo -H -u "$SUDO_USER" env PATH="$bin:$PATH" ${CARGO_TARGET_DIR:+CARGO_TARGET_DIR="$CARGO_TARGET_DIR"} "$@"
fi
echo "a Rust toolchain is missing; see https://rustup.rs" >&2
exit 3
