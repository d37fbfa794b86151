"""The command ``vanthu`` of the wheel. It knows ``ray`` alone; whatever else it is asked it hands to the program
``vanthu`` further on in the search path."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

_MISSING = 3
"""A part of the installation is missing."""

_PASSED_OVER = "VANTHU_PASSED_OVER"
"""Scripts that were here already, as a search path: several environments may each have this one."""


def vanthu() -> int:
    """The command ``vanthu``. Gives the exit code."""
    arguments = sys.argv[1:]
    return _ray(arguments[1:]) if arguments[:1] == ["ray"] else _hand_over(arguments)


def _ray(arguments: list[str]) -> int:
    try:
        # Not above: what goes to the program needs no Ray.
        from .ray import command
    except ImportError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return _MISSING
    return command.main(arguments)


def _hand_over(arguments: list[str]) -> int:
    passed_over = os.environ.get(_PASSED_OVER, "").split(os.pathsep)
    passed_over.append(str(Path(sys.argv[0]).resolve()))
    for folder in os.get_exec_path():
        found = shutil.which("vanthu", path=folder)
        if found is not None and str(Path(found).resolve()) not in passed_over:
            # It may be a script that leads back here.
            passed_over.append(str(Path(found).resolve()))
            os.environ[_PASSED_OVER] = os.pathsep.join(filter(None, passed_over))
            os.execv(found, [found, *arguments])
    print(
        "error: this vanthu came with the Python package and knows `vanthu ray` alone; "
        "the program for all else is not in the search path",
        file=sys.stderr,
    )
    return _MISSING
