"""Where a note is in the validator, how long it stays there, and what the status poll calls it.

What lasts how long was measured by others on real ones: ten seconds in escrow, then rejected with reason 79; three when nobody
polls; a note given back is "returning" or "rejecting" until it is taken (a public ID-003 to CCNET proxy's notes on its flows).
"""

from enum import Enum, auto
from typing import Final

from terminal.devices.notes.commands import Status

ACCEPTING_S: Final = 0.5
ESCROW_S: Final = 10.0
UNPOLLED_S: Final = 3.0
STACKING_S: Final = 0.6
STACKED_S: Final = 0.25
RETURNING_S: Final = 0.5
INITIALIZING_S: Final = 1.0


class Phase(Enum):
    """Where the note in the machine is, or what was done last."""

    RESTING = auto()
    ACCEPTING = auto()
    ESCROW = auto()
    HOLDING = auto()
    TO_STACKER = auto()
    INTO_STACKER = auto()
    VEND_VALID = auto()
    STACKED = auto()
    RETURNING = auto()
    REJECTING = auto()


class Power(Enum):
    """Whether it works."""

    LOST = auto()
    INITIALIZING = auto()
    ON = auto()


LASTS_S: Final = {
    Phase.ACCEPTING: ACCEPTING_S,
    Phase.ESCROW: ESCROW_S,
    Phase.TO_STACKER: STACKING_S / 2,
    Phase.INTO_STACKER: STACKING_S / 2,
    Phase.STACKED: STACKED_S,
    Phase.RETURNING: RETURNING_S,
    Phase.REJECTING: RETURNING_S,
}
IN_ACCEPTOR: Final = (
    Phase.ACCEPTING,
    Phase.ESCROW,
    Phase.HOLDING,
    Phase.TO_STACKER,
    Phase.RETURNING,
    Phase.REJECTING,
)
STATUS_OF_PHASE: Final = {
    Phase.ACCEPTING: Status.ACCEPTING,
    Phase.ESCROW: Status.ESCROW,
    Phase.HOLDING: Status.HOLDING,
    Phase.TO_STACKER: Status.STACKING,
    Phase.INTO_STACKER: Status.STACKING,
    Phase.VEND_VALID: Status.VEND_VALID,
    Phase.STACKED: Status.STACKED,
    Phase.RETURNING: Status.RETURNING,
    Phase.REJECTING: Status.REJECTING,
}
