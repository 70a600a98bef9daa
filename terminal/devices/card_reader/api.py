"""The card reader port: presence, one-method connections, and the errors a card can end in.

Layering (after yubikit): ``CardReader`` opens a ``CardConnection``; a connection transmits one APDU; application sessions
(``jpki.py``, ``text.py``) stand on the connection and know nothing of PC/SC. See docs/protocols/card.md; source: reference
jpki-card.md sections 1-5.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from terminal.devices.api import Resettable
from terminal.errors import HonninError


class CardErrorCode(StrEnum):
    """Why an exchange with a card or reader ended; each is a distinct outcome for the machine."""

    NO_CARD = "CARD_NO_CARD"
    REMOVED = "CARD_REMOVED"
    SWAPPED = "CARD_SWAPPED"
    HANGS = "CARD_HANGS"
    SHARING_VIOLATION = "CARD_SHARING_VIOLATION"
    READER_UNAVAILABLE = "CARD_READER_UNAVAILABLE"
    READER_NOT_FOUND = "CARD_READER_NOT_FOUND"
    NOT_MY_NUMBER_CARD = "CARD_NOT_MY_NUMBER_CARD"
    BAD_ANSWER = "CARD_BAD_ANSWER"
    STATUS_WORD = "CARD_STATUS_WORD"
    BAD_FILE = "CARD_BAD_FILE"
    BAD_CERTIFICATE = "CARD_BAD_CERTIFICATE"
    PIN_OUTCOME_UNKNOWN = "CARD_PIN_OUTCOME_UNKNOWN"
    TRANSMISSION = "CARD_TRANSMISSION"
    UNRESPONSIVE = "CARD_UNRESPONSIVE"
    VARIANT_UNSUPPORTED = "CARD_VARIANT_UNSUPPORTED"
    OTHER_CARD = "CARD_OTHER_CARD"
    BAD_SIGNATURE = "CARD_BAD_SIGNATURE"
    CERT_ABSENT = "CARD_CERT_ABSENT"
    CERT_UNTRUSTED = "CARD_CERT_UNTRUSTED"
    CERT_EXPIRED = "CARD_CERT_EXPIRED"
    CERT_NOT_YET_VALID = "CARD_CERT_NOT_YET_VALID"
    CERT_KEY_USAGE = "CARD_CERT_KEY_USAGE"
    CERT_ALGORITHM = "CARD_CERT_ALGORITHM"
    LEFT_ON_READER = "CARD_LEFT_ON_READER"
    POLLER_DIED = "CARD_POLLER_DIED"


class CardError(HonninError):
    """A failed exchange with the card; ``code`` is a ``CardErrorCode``. Never carries APDU data."""


@dataclass(frozen=True, slots=True, repr=False)
class ResponseApdu:
    """What the card answered: ``data`` without the status word, and ``sw`` (0x0000-0xFFFF). ISO 7816-4 section 5.1."""

    data: bytes
    sw: int

    def __repr__(self) -> str:
        return f"ResponseApdu(data={len(self.data)} bytes, sw={self.sw:04X})"


class CardConnection(Protocol):
    """An exclusive connection to the one card on the reader."""

    def transmit(self, apdu: bytes | bytearray) -> ResponseApdu:
        """Send one command APDU; raise ``CardError`` (removed, hangs, reader unavailable, bad answer) otherwise."""
        ...

    def close(self) -> None:
        """Leave and cut the card's power (PIN status lives until power-off); never raises."""
        ...


@dataclass(frozen=True, slots=True)
class CardInserted:
    """A card lies on the reader. ``insertion`` counts insertions seen, so that another card put in place is noticed."""

    insertion: int


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card of ``insertion`` left the reader."""

    insertion: int


@dataclass(frozen=True, slots=True)
class ReaderLost:
    """The reader, pcscd or the poller itself is gone: a fault level until ``ReaderFound``."""

    code: CardErrorCode
    text: str


@dataclass(frozen=True, slots=True)
class ReaderFound:
    """The configured reader answers (again)."""


CardReaderEvent: TypeAlias = CardInserted | CardRemoved | ReaderLost | ReaderFound


class CardReader(Resettable, Protocol):
    """The reader, chosen by its configured name."""

    def watch(self, listener: Callable[[CardReaderEvent], None]) -> None:
        """Start the one supervised poller; ``listener`` is called on the poller's thread with each change of presence."""
        ...

    def open(self) -> CardConnection:
        """Connect exclusively to the card that lies there now; raise ``CardError`` otherwise."""
        ...

    def close(self) -> None:
        """Stop the poller and let go of the reader; never raises."""
        ...
