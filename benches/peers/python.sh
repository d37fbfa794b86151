#!/usr/bin/env bash
# python.sh PACKAGE==VERSION...: a virtual environment in $PEER_ENV with these packages of PyPI. Does nothing when it is there.
set -euo pipefail
wanted=$*
[ "$(cat "$PEER_ENV/ready" 2>/dev/null)" != "$wanted" ] || exit 0
[ -z "${PEER_OFFLINE:-}" ] || { echo "is not installed, and nothing is to be" >&2; exit 1; }
command -v python3 >/dev/null || { echo "python3 is not there" >&2; exit 1; }
rm -rf "$PEER_ENV"
mkdir -p "$(dirname "$PEER_ENV")"
python3 -m venv "$PEER_ENV" >/dev/null || { echo "python3-venv is not there" >&2; exit 1; }
"$PEER_ENV/bin/pip" install --quiet --disable-pip-version-check "$@" 2>"$PEER_ENV/log" ||
    { tail -1 "$PEER_ENV/log" >&2; exit 1; }
echo "$wanted" >"$PEER_ENV/ready"
