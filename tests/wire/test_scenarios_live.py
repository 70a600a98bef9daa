"""Scenarios on the real service: played on pcscd, IPP, HTTPS and ptys, recorded there, ended the same in virtual time."""

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from honnin.live.log import OrderLog
from honnin.live.playing import play
from honnin.live.recording import expected_of, scenario_of
from simulator import seen as s
from simulator.checkers.registry import check_all
from simulator.devices.control_socket import control
from simulator.history import At
from simulator.people.typist import Typist
from simulator.run import run
from simulator.scenarios import Scenario, load_scenario, parse
from simulator.scenarios.expecting import codes_of, compare, hands_of
from simulator.scenarios.writing import dump
from tests.emulated_card_kit import shared_home
from tests.system import require

pytestmark = pytest.mark.system

DAY = """
scenario: a note, a thought better of, and a warning
terminals: [{terminal: SPECIMEN-1, cash: [coins, notes]}]
people:
  - {at: 0, who: adult, reads_s: 0.5, pays: [1000], habits: [mistypes]}
  - {at: 1, who: head, reads_s: 0.5, pays: [100], habits: [{cancels: [pay, 1]}]}
faults:
  - {at: 0, device: printer, fault: toner-low, when: {after: 1}}
expect:
  promises: {P1: true, P2: true, P3: true, P4: true, P5: true, P7: true, P8: true, P9: true}
  hands: [{person: 1, papers_of: [adult]}]
  codes: [MACHINE_PIN_WRONG, MACHINE_CUSTOMER_CANCELLED]
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a short name: a service's control socket lies in it, and a socket's path has 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="hn-") as folder:
        yield Path(folder)


def money(lines: list[At]) -> Counter[tuple[str, int, int]]:
    kinds = (s.MoneyInserted, s.MoneyCameOut, s.SlipCame)
    return Counter(
        (type(line.seen).__name__, line.seen.person, line.seen.amount_yen)
        for line in lines
        if isinstance(line.seen, kinds)
    )


def same(scenario: Scenario, live: list[At]) -> None:
    """In virtual time it ends as it did live."""
    again = run(scenario.plan, shared_home().in_virtual_time(scenario.plan.start))
    assert compare(scenario.expect, again, check_all(again)) == []
    assert (hands_of(again), codes_of(again), money(again)) == (hands_of(live), codes_of(live), money(live))


def test_a_day_is_played_live_and_recorded_and_ends_the_same_in_virtual_time(place: Path) -> None:
    require("pcscd", "unshare", "setpriv")
    scenario, log = parse(DAY), OrderLog()
    live = play(scenario.plan, shared_home(), place / "live", speed=4, log=log)
    assert live[-1].seen == s.RunEnded(), live[-1]
    assert compare(scenario.expect, live, check_all(live)) == []
    assert money(live)["MoneyCameOut", 1, 800] == 1
    recorded = scenario_of(live, log, scenario.plan, speed=4)
    text = dump(recorded.plan, expect=expected_of(live))
    assert recorded.notes == ()
    assert [each.visitor.habits for each in recorded.plan.arrivals] == [
        each.visitor.habits for each in scenario.plan.arrivals
    ]
    assert [replace(each, at_s=0.0) for each in recorded.plan.faults] == list(scenario.plan.faults)
    same(parse(text), live)


def press(terminal: Typist, words: str, then: str) -> None:
    key = next(line.split()[0] for line in terminal.frame.splitlines() if words in line and line.startswith("  "))
    terminal.press(key)
    terminal.wait_for(then)


def test_a_session_at_the_console_becomes_a_scenario(place: Path) -> None:
    require("pcscd", "unshare", "setpriv")
    out, folder, home = place / "out.yaml", place / "s", shared_home().root
    command: list[str | Path] = [sys.executable, "-m", "honnin", "sim", "record", "--out", out, "--dir", folder]
    dev = folder / "SPECIMEN-1" / "dev"
    with Typist([*command, "--home", home, "--history", place / "h.jsonl"], place / "log") as terminal:
        terminal.wait_for("welcome", timeout_s=60)
        control(dev / "card", "lay", profile="adult")
        terminal.wait_for("enter_pin")
        terminal.press("8642\n")
        terminal.wait_until_shown("checking_pin")
        terminal.wait_for("enter_pin")
        terminal.press("1234\n")
        terminal.wait_for("take_card")
        control(dev / "card", "lift")
        terminal.wait_for("choose_kind")
        press(terminal, "印鑑", "choose_copies")
        press(terminal, "2通", "confirm")
        control(dev / "payment", "add-fault", kind="declines")
        terminal.press("\n")
        terminal.wait_until_shown("pay")
        terminal.wait_for("confirm")
        terminal.press("x")
        terminal.wait_for("sorry", "welcome")
        terminal.press("\n")
        terminal.wait_for("welcome", timeout_s=60)
        os.kill(terminal.pid, signal.SIGINT)
        until_s = time.monotonic() + 30
        while not terminal.ended and time.monotonic() < until_s:
            terminal.look()
            time.sleep(0.02)
        assert terminal.stop() == 0, (place / "log").read_text(encoding="utf-8")
    text = out.read_text(encoding="utf-8")
    assert "8642" not in text
    assert "8642" not in (place / "h.jsonl").read_text(encoding="utf-8")
    scenario = load_scenario(out)
    (arrival,), (fault,) = scenario.plan.arrivals, scenario.plan.faults
    assert (arrival.visitor.resident, arrival.visitor.wish.copies) == ("adult", 2)
    assert (fault.device, fault.fault) == ("payment", "declines")
    assert set(scenario.expect.codes) >= {"MACHINE_PIN_WRONG", "PAYMENT_DECLINED", "MACHINE_CUSTOMER_CANCELLED"}
