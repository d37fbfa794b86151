#!/usr/bin/env python3
"""A batch of many records, cloned from the records of a small one, to measure `vanthu serve` with.

usage: serve_batch.py SMALL_OUTPUT_FOLDER NEW_FOLDER COUNT
"""

import json
import os
import random
import sqlite3
import sys

small, new, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
here = os.path.dirname(os.path.abspath(__file__))
records = []
for folder, _, names in os.walk(small):
    for name in sorted(names):
        if name.endswith(".json") and name != "summary.json":
            text = open(os.path.join(folder, name), encoding="utf-8").read()
            records.append((json.loads(text), text))
# Short documents: the figures are about the number of records.
records.sort(key=lambda r: len(r[1]))
NAME, SYMBOL, DATE = "@name@", "@symbol@", "@date@"
templates = []
for record, _ in records[: max(1, len(records) // 4)]:
    record["source"]["path"] = NAME
    record["directive"]["metadata"].update(symbol=SYMBOL, date=DATE)
    templates.append((json.dumps(record, ensure_ascii=False, separators=(",", ":")), record["source"]["pages"]))
os.makedirs(new)
ledger = sqlite3.connect(os.path.join(new, "ledger.sqlite"))
ledger.executescript(open(os.path.join(here, "../crates/batch/src/ledger/schema.sql"), encoding="utf-8").read())
ledger.execute("PRAGMA user_version = 1")
ledger.execute("INSERT INTO settings (text) VALUES ('measured')")
ledger.execute("INSERT INTO runs (began, ended, settings) VALUES ('2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z', 1)")
chance = random.Random(1)
for i in range(count):
    text, pages = chance.choice(templates)
    folder = f"{i // 1000:03}"
    name = f"{folder}/{i:06}.pdf"
    date = f"{chance.randint(2000, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    text = text.replace(NAME, name).replace(SYMBOL, f"{i}/QĐ-ABC").replace(DATE, date)
    os.makedirs(os.path.join(new, folder), exist_ok=True)
    with open(os.path.join(new, name + ".json"), "w", encoding="utf-8") as file:
        file.write(text)
    ledger.execute(
        "INSERT INTO inputs (place, shown, name, output, run, position, status, settings, pages, millis, sha256)"
        " VALUES (?, ?, ?, ?, 1, ?, 'done', 1, ?, 1, ?)",
        (f"/none/{name}".encode(), name, name, name + ".json", i, pages, f"{i:064x}"),
    )
ledger.commit()
