"""The real PC/SC stack for fault tests: a private pcscd with vpcd, emulated cards on its slots, our driver as the client.

The fixtures that make and end it are in ``tests/card_fixtures.py``.
"""

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from printer_templates.records import BasicFour
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.pcscd import PrivatePcscd
from simulator.devices.card_reader.wire import CardSlot
from terminal.clock import SystemClock
from terminal.devices.card_reader.api import CardConnection, CardInserted, CardReaderEvent, CardRemoved
from terminal.devices.card_reader.certificate import CardCertificate
from terminal.devices.card_reader.pcsc import PcscReader
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.card_reader.reading import (
    Authenticated,
    CardRead,
    PinFailure,
    TextFailure,
    authenticate,
    read_basic_four,
    read_card,
)
from tests.card_kit import card, clock, trust

E = TypeVar("E", bound=CardReaderEvent)

WATCHDOG_S = 5.0
SOON_S = 10.0


@dataclass(slots=True)
class CardStack:
    """One slot of the private pcscd and our reader on it, watched from the start."""

    pcscd: PrivatePcscd
    slot: CardSlot
    name: str
    reader: PcscReader
    events: "queue.SimpleQueue[CardReaderEvent]" = field(default_factory=queue.SimpleQueue)

    def lay(self, what: Card | str = "adult") -> int:
        """Lay a card (or a fresh one of a profile) down and wait until the driver tells of it; return the insertion."""
        self.slot.insert(card(what) if isinstance(what, str) else what)
        return self.expect(CardInserted).insertion

    def swap(self, what: Card) -> int:
        """Put another card in place, faster than pcscd looks; return its insertion."""
        self.slot.swap(what)
        return self.expect(CardInserted).insertion

    def lift(self) -> None:
        """Take the card off and wait until the driver tells of it."""
        self.slot.remove()
        self.expect(CardRemoved)

    def expect(self, kind: type[E]) -> E:
        """The next event of ``kind``; others are passed over. Fails the test when it does not come."""
        until_s = time.monotonic() + SOON_S
        passed: list[CardReaderEvent] = []
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                event = self.events.get(timeout=left_s)
            except queue.Empty:
                break
            if isinstance(event, kind):
                return event
            passed.append(event)
        pytest.fail(f"expected {kind.__name__} within {SOON_S} s, only {passed} came")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Poll a real process for a bounded time."""
    until_s = time.monotonic() + SOON_S
    while not condition():
        if time.monotonic() > until_s:
            pytest.fail(f"expected within {SOON_S} s: {what}")
        time.sleep(0.02)


def make_stack(pcscd: PrivatePcscd, slot: int = 0, watchdog_s: float = WATCHDOG_S) -> CardStack:
    """A watched reader on one slot; the caller ends it with ``end_stack``."""
    name = pcscd.reader_names[slot]
    stack = CardStack(pcscd, pcscd.slot(slot), name, PcscReader(name, watchdog_s, SystemClock()))
    stack.reader.watch(stack.events.put)
    return stack


def end_stack(stack: CardStack) -> None:
    """Leave slot and reader as they were found, so that the next test begins with an empty slot."""
    stack.slot.remove()
    stack.reader.close()
    observer = PcscReader(stack.name, WATCHDOG_S, SystemClock())
    wait_until(lambda: observer.prove().proved, "an empty reader")


def transcript(certificate: CardCertificate) -> bytes:
    """A transcript as the driver sees it: opaque."""
    return b"opaque transcript over " + certificate.sha256


def read(connection: CardConnection) -> CardRead:
    """``read_card`` with the home's trust."""
    return read_card(connection, trust(), clock())


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a whole procedure came."""

    card: CardRead
    authenticated: Authenticated | PinFailure | None = None
    four: BasicFour | TextFailure | None = None


def whole_procedure(connection: CardConnection, pin: PinBuffer) -> Outcome:
    """What a customer's process does with a card: read, PIN and signature, basic four; ends at the first outcome that is none."""
    found = read(connection)
    authenticated = authenticate(connection, pin, found, trust(), clock(), transcript)
    if not isinstance(authenticated, Authenticated):
        return Outcome(found, authenticated)
    return Outcome(found, authenticated, read_basic_four(connection, pin, same_digits=True))
