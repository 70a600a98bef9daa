"""The printer's word for "printed" is lost, or is another one: the slip may lie there, so it never counts as printed (P5)."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After, Next, PlannedFault, Ratio
from simulator.devices.line_faults import LineFault
from simulator.devices.receipt_printer.faults import ReceiptFault
from terminal.devices.receipt_printer.api import ReceiptCode, SlipFailed, SlipPrinted
from tests.receipt_kit import claim, long_slip, model_shop

LINE_FAULTS = [kind for kind in LineFault if kind is not LineFault.WRONG_ADDRESS]


@pytest.mark.parametrize("kind", [ReceiptFault.NO_RESPONSE, ReceiptFault.WRONG_RESPONSE])
def test_no_word_or_another_one_is_not_printed(kind: ReceiptFault, tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.plan(kind, After(1))  # the first request is the echo before the slip
    began_s = shop.clock.now_s()
    outcome = shop.printer.print_slip(claim())
    assert isinstance(outcome, SlipFailed)
    assert (outcome.code, outcome.begun) == (ReceiptCode.NOT_CONFIRMED, True)
    assert shop.clock.now_s() - began_s < 15
    shop.printer.clear()
    assert shop.printer.prove().proved
    assert shop.levels() == []


def test_a_printer_that_never_says_a_word_is_silent_before_anything_is_printed(tmp_path: Path) -> None:
    from simulator.devices.fault_plan import UntilCleared

    shop = model_shop(tmp_path)
    shop.plan(ReceiptFault.NO_RESPONSE, UntilCleared())
    outcome = shop.printer.print_slip(claim())
    assert isinstance(outcome, SlipFailed)
    assert (outcome.code, outcome.begun) == (ReceiptCode.SILENT, False)
    assert shop.levels() == [ReceiptCode.SILENT]
    assert shop.model.hanging_lines == ()
    shop.model.plan.clear()
    assert shop.levels() == []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", LINE_FAULTS)
def test_whatever_the_line_does_printed_means_printed(kind: LineFault, seed: int, tmp_path: Path) -> None:
    shop = model_shop(tmp_path, harmed_ticks=True)
    shop.faults.add(PlannedFault(kind, Ratio(0.15, seed)))
    printed = 0
    for _ in range(6):
        began_s = shop.clock.now_s()
        outcome = shop.printer.print_slip(long_slip(40))
        assert shop.clock.now_s() - began_s < 60, "bounded"
        if isinstance(outcome, SlipPrinted):
            printed += 1
            assert [line.split()[1] for line in shop.model.slips[-1].lines if line.startswith("項目")] == [
                str(number) for number in range(40)
            ]
        shop.plug()
    whole = [slip for slip in shop.model.slips if slip.whole and "無効 VOID" not in slip.lines]
    assert printed <= len(whole)
    shop.faults.heal()
    shop.printer.clear()
    assert shop.printer.prove().proved
    assert shop.levels() == []
    assert isinstance(shop.printer.print_slip(claim()), SlipPrinted)


@pytest.mark.parametrize(
    "kind", [LineFault.NOISE, LineFault.BYTE_DROPPED, LineFault.LATE_ANSWER, LineFault.BYTE_DOUBLED]
)
def test_one_harmed_answer_costs_no_slip(kind: LineFault, tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.faults.add(PlannedFault(kind, Next()))
    outcome = shop.printer.print_slip(claim())
    assert isinstance(outcome, SlipPrinted) or not outcome.begun


def test_the_cable_is_pulled_while_it_prints(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.faults.add(PlannedFault(LineFault.UNPLUGGED, After(6)))  # four status questions, clear, echo, then the slip
    outcome = shop.printer.print_slip(claim())
    assert isinstance(outcome, SlipFailed)
    assert (outcome.code, outcome.begun) == (ReceiptCode.LINE_GONE, True)
    assert ReceiptCode.LINE_GONE in shop.levels()
    shop.printer.clear()
    assert not shop.printer.prove().proved
    shop.plug()
    shop.printer.clear()
    assert shop.printer.prove().proved
    assert isinstance(shop.printer.print_slip(claim(reprint=True)), SlipPrinted)


def test_a_printer_that_is_not_there_is_proved_empty_by_the_mark_alone(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.printer.print_slip(claim())
    shop.unplug()
    shop.printer.clear()
    assert shop.printer.prove().proved
    assert shop.printer.readiness().ready, "faults do not block unless told to"
    assert shop.levels() == [ReceiptCode.LINE_GONE]
