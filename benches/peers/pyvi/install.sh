#!/usr/bin/env bash
# ViUtils.add_accents of pyvi: marks put back by a sequence model.
exec "$(dirname "$0")/../python.sh" pyvi==0.1.1
