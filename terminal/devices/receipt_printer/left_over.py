"""The mark that a slip was begun and is not known to be printed and cut: it may hang in the printer.

With a path it is an empty file, which a power cut, a killed process and the reset's own process all find again; without, it lives
as long as the driver.
"""

from contextlib import suppress
from pathlib import Path


class LeftOverMark:
    """Up from before the first byte of a slip until the printer's word that it is printed, or that its rest was voided."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._up = False

    @property
    def lasting(self) -> bool:
        """Whether the mark outlives this driver."""
        return self._path is not None

    @property
    def up(self) -> bool:
        """Whether a slip may hang half printed."""
        return self._up or (self._path is not None and self._path.exists())

    def put_up(self) -> None:
        """A slip begins. A disk that takes no file leaves the mark in memory."""
        self._up = True
        if self._path is not None:
            with suppress(OSError):
                self._path.touch()

    def take_down(self) -> None:
        """The slip is whole, or its rest is voided and cut off; a file that cannot be removed leaves the mark up."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        self._up = False
