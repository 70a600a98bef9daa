"""What the card tests share: one simulator home a test run, its cards, PINs, and connections that spoil what a card says."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from simulator import pki
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.personalisation import load_material, load_throwaway_card
from simulator.devices.card_reader.profiles import profile
from simulator.home import Home
from terminal.clock import JST, ManualClock
from terminal.devices.card_reader.api import CardConnection, CardError, CardErrorCode, ResponseApdu
from terminal.devices.card_reader.certificate import CardCertificate, TrustedCas
from terminal.devices.card_reader.pin import PinBuffer

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=JST)
PIN, WRONG_PIN = "1234", "9999"


@functools.cache
def home() -> Home:
    """The home of this test run, made once: keys take their time."""
    root = Path(tempfile.mkdtemp(prefix="honnin-card-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return Home(root)


@functools.cache
def trust() -> TrustedCas:
    """The home's authentication CA, as a terminal would have it configured."""
    return TrustedCas.from_pem(pki.load_or_create(home(), NOW).authentication.pem)


def clock() -> ManualClock:
    """A clock at ``NOW``."""
    return ManualClock(NOW)


def card(name: str = "adult") -> Card:
    """A card with fresh counters."""
    return load_throwaway_card(home(), name, now=NOW)


def certificate_of(name: str = "adult") -> CardCertificate:
    """The checked certificate of a profile."""
    from cryptography.hazmat.primitives.serialization import Encoding

    material = load_material(home(), profile(name), pki.load_or_create(home(), NOW), NOW)
    return trust().check(material.authentication_certificate.public_bytes(Encoding.DER), NOW)


def pin(digits: str = PIN) -> PinBuffer:
    """A typed PIN."""
    return PinBuffer.take(bytearray(digits.encode()))


class Direct:
    """An emulated card without a reader in between; remembers every APDU it was sent."""

    def __init__(self, card: Card) -> None:
        self.sent: list[bytes] = []
        self._card = card
        card.power_on()

    def transmit(self, apdu: bytes | bytearray) -> ResponseApdu:
        """See ``CardConnection``."""
        self.sent.append(bytes(apdu))
        answer = self._card.transmit(bytes(apdu))
        return ResponseApdu(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def close(self) -> None:
        """See ``CardConnection``."""
        self._card.power_off()

    def count(self, instruction: int, minimal_bytes: int = 0) -> int:
        """How many APDUs of an instruction, of at least so many bytes, were sent."""
        return sum(1 for apdu in self.sent if apdu[1] == instruction and len(apdu) >= minimal_bytes)


class Spoilt:
    """A connection whose answers are changed by ``spoil`` (APDU, honest answer) before the driver sees them."""

    def __init__(self, inner: CardConnection, spoil: Callable[[bytes, ResponseApdu], ResponseApdu]) -> None:
        self._inner = inner
        self._spoil = spoil

    def transmit(self, apdu: bytes | bytearray) -> ResponseApdu:
        """See ``CardConnection``."""
        kept = bytes(apdu)
        return self._spoil(kept, self._inner.transmit(apdu))

    def close(self) -> None:
        """See ``CardConnection``."""
        self._inner.close()


class Scripted:
    """A connection that answers the given status words or raises the given errors, one after the other."""

    def __init__(self, *answers: int | CardError | ResponseApdu) -> None:
        self.sent: list[bytes] = []
        self.buffers: list[bytes | bytearray] = []
        self._answers = list(answers)

    def transmit(self, apdu: bytes | bytearray) -> ResponseApdu:
        """See ``CardConnection``."""
        self.sent.append(bytes(apdu))
        self.buffers.append(apdu)
        answer = self._answers.pop(0)
        if isinstance(answer, CardError):
            raise answer
        return answer if isinstance(answer, ResponseApdu) else ResponseApdu(b"", answer)

    def close(self) -> None:
        """See ``CardConnection``."""


def lost() -> CardError:
    """A card that was taken off."""
    return CardError(CardErrorCode.REMOVED, "taken off")
