"""Accuracy of mark restoration, syllable by syllable: peers.py RESTORE_FILE TEXT..."""

import re
import subprocess
import sys
import tempfile
import time
import unicodedata

from pyvi import ViUtils

TONES = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
         "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy"}


def strip(text):
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in text if not unicodedata.combining(c))


def words(line):
    out = []
    for word in unicodedata.normalize("NFC", line).lower().split():
        word = re.sub(r"^\W+|\W+$", "", word)
        for new, old in TONES.items():
            if word.endswith(new) and not word.endswith("q" + new):
                word = word[: -len(new)] + old
        if word:
            out.append(word)
    return out


def as_it_is(lines):
    return lines


def pyvi(lines):
    out = []
    for line in lines:
        try:
            out.append(ViUtils.add_accents(line) if line.strip() else line)
        except Exception:  # it fails on some lines; these stay as they are
            out.append(line)
    return out


def vanthu(lines):
    models = ["restorer.lm", "channel_english.tsv", "channel_vietnamese.tsv"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        command = [sys.argv[1], *("dictionaries/" + m for m in models), file.name]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return out.split("\n")


print(f"{'':<16}{'syllables':>10}{'wrong':>8}{'right, %':>10}{'seconds':>9}")
texts = [open(path, encoding="utf-8").read().split("\n") for path in sys.argv[2:]]
for restore in (as_it_is, pyvi, vanthu):
    total = wrong = 0
    clock = time.monotonic()
    for truth in texts:
        restored = restore([strip(line) for line in truth])
        for gold, new in zip(truth, restored):
            gold, new = words(gold), words(new)
            total += len(gold)
            # No way of putting marks back adds or takes words, but for a rare one.
            wrong += sum(a != b for a, b in zip(gold, new)) + abs(len(gold) - len(new))
    seconds = time.monotonic() - clock
    print(f"{restore.__name__.replace('_', ' '):<16}{total:>10}{wrong:>8}{100 * (1 - wrong / total):>10.2f}{seconds:>9.2f}")
