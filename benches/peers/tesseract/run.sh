#!/usr/bin/env bash
# run.sh TASK MODEL -- OUT FILE...: bare Tesseract. Pictures are taken out of PDFs by pdfimages, which counts.
set -euo pipefail
model=$2
shift 3
out=$1
shift
# Newer systems keep the models of scripts in a folder of their own.
tesseract --list-langs | grep -qx "$model" || model=script/$model
i=0
for file in "$@"; do
    case $file in
        *.pdf)
            pdfimages -png "$file" "$out/page$i"
            printf '%s\n' "$out/page$i"-*.png >"$out/pages"
            ;;
        *) printf '%s\n' "$file" >"$out/pages" ;;
    esac
    tesseract "$out/pages" "$out/$i" -l "$model" --dpi 200
    i=$((i + 1))
done
