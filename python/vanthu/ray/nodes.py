"""Whether all nodes would make the same records: their versions are compared before anything is read."""

from __future__ import annotations

import functools
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from .. import _guard, _pipeline
from .._pipeline import Options

_MEMORY = 1 << 30
_SECONDS = 300.0


class Refused(NamedTuple):
    """A node that is not used."""

    node: str
    """Its id."""
    address: str
    why: str


def told(options: Options) -> str:
    """The versions of this node, by a process that is started for it."""
    reader = _guard.Guarded(options, memory=_MEMORY)
    try:
        return versions_of(reader)
    finally:
        reader.close()


def versions_of(reader: _guard.Guarded) -> str:
    """Versions of vanthu, its models and engines on this node, with a digest of the OCR engine's language data."""
    digest = hashlib.sha256()
    for file in _language_data(reader.options):
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return f"{reader.versions}; language data {digest.hexdigest()[:16]}"


versions = functools.lru_cache(maxsize=4)(told)
"""As :func:`told`, which takes a second, once a process."""


def _language_data(options: Options) -> list[Path]:
    folder = options.tessdata or os.environ.get("TESSDATA_PREFIX") or _pipeline._TESSDATA
    return sorted(Path(folder).glob("**/[Vv]ie*.traineddata"))


def refused(options: Options, expected: str) -> list[Refused]:
    """The nodes whose versions are not those ``expected``, or which cannot tell them."""
    asked = []
    for node in ray.nodes():
        if node["Alive"] and node["Resources"].get("CPU", 0) > 0:
            there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            ask = ray.remote(told).options(num_cpus=0, scheduling_strategy=there, max_retries=1)
            asked.append((node, ask.remote(options)))
    found = []
    for node, answer in asked:
        try:
            here = ray.get(answer, timeout=_SECONDS)
            why = None if here == expected else f"it has {here}; the run was begun with {expected}"
        except Exception as error:  # noqa: BLE001 (a node that cannot answer cannot read)
            why = f"it did not tell its versions: {' '.join(str(error).split())[:300]}"
        if why is not None:
            found.append(Refused(node["NodeID"], node["NodeManagerAddress"], why))
    return found
