"""A plugin of fixtures over the real PC/SC stack: ``pytest_plugins = ("tests.card_fixtures",)`` in a test file."""

from collections.abc import Iterator

import pytest

from simulator.devices.card_reader.pcscd import PrivatePcscd
from tests.card_stack import CardStack, end_stack, make_stack
from tests.system import require


@pytest.fixture(scope="module")
def private_pcscd() -> Iterator[PrivatePcscd]:
    """A pcscd of this test file's own."""
    require("pcscd", "unshare", "setpriv")
    with PrivatePcscd() as pcscd:
        pcscd.activate()
        yield pcscd


@pytest.fixture
def card_stack(private_pcscd: PrivatePcscd) -> Iterator[CardStack]:
    """Slot 0 with our reader on it."""
    stack = make_stack(private_pcscd)
    yield stack
    end_stack(stack)


@pytest.fixture
def impatient_stack(private_pcscd: PrivatePcscd) -> Iterator[CardStack]:
    """The same with a watchdog of 0.3 s, for cards that hang."""
    stack = make_stack(private_pcscd, watchdog_s=0.3)
    yield stack
    end_stack(stack)
