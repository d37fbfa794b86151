"""Loads the native module so that OCR works with one thread a page.

Tesseract's own threads (OpenMP) cost several times the processor time that they save. Their number can only be set by
``OMP_THREAD_LIMIT`` at the moment when the OpenMP library is loaded, which happens together with the native module:
the variable is set for that moment and then put back, so that other libraries and child processes do not see it.
"""

from __future__ import annotations

import os
import sys
import warnings

_VARIABLE = "OMP_THREAD_LIMIT"


def _openmp_is_loaded() -> bool:
    """Whether the system's OpenMP library is in the process already, with its settings read."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            return any(line.rstrip().rpartition("/")[2].startswith("libgomp.so") for line in maps)
    except OSError:
        return False


def _bundles_openmp() -> bool:
    """Whether the wheel has an OpenMP library of its own, which nothing else can have loaded."""
    place = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "vanthu.libs")
    try:
        return any(name.startswith("libgomp") for name in os.listdir(place))
    except OSError:
        return False


_before = os.environ.get(_VARIABLE)
if _before is None and _openmp_is_loaded() and not _bundles_openmp():
    warnings.warn(
        "the OpenMP library is loaded already: OCR will take several times as long. "
        f"Import vanthu first, or set {_VARIABLE}=1 before Python starts.",
        RuntimeWarning,
        stacklevel=2,
    )
if _before is None:
    os.environ[_VARIABLE] = "1"
try:
    from . import _vanthu
finally:
    if _before is None:
        del os.environ[_VARIABLE]

__all__ = ["_vanthu"]
