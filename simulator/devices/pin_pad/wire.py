"""The emulated PIN pad on its line: frames, one session, sealed answers (docs/protocols/pin-pad.md, States of the pad)."""

import secrets
from dataclasses import dataclass
from typing import Final, assert_never

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from simulator.devices.pin_pad.faults import PinPadFault
from simulator.devices.pin_pad.model import PinPadModel
from terminal.clock import Clock
from terminal.devices.card_reader.pin import wipe
from terminal.devices.pin_pad.frames import KEY_BYTES, NONCE_BYTES, TAG_BYTES, Frame, FrameDecoder, FrameType, encode
from terminal.devices.pin_pad.messages import (
    VERSION,
    Ask,
    Held,
    Hello,
    HelloAnswer,
    PadState,
    Refusal,
    Sealed,
    StateAnswer,
    answer_block,
)
from terminal.devices.pin_pad.sealing import BrokenSealError, SessionKeys, state_statement, transcript
from terminal.devices.pin_pad.session import RandomBytes

NAME: Final = "SPECIMEN HONNIN PIN PAD"
GAP_S: Final = 0.1
"""A frame that has begun is given up when no byte comes for so long."""
HOLD_S: Final = 5.0
"""A session that hears no sealed request for so long is forgotten: the terminal has died, or the cable is out."""


@dataclass(slots=True)
class _Session:
    keys: SessionKeys
    hello: bytes
    hello_answer: bytes
    heard_s: float
    counter: int = 0
    request: bytes = b""
    answer: bytes = b""
    holds_entry: bool = False


class PinPadWire:
    """Implements ``SerialDevice`` for ``model``; ``identity`` is the pad's own key."""

    def __init__(
        self,
        model: PinPadModel,
        clock: Clock,
        identity: Ed25519PrivateKey,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> None:
        self._model = model
        self._clock = clock
        self._identity = identity
        self._random_bytes = random_bytes
        self._decoder = FrameDecoder()
        self._heard_s = clock.now_s()
        self._power_cycles = model.power_cycles
        self._session: _Session | None = None
        self._recorded = b""

    @property
    def in_session(self) -> bool:
        """Whether a session's keys are held."""
        return self._session is not None

    def receive(self, data: bytes) -> bytes:
        """See ``SerialDevice.receive``."""
        self.tick()
        self._heard_s = self._clock.now_s()
        frames = (found for found in self._decoder.feed(data) if isinstance(found, Frame))
        return b"".join(self._answer(frame) for frame in frames)

    def tick(self) -> bytes:
        """See ``SerialDevice.tick``: the pad never speaks unasked."""
        now_s = self._clock.now_s()
        if now_s - self._heard_s > GAP_S:
            self._decoder.reset()
        if self._session is not None and now_s - self._session.heard_s > HOLD_S:
            self._forget()
        if self._model.power_cycles != self._power_cycles:
            self._power_cycles = self._model.power_cycles
            self._decoder.reset()
            self._drop_session()
        return b""

    def power_cycle(self) -> None:
        """See ``SerialDevice.power_cycle``."""
        self._model.power_cycle()
        self.tick()

    def _answer(self, frame: Frame) -> bytes:
        match frame.kind:
            case FrameType.HELLO:
                return self._open(frame.payload)
            case FrameType.REQUEST:
                return self._request(frame.payload)
            case FrameType.CLEAR:
                return self._clear(frame.payload)
            case FrameType.STATE:
                return self._state(frame.payload)
            case FrameType.HELLO_ANSWER | FrameType.ANSWER | FrameType.CLEARED:
                return b""
            case FrameType.STATE_ANSWER | FrameType.REFUSED:
                return b""
            case never:
                assert_never(never)

    def _open(self, payload: bytes) -> bytes:
        session = self._session
        if session is not None and session.hello == payload and session.counter == 0:
            return session.hello_answer
        self._forget()
        hello = Hello.parse(payload)
        if hello.version != VERSION:
            return _refuse(Refusal.VERSION)
        own = X25519PrivateKey.from_private_bytes(self._random_bytes(KEY_BYTES))
        unsigned = HelloAnswer(own.public_key().public_bytes_raw(), self._random_bytes(NONCE_BYTES), NAME)
        signature = self._sign(transcript(hello, unsigned))
        answer = HelloAnswer(unsigned.ephemeral, unsigned.nonce, NAME, signature)
        try:
            keys = SessionKeys(own, hello.ephemeral, transcript(hello, answer) + signature)
        except ValueError:
            return _refuse(Refusal.BAD_SEAL)
        self._session = _Session(keys, payload, encode(answer.frame()), self._clock.now_s())
        return self._session.hello_answer

    def _request(self, payload: bytes) -> bytes:
        session = self._session
        if session is None:
            return _refuse(Refusal.NO_SESSION)
        if session.request == payload:
            return session.answer
        sealed = Sealed.parse(payload)
        try:
            block = session.keys.requests.open(sealed)
        except BrokenSealError:
            block = bytearray()
        if not block or sealed.counter != session.counter + 1:
            self._forget()
            return _refuse(Refusal.BAD_SEAL)
        session.counter, session.request, session.heard_s = sealed.counter, payload, self._clock.now_s()
        if block[0] == Ask.START:
            self._model.start()
        session.answer = self._look(session)
        return session.answer

    def _look(self, session: _Session) -> bytes:
        model = self._model
        entered = session.holds_entry = model.state is PadState.ENTERED
        state, count = model.state, model.count
        digits = model.take() if entered else bytearray()
        block = answer_block(state, count, digits)
        wipe(digits)
        plain = Sealed(session.counter, bytes(block) + bytes(TAG_BYTES))
        sealed = session.keys.answers.seal(session.counter, block)
        if model.strikes(PinPadFault.ANSWER_IN_CLEAR):
            sealed = plain
        answer = encode(Frame(FrameType.ANSWER, sealed.payload()))
        if self._recorded and model.strikes(PinPadFault.REPLAYED_ENTRY):
            return self._recorded
        if entered:
            self._recorded = answer
        return answer

    def _clear(self, nonce: bytes) -> bytes:
        if not self._model.strikes(PinPadFault.NOT_CLEARED):
            self._forget()
        return encode(Frame(FrameType.CLEARED, nonce))

    def _state(self, nonce: bytes) -> bytes:
        session = self._session
        held = Held.NOTHING
        if session is not None:
            held |= Held.SESSION
        if self._model.count or (session is not None and session.holds_entry):
            held |= Held.DIGITS
        if self._model.key_stuck:
            held |= Held.STUCK_KEY
        return encode(StateAnswer(nonce, held, self._sign(state_statement(nonce, held))).frame())

    def _sign(self, statement: bytes) -> bytes:
        if self._model.strikes(PinPadFault.WRONG_IDENTITY):
            return Ed25519PrivateKey.from_private_bytes(bytes(KEY_BYTES)).sign(statement)
        return self._identity.sign(statement)

    def _forget(self) -> None:
        self._model.forget()
        self._drop_session()

    def _drop_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.keys.forget()


def _refuse(reason: Refusal) -> bytes:
    return encode(Frame(FrameType.REFUSED, bytes((reason,))))
