"""run.py TASK -- OUT FILE...: marks put back line by line; lines on which pyvi fails stay as they are."""

import sys

from pyvi import ViUtils


def restored(line):
    try:
        return ViUtils.add_accents(line) if line.strip() else line
    except Exception:
        return line


out, *files = sys.argv[sys.argv.index("--") + 1 :]
for i, file in enumerate(files):
    lines = open(file, encoding="utf-8").read().split("\n")
    with open(f"{out}/{i}.txt", "w", encoding="utf-8") as to:
        to.write("\n".join(map(restored, lines)))
