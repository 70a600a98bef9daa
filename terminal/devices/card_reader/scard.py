"""PC/SC, call by call: the only file that imports pyscard, with its return values turned into ``CardError`` codes.

The low-level calls are used and not pyscard's connection classes, whose monitor threads die unnoticed when pcscd restarts
(pyscard issues 82 and 128). Every call here may block; ``lane.py`` is what bounds them. Source: PC/SC part 5 and pcsc-lite's
winscard.h; measured outcomes in reference jpki-card.md section 5.3.
"""

from typing import Final, Self

from smartcard import scard

from terminal.devices.card_reader.api import CardError, CardErrorCode

STATE_UNAWARE: Final[int] = scard.SCARD_STATE_UNAWARE
STATE_PRESENT: Final[int] = scard.SCARD_STATE_PRESENT
STATE_EXCLUSIVE: Final[int] = scard.SCARD_STATE_EXCLUSIVE
_STATE_CHANGED: Final[int] = scard.SCARD_STATE_CHANGED
_STATE_GONE: Final[int] = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE

_ANY_PROTOCOL: Final[int] = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1

_CODES: Final[dict[int, CardErrorCode]] = {
    0x8010000C: CardErrorCode.NO_CARD,  # SCARD_E_NO_SMARTCARD
    0x80100069: CardErrorCode.REMOVED,  # SCARD_W_REMOVED_CARD
    0x80100068: CardErrorCode.REMOVED,  # SCARD_W_RESET_CARD: somebody reset it, what was opened is not ours any more
    0x80100016: CardErrorCode.TRANSMISSION,  # SCARD_E_NOT_TRANSACTED: mostly the first sign of a removal
    0x8010002F: CardErrorCode.TRANSMISSION,  # SCARD_E_COMM_DATA_LOST
    0x80100008: CardErrorCode.BAD_ANSWER,  # SCARD_E_INSUFFICIENT_BUFFER
    0x80100066: CardErrorCode.UNRESPONSIVE,  # SCARD_W_UNRESPONSIVE_CARD
    0x80100067: CardErrorCode.UNRESPONSIVE,  # SCARD_W_UNPOWERED_CARD
    0x80100065: CardErrorCode.UNRESPONSIVE,  # SCARD_W_UNSUPPORTED_CARD
    0x8010000F: CardErrorCode.UNRESPONSIVE,  # SCARD_E_PROTO_MISMATCH
    0x8010000B: CardErrorCode.SHARING_VIOLATION,  # SCARD_E_SHARING_VIOLATION
    0x80100009: CardErrorCode.READER_NOT_FOUND,  # SCARD_E_UNKNOWN_READER
    0x8010002E: CardErrorCode.READER_NOT_FOUND,  # SCARD_E_NO_READERS_AVAILABLE
}

_ACTIONS: Final[dict[CardErrorCode, str]] = {
    CardErrorCode.NO_CARD: "put a card on the reader",
    CardErrorCode.REMOVED: "put the card on the reader again and leave it there",
    CardErrorCode.TRANSMISSION: "put the card on the reader again and leave it there",
    CardErrorCode.BAD_ANSWER: "put the card on the reader again and leave it there",
    CardErrorCode.UNRESPONSIVE: "put the card on the reader again, the right way round",
    CardErrorCode.SHARING_VIOLATION: "end the other program that uses the reader",
    CardErrorCode.READER_NOT_FOUND: "connect the reader or correct its configured name",
    CardErrorCode.READER_UNAVAILABLE: "see that pcscd runs and the reader is connected",
}

_OK: Final = 0


def _check(doing: str, status: int) -> None:
    """Raise ``CardError`` for a PC/SC status other than success."""
    value = status & 0xFFFFFFFF
    if value == _OK:
        return
    code = _CODES.get(value, CardErrorCode.READER_UNAVAILABLE)
    raise CardError(code, f"{doing}: expected success, PC/SC answered {value:#010x}; {_ACTIONS[code]}")


class Handle:
    """An exclusive connection to a card."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle = handle
        self._protocol = protocol

    def transmit(self, apdu: list[int]) -> list[int]:
        """Send one APDU; an empty answer with success means that the card left meanwhile (reference section 5.3)."""
        status, answer = scard.SCardTransmit(self._handle, self._protocol, apdu)
        _check("sending a command to the card", status)
        return list(answer)

    def unpower(self) -> None:
        """Cut the card's power and let go of it; a card that is gone already is as good."""
        scard.SCardDisconnect(self._handle, scard.SCARD_UNPOWER_CARD)


class Context:
    """A line to pcscd of its own, used by one thread at a time; it does not survive a restart of pcscd or a fork."""

    def __init__(self) -> None:
        status, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _check("reaching pcscd", status)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Give the line back; never raises."""
        scard.SCardReleaseContext(self._context)

    def readers(self) -> list[str]:
        """The names of the readers there are."""
        status, names = scard.SCardListReaders(self._context, [])
        if status & 0xFFFFFFFF == 0x8010002E:
            return []
        _check("listing the readers", status)
        return list(names)

    def status(self, reader: str, known: int = STATE_UNAWARE, timeout_s: float = 0.0) -> int:
        """The reader's event state, with its count of insertions and removals in the upper 16 bits.

        Wait up to ``timeout_s`` for it to differ from ``known``. Raise ``CardError`` (``CARD_READER_NOT_FOUND``) when there is no
        such reader; its text lists those there are.
        """
        if known == STATE_UNAWARE and reader not in self.readers():
            # pcsc-lite answers for some names that no reader has, such as an empty one.
            raise self._not_found(reader)
        status, states = scard.SCardGetStatusChange(self._context, round(timeout_s * 1000), [(reader, known)])
        value = status & 0xFFFFFFFF
        if value == 0x8010000A:  # SCARD_E_TIMEOUT: nothing changed
            return known
        if value in (0x80100009, 0x8010002E) or (value == _OK and states[0][1] & _STATE_GONE):
            raise self._not_found(reader)
        _check("asking the reader for its state", status)
        return int(states[0][1]) & ~_STATE_CHANGED

    def connect(self, reader: str) -> Handle:
        """Connect exclusively; this blocks while a card hangs."""
        status, handle, protocol = scard.SCardConnect(self._context, reader, scard.SCARD_SHARE_EXCLUSIVE, _ANY_PROTOCOL)
        if status & 0xFFFFFFFF == 0x80100009:
            raise self._not_found(reader)
        _check("connecting to the card", status)
        return Handle(handle, protocol)

    def look_again(self, reader: str) -> None:
        """Have the reader itself look for a card and cut its power; what pcscd believes is set right by that.

        When a card's power is cut just as it leaves, pcscd notes the removal without counting it and then no longer sees a
        card that is put on at once (measured with pcsc-lite 1.9.9; pyscard issue 220). A failure here changes nothing.
        """
        status, handle, _ = scard.SCardConnect(self._context, reader, scard.SCARD_SHARE_DIRECT, 0)
        if status & 0xFFFFFFFF == _OK:
            scard.SCardDisconnect(handle, scard.SCARD_UNPOWER_CARD)

    def _not_found(self, reader: str) -> CardError:
        there = ", ".join(repr(name) for name in self.readers()) or "none"
        return CardError(
            CardErrorCode.READER_NOT_FOUND,
            f"expected a reader named {reader!r}, there are: {there}; {_ACTIONS[CardErrorCode.READER_NOT_FOUND]}",
        )
