"""P2 under virtual time: what is left on the glass, in entry buffers, in files, in work begun and on slips is seen and judged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from printer_templates.certificate import draw_certificate
from printer_templates.records import CertificateKind, Scope
from simulator.checkers.registry import check_all
from simulator.checkers.verdict import Truth, Verdict
from simulator.cooperative import CooperativeLoop
from simulator.devices.receipt_printer.model import ReceiptPrinterModel
from simulator.left_behind import Glass, files_left, remnants
from simulator.people import visitor as v
from simulator.people.residents import resident
from simulator.people.script import ScriptedScreen
from simulator.plan import Arrival, Plan, TerminalPlan
from simulator.run import run
from simulator.seen import Emptiness, ServiceSeen
from simulator.seen_terminal import SeenTerminal
from simulator.visiting import VisitorScreen
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.screen.api import View
from tests.terminal_kit import shared_home

HOUSEHOLD = v.Wish(CertificateKind.RESIDENCE_CERTIFICATE, Scope.MEMBERS, members=("adult",))


def day(*habits: v.Habit, cash: tuple[str, ...] = (), wish: v.Wish | None = None) -> Plan:
    """One who comes first, and another after them."""
    first = v.Visitor("head", wish, habits=habits) if wish else v.Visitor("head", habits=habits)
    return Plan(
        terminals=(TerminalPlan("SPECIMEN-1", cash=cash),),
        arrivals=(Arrival(5, first), Arrival(200, v.Visitor("adult"))),
    )


def left_at_ready(plan: Plan, folder: Path | None = None) -> tuple[list[Emptiness], Verdict]:
    """What was left whenever the terminal said that it is ready, and P2's verdict."""
    lines = run(plan, shared_home(), folder)
    ready = [line.seen.left for line in lines if isinstance(line.seen, ServiceSeen) and line.seen.situation == "ready"]
    return ready, check_all(lines)["P2"]


@pytest.mark.parametrize("cash", [(), ("coins", "notes")])
def test_a_terminal_that_resets_is_empty_for_everybody(cash: tuple[str, ...]) -> None:
    ready, verdict = left_at_ready(day(cash=cash))
    assert len(ready) == 3
    assert all(left.empty for left in ready)
    assert verdict.truth is Truth.TRUE


def test_a_screen_that_is_not_cleared_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted screen says that it is cleared, and proves it: only whoever looks at the glass can tell."""
    monkeypatch.setattr(VisitorScreen, "clear", ScriptedScreen.clear)
    ready, verdict = left_at_ready(day(v.Cancels("enter_pin")))
    assert ready[1].remnants == ("the screen goodbye",)
    assert verdict.truth is Truth.FALSE


def test_names_that_stay_on_the_glass_are_told_by_whose_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = VisitorScreen.show

    def only_names(screen: VisitorScreen, view: View) -> None:
        if view.screen == "choose_members" or screen.glass.view is None:
            shown(screen, view)
        else:
            ScriptedScreen.show(screen, view)

    monkeypatch.setattr(VisitorScreen, "clear", ScriptedScreen.clear)
    monkeypatch.setattr(VisitorScreen, "show", only_names)
    ready, verdict = left_at_ready(day(wish=HOUSEHOLD))
    assert any("head" in left.names_on_screen for left in ready)
    assert any("names on the screen" in reason.what for reason in verdict.breaches)


def test_pin_digits_that_the_terminal_takes_and_does_not_wipe_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def copied(source: bytearray) -> PinBuffer:
        pin = PinBuffer()
        for character in source:
            pin.press(character - ord("0"))
        return pin

    monkeypatch.setattr(PinBuffer, "take", copied)
    ready, verdict = left_at_ready(day())
    assert ready[1].pin_digits == 4
    assert any("4 digits of a PIN" in reason.what for reason in verdict.breaches)


def test_a_file_with_the_sheets_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def kept(*arguments: Any, **named: Any) -> Any:
        certificate = draw_certificate(*arguments, **named)
        (tmp_path / "SPECIMEN-1" / "certificate.pdf").write_bytes(certificate.pdf)
        return certificate

    monkeypatch.setattr("terminal.commands.sheets.draw_certificate", kept)
    ready, verdict = left_at_ready(day(), tmp_path)
    assert ready[0].empty
    assert ready[1].remnants == ("the file certificate.pdf",)
    assert verdict.truth is Truth.FALSE


def test_work_that_outlives_its_customer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = CooperativeLoop.kill

    def killed_but_for_timers(loop: CooperativeLoop[Any]) -> None:
        timers = dict(loop._timers)
        killed(loop)
        loop._timers.update(timers)

    monkeypatch.setattr(CooperativeLoop, "kill", killed_but_for_timers)
    ready, verdict = left_at_ready(day(v.Cancels("enter_pin")))
    assert any("the customer's process had begun" in what for left in ready for what in left.remnants)
    assert verdict.truth is Truth.FALSE


def _half_a_slip(receipts: ReceiptPrinterModel) -> None:
    receipts.accept(b"a name\n")
    receipts.work()


@pytest.mark.parametrize(
    ("leave", "what"),
    [
        (lambda receipts: receipts.accept(b"\x1b@"), "2 bytes or acts in the receipt printer"),
        (_half_a_slip, "1 line on a slip that hangs out"),
    ],
)
def test_what_a_receipt_printer_holds_is_seen(
    leave: Callable[[ReceiptPrinterModel], None], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted after the reset has proved the printer clean."""
    emptiness = SeenTerminal.emptiness

    def left(terminal: SeenTerminal) -> Emptiness:
        if terminal.cash is not None:
            leave(terminal.cash.receipts)
        return emptiness(terminal)

    monkeypatch.setattr(SeenTerminal, "emptiness", left)
    ready, verdict = left_at_ready(day(cash=("coins",)))
    assert what in ready[0].remnants
    assert verdict.truth is Truth.FALSE


def test_a_my_number_on_the_glass_is_seen_and_not_told() -> None:
    number = resident("head").my_number
    glass = Glass(View("sorry", "", (f"{number[:4]} {number[4:8]} {number[8:]}",)))
    told = remnants(Path(), glass, 0, None)[:2]
    assert told == ("the screen sorry", "twelve digits on the screen")


def test_own_files_and_sealed_findings_are_no_remnants_and_open_ones_are(tmp_path: Path) -> None:
    (tmp_path / "findings").mkdir()
    for name in ("journal.sqlite", "journal.sqlite-wal", "ledger.sqlite", "till.json", "findings/00.jwe"):
        (tmp_path / name).touch()
    assert tuple(files_left(tmp_path)) == ()
    (tmp_path / "findings" / "00.part").touch()
    (tmp_path / "page.png").touch()
    assert tuple(files_left(tmp_path)) == ("the file findings/00.part", "the file page.png")


def test_digits_that_nobody_had_taken_die_with_the_process_and_others_do_not() -> None:
    taken, untaken, wiped = bytearray(b"1234"), bytearray(b"5678"), bytearray(4)
    glass = Glass(given_out=[taken, untaken, wiped])
    glass.forget_untaken([untaken])
    assert glass.digits_left() == 4
    assert glass.given_out == [taken]
