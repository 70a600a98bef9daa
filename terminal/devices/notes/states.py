"""From ID-003's statuses to the port's states, and what each code asks of a clerk."""

from collections.abc import Mapping
from typing import Final

from terminal.devices.api import DeviceStatus
from terminal.devices.notes.api import (
    Initializing,
    NoteAccepting,
    NoteEscrowed,
    NoteHolding,
    NotePlace,
    NoteRejected,
    NoteReturning,
    NotesCode,
    NotesDisabled,
    NotesFaulty,
    NotesIdle,
    NoteStacked,
    NoteStacking,
    NoteState,
    NoteVendValid,
    PoweredUp,
)
from terminal.devices.notes.codec import Frame
from terminal.devices.notes.commands import FIRST_NOTE, NOTES_MAX, Status
from terminal.devices.notes.exchange import Id003Error

ACTIONS: Final[Mapping[NotesCode, str]] = {
    NotesCode.SILENT: "switch the note validator on and check its cable",
    NotesCode.LINE_GONE: "check the note validator's cable and power",
    NotesCode.BAD_ANSWER: "check the note validator's cable and the speed it is set to",
    NotesCode.WRONG_DEVICE: "fit a note validator that is set for yen",
    NotesCode.STACKER_FULL: "empty the note validator's stacker",
    NotesCode.STACKER_OPEN: "push the note validator's stacker in until it clicks",
    NotesCode.JAMMED_ACCEPTOR: "open the note validator's head and free the note",
    NotesCode.JAMMED_STACKER: "take the note validator's stacker out and free the note",
    NotesCode.PAUSED: "take the second note out of the note validator's mouth",
    NotesCode.CHEATED: "look for strings and tape in the note validator, then let the terminal reset it",
    NotesCode.FAILURE: "switch the note validator off and on; call service if it does not help",
    NotesCode.COMMUNICATION: "push the note validator's head in until it clicks",
    NotesCode.NOT_INHIBITED: "switch the note validator off and on; call service if it does not help",
    NotesCode.NOTE_INSIDE: "take the note out of the note validator's mouth; call service if none is there",
}

_PLAIN: Final[Mapping[int, NoteState]] = {
    Status.IDLING: NotesIdle(),
    Status.ACCEPTING: NoteAccepting(),
    Status.STACKING: NoteStacking(),
    Status.VEND_VALID: NoteVendValid(),
    Status.STACKED: NoteStacked(),
    Status.RETURNING: NoteReturning(),
    Status.HOLDING: NoteHolding(),
    Status.DISABLED: NotesDisabled(),
    Status.INITIALIZING: Initializing(),
    Status.POWER_UP: PoweredUp(NotePlace.NONE),
    Status.POWER_UP_IN_ACCEPTOR: PoweredUp(NotePlace.IN_ACCEPTOR),
    Status.POWER_UP_IN_STACKER: PoweredUp(NotePlace.IN_STACKER),
    Status.STACKER_FULL: NotesFaulty(NotesCode.STACKER_FULL),
    Status.STACKER_OPEN: NotesFaulty(NotesCode.STACKER_OPEN),
    Status.JAM_IN_ACCEPTOR: NotesFaulty(NotesCode.JAMMED_ACCEPTOR),
    Status.JAM_IN_STACKER: NotesFaulty(NotesCode.JAMMED_STACKER),
    Status.PAUSE: NotesFaulty(NotesCode.PAUSED),
    Status.CHEATED: NotesFaulty(NotesCode.CHEATED),
    Status.FAILURE: NotesFaulty(NotesCode.FAILURE),
    Status.COMMUNICATION_ERROR: NotesFaulty(NotesCode.COMMUNICATION),
}


def state_of(answer: Frame, codes: Mapping[int, int]) -> NoteState:
    """The state that a status answer tells; ``codes`` is escrow code to yen. Raises ``Id003Error`` for a note it cannot name."""
    if answer.command == Status.ESCROW:
        code = answer.data[0] if answer.data else 0
        if code not in codes:
            text = f"expected a note that the validator told of, came {code:02X} in escrow; {ACTIONS[NotesCode.WRONG_DEVICE]}"
            raise Id003Error(NotesCode.WRONG_DEVICE, text)
        return NoteEscrowed(codes[code])
    if answer.command == Status.REJECTING:
        return NoteRejected(answer.data[0] if answer.data else 0)
    return _PLAIN[answer.command]


def codes_of(data: bytes) -> dict[int, int]:
    """Escrow code to yen, from the answer to request 8A; raises ``Id003Error`` for data in another form.

    Source: four bytes a note, as public hosts read them; a note of value 0 is one that is not assigned. The country byte is not
    looked at: public sources have no list with Japan in it, so the values decide (``Id003Profile.notes_yen``).
    """
    codes: dict[int, int] = {}
    for start in range(0, len(data), 4):
        part = data[start : start + 4]
        if len(part) < 4 or not 0 <= part[0] - FIRST_NOTE < NOTES_MAX or part[0] in codes or part[3] > 6:
            raise Id003Error(
                NotesCode.WRONG_DEVICE,
                f"expected four bytes a note, came {data[:64].hex(' ')}; {ACTIONS[NotesCode.WRONG_DEVICE]}",
            )
        if part[2]:
            codes[part[0]] = part[2] * 10 ** part[3]
    return codes


def device_status(code: NotesCode) -> DeviceStatus:
    """What ``code`` makes of the device in XFS4IoT's words."""
    match code:
        case NotesCode.SILENT | NotesCode.LINE_GONE:
            return DeviceStatus.OFFLINE
        case NotesCode.CHEATED:
            return DeviceStatus.FRAUD_ATTEMPT
        case NotesCode.STACKER_FULL | NotesCode.STACKER_OPEN | NotesCode.PAUSED | NotesCode.NOTE_INSIDE:
            return DeviceStatus.USER_ERROR
        case _:
            return DeviceStatus.HARDWARE_ERROR
