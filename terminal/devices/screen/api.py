"""The screen port: one view at a time out, a person's fingers in.

A screen knows nothing of the machine: what a pressed key means is decided by whoever composed the view. Personal data in a view
(a name to choose) is the customer's own and is gone with ``clear``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from terminal.devices.api import Resettable


class InputKind(StrEnum):
    """What the view waits for."""

    NOTHING = "nothing"
    CHOICE = "choice"
    """One of the choices; pressing it is the answer."""
    SELECTION = "selection"
    """Any of the choices; pressing one toggles it, OK ends."""
    DIGITS = "digits"
    """A four-digit PIN, shown masked, never kept by the screen."""
    CONFIRMATION = "confirmation"
    """OK (or back, or cancel)."""


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """One thing to press: its ``key`` as typed or touched, its ``label``, and whether it is selected or cannot be had."""

    key: str
    label: str
    selected: bool = False
    available: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """What is on the screen. ``screen`` is the name of the machine's screen; every other text is ready to be read."""

    screen: str
    title: str
    lines: tuple[str, ...] = ()
    choices: tuple[ViewChoice, ...] = ()
    waits_for: InputKind = InputKind.NOTHING
    ok_label: str = ""
    back_label: str = ""
    cancel_label: str = ""
    warning: str = ""
    banner: str = ""

    def __repr__(self) -> str:
        return f"View({self.screen})"


@dataclass(frozen=True, slots=True)
class ChoicePressed:
    """A choice's key was pressed."""

    key: str


@dataclass(frozen=True, slots=True, repr=False)
class DigitsEntered:
    """Four digits were typed. The receiver moves them out of ``digits`` and wipes it (``PinBuffer.take``)."""

    digits: bytearray

    def __repr__(self) -> str:
        return "DigitsEntered(redacted)"


@dataclass(frozen=True, slots=True)
class OkPressed:
    """OK, continue, or "I am still here"."""


@dataclass(frozen=True, slots=True)
class BackPressed:
    """One step back."""


@dataclass(frozen=True, slots=True)
class CancelPressed:
    """End it."""


PersonInput: TypeAlias = ChoicePressed | DigitsEntered | OkPressed | BackPressed | CancelPressed


class Screen(Resettable, Protocol):
    """A screen with keys or touch."""

    def show(self, view: View) -> None:
        """Replace what is on the screen."""
        ...

    def listen(self, listener: Callable[[PersonInput], None]) -> None:
        """Call ``listener`` with each input, on the screen's own supervised thread."""
        ...

    def close(self) -> None:
        """Leave the screen at its default and stop listening; never raises."""
        ...
