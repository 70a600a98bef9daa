"""A run's history: what was seen and when, in order, kept in memory or as lines of JSON that any program can read.

A file has one object a line: ``{"at_s": …, "kind": …, …}``; times are seconds of virtual time since the run began. Checkers
(``simulator.checkers``) read nothing else.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from simulator.seen import SEEN_TYPES, Seen
from terminal.clock import Clock

_KINDS: Final = {kind.__name__: kind for kind in SEEN_TYPES}


class HistoryError(ValueError):
    """A history file holds something else than a history; the text says where and what was expected."""


@dataclass(frozen=True, slots=True)
class At:
    """``seen`` at ``at_s`` seconds since the run began."""

    at_s: float
    seen: Seen


class History:
    """Takes what is seen, in order; iterate over it, or ``write`` it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_s = clock.now_s()
        self._lines: list[At] = []

    def see(self, seen: Seen) -> None:
        """One more line, now."""
        self._lines.append(At(round(self._clock.now_s() - self._began_s, 3), seen))

    def __iter__(self) -> Iterator[At]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def take(self) -> list[At]:
        """Everything so far, which is forgotten here: so that a long run's memory stays flat."""
        taken, self._lines = self._lines, []
        return taken


def line_of(at: At) -> str:
    """One line of a file, without its line feed."""
    kind = type(at.seen).__name__
    value: dict[str, Any] = _adapter(kind).dump_python(at.seen, mode="json")
    return json.dumps({"at_s": at.at_s, "kind": kind, **value}, ensure_ascii=False, separators=(",", ":"))


def at_of(line: str) -> At:
    """What ``line_of`` wrote; raise ``HistoryError`` for anything else."""
    try:
        value = json.loads(line)
        kind, at_s = value.pop("kind"), float(value.pop("at_s"))
        return At(at_s, _adapter(kind).validate_json(json.dumps(value)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise HistoryError(f"expected a line of a history, got {line[:80]!r} ({type(error).__name__})") from None


def write(lines: Iterable[At], path: Path) -> None:
    """Write a history file."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line_of(line)}\n" for line in lines)


def read(path: Path) -> list[At]:
    """Read a history file; raise ``HistoryError`` naming the line, or ``OSError``."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(at_of(line))
        except HistoryError as error:
            raise HistoryError(f"{path.name}, line {number}: {error}") from None
    return found


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    if kind not in _KINDS:
        raise KeyError(kind)
    return TypeAdapter(_KINDS[kind])
