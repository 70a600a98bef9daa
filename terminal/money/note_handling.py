"""What becomes of a note: stacked when it is welcome, given back when not, and counted exactly once (JCM ID-003, "vend valid").

The ledger decides: whatever says that the note lies in the stacker ("vend valid", "stacked", "power-up with bill in stacker") is
counted while the ledger has the note as escrowed, and acknowledged or reset only after it is on record; the next word about the
same note finds nothing in escrow. So it is all one whether a validator repeats its vend valid after a power cut.
"""

from collections.abc import Callable
from typing import Final, assert_never

from terminal.clock import Clock
from terminal.devices.notes.api import (
    Initializing,
    NoteAccepting,
    NoteCommand,
    NoteEscrowed,
    NoteHolding,
    NotePlace,
    NoteRejected,
    NoteReturning,
    NotesCode,
    NotesDisabled,
    NotesFailed,
    NotesFaulty,
    NotesIdle,
    NoteStacked,
    NoteStacking,
    NoteState,
    NoteValidator,
    NoteVendValid,
    PoweredUp,
)
from terminal.money import movements
from terminal.money.catching_up import Trouble
from terminal.money.till import Till

_LOOK_S: Final = 0.1
_AT_REST: Final = (NotesIdle, NotesDisabled, NotesFaulty)


class NoteHandler:
    """Follows the validator, one poll a ``turn``."""

    def __init__(self, validator: NoteValidator, till: Till) -> None:
        self._validator = validator
        self._till = till
        self.moving = False
        """Whether a note was on its way at the last turn."""

    def turn(self, welcome_yen: frozenset[int]) -> Trouble | None:
        """Look once and do what is due; a note in escrow is stacked if ``welcome_yen`` has it, else given back."""
        state = self._validator.poll()
        if isinstance(state, NotesFailed):
            return Trouble(state.code, state.text)
        self.moving = not isinstance(state, _AT_REST)
        return self._act(state, welcome_yen)

    def stuck(self) -> Trouble:
        """What is wrong when a note does not come to rest."""
        return Trouble(NotesCode.NOTE_INSIDE, "a note does not come to rest in the validator; call the staff")

    def _act(self, state: NoteState, welcome_yen: frozenset[int]) -> Trouble | None:
        match state:
            case NoteEscrowed(note_yen=note_yen):
                return self._decide(note_yen, welcome_yen)
            case NoteVendValid():
                self._count()
                return self._command(NoteCommand.ACKNOWLEDGE_VEND)
            case NoteStacked():
                self._count()
            case NoteHolding():
                return self._command(NoteCommand.RETURN)
            case PoweredUp(note=place):
                return self._wake(place)
            case NotesIdle() | NotesDisabled() | NoteRejected():
                self._give_back()
            case NotesFaulty(code=code):
                return Trouble(code, "the note validator reports trouble; call the staff")
            case NoteStacking() | NoteAccepting() | NoteReturning() | Initializing():
                pass
            case _:
                assert_never(state)
        return None

    @property
    def _escrowed_yen(self) -> int:
        account = self._till.state.account
        return account.escrowed_yen if account is not None else 0

    def _decide(self, note_yen: int, welcome_yen: frozenset[int]) -> Trouble | None:
        if self._escrowed_yen != note_yen:
            # Another note was on record: it went back while nobody looked, or this one could not be here.
            self._give_back()
            self._till.record(movements.NoteEscrowed(note_yen=note_yen))
        return self._command(NoteCommand.STACK if note_yen in welcome_yen else NoteCommand.RETURN)

    def _count(self) -> None:
        if self._escrowed_yen:
            self._till.record(movements.NoteStacked())

    def _give_back(self) -> None:
        if self._escrowed_yen:
            self._till.record(movements.NoteReturned())

    def _wake(self, place: NotePlace) -> Trouble | None:
        """Powered up anew: a note in the stacker counts before the reset, which not every validator tells of it after.

        One in the acceptor is given back by the reset, and on record as returned once it is out of the way.
        """
        if place is NotePlace.IN_STACKER:
            self._count()
        return self._command(NoteCommand.RESET)

    def _command(self, command: NoteCommand) -> Trouble | None:
        failed = self._validator.command(command)
        return None if failed is None else Trouble(failed.code, failed.text)


def catch_up_notes(
    till: Till, validator: NoteValidator, clock: Clock, wait: Callable[[float], None], bound_s: float
) -> Trouble | None:
    """Bring a note that is on its way to rest: what can go back goes back, what is stacked is counted; bounded."""
    handler = NoteHandler(validator, till)
    until_s = clock.now_s() + bound_s
    while True:
        trouble = handler.turn(frozenset())
        if trouble is not None or not handler.moving:
            return trouble
        if clock.now_s() >= until_s:
            return handler.stuck()
        wait(_LOOK_S)
