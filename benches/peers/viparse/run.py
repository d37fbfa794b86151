"""run.py TASK -- OUT FILE...: each text through viparse.fix."""

import sys

import viparse

out, *files = sys.argv[sys.argv.index("--") + 1 :]
for i, file in enumerate(files):
    text = open(file, encoding="utf-8", newline="").read()
    with open(f"{out}/{i}.txt", "w", encoding="utf-8", newline="") as to:
        to.write(viparse.fix(text))
