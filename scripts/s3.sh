#!/usr/bin/env bash
# Installs the S3 server that the tests of object stores talk to (moto, from PyPI) into out/s3. Does nothing when it is
# there; where PyPI cannot be reached, those tests are skipped and say so.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=out/s3
versions="moto[s3]==5.2.5 flask==3.1.3 flask-cors==6.0.5"
[ "$(cat $venv/versions 2>/dev/null)" = "$versions" ] && exit 0
# shellcheck disable=SC2086
if rm -rf $venv && python3 -m venv $venv && $venv/bin/pip install --quiet --disable-pip-version-check $versions; then
    echo "$versions" >$venv/versions
else
    rm -rf $venv
    echo "s3: the S3 server for the tests cannot be installed; they are skipped"
fi
