"""Reading on many machines with Ray.

``pip install 'vanthu[ray]'`` brings what it needs. ``docs/scale.md`` in the repository tells the rest.

>>> import vanthu.ray
>>> report = vanthu.ray.ingest(["scans"], "result")
>>> report.documents, report.failed, report.unchanged
(2, 0, 0)
>>> import pyarrow.parquet
>>> pyarrow.parquet.read_table("result/ledger").column("state").to_pylist()
['done', 'done']
"""

from __future__ import annotations

try:
    import pyarrow as _pyarrow  # noqa: F401
    import ray.data as _data  # noqa: F401
except ImportError as error:
    raise ImportError(f"vanthu.ray needs Ray Data and pyarrow ({error}): pip install 'vanthu[ray]'") from error

from .lease import OutputInUseError
from .nodes import Refused
from .run import Report, ingest
from .settings import Settings

__all__ = ["OutputInUseError", "Refused", "Report", "Settings", "ingest"]
