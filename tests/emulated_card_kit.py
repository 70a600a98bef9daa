"""Emulated cards for tests: one home for the whole test process, and cards whose counters nobody else spends."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from simulator.devices.card_reader.model import CONTACTLESS_ATR, Card
from simulator.devices.card_reader.personalisation import load_throwaway_card
from simulator.home import Home


@cache
def shared_home() -> Home:
    """A home in a temporary directory: keys are made once for the process and thrown away at its end."""
    root = Path(tempfile.mkdtemp(prefix="honnin-test-home-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return Home(root)


def fresh_card(profile: str = "adult", atr: bytes = CONTACTLESS_ATR) -> Card:
    """The card of ``profile`` with fresh counters kept in memory."""
    return load_throwaway_card(shared_home(), profile, atr=atr)


def powered_card(profile: str = "adult") -> Card:
    """A fresh card with power."""
    card = fresh_card(profile)
    card.power_on()
    return card


def exchange(card: Card, apdu: str) -> tuple[bytes, str]:
    """Send ``apdu`` (hex, spaces allowed) and take data and status word (hex) apart."""
    answer = card.transmit(bytes.fromhex(apdu))
    return answer[:-2], answer[-2:].hex().upper()


def status_word(card: Card, apdu: str) -> str:
    """The status word (hex) that the card answers to ``apdu`` (hex)."""
    return exchange(card, apdu)[1]
