"""Command APDUs as the card sees them, and the status words it answers with.

Sources: ISO/IEC 7816-3 section 12.1 (cases 1-4, short and extended), ISO/IEC 7816-4 section 5.1;
reference jpki-card.md section 2.5 for the status words of this card.
"""

from dataclasses import dataclass
from enum import IntEnum


class Instruction(IntEnum):
    """Instruction bytes that the card knows (ISO/IEC 7816-4 table 4.2, and reference jpki-card.md section 2.3)."""

    VERIFY = 0x20
    CHANGE_REFERENCE_DATA = 0x24
    PERFORM_SECURITY_OPERATION = 0x2A
    CHANGE_KEY = 0x32
    GET_CHALLENGE = 0x84
    SELECT = 0xA4
    READ_BINARY = 0xB0
    READ_RECORD = 0xB2
    GET_DATA = 0xCA
    LAST_COMMAND_INDICATOR = 0xFC


class StatusWord(IntEnum):
    """The status words that the emulated card uses."""

    DONE = 0x9000
    MEMORY_FAILURE = 0x6581
    WRONG_LENGTH = 0x6700
    NO_LOGICAL_CHANNEL = 0x6881
    NO_SECURE_MESSAGING = 0x6882
    WRONG_FILE_STRUCTURE = 0x6981
    SECURITY_STATUS = 0x6982
    BLOCKED = 0x6984
    CONDITIONS_OF_USE = 0x6985
    NO_CURRENT_FILE = 0x6986
    WRONG_DATA = 0x6A80
    NOT_FOUND = 0x6A82
    NO_RECORD = 0x6A83
    WRONG_PARAMETERS = 0x6A86
    NO_SUCH_DATA = 0x6A88
    WRONG_OFFSET = 0x6B00
    WRONG_INSTRUCTION = 0x6D00
    WRONG_CLASS = 0x6E00
    TRANSIENT = 0x6F00


TRIES_LEFT = 0x63C0


@dataclass(frozen=True, slots=True, repr=False)
class CommandApdu:
    """A command taken apart; ``le`` is the number of bytes expected (256 or 65536 for a zero field), None without a field."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    @property
    def p1p2(self) -> int:
        """P1 and P2 as one 16-bit number."""
        return self.p1 << 8 | self.p2


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the card answers: data and status word."""

    sw: int
    data: bytes = b""

    def encode(self) -> bytes:
        """Data followed by the status word: never shorter than two bytes."""
        return self.data + self.sw.to_bytes(2, "big")


def parse_command(raw: bytes) -> CommandApdu | None:
    """Take a command APDU apart; None when its lengths contradict each other."""
    if len(raw) < 4:
        return None
    cla, ins, p1, p2 = raw[:4]
    body = raw[4:]
    fields = _parse_extended(body) if len(body) >= 3 and body[0] == 0 else _parse_short(body)
    if fields is None:
        return None
    data, le = fields
    return CommandApdu(cla, ins, p1, p2, data, le)


def _parse_short(body: bytes) -> tuple[bytes, int | None] | None:
    if not body:
        return b"", None
    if len(body) == 1:
        return b"", body[0] or 256
    length = body[0]
    rest = body[1:]
    if length == 0:
        return None
    if len(rest) == length:
        return rest, None
    if len(rest) == length + 1:
        return rest[:-1], rest[-1] or 256
    return None


def _parse_extended(body: bytes) -> tuple[bytes, int | None] | None:
    length = int.from_bytes(body[1:3], "big")
    rest = body[3:]
    if not rest:
        return b"", length or 65536
    if length == 0:
        return None
    if len(rest) == length:
        return rest, None
    if len(rest) == length + 2:
        return rest[:-2], int.from_bytes(rest[-2:], "big") or 65536
    return None
