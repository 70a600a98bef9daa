"""The host's side of a session: opened with the pad's signature, then requests and answers that are sealed and counted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from terminal.devices.card_reader.pin import wipe
from terminal.devices.pin_pad.api import DIGITS, PinPadCode
from terminal.devices.pin_pad.exchange import Exchange, Question, failure
from terminal.devices.pin_pad.frames import KEY_BYTES, NONCE_BYTES, Frame, FrameType
from terminal.devices.pin_pad.messages import VERSION, Ask, Hello, HelloAnswer, PadState, Sealed, request_block
from terminal.devices.pin_pad.sealing import BrokenSealError, SessionKeys, is_signed, transcript

RandomBytes = Callable[[int], bytes]
_DIGITS_END = 2 + DIGITS
_ASCII_DIGITS = b"0123456789"


@dataclass(frozen=True, slots=True)
class PadLook:
    """What a sealed answer said; ``digits`` has four ASCII digits in ``PadState.ENTERED``, else none."""

    state: PadState
    count: int
    digits: bytearray = field(repr=False)


class HostSession:
    """One session with a pad that proved its identity; every request may raise ``LineError`` or ``PinPadError``."""

    def __init__(self, exchange: Exchange, keys: SessionKeys, pad_name: str) -> None:
        self.pad_name = pad_name
        self._exchange = exchange
        self._keys = keys
        self._counter = 0

    def request(self, ask: Ask) -> PadLook:
        """Ask under the next counter; the same sealed bytes are sent again when no answer comes, which the pad answers alike."""
        self._counter += 1
        payload = self._keys.requests.seal(self._counter, request_block(ask)).payload()
        question = Question(lambda: Frame(FrameType.REQUEST, payload), FrameType.ANSWER, self._judge, PinPadCode.FORGED)
        return self._exchange.ask(question)

    def forget(self) -> None:
        """Let go of the keys; the session is of no use any more."""
        self._keys.forget()

    def _judge(self, frame: Frame) -> PadLook | None:
        """None for a sound answer to another request of this session: it came late. What does not open is forged."""
        sealed = Sealed.parse(frame.payload)
        try:
            block = self._keys.answers.open(sealed)
        except BrokenSealError:
            raise failure(PinPadCode.FORGED, "an answer sealed in this session", "another one") from None
        try:
            return _look(block) if sealed.counter == self._counter else None
        finally:
            wipe(block)


def open_session(exchange: Exchange, identity: Ed25519PublicKey, random_bytes: RandomBytes) -> HostSession:
    """Open a session with the pad that holds ``identity``; raise ``LineError`` or ``PinPadError``."""
    own = X25519PrivateKey.from_private_bytes(random_bytes(KEY_BYTES))
    hello = Hello(own.public_key().public_bytes_raw(), random_bytes(NONCE_BYTES))

    def judge(frame: Frame) -> HelloAnswer | None:
        answer = HelloAnswer.parse(frame.payload)
        if answer.version != VERSION:
            raise failure(PinPadCode.BAD_ANSWER, f"version {VERSION} of the protocol", f"version {answer.version}")
        return answer if is_signed(identity, answer.signature, _signed_part(hello, frame)) else None

    answer = exchange.ask(Question(hello.frame, FrameType.HELLO_ANSWER, judge, PinPadCode.NOT_TRUSTED))
    try:
        keys = SessionKeys(own, answer.ephemeral, transcript(hello, answer) + answer.signature)
    except ValueError:
        raise failure(PinPadCode.NOT_TRUSTED, "a pad's key that gives a secret", "one that does not") from None
    return HostSession(exchange, keys, answer.name)


def _signed_part(hello: Hello, frame: Frame) -> bytes:
    return transcript(hello, HelloAnswer.parse(frame.payload))


def _look(block: bytearray) -> PadLook:
    """Check an answer that the pad itself sealed: a known state, and digits exactly where they belong."""
    digits = bytearray()
    state, count = block[0], block[1]
    entered = state == PadState.ENTERED
    end = _DIGITS_END if entered else 2
    known = state in PadState._value2member_map_ and count <= DIGITS and not any(block[end:])
    if not known or (entered and (count != DIGITS or any(digit not in _ASCII_DIGITS for digit in block[2:end]))):
        raise failure(PinPadCode.BAD_ANSWER, "the state of an entry", "a block that says none")
    if entered:
        digits.extend(block[2:end])
    return PadLook(PadState(state), count, digits)
