"""Short command APDUs, status words, and what a log may say of them.

Source: ISO/IEC 7816-4 sections 5.1 and 5.6; reference jpki-card.md sections 2.3 (commands) and 2.5 (status words).
"""

from enum import IntEnum
from typing import Final

SELECT: Final = 0xA4
READ_BINARY: Final = 0xB0
VERIFY: Final = 0x20
CHANGE_REFERENCE_DATA: Final = 0x24
PERFORM_SECURITY_OPERATION: Final = 0x2A
CHANGE_KEY: Final = 0x32

CURRENT_FILE: Final = 0x80
"""P2 of VERIFY and of the signature: the key reference is the current EF."""

MAX_DATA: Final = 255
MAX_LE: Final = 256

# Everything that may carry a PIN, a password, a key or what a key is about to sign.
_SECRET_INSTRUCTIONS: Final = frozenset({VERIFY, CHANGE_REFERENCE_DATA, PERFORM_SECURITY_OPERATION, CHANGE_KEY})


class SW(IntEnum):
    """Status words that the card answers (reference jpki-card.md section 2.5)."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    WRONG_LENGTH = 0x6700
    WRONG_FILE_STRUCTURE = 0x6981
    SECURITY_STATUS = 0x6982
    BLOCKED = 0x6983
    REFERENCE_DATA_UNUSABLE = 0x6984
    CONDITIONS_OF_USE = 0x6985
    NO_CURRENT_FILE = 0x6986
    NOT_FOUND = 0x6A82
    OFFSET_BEYOND_FILE = 0x6B00
    TRANSIENT = 0x6F00


def command(ins: int, p1: int, p2: int, data: bytes | bytearray = b"", le: int | None = None) -> bytearray:
    """Build a short command APDU of class 00 (class 80 for the signature): cases 1 to 4 by what is given.

    ``data`` is 0 to 255 bytes, ``le`` 1 to 256 (256 travels as 00). Raise ``ValueError`` beyond the short form: a programmer
    error, as no length here comes from outside. The result is a bytearray so that a secret in it can be overwritten.
    """
    if len(data) > MAX_DATA:
        raise ValueError(f"a short APDU carries at most {MAX_DATA} bytes of data, not {len(data)}")
    if le is not None and not 1 <= le <= MAX_LE:
        raise ValueError(f"Le of a short APDU is 1 to {MAX_LE}, not {le}")
    cla = 0x80 if ins == PERFORM_SECURITY_OPERATION else 0x00
    apdu = bytearray((cla, ins, p1, p2))
    if data:
        apdu.append(len(data))
        apdu += data
    if le is not None:
        apdu.append(le & 0xFF)
    return apdu


def tries_left(sw: int) -> int | None:
    """The retry counter in a 63Cx status word, else None (6300 is a refusal that names no number)."""
    return sw & 0x0F if sw & 0xFFF0 == 0x63C0 else None


def is_blocked(sw: int) -> bool:
    """True when the status word says that the PIN takes no further try (63C0, 6983, 6984)."""
    return sw in (0x63C0, SW.BLOCKED, SW.REFERENCE_DATA_UNUSABLE)


def describe(apdu: bytes | bytearray) -> str:
    """What a log may show: the header's four bytes, and ``redacted`` where data may be a secret; never data, never its length."""
    if len(apdu) < 4:
        return f"malformed APDU of {len(apdu)} bytes"
    header = bytes(apdu[:4]).hex(" ").upper()
    return f"{header} redacted" if apdu[1] in _SECRET_INSTRUCTIONS else header
