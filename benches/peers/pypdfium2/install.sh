#!/usr/bin/env bash
# pdfium, the PDF library of Chromium, through pypdfium2.
exec "$(dirname "$0")/../python.sh" pypdfium2==5.15.2
