"""What the frames of the PIN pad's line hold, to the byte (docs/protocols/pin-pad.md, Messages)."""

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag, unique
from typing import Final

from terminal.devices.pin_pad.frames import (
    BLOCK_BYTES,
    COUNTER_BYTES,
    KEY_BYTES,
    NAME_BYTES,
    NONCE_BYTES,
    Frame,
    FrameType,
)

VERSION: Final = 1


@unique
class Refusal(IntEnum):
    """Why the pad does not do what was asked (REFUSED). Nobody signs it: it can end an entry, never make one."""

    NO_SESSION = 1
    """There is no session, or it was forgotten: reset, power, silence, CLEAR."""
    BAD_SEAL = 2
    """The request was altered, replayed or out of order; the pad has forgotten the session."""
    VERSION = 3
    """HELLO has another version than the pad."""


class Held(IntFlag):
    """What the pad says of itself (STATE_ANSWER)."""

    NOTHING = 0
    SESSION = 1
    """A session's keys."""
    DIGITS = 2
    """At least one digit, or a sealed entry that may still be asked for again."""
    STUCK_KEY = 4


@unique
class Ask(IntEnum):
    """What a sealed request asks for."""

    START = 1
    """Begin an entry: empty, keys are taken from now on."""
    POLL = 2


@unique
class PadState(IntEnum):
    """What a sealed answer says."""

    IDLE = 0
    """No entry: none was started, or its end was told already."""
    ENTERING = 1
    ENTERED = 2
    """OK was pressed with all digits there: this answer holds them, once."""
    CANCELED = 3
    STUCK_KEY = 4


@dataclass(frozen=True, slots=True)
class Hello:
    """The host opens a session."""

    ephemeral: bytes
    nonce: bytes
    version: int = VERSION

    def frame(self) -> Frame:
        """As it goes over the line."""
        return Frame(FrameType.HELLO, bytes((self.version,)) + self.ephemeral + self.nonce)

    @classmethod
    def parse(cls, payload: bytes) -> "Hello":
        """The payload of a HELLO, whose length the decoder has checked."""
        return cls(payload[1 : 1 + KEY_BYTES], payload[1 + KEY_BYTES :], payload[0])


@dataclass(frozen=True, slots=True)
class HelloAnswer:
    """The pad's half of a session; ``signature`` is its identity key's over the transcript."""

    ephemeral: bytes
    nonce: bytes
    name: str
    signature: bytes = b""
    version: int = VERSION

    def unsigned(self) -> bytes:
        """What the transcript holds of it."""
        padded = self.name.encode("ascii")[:NAME_BYTES].ljust(NAME_BYTES)
        return bytes((self.version,)) + self.ephemeral + self.nonce + padded

    def frame(self) -> Frame:
        """As it goes over the line."""
        return Frame(FrameType.HELLO_ANSWER, self.unsigned() + self.signature)

    @classmethod
    def parse(cls, payload: bytes) -> "HelloAnswer":
        """The payload of a HELLO_ANSWER; the name is for people, what is not ASCII in it becomes a question mark."""
        key_end = 1 + KEY_BYTES
        nonce_end = key_end + NONCE_BYTES
        name_end = nonce_end + NAME_BYTES
        name = payload[nonce_end:name_end].decode("ascii", "replace").replace("\ufffd", "?").rstrip()
        return cls(payload[1:key_end], payload[key_end:nonce_end], name, payload[name_end:], payload[0])


@dataclass(frozen=True, slots=True)
class StateAnswer:
    """What the pad holds, signed over the nonce of the question: ``payload`` as it came."""

    nonce: bytes
    held: Held
    signature: bytes

    def frame(self) -> Frame:
        """As it goes over the line."""
        return Frame(FrameType.STATE_ANSWER, self.nonce + bytes((self.held,)) + self.signature)

    @classmethod
    def parse(cls, payload: bytes) -> "StateAnswer":
        """The payload of a STATE_ANSWER."""
        return cls(payload[:NONCE_BYTES], Held(payload[NONCE_BYTES]), payload[NONCE_BYTES + 1 :])


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed block and the counter that it was sealed under."""

    counter: int
    ciphertext: bytes = field(repr=False)

    def payload(self) -> bytes:
        """As it stands in REQUEST and ANSWER."""
        return self.counter.to_bytes(COUNTER_BYTES, "big") + self.ciphertext

    @classmethod
    def parse(cls, payload: bytes) -> "Sealed":
        """The payload of a REQUEST or an ANSWER."""
        return cls(int.from_bytes(payload[:COUNTER_BYTES], "big"), payload[COUNTER_BYTES:])


def request_block(ask: Ask) -> bytearray:
    """The block of a request: what is asked for, then zeros."""
    return bytearray((ask,)).ljust(BLOCK_BYTES, b"\0")


def answer_block(state: PadState, count: int, digits: bytes | bytearray = b"") -> bytearray:
    """The block of an answer: state, count of digits, the digits in ASCII when they are told, then zeros."""
    block = bytearray(BLOCK_BYTES)
    block[0], block[1] = state, count
    for index, digit in enumerate(digits):
        block[2 + index] = digit
    return block
