"""The printer fails in the middle of a job: nothing is shown as done that is not, and the money goes back (P4, P5)."""

from pathlib import Path

import pytest

from printer_templates.records import Scope
from simulator.devices.fault_plan import After, Next, PlannedFault
from simulator.devices.printer.faults import FaultKind
from simulator.people.script import Do, Pause
from simulator.terminal_inline import InlineConfig, InlineTerminal, NotServingError, Visit
from terminal.devices.printer.timing import Timing
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.journal.fields import PrintOutcome
from tests.terminal_kit import (
    FEE_YEN,
    RESIDENCE,
    in_order,
    pages_in_tray,
    shopper,
    terminal,
    the_end,
    the_request,
)


def planned(inline: InlineTerminal, kind: FaultKind, after: int = 0) -> None:
    inline.printer.plan.add(PlannedFault(kind, After(after) if after else Next()))


def buys_fourteen(inline: InlineTerminal) -> Visit:
    """Ten page sides, so that a job can break off in its middle."""
    return inline.serve(shopper(inline, "large-1", kind=RESIDENCE, scope=Scope.HOUSEHOLD))


def print_ended(visit: Visit) -> e.PrintEnded:
    (ended,) = visit.of(e.PrintEnded)
    assert isinstance(ended, e.PrintEnded)
    return ended


def test_paper_that_runs_out_and_is_refilled_is_a_delivered_sheet(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        planned(inline, FaultKind.PAPER_OUT, after=4)

        def refill() -> None:
            with inline.printer.panel() as panel:
                panel.paper_sheets = 100

        rules = shopper(inline, "large-1", kind=RESIDENCE, scope=Scope.HOUSEHOLD)
        rules["printer_waiting"] = ((Pause(30), Do(refill)),)
        visit = inline.serve(rules)
        assert "printer_waiting" in visit.screens
        assert the_end(visit).reason is EndReason.COMPLETED
        assert pages_in_tray(inline) == [(10, 10)]
        assert inline.payment.till.held_yen == FEE_YEN
        assert the_request(inline).outcome == "delivered"


def test_a_printer_that_dies_in_the_middle_is_a_refund_and_the_sheets_are_asked_for(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        planned(inline, FaultKind.POWER_LOST, after=4)
        visit = buys_fourteen(inline)
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        assert not the_end(visit).delivered
        assert "take_incomplete_sheets" in visit.screens
        assert "take_sheets" not in visit.screens
        assert in_order(visit, e.PrintStarted, e.PrintEnded, e.RefundRequested, e.RefundPaid, e.CustomerEnded)
        assert print_ended(visit).outcome is not PrintOutcome.COMPLETED
        assert inline.payment.till.held_yen == 0
        assert the_request(inline).outcome in ("partly_delivered", "unknown")
        assert inline.situation() is State.OUT_OF_SERVICE
        inline.printer.heal()
        inline.look()
        assert inline.situation() is State.OUT_OF_SERVICE, "more of its sheets may have come out since they were taken"
        inline.settle("tray")
        assert inline.situation() is State.IDLE


def test_incomplete_sheets_that_nobody_takes_keep_the_next_customer_away(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        planned(inline, FaultKind.JOB_ABORTED, after=0)
        rules = shopper(inline, "large-1", kind=RESIDENCE, scope=Scope.HOUSEHOLD)
        rules["take_incomplete_sheets"] = ()
        visit = inline.serve(rules)
        assert inline.payment.till.held_yen == 0
        assert inline.situation() is State.OUT_OF_SERVICE
        assert ("tray", "MACHINE_SHEETS_FORGOTTEN") in inline.journal.standing_faults()
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        inline.printer.heal()
        inline.look()
        assert inline.situation() is State.OUT_OF_SERVICE, "no device can see that the tray is empty"
        inline.settle("tray")
        assert inline.situation() is State.IDLE


def test_delivered_sheets_that_nobody_takes_are_paid_for_and_keep_the_next_customer_away(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve({**shopper(inline), "take_sheets": ()})
        assert the_end(visit).reason is EndReason.SHEETS_FORGOTTEN
        assert inline.payment.till.held_yen == FEE_YEN
        with pytest.raises(NotServingError):
            inline.serve(shopper(inline))
        inline.settle("tray")
        assert inline.situation() is State.IDLE


def test_a_printer_that_accepts_and_never_completes_is_never_shown_as_done(tmp_path: Path) -> None:
    with terminal(tmp_path, InlineConfig(timing=Timing(bound_s=40.0))) as inline:
        planned(inline, FaultKind.NEVER_COMPLETED)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        assert "take_sheets" not in visit.screens
        assert inline.payment.till.held_yen == 0
        assert inline.tray.deliveries == []
        assert print_ended(visit).outcome is PrintOutcome.TIMED_OUT


def test_the_machine_s_own_bound_cancels_a_job_that_its_driver_waits_for(tmp_path: Path) -> None:
    with terminal(tmp_path, InlineConfig(timing=Timing(bound_s=2000.0))) as inline:
        planned(inline, FaultKind.NEVER_COMPLETED)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.TIMED_OUT
        assert "cancelling" in visit.screens
        assert inline.payment.till.held_yen == 0
        assert print_ended(visit).outcome is PrintOutcome.CANCELLED


def test_fewer_sides_than_asked_are_no_certificate(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        planned(inline, FaultKind.FEWER_IMPRESSIONS)
        visit = buys_fourteen(inline)
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        assert inline.payment.till.held_yen == 0
        assert print_ended(visit).outcome is PrintOutcome.FAILED
        assert "take_incomplete_sheets" in visit.screens


@pytest.mark.parametrize("kind", [FaultKind.JOB_REFUSED, FaultKind.JOB_ABORTED, FaultKind.JOB_VANISHED])
def test_a_job_that_comes_to_nothing_is_a_refund(tmp_path: Path, kind: FaultKind) -> None:
    with terminal(tmp_path) as inline:
        planned(inline, kind)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        assert inline.payment.till.held_yen == 0
        assert inline.payment.till.taken_yen == FEE_YEN
        assert "take_sheets" not in visit.screens


def test_no_money_is_taken_for_a_printer_that_was_seen_without_paper(tmp_path: Path) -> None:
    """The idle terminal notices the empty tray before a customer has paid."""
    with terminal(tmp_path) as inline:
        with inline.printer.panel() as panel:
            panel.paper_sheets = 0
        rules = shopper(inline)
        rules["welcome"] = ((Pause(30), *rules["welcome"][0]),)
        inline.serve(rules)
        assert inline.clock.now_s() < 30
        assert inline.situation() is State.OUT_OF_SERVICE
        assert inline.payment.till.taken_yen == 0
