"""The PIN pad on a serial line: one session for one entry, every look at it sealed (docs/protocols/pin-pad.md)."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar, assert_never

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from terminal.clock import Clock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.card_reader.pin import wipe
from terminal.devices.pin_pad.api import (
    Entering,
    PinEntry,
    PinEntryCanceled,
    PinEntryFailed,
    PinEntryTimedOut,
    PinPadCode,
    PinTyped,
)
from terminal.devices.pin_pad.exchange import ACTIONS, Exchange, PinPadError, Question, failure
from terminal.devices.pin_pad.frames import NONCE_BYTES, Frame, FrameType
from terminal.devices.pin_pad.messages import Ask, Held, PadState, StateAnswer
from terminal.devices.pin_pad.sealing import is_signed, state_statement
from terminal.devices.pin_pad.session import HostSession, PadLook, RandomBytes, open_session
from terminal.devices.pin_pad.timing import PinPadTiming
from terminal.devices.serial_line import LineError, SerialLine

DEVICE: Final = "pin_pad"

_T = TypeVar("_T")
_SUSPICIOUS: Final = frozenset({PinPadCode.FORGED, PinPadCode.NOT_TRUSTED, PinPadCode.BAD_ANSWER})


class SerialPinPad:
    """Implements ``PinPad`` on ``line``; for one thread at a time.

    ``identity_key`` is the pad's (``identity.load_identity_key``). After an entry that looked forged, ``readiness`` opens a
    session of its own and looks again before it calls the pad sound.
    """

    def __init__(
        self,
        line: SerialLine,
        clock: Clock,
        wait: Callable[[float], None],
        identity_key: Ed25519PublicKey,
        *,
        timing: PinPadTiming = PinPadTiming(),  # noqa: B008 - a frozen value
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> None:
        self.pad_name = ""
        """What the pad last called itself, under its signature; an emulated one says SPECIMEN."""
        self._clock = clock
        self._wait = wait
        self._identity = identity_key
        self._timing = timing
        self._random_bytes = random_bytes
        self._exchange = Exchange(line, clock, timing)
        self._suspect = False

    def enter(self, entering: Entering, bound_s: float) -> PinEntry:
        """See ``PinPad.enter``. A pad that stops answering ends it ``answer_s * tries`` later (1.5 s), the bound apart."""
        deadline_s = self._clock.now_s() + bound_s
        try:
            if entering.cancelled():
                return PinEntryCanceled()
            session = self._open()
            try:
                return self._follow(session, entering, deadline_s)
            finally:
                session.forget()
                self.clear()
        except (LineError, PinPadError) as error:
            code = _code(error)
            self._suspect = self._suspect or code in _SUSPICIOUS
            return PinEntryFailed(code, error.failure.text)

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``: the pad signs what it holds, over a fresh nonce."""
        try:
            held = self._held()
            if self._suspect:
                self._look_again()
        except (LineError, PinPadError) as error:
            code = _code(error)
            return Readiness(DEVICE, _status(code), error.failure.text, (Fault(DEVICE, code, ACTIONS[code]),))
        if Held.STUCK_KEY in held:
            code = PinPadCode.STUCK_KEY
            return Readiness(DEVICE, _status(code), ACTIONS[code], (Fault(DEVICE, code, ACTIONS[code]),))
        return Readiness(DEVICE, DeviceStatus.ONLINE, "the PIN pad proves its identity key")

    def clear(self) -> None:
        """See ``Resettable.clear``: the pad forgets its session and its digits; needs no session."""
        with suppress(LineError, PinPadError):
            self._exchange.ask(self._fresh(FrameType.CLEAR, FrameType.CLEARED, lambda frame: frame.payload))

    def prove(self) -> ProofLine:
        """See ``Resettable.prove``: the pad's own signature, over a fresh nonce, that it holds no session and no digits."""
        try:
            held = self._held()
            if held & (Held.SESSION | Held.DIGITS):
                raise failure(PinPadCode.NOT_CLEARED, "a pad that holds nothing", "its word that it holds something")
        except (LineError, PinPadError) as error:
            code = _code(error)
            return ProofLine(DEVICE, False, error.failure.text, code, ACTIONS[code])
        return ProofLine(DEVICE, True, "no session, no digits; signed by the pad")

    def _open(self) -> HostSession:
        session = open_session(self._exchange, self._identity, self._random_bytes)
        self.pad_name = session.pad_name
        return session

    def _follow(self, session: HostSession, entering: Entering, deadline_s: float) -> PinEntry:
        look, shown = session.request(Ask.START), 0
        while True:
            if entering.cancelled():
                wipe(look.digits)
                return PinEntryCanceled()
            if look.count != shown:
                shown = look.count
                entering.typed(shown)
            if (over := _outcome(look)) is not None:
                return over
            if self._clock.now_s() >= deadline_s:
                return PinEntryTimedOut()
            self._wait(self._timing.poll_s)
            look = session.request(Ask.POLL)

    def _look_again(self) -> None:
        session = self._open()
        try:
            session.request(Ask.POLL)
        finally:
            session.forget()
            self.clear()
        self._suspect = False

    def _held(self) -> Held:
        def judge(frame: Frame) -> Held | None:
            answer = StateAnswer.parse(frame.payload)
            if not is_signed(self._identity, answer.signature, state_statement(answer.nonce, answer.held)):
                raise failure(PinPadCode.NOT_TRUSTED, "the signature of the configured identity key", "another one")
            return answer.held

        return self._exchange.ask(self._fresh(FrameType.STATE, FrameType.STATE_ANSWER, judge))

    def _fresh(self, kind: FrameType, answer: FrameType, judge: Callable[[Frame], _T | None]) -> Question[_T]:
        """A question with a new nonce at each try, so that only the answer to the last one counts."""
        nonce = b""

        def frame() -> Frame:
            nonlocal nonce
            nonce = self._random_bytes(NONCE_BYTES)
            return Frame(kind, nonce)

        return Question(frame, answer, lambda found: judge(found) if found.payload.startswith(nonce) else None)


def _outcome(look: PadLook) -> PinEntry | None:
    match look.state:
        case PadState.ENTERING:
            return None
        case PadState.ENTERED:
            return PinTyped(look.digits)
        case PadState.CANCELED:
            return PinEntryCanceled()
        case PadState.STUCK_KEY:
            raise failure(PinPadCode.STUCK_KEY, "keys that are pressed and let go", "one that stays pressed")
        case PadState.IDLE:
            raise failure(PinPadCode.SESSION_LOST, "a pad that takes an entry", "its word that there is none")
        case never:
            assert_never(never)


def _code(error: LineError | PinPadError) -> PinPadCode:
    return PinPadCode(error.code) if isinstance(error, PinPadError) else PinPadCode.LINE_GONE


def _status(code: PinPadCode) -> DeviceStatus:
    match code:
        case PinPadCode.SILENT | PinPadCode.LINE_GONE:
            return DeviceStatus.OFFLINE
        case PinPadCode.NOT_TRUSTED | PinPadCode.FORGED:
            return DeviceStatus.POTENTIAL_FRAUD
        case _:
            return DeviceStatus.HARDWARE_ERROR
