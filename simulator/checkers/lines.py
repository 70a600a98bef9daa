"""The lines of a history with their numbers, one at a time, so that a history of any length is checked in little memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from simulator.history import At, HistoryError, at_of
from simulator.seen import Seen

S_co = TypeVar("S_co", bound=Seen, covariant=True)


class Line(NamedTuple, Generic[S_co]):
    """``seen`` at ``at_s`` seconds since the run began, at line ``number`` (from 1)."""

    number: int
    at_s: float
    seen: S_co


def numbered(history: Iterable[At], first: int = 1) -> Iterator[Line[Seen]]:
    """The lines of a history in memory, or of a further part of it that begins at line ``first``."""
    for number, at in enumerate(history, first):
        yield Line(number, at.at_s, at.seen)


def read_lines(path: Path) -> Iterator[Line[Seen]]:
    """The lines of a history file; raise ``HistoryError`` naming the line, or ``OSError``."""
    with path.open(encoding="utf-8") as file:
        try:
            for number, text in enumerate(file, 1):
                yield _line_of(text, number, path)
        except UnicodeDecodeError:
            raise HistoryError(f"{path.name}: expected text in UTF-8; it is no history") from None


def _line_of(text: str, number: int, path: Path) -> Line[Seen]:
    try:
        at = at_of(text)
    except HistoryError as error:
        raise HistoryError(f"{path.name}, line {number}: {error}") from None
    return Line(number, at.at_s, at.seen)
