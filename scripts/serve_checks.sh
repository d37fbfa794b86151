#!/usr/bin/env bash
# The heavy checks of `vanthu serve`: a browser drives the fixtures, schemathesis the API, wrk 100,000 records.
# Installs what it needs (Debian: chromium, wrk; PyPI: playwright, schemathesis) into an environment of its own.
#
# usage: scripts/serve_checks.sh [browser|api|load]...     all of them without arguments
set -euo pipefail
cd "$(dirname "$0")/.."

work=${WORK:-out/serve}
program=${CARGO_TARGET_DIR:-target}/release/vanthu
port=${PORT:-8399}
address=http://127.0.0.1:$port
server=

# Ends the server, and waits until its address is free.
end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    server=
}
trap end EXIT

# Serves the folder $1 and waits until it answers.
serve() {
    end
    "$program" serve "$1" --listen "127.0.0.1:$port" &
    server=$!
    for _ in $(seq 600); do
        curl -s "$address/api/v1/counts" >/dev/null && return
        sleep 0.1
    done
    echo "the server does not answer" && exit 1
}

python() {
    [ -x "$work/python/bin/pip" ] || python3 -m venv "$work/python"
    "$work/python/bin/pip" install -q "$@"
}

fixtures() {
    [ -f "$work/fixtures/ledger.sqlite" ] || "$program" ingest -q fixtures/pdf fixtures/scans --out "$work/fixtures"
}

browser() {
    scripts/setup.sh chromium fonts-noto-core
    python playwright==1.65.2
    fixtures
    mkdir -p "$work/pictures"
    serve "$work/fixtures"
    "$work/python/bin/python" scripts/serve_checks.py "$address" "$work/pictures"
    # The same batch with accounts, in a folder of its own.
    rm -rf "$work/guarded"
    cp -r "$work/fixtures" "$work/guarded"
    rm -f "$work/guarded"/review.sqlite* "$work/guarded"/accounts.sqlite*
    echo "mật khẩu để thử" | "$program" account add "$work/guarded" quan-tri --role admin
    echo "mật khẩu để thử" | "$program" account add "$work/guarded" xem --role reader
    serve "$work/guarded"
    "$work/python/bin/python" scripts/serve_login.py "$address" "$work/pictures" fixtures/text/01.txt
}

api() {
    python schemathesis==4.32.5
    fixtures
    serve "$work/fixtures"
    # Exports of page pictures take minutes each, and events of uploads have no end: the tests in crates/export and
    # crates/server cover them.
    "$work/python/bin/schemathesis" --config-file scripts/schemathesis.toml run "$address/api/v1/openapi.json" \
        --exclude-path-regex 'export|picture|uploads/events' --max-examples 40 --workers 1
}

load() {
    scripts/setup.sh wrk
    local records=${RECORDS:-100000}
    if [ ! -f "$work/many/ledger.sqlite" ]; then
        mkdir -p "$work/short"
        for file in fixtures/text/*.txt; do head -14 "$file" >"$work/short/${file##*/}"; done
        "$program" ingest -q "$work/short" --out "$work/short-out"
        python3 scripts/serve_batch.py "$work/short-out" "$work/many" "$records"
    fi
    serve "$work/many"
    local began=$SECONDS
    until [ "$(curl -fs "$address/api/v1/counts" | grep -o '"done":[0-9]*' | cut -d: -f2)" = "$records" ]; do sleep 1; done
    echo "$records records listed after $((SECONDS - began)) s"
    for what in list search record; do
        RECORDS=$records WHAT=$what wrk -t2 -c50 -d"${DURATION:-15}s" -s scripts/serve_load.lua "$address" | grep "$what:"
    done
    grep VmHWM "/proc/$server/status"
}

[ $# -gt 0 ] || set -- browser api load
for check in "$@"; do "$check"; done
