"""run.py TASK -- OUT FILE...: OCR of all pages with the Vietnamese data of Tesseract, on one thread, nothing remembered."""

import sys

from kreuzberg import ConcurrencyConfig, ExtractionConfig, OcrConfig, extract_file_sync

config = ExtractionConfig(
    force_ocr=True,
    use_cache=False,
    ocr=OcrConfig(backend="tesseract", language="vie"),
    concurrency=ConcurrencyConfig(max_threads=1),
)
out, *files = sys.argv[sys.argv.index("--") + 1 :]
for i, file in enumerate(files):
    with open(f"{out}/{i}.txt", "w", encoding="utf-8") as to:
        to.write(extract_file_sync(file, config=config).content)
