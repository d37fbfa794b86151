#!/usr/bin/env bash
# run.sh TASK -- OUT FILE...: all files in one process.
exec "$PEER_ENV/bin/python" -B "$(dirname "$0")/run.py" "$@"
