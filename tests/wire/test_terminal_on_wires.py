"""The service as a store runs it, on pcscd, IPP and HTTPS, while somebody kills it, pulls the card or restarts pcscd."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from honnin.demo.world import World
from simulator.people.typist import Typist
from simulator.processes import children
from terminal.control import StaffCommand, ask
from terminal.journal.report import JournalReport
from terminal.journal.verify import verify_journal
from terminal.money.ledger import FILE_NAME as LEDGER_FILE
from terminal.money.reading import read_snapshot
from terminal.readiness import JOURNAL_FILE
from tests.emulated_card_kit import shared_home
from tests.system import require

pytestmark = pytest.mark.system
FEE_YEN = 200


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    require("pcscd", "unshare", "setpriv")
    with World(tmp_path / "world", shared_home()) as world:
        assert world._pcscd is not None, world.wires
        yield world


def journal(world: World) -> JournalReport:
    return verify_journal(world.state_dir / JOURNAL_FILE)


def until(done: Callable[[], bool], what: str, timeout_s: float = 60.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < deadline_s, what
        time.sleep(0.05)


def authenticate(world: World, terminal: Typist, profile: str = "adult") -> None:
    world.tap(profile)
    terminal.wait_for("enter_pin")
    world.type_pin(terminal, "1234")
    terminal.wait_for("take_card")
    world.lift()
    terminal.wait_for("choose_kind")


def key_of(terminal: Typist, words: str) -> str:
    return next(line.split()[0] for line in terminal.frame.splitlines() if words in line and line.startswith("  "))


def buy_seal(terminal: Typist) -> None:
    """From the choice to the confirmed choice."""
    terminal.press(key_of(terminal, "印鑑"))
    terminal.wait_for("choose_copies")
    terminal.press("1")
    terminal.wait_for("confirm")
    terminal.press("\n")


def pay(world: World, terminal: Typist, *coins_yen: int) -> None:
    """The fee, coin by coin."""
    world.pay(terminal, *(coins_yen or (100, 100)))


def buy(world: World, terminal: Typist) -> None:
    """A whole purchase, to show that the terminal is well."""
    terminal.wait_for("welcome", timeout_s=90)
    before = len(list(world.tray.glob("*.pdf")))
    authenticate(world, terminal, "head")
    buy_seal(terminal)
    pay(world, terminal)
    terminal.wait_for("take_sheets", timeout_s=60)
    terminal.press("\n")
    terminal.wait_for("welcome", timeout_s=60)
    assert len(list(world.tray.glob("*.pdf"))) == before + 1


def test_killed_in_the_middle_of_a_paid_purchase(world: World) -> None:
    with world.terminal() as terminal:
        terminal.wait_for("welcome")
        authenticate(world, terminal)
        buy_seal(terminal)
        pay(world, terminal, 100)
        (customer,) = children(terminal.pid)
        os.kill(customer, signal.SIGKILL)
        terminal.wait_for("welcome", timeout_s=60)
        assert journal(world).ok, journal(world).breaches
        assert [claim.amount_yen for claim in read_snapshot(world.state_dir / LEDGER_FILE).state.claims] == [100]
        assert "預り証 CLAIM TICKET" in str(world.hardware.look("receipt_printer")["last_slip"])
        assert world.hardware.inside_yen() == 100
        buy(world, terminal)
    assert terminal.stop() == 0
    assert journal(world).ok
    assert not journal(world).tally.running


def test_the_card_is_pulled_while_it_is_asked(world: World) -> None:
    with world.terminal() as terminal:
        terminal.wait_for("welcome")
        for nth in (2, 9):
            world.tap("adult")
            terminal.wait_for("enter_pin")
            world.slot.remove_at(nth, in_flight=True)
            world.type_pin(terminal, "1234")
            terminal.wait_for("sorry", timeout_s=60)
            terminal.press("\n")
            terminal.wait_for("welcome", timeout_s=60)
        assert world.hardware.inside_yen() == 0
        buy(world, terminal)
    report = journal(world)
    assert report.ok, report.breaches
    assert report.tally.customers == 3


def test_pcscd_restarts_while_nobody_is_there(world: World) -> None:
    with world.terminal() as terminal:
        terminal.wait_for("welcome")
        assert world._pcscd is not None
        world._pcscd.halt()
        terminal.wait_for("out_of_service", timeout_s=30)
        world._pcscd.restart()
        buy(world, terminal)
    assert journal(world).ok


def test_pcscd_restarts_while_a_customer_is_at_it(world: World) -> None:
    with world.terminal() as terminal:
        terminal.wait_for("welcome")
        world.tap("adult")
        terminal.wait_for("enter_pin")
        assert world._pcscd is not None
        world._pcscd.restart()
        world.type_pin(terminal, "1234")
        terminal.wait_for("take_card_back", "sorry", "out_of_service", "welcome", timeout_s=90)
        world.lift()
        if terminal.screen == "sorry":
            terminal.press("\n")
        buy(world, terminal)
    report = journal(world)
    assert report.ok, report.breaches
    assert world.hardware.inside_yen() == FEE_YEN


def test_a_second_service_on_the_same_folder_is_refused_and_the_first_goes_on(world: World) -> None:
    with world.terminal() as terminal:
        terminal.wait_for("welcome")
        log = world.directory / "second.log"
        command: list[str | Path] = [sys.executable, "-m", "honnin", "terminal", "run", "--config", world.config_path]
        with Typist(command, log, world.environment) as second:
            until(lambda: " Z " in Path(f"/proc/{second.pid}/stat").read_text(encoding="ascii"), "the second gave up")
            assert second.stop() != 0
        assert "JOURNAL_LOCKED" in log.read_text(encoding="utf-8")
        assert ask(world.state_dir, StaffCommand(command="status")).state == "Idle"
        buy(world, terminal)
    assert journal(world).ok


def test_a_stop_leaves_no_process_and_a_whole_journal(world: World) -> None:
    with world.terminal() as terminal:
        terminal.wait_for("welcome")
        authenticate(world, terminal)
        ours = [terminal.pid, *children(terminal.pid)]
        assert terminal.stop() == 0
        assert not [pid for pid in ours if Path(f"/proc/{pid}").exists()]
    report = journal(world)
    assert report.ok, report.breaches
    assert not report.tally.running
    assert report.tally.customers == 1
