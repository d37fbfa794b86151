"""The examples in docstrings and documentation, and the notebook."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import vanthu
from conftest import ROOT

HERE = Path(__file__).resolve().parents[1]


def modules() -> list[str]:
    found = [m.name for m in pkgutil.iter_modules(vanthu.__path__, "vanthu.") if not m.name.endswith(".ray")]
    return ["vanthu", *sorted(name for name in found if name != "vanthu._vanthu")]


@pytest.mark.parametrize("name", modules())
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_examples_in_the_documentation_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    assert blocks
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    test = parser.get_doctest("\n".join(blocks), {}, "docs/python.md", "docs/python.md", 0)
    assert test.examples and runner.run(test).failed == 0


@pytest.mark.parametrize("notebook", sorted((HERE / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebooks_run_from_top_to_bottom(notebook: Path) -> None:
    book = nbformat.read(notebook, as_version=4)
    nbformat.validate(book)
    assert not any(cell.get("outputs") for cell in book.cells), "clear the outputs before you commit"
    NotebookClient(book, timeout=600, resources={"metadata": {"path": str(notebook.parent)}}).execute()
    pictures = [out for cell in book.cells for out in cell.get("outputs", []) if "image/png" in out.get("data", {})]
    assert pictures, "the chart is missing"
