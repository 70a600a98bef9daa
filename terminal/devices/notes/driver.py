"""The note validator on a serial line: JCM ID-003 as the port ``NoteValidator``.

A vend valid stands until ``command(ACKNOWLEDGE_VEND)``: no poll, no clear and no reset of this driver takes it away, so that it
can be put on record first (promise P4).
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, assert_never

from terminal.clock import Clock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.notes.api import (
    Initializing,
    NoteCommand,
    NotePlace,
    NotesCode,
    NotesDisabled,
    NotesFailed,
    NotesFaulty,
    NotesIdle,
    NoteStacked,
    NoteState,
    PoweredUp,
)
from terminal.devices.notes.commands import INHIBITED, Command, Status
from terminal.devices.notes.exchange import Id003Error
from terminal.devices.notes.host import Id003Host, not_inhibited
from terminal.devices.notes.states import ACTIONS, device_status
from terminal.devices.notes.timing import Id003Profile
from terminal.devices.serial_line import LineError, SerialLine

DEVICE: Final = "notes"

_RESET_HEALS: Final = (Status.CHEATED, Status.FAILURE, Status.COMMUNICATION_ERROR)
_STANDS: Final = (
    Status.VEND_VALID,
    Status.POWER_UP_IN_STACKER,
    Status.STACKER_FULL,
    Status.STACKER_OPEN,
    Status.JAM_IN_ACCEPTOR,
    Status.JAM_IN_STACKER,
    *_RESET_HEALS,
)
"""What ``clear`` leaves as it is: it is for whoever keeps the record, or for a person."""


class Id003Notes:
    """Implements ``NoteValidator``.

    ``accepts_yen``: the notes that it may be let take, of those that it knows. ``blocks_service``: False where the terminal can
    do without notes.
    """

    def __init__(
        self,
        line: SerialLine,
        clock: Clock,
        wait: Callable[[float], None],
        accepts_yen: frozenset[int],
        profile: Id003Profile = Id003Profile(),  # noqa: B008 - a frozen value
        *,
        blocks_service: bool = True,
    ) -> None:
        self._host = Id003Host(line, clock, wait, accepts_yen, profile)
        self._clock = clock
        self._wait = wait
        self._profile = profile
        self._blocks_service = blocks_service
        self._notes_yen: tuple[int, ...] = ()

    @property
    def denominations_yen(self) -> tuple[int, ...]:
        """See ``NoteValidator.denominations_yen``: of what it told last; asked when it never told; empty while it does not."""
        if not self._notes_yen:
            with suppress(Id003Error, LineError):
                self._host.codes()
        if self._host.welcome_yen:
            self._notes_yen = tuple(sorted(self._host.welcome_yen))
        return self._notes_yen

    def poll(self) -> NoteState | NotesFailed:
        """See ``NoteValidator.poll``."""
        try:
            return self._host.state()
        except (Id003Error, LineError) as error:
            return _failed(error)

    def accept(self, notes_yen: frozenset[int]) -> NotesFailed | None:
        """See ``NoteValidator.accept``; one that lost its power with no note inside is reset first."""
        try:
            self._host.rouse()
            self._host.accept(notes_yen)
        except (Id003Error, LineError) as error:
            return _failed(error)
        return None

    def command(self, command: NoteCommand) -> NotesFailed | None:
        """See ``NoteValidator.command``."""
        try:
            match command:
                case NoteCommand.ACKNOWLEDGE_VEND:
                    self._host.acknowledge_vend()
                case NoteCommand.RESET:
                    self._host.reset()
                case NoteCommand.STACK | NoteCommand.RETURN | NoteCommand.HOLD:
                    self._host.order(command)
                case never:
                    assert_never(never)
        except (Id003Error, LineError) as error:
            return _failed(error)
        return None

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``; one that lost its power with no note inside is reset by the way.

        Asked between customers, so that any note in the path is one that was left there: a level until it is gone.
        """
        try:
            self._host.rouse()
            level, text = _level(self._host.state()), ""
        except (Id003Error, LineError) as error:
            failed = _failed(error)
            level, text = failed.code, failed.text
        if level is None:
            return Readiness(DEVICE, DeviceStatus.ONLINE, "the note validator answers")
        fault = Fault(DEVICE, level, ACTIONS[level], self._blocks_service)
        status = device_status(level) if self._blocks_service else DeviceStatus.ONLINE
        return Readiness(DEVICE, status, text or ACTIONS[level], (fault,))

    def clear(self) -> None:
        """See ``Resettable.clear``: gives back what is in escrow and inhibits, within ``clear_s``.

        Left alone: a vend valid, and "power-up with bill in stacker", which may be the only word about that note: whoever keeps
        the record counts it, and acknowledges or resets.
        """
        with suppress(Id003Error, LineError):
            self._clear()

    def prove(self) -> ProofLine:
        """See ``Resettable.prove``: inhibited by its own word, and nothing in the path.

        A full stacker is told only while nothing is in the path, so it proves as much as "disabled".
        """
        try:
            state = Status(self._host.status().command)
            if state not in (Status.DISABLED, Status.STACKER_FULL):
                code = _unproved(state)
                return ProofLine(DEVICE, False, f"the note validator is in state {state.name}", code, ACTIONS[code])
            if self._host.ask_setting(Command.REQUEST_INHIBIT) != INHIBITED:
                raise not_inhibited()
        except (Id003Error, LineError) as error:
            failed = _failed(error)
            return ProofLine(DEVICE, False, failed.text, failed.code, ACTIONS[failed.code])
        return ProofLine(DEVICE, True, "inhibited, nothing in escrow, no note to be acknowledged")

    def _clear(self) -> None:
        until_s = self._clock.now_s() + self._profile.timing.clear_s
        inhibited = was_reset = False
        while True:
            status = Status(self._host.status().command)
            if status in (Status.DISABLED, Status.IDLING):
                self._host.accept(frozenset())
                return
            if status in _RESET_HEALS and not was_reset:
                was_reset = True
                self._host.reset()
            elif status in _STANDS:
                self._host.inhibit()
                return
            else:
                inhibited = self._help_along(status, inhibited=inhibited)
            if self._clock.now_s() >= until_s:
                return
            self._wait(self._profile.timing.poll_s)

    def _help_along(self, status: Status, *, inhibited: bool) -> bool:
        """One step towards rest; returns whether it is inhibited now."""
        if status in (Status.POWER_UP, Status.POWER_UP_IN_ACCEPTOR):
            self._host.reset()
            return True
        if not inhibited:
            self._host.inhibit()
        if status in (Status.ESCROW, Status.HOLDING):
            self._host.order(NoteCommand.RETURN)
        return True


def _failed(error: Id003Error | LineError) -> NotesFailed:
    code = NotesCode(error.code) if isinstance(error, Id003Error) else NotesCode.LINE_GONE
    return NotesFailed(code, error.failure.text)


def _level(state: NoteState) -> NotesCode | None:
    match state:
        case NotesFaulty(code=code):
            return code
        case NotesIdle() | NotesDisabled() | NoteStacked():
            return None
        case PoweredUp(note=NotePlace.NONE) | Initializing():
            return NotesCode.FAILURE
        case _:
            return NotesCode.NOTE_INSIDE


def _unproved(status: Status) -> NotesCode:
    match status:
        case Status.IDLING:
            return NotesCode.NOT_INHIBITED
        case Status.STACKER_OPEN:
            return NotesCode.STACKER_OPEN
        case Status.JAM_IN_ACCEPTOR:
            return NotesCode.JAMMED_ACCEPTOR
        case Status.JAM_IN_STACKER:
            return NotesCode.JAMMED_STACKER
        case Status.PAUSE:
            return NotesCode.PAUSED
        case Status.CHEATED:
            return NotesCode.CHEATED
        case Status.FAILURE:
            return NotesCode.FAILURE
        case Status.COMMUNICATION_ERROR:
            return NotesCode.COMMUNICATION
        case _:
            return NotesCode.NOTE_INSIDE
