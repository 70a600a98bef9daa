"""Expected failures as values, and the one exception that carries such a value.

A failure has a code from a room's own catalogue (an enum whose values start with the room's prefix) and a text that
says what was expected, what came and what to do. A text never holds personal data: it may be journalled and shown.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """An expected failure: a stable ``code`` (``ROOM_WHAT``) and a ``text`` for people, free of personal data."""

    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class HonninError(Exception):
    """Base of every typed error of Honnin; ``failure`` is what a caller journals, shows or maps to an outcome."""

    def __init__(self, code: str, text: str) -> None:
        self.failure = Failure(str(code), text)
        super().__init__(str(self.failure))

    @property
    def code(self) -> str:
        """The stable code of the failure."""
        return self.failure.code
