"""A real PC/SC stack of its own for each test process, so that runs do not disturb each other."""

import time
from collections.abc import Iterator

import pytest
from smartcard import scard

from simulator.devices.card_reader.pcscd import PrivatePcscd
from simulator.devices.card_reader.wire import NO_DELAYS, CardSlot
from tests.system import require

_EMPTY_WITHIN_S = 5.0


@pytest.fixture(scope="session")
def session_pcscd() -> Iterator[PrivatePcscd]:
    """One private pcscd for all the tests of this process that leave it as it was."""
    require("pcscd", "unshare", "setpriv")
    with PrivatePcscd() as daemon:
        yield daemon


@pytest.fixture
def pcscd(session_pcscd: PrivatePcscd) -> PrivatePcscd:
    """The session's pcscd, to which the PC/SC calls of this process go; children need ``pcscd.env``.

    Activated for each test: a file with a pcscd of its own may have run in between and led the calls there.
    """
    session_pcscd.activate()
    return session_pcscd


@pytest.fixture
def slot(pcscd: PrivatePcscd) -> Iterator[CardSlot]:
    """The empty first slot; whatever lies on it at the end of the test is taken off, and pcscd has seen it go."""
    with pcscd.slot(0) as empty:
        empty.apdu_log.clear()
        empty.delays = NO_DELAYS
        yield empty
    wait_for_card(pcscd, present=False)


def wait_for_card(pcscd: PrivatePcscd, *, present: bool, slot: int = 0) -> None:
    """Wait until pcscd says that a card lies on the slot, or that none does: its own poll takes up to 400 ms."""
    name = pcscd.reader_names[slot]
    deadline_s = time.monotonic() + _EMPTY_WITHIN_S
    while time.monotonic() < deadline_s:
        if _is_present(name) is present:
            return
        time.sleep(0.02)
    raise AssertionError(f"expected a card {'on' if present else 'off'} {name} within {_EMPTY_WITHIN_S} s")


def _is_present(name: str) -> bool | None:
    status, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if status != scard.SCARD_S_SUCCESS:
        return None
    try:
        status, states = scard.SCardGetStatusChange(context, 0, [(name, scard.SCARD_STATE_UNAWARE)])
        return bool(states[0][1] & scard.SCARD_STATE_PRESENT) if status == scard.SCARD_S_SUCCESS else None
    finally:
        scard.SCardReleaseContext(context)
