"""Somebody stops the console's output, or its window is gone: the service is not stopped with it, and does not call it clear."""

import os
import pty
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from terminal.devices.screen.api import View
from terminal.devices.screen.console import ConsoleScreen, open_terminal_mode
from tests.console_kit import shown_on

NAMES = View("choose_members", "世帯の方", lines=("見本太郎", "見本花子"))
CONTROL_S, CONTROL_Z, CONTROL_BACKSLASH, CONTROL_V = b"\x13", b"\x1a", b"\x1c", b"\x16"


@dataclass
class Pty:
    """A console: ``person`` is the side of keyboard and eyes."""

    person: int
    terminal: int
    screen: ConsoleScreen


@pytest.fixture
def console() -> Iterator[Pty]:
    person, terminal = pty.openpty()
    restore = open_terminal_mode(terminal)
    screen = ConsoleScreen(terminal, terminal)
    yield Pty(person, terminal, screen)
    screen.close()
    with suppress(termios.error):
        restore()
    for descriptor in (person, terminal):
        with suppress(OSError):
            os.close(descriptor)


def test_no_key_stops_the_output_or_the_service(console: Pty) -> None:
    """Ctrl-S would block whoever writes next, which is the supervisor; Ctrl-Z would stop it and leave the customer's process."""
    os.write(console.person, CONTROL_S + CONTROL_Z + CONTROL_BACKSLASH + CONTROL_V)
    console.screen.show(NAMES)
    assert "見本太郎" in shown_on(console.person)
    characters = termios.tcgetattr(console.terminal)[6]
    assert (characters[termios.VSUSP], characters[termios.VQUIT]) == (b"\0", b"\0")


def test_an_output_that_was_stopped_goes_on_at_the_next_clearing(console: Pty) -> None:
    console.screen.show(NAMES)
    termios.tcflow(console.terminal, termios.TCOOFF)
    console.screen.clear()
    assert console.screen.prove().proved


def test_a_frozen_window_costs_a_bounded_time_and_the_proof(console: Pty) -> None:
    started_s = time.monotonic()
    with pytest.raises(OSError, match="takes no output"):
        for _ in range(1000):
            console.screen.show(NAMES)
    console.screen.clear()
    assert time.monotonic() - started_s < 15
    line = console.screen.prove()
    assert not line.proved
    assert line.code == "SCREEN_NOT_CLEARED"


def test_a_closed_window_is_not_proved_clear(console: Pty) -> None:
    console.screen.show(NAMES)
    os.close(console.person)
    console.screen.clear()
    assert not console.screen.prove().proved
    assert not console.screen.readiness().ready


def test_a_screen_that_was_not_cleared_yet_proves_nothing(console: Pty) -> None:
    assert not console.screen.prove().proved
