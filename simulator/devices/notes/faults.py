"""The note validator's faults, and at which occasion each strikes."""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final


@unique
class NotesFault(StrEnum):
    """What goes wrong."""

    REJECTED = "rejected"
    JAM_IN_ACCEPTOR = "jam-in-acceptor"
    JAM_IN_STACKER = "jam-in-stacker"
    CHEATED = "cheated"
    FAILURE = "failure"
    COMMUNICATION = "communication"
    POWER_LOST = "power-lost"
    IGNORES_INHIBIT = "ignores-inhibit"


WORDS: Final[Mapping[StrEnum, str]] = {
    NotesFault.REJECTED: "at a note that is looked at: it is not taken (reason 71)",
    NotesFault.JAM_IN_ACCEPTOR: "at a note that is looked at: it sticks until unjam, which gives it back",
    NotesFault.JAM_IN_STACKER: "at a note half-way into the stacker: it sticks until unjam, then goes on",
    NotesFault.CHEATED: "at a note that is being stacked: it is pulled out again on a string; told until a reset",
    NotesFault.FAILURE: "at a note that is being stacked: the motor fails; told until a reset",
    NotesFault.COMMUNICATION: "at a note that is looked at: head and body do not hear each other; told until a reset",
    NotesFault.POWER_LOST: "at a note that goes on to its next place: the power fails for a moment",
    NotesFault.IGNORES_INHIBIT: "at a setting of the inhibit: it is echoed and not obeyed",
}
