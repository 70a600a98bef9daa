"""A host of one ID-003 validator: settings that are read back, orders that are repeated only when they did not arrive.

Sources of the order of things: hackwin/JCMBillAcceptorID003 (reset, settings, poll, stack, acknowledge without an answer),
heweysan/jcm (settings while it initialises, read back), Portalum/Portalum.Id003.
"""

from collections.abc import Callable, Mapping
from typing import Final

from terminal.clock import Clock
from terminal.devices.notes.api import NoteCommand, NotesCode, NotesFaulty, NoteState, PoweredUp
from terminal.devices.notes.codec import Frame
from terminal.devices.notes.commands import (
    FIRST_NOTE,
    INHIBITED,
    INVALID,
    NOT_INHIBITED,
    NOTES_MAX,
    POWER_RECOVERY,
    Command,
    Status,
)
from terminal.devices.notes.exchange import Exchange, Id003Error
from terminal.devices.notes.states import ACTIONS, codes_of, state_of
from terminal.devices.notes.timing import Id003Profile
from terminal.devices.serial_line import SerialLine

_TRIES: Final = 3
_STATUSES: Final = frozenset(int(status) for status in Status)
_AWAITING: Final = frozenset({Status.ESCROW, Status.HOLDING})

_REPEATABLE_RESET: Final = frozenset(status for status in Status if status >= Status.POWER_UP)
_ARRIVED: Final[Mapping[NoteCommand, frozenset[Status]]] = {
    NoteCommand.STACK: frozenset({Status.STACKING, Status.VEND_VALID, Status.STACKED}),
    NoteCommand.RETURN: frozenset({Status.RETURNING, Status.REJECTING, Status.IDLING, Status.DISABLED}),
    NoteCommand.HOLD: frozenset({Status.HOLDING}),
    NoteCommand.RESET: frozenset(Status) - _REPEATABLE_RESET,
}
_MISSED: Final[Mapping[NoteCommand, frozenset[Status]]] = {
    NoteCommand.STACK: _AWAITING,
    NoteCommand.RETURN: _AWAITING,
    NoteCommand.HOLD: frozenset({Status.ESCROW}),
    NoteCommand.RESET: _REPEATABLE_RESET,
}
"""The states that show that an order did not arrive."""


class Id003Host:
    """Every call is bounded and raises ``LineError`` or ``Id003Error``."""

    def __init__(
        self,
        line: SerialLine,
        clock: Clock,
        wait: Callable[[float], None],
        accepts_yen: frozenset[int],
        profile: Id003Profile,
    ) -> None:
        self._exchange = Exchange(line, clock, profile.timing)
        self._clock = clock
        self._wait = wait
        self._accepts_yen = accepts_yen
        self._profile = profile
        self._codes: Mapping[int, int] | None = None

    def status(self) -> Frame:
        """The answer to STATUS as it came."""
        if not self._exchange.in_step:
            self._codes = None  # another validator may have been plugged in
        return self._exchange.ask(Frame(Command.STATUS), _STATUSES)

    def state(self) -> NoteState:
        """The state that it tells."""
        answer = self.status()
        return state_of(answer, self.codes())

    def codes(self) -> Mapping[int, int]:
        """Escrow code to yen, asked once a contact."""
        if self._codes is None:
            codes = dict(self._profile.codes) or self._asked_codes()
            self._demand_ours(frozenset(codes.values()))
            self._codes = codes
        return self._codes

    @property
    def welcome_yen(self) -> frozenset[int]:
        """The notes that it may be let take, of those that ``codes`` found, without asking."""
        return self._accepts_yen & frozenset((self._codes or {}).values())

    def accept(self, notes_yen: frozenset[int]) -> None:
        """Take exactly these notes; believed only when read back."""
        codes = self.codes()
        if unknown := notes_yen - self.welcome_yen:
            text = f"expected notes among {sorted(self.welcome_yen)} yen, came {sorted(unknown)}"
            raise Id003Error(NotesCode.WRONG_DEVICE, text)
        refused = (1 << NOTES_MAX) - 1
        for code, note_yen in codes.items():
            if note_yen in notes_yen:
                refused &= ~(1 << code - FIRST_NOTE)
        inhibit = NOT_INHIBITED if notes_yen else INHIBITED
        if not notes_yen:
            self._set(Command.SET_INHIBIT, inhibit)
        self._set_recovery()
        self._set(Command.SET_ENABLED, bytes([refused, 0]))
        self._set(Command.SET_INHIBIT, inhibit)
        said = self.ask_setting(Command.REQUEST_ENABLED)
        if said[:1] != bytes([refused]) or self.ask_setting(Command.REQUEST_INHIBIT) != inhibit:
            raise not_inhibited()

    def inhibit(self) -> None:
        """Let nothing further in, whatever is in the path."""
        self._set(Command.SET_INHIBIT, INHIBITED)

    def ask_setting(self, request: Command) -> bytes:
        """The value of a setting."""
        return self._exchange.ask(Frame(request), frozenset({request})).data

    def order(self, command: NoteCommand) -> None:
        """STACK, RETURN, HOLD or RESET: again only when the state, read again, shows that it did not arrive."""
        status = Status.ESCROW
        for _ in range(_TRIES):
            taken = self._exchange.order(self._byte(command))
            if taken:
                return
            status = Status(self.status().command)
            if status in _ARRIVED[command]:
                return
            if status not in _MISSED[command]:
                break
        raise self._refused(command, status)

    def acknowledge_vend(self) -> None:
        """Acknowledge a vend valid until it is gone; nothing is sent when none stands."""
        for _ in range(_TRIES):
            if self.status().command != Status.VEND_VALID:
                return
            self._exchange.tell(Command.ACK)
        if self.status().command == Status.VEND_VALID:
            text = "expected the vend valid to be gone after its acknowledgement, it stands still; check the cable"
            raise Id003Error(NotesCode.NOTE_INSIDE, text)

    def reset(self) -> None:
        """Reset it and inhibit it while it comes up; never while a vend valid stands, which would be lost."""
        status = self.status().command
        if status == Status.INITIALIZING:
            return
        if status == Status.VEND_VALID:
            text = "expected no vend valid before a reset, one stands; acknowledge it first"
            raise Id003Error(NotesCode.NOTE_INSIDE, text)
        self.order(NoteCommand.RESET)
        self._set(Command.SET_INHIBIT, INHIBITED)
        self._set_recovery()

    def rouse(self) -> None:
        """Bring a validator up that lost its power with no note inside, and wait until its reset is through."""
        if self.status().command == Status.POWER_UP:
            self.reset()
        self.await_initialized()

    def await_initialized(self) -> None:
        """Wait until its reset is through, up to ``initialize_s``."""
        until_s = self._clock.now_s() + self._profile.timing.initialize_s
        while self.status().command == Status.INITIALIZING:
            if self._clock.now_s() >= until_s:
                bound_s = self._profile.timing.initialize_s
                text = f"expected its reset to be through in {bound_s:g} s; {ACTIONS[NotesCode.FAILURE]}"
                raise Id003Error(NotesCode.FAILURE, text)
            self._wait(self._profile.timing.poll_s)

    def _demand_ours(self, notes_yen: frozenset[int]) -> None:
        if notes_yen <= self._profile.notes_yen and notes_yen & self._accepts_yen:
            return
        known, wanted = sorted(self._profile.notes_yen), sorted(self._accepts_yen)
        text = f"expected notes among {known} yen, some of {wanted} with them, came {sorted(notes_yen)}"
        raise Id003Error(NotesCode.WRONG_DEVICE, f"{text}; {ACTIONS[NotesCode.WRONG_DEVICE]}")

    def _asked_codes(self) -> dict[int, int]:
        request = Command.REQUEST_CURRENCIES
        answer = self._exchange.ask(Frame(request), frozenset({request, INVALID}))
        return codes_of(answer.data) if answer.command == request else {}

    def _byte(self, command: NoteCommand) -> Command:
        match command:
            case NoteCommand.STACK:
                return self._profile.stack
            case NoteCommand.RETURN:
                return Command.RETURN
            case NoteCommand.HOLD:
                return Command.HOLD
            case NoteCommand.RESET:
                return Command.RESET
            case NoteCommand.ACKNOWLEDGE_VEND:
                return Command.ACK

    def _set_recovery(self) -> None:
        if self._profile.vend_valid_after_power_up:
            self._set(Command.SET_OPTIONS, POWER_RECOVERY)

    def _set(self, setting: Command, value: bytes) -> None:
        answer = self._exchange.ask(Frame(setting, value), frozenset({setting, INVALID}))
        if answer.command == INVALID:
            text = (
                f"expected the validator to take setting {setting:02X}, it refused; {ACTIONS[NotesCode.NOT_INHIBITED]}"
            )
            raise Id003Error(NotesCode.NOT_INHIBITED, text)

    def _refused(self, command: NoteCommand, status: Status) -> Id003Error:
        code = NotesCode.BAD_ANSWER
        if status not in (Status.ESCROW, Status.REJECTING):
            match state_of(Frame(status), {}):
                case NotesFaulty(code=fault):
                    code = fault
                case PoweredUp():
                    code = NotesCode.NOTE_INSIDE
                case _:
                    pass
        return Id003Error(
            code, f"expected the validator to take {command}, it is in state {status.name}; look at its state"
        )


def not_inhibited() -> Id003Error:
    """It does not say of itself that it takes just what it was told to."""
    text = f"expected the validator to take just the notes it was told to, it says otherwise; {ACTIONS[NotesCode.NOT_INHIBITED]}"
    return Id003Error(NotesCode.NOT_INHIBITED, text)
