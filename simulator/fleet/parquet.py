"""A fleet's history as Parquet: a row for each thing seen, readable by any data tool; a part is whole or not there.

Columns: ``unit`` (day, municipality, district), ``at_s`` (seconds since 6:00 of its day), ``kind``, ``terminal``, ``person``,
``line`` (the whole line as JSON, see ``simulator.history``, which the checkers read). The file's metadata hold the tally.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from simulator.fleet.errors import writable
from simulator.fleet.tally import Tally
from simulator.history import At, at_of, line_of

_SCHEMA: Final = pa.schema(
    [
        ("unit", pa.dictionary(pa.int32(), pa.string())),
        ("at_s", pa.float64()),
        ("kind", pa.dictionary(pa.int32(), pa.string())),
        ("terminal", pa.dictionary(pa.int32(), pa.string())),
        ("person", pa.int32()),
        ("line", pa.string()),
    ]
)
_TALLY: Final = b"honnin_tally"
_TALLIES: Final = TypeAdapter(Tally)


class Part:
    """One shard's rows while it is run: ``take`` each unit's history, then ``content``. Rows are compressed as they come."""

    def __init__(self) -> None:
        self._buffer = BytesIO()
        self._writer = pq.ParquetWriter(self._buffer, _SCHEMA, compression="zstd")

    def take(self, unit: str, history: list[At], lines: list[str]) -> None:
        """A unit's history and the same as lines of JSON."""
        columns: dict[str, list[Any]] = {
            "unit": [unit] * len(lines),
            "at_s": [at.at_s for at in history],
            "kind": [type(at.seen).__name__ for at in history],
            "terminal": [getattr(at.seen, "terminal", "") for at in history],
            "person": [getattr(at.seen, "person", 0) for at in history],
            "line": lines,
        }
        self._writer.write_table(pa.table(columns, schema=_SCHEMA))

    def content(self, tally: Tally) -> bytes:
        """The whole part, with what was counted of it."""
        self._writer.add_key_value_metadata({_TALLY: _TALLIES.dump_json(tally)})
        self._writer.close()
        return self._buffer.getvalue()


def write_part(path: Path, content: bytes) -> None:
    """Put a part into its place in one step; raise ``FleetError`` when it cannot be written."""
    draft = path.with_name(f".{path.name}.draft")
    with writable(path.parent):
        draft.write_bytes(content)
        draft.replace(path)


def tally_of(path: Path) -> Tally:
    """What was counted of a part; raise ``ValueError`` when the file is no part of a fleet's history."""
    try:
        return _TALLIES.validate_json((pq.read_metadata(path).metadata or {})[_TALLY])
    except (KeyError, ValueError, OSError, pa.ArrowException) as error:
        raise ValueError(f"{path.name}: expected a part of a fleet's history, got {type(error).__name__}") from None


def history_of(paths: Iterable[Path], unit: str) -> Iterator[At]:
    """The history of one unit, from the parts that hold it: for checkers and stories."""
    for path in paths:
        table = pq.read_table(path, columns=["line"], filters=[("unit", "=", unit)])
        for line in table.column("line"):
            yield at_of(line.as_py())


def lines_of(history: list[At]) -> list[str]:
    """A history as lines of JSON."""
    return [line_of(at) for at in history]
