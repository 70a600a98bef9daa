"""What is wrong with a scenario file: where, what was expected, what came, what to do."""

from collections.abc import Iterable
from difflib import get_close_matches


class ScenarioError(ValueError):
    """A scenario cannot be used; ``line`` counts from 1, 0 when it is about the whole file."""

    def __init__(self, name: str, line: int, text: str) -> None:
        self.line = line
        where = f"{name}, line {line}" if line else name
        super().__init__(f"{where}: {text}")


def choose(what: str, known: Iterable[str], came: object) -> str:
    """``expected … one of …, came …``, and the nearest of the known ones when there is one."""
    names = list(known)
    near = get_close_matches(str(came), names, 1, 0.5)
    advice = f"; did you mean {near[0]}?" if near else ""
    return f"expected {what} of {', '.join(names) or 'none'}; came {str(came)[:80]!r}{advice}"
