#!/usr/bin/env bash
# viparse.fix: text of old encodings into Unicode, in pure Python.
exec "$(dirname "$0")/../python.sh" viparse==0.1.31
