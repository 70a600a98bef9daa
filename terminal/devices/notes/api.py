"""The note validator's port: one state a poll, and commands that move a note. What counts is for whoever keeps the record.

"Vend valid" stands until it is acknowledged, so that it can be put on record first. Source: JCM ID-003 as public hosts speak it
(``codec.py`` names them), reference service-and-incidents.md 4.2.
"""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Protocol, TypeAlias

from terminal.devices.api import Resettable


@unique
class NotesCode(StrEnum):
    """Why notes cannot be taken, or which level of the validator is up."""

    SILENT = "NOTES_SILENT"
    LINE_GONE = "NOTES_LINE_GONE"
    BAD_ANSWER = "NOTES_BAD_ANSWER"
    WRONG_DEVICE = "NOTES_WRONG_DEVICE"
    STACKER_FULL = "NOTES_STACKER_FULL"
    STACKER_OPEN = "NOTES_STACKER_OPEN"
    JAMMED_ACCEPTOR = "NOTES_JAMMED_ACCEPTOR"
    JAMMED_STACKER = "NOTES_JAMMED_STACKER"
    PAUSED = "NOTES_PAUSED"
    """A second note was pushed in behind the first."""
    CHEATED = "NOTES_CHEATED"
    FAILURE = "NOTES_FAILURE"
    COMMUNICATION = "NOTES_COMMUNICATION"
    """The validator's head and body do not hear each other."""
    NOT_INHIBITED = "NOTES_NOT_INHIBITED"
    """It does not say of itself that it takes just the notes it was told to."""
    NOTE_INSIDE = "NOTES_NOTE_INSIDE"
    """A note does not come to rest in the path."""


@dataclass(frozen=True, slots=True)
class NotesIdle:
    """Enabled, waiting for a note."""


@dataclass(frozen=True, slots=True)
class NotesDisabled:
    """Inhibited, nothing in the path."""


@dataclass(frozen=True, slots=True)
class NoteAccepting:
    """A note is on its way in."""


@dataclass(frozen=True, slots=True)
class NoteEscrowed:
    """A note lies in escrow and waits for the word: stacked or returned."""

    note_yen: int


@dataclass(frozen=True, slots=True)
class NoteStacking:
    """On its way into the stacker."""


@dataclass(frozen=True, slots=True)
class NoteVendValid:
    """The note cannot come back any more: it counts. Stands until acknowledged."""


@dataclass(frozen=True, slots=True)
class NoteStacked:
    """In the stacker, and acknowledged."""


@dataclass(frozen=True, slots=True)
class NoteReturning:
    """On its way back to the customer."""


@dataclass(frozen=True, slots=True)
class NoteRejected:
    """Not taken; ``reason`` is the validator's own number for why."""

    reason: int


@dataclass(frozen=True, slots=True)
class NoteHolding:
    """Held in escrow on our word."""


@unique
class NotePlace(StrEnum):
    """Where a note is after the power came back."""

    NONE = "none"
    IN_ACCEPTOR = "in-acceptor"
    IN_STACKER = "in-stacker"


@dataclass(frozen=True, slots=True)
class PoweredUp:
    """It lost its power and waits for its reset."""

    note: NotePlace


@dataclass(frozen=True, slots=True)
class Initializing:
    """Its reset is under way."""


@dataclass(frozen=True, slots=True)
class NotesFaulty:
    """It reports a fault of its own."""

    code: NotesCode


@dataclass(frozen=True, slots=True)
class NotesFailed:
    """No usable answer; nothing that was asked for may be taken for done."""

    code: NotesCode
    text: str


NoteState: TypeAlias = (
    NotesIdle
    | NotesDisabled
    | NoteAccepting
    | NoteEscrowed
    | NoteStacking
    | NoteVendValid
    | NoteStacked
    | NoteReturning
    | NoteRejected
    | NoteHolding
    | PoweredUp
    | Initializing
    | NotesFaulty
)


@unique
class NoteCommand(StrEnum):
    """What can be done with a note, and the reset."""

    STACK = "stack"
    RETURN = "return"
    HOLD = "hold"
    ACKNOWLEDGE_VEND = "acknowledge-vend"
    RESET = "reset"


class NoteValidator(Resettable, Protocol):
    """Takes one note at a time; everything is inhibited until ``accept`` says otherwise."""

    @property
    def denominations_yen(self) -> tuple[int, ...]:
        """The notes it knows and may take, smallest first."""
        ...

    def poll(self) -> NoteState | NotesFailed:
        """Its state now; never acknowledges anything."""
        ...

    def accept(self, notes_yen: frozenset[int]) -> NotesFailed | None:
        """Take exactly these notes (none: inhibited); read back before it is believed."""
        ...

    def command(self, command: NoteCommand) -> NotesFailed | None:
        """Give ``command``; None when it was taken. Giving it again is harmless."""
        ...
