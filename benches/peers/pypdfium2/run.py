"""run.py TASK -- OUT FILE...: the text of each page, a form feed between them."""

import sys

import pypdfium2

out, *files = sys.argv[sys.argv.index("--") + 1 :]
for i, file in enumerate(files):
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)]
    with open(f"{out}/{i}.txt", "w", encoding="utf-8", newline="\n") as to:
        to.write("\f".join(pages).replace("\r\n", "\n"))
