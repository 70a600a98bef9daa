"""The receipt printer stops in the middle of a slip: it is not printed, the rest never comes out, what hangs is voided."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.receipt_printer.faults import ReceiptFault
from terminal.devices.receipt_printer.api import ReceiptCode, SlipFailed, SlipPrinted
from tests.receipt_kit import STOPPED_BY, Shop, claim, long_slip, model_shop

VOID = "無効 VOID"


def _whole_slips(shop: Shop) -> list[tuple[str, ...]]:
    return [slip.lines for slip in shop.model.slips if slip.whole and VOID not in slip.lines]


@pytest.mark.parametrize("line", [0, 1, 4, 6, 7])
@pytest.mark.parametrize("kind", STOPPED_BY)
def test_it_stops_at_a_line(kind: ReceiptFault, line: int, tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.plan(kind, After(line))
    outcome = shop.printer.print_slip(claim())
    assert isinstance(outcome, SlipFailed)
    assert (outcome.code, outcome.begun) == (STOPPED_BY[kind], True)
    assert len(shop.model.hanging_lines) == min(line, 5), "five lines of text, then a feed, the code, a feed"
    if kind is not ReceiptFault.OVERHEATED:  # heals by itself meanwhile
        assert STOPPED_BY[kind] in shop.levels()
    shop.model.power_cycle()
    shop.model.heal()
    shop.pause(5.0)
    assert _whole_slips(shop) == [], "the rest must not come out when the printer is healed"
    shop.printer.clear()
    assert shop.printer.prove().proved
    assert shop.levels() == []
    assert [slip.lines[-1] for slip in shop.model.slips] == [VOID]
    assert isinstance(shop.printer.print_slip(claim(reprint=True)), SlipPrinted)
    assert ["再発行 REPRINT" in lines for lines in _whole_slips(shop)] == [True]


def test_the_rest_does_not_come_out_by_itself_when_the_cover_is_closed(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.plan(ReceiptFault.COVER_OPENED, After(3))
    shop.printer.print_slip(claim())
    before = shop.model.hanging_lines
    shop.model.cover_open = False
    shop.pause(10.0)
    shop.model.work()
    assert shop.model.hanging_lines == before
    assert shop.model.slips == []


def test_a_power_cut_in_the_printer_loses_the_slip_and_nobody_says_printed(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.plan(ReceiptFault.POWER_LOST, After(3))
    outcome = shop.printer.print_slip(claim())
    assert isinstance(outcome, SlipFailed)
    assert (outcome.code, outcome.begun) == (ReceiptCode.NOT_CONFIRMED, True)
    shop.printer.clear()
    assert shop.printer.prove().proved
    assert _whole_slips(shop) == []


def test_a_power_cut_between_two_blocks_does_not_spoil_the_second(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.plan(ReceiptFault.POWER_LOST, After(60))
    outcome = shop.printer.print_slip(long_slip())
    if isinstance(outcome, SlipPrinted):
        assert len([line for line in shop.model.slips[-1].lines if line.startswith("項目")]) == 100
    else:
        assert outcome.begun
        assert _whole_slips(shop) == []


def test_another_process_finds_the_slip_that_broke_off_and_closes_it(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.plan(ReceiptFault.PAPER_OUT, After(3))
    shop.printer.print_slip(claim())
    reset = shop.again()
    line = reset.prove()
    assert (line.proved, line.code) == (False, ReceiptCode.LEFT_OVER)
    assert ReceiptCode.LEFT_OVER in [fault.code for fault in reset.readiness().faults]
    assert not reset.readiness().ready
    reset.clear()
    assert not reset.prove().proved, "without paper nothing can be marked void"
    shop.model.paper_lines = 500.0
    reset.clear()
    assert reset.prove().proved
    assert shop.model.slips[-1].lines[-1] == VOID
    assert reset.readiness().ready


def test_the_next_slip_is_never_printed_under_one_that_broke_off(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    shop.plan(ReceiptFault.COVER_OPENED, After(3))
    shop.printer.print_slip(claim())
    shop.model.cover_open = False
    assert isinstance(shop.again().print_slip(claim(reprint=True)), SlipPrinted)
    void, reprint = shop.model.slips
    assert void.lines[-1] == VOID
    assert reprint.lines.count("お預り証（引換券）") == 1


def test_a_mark_that_the_disk_does_not_take_holds_in_memory(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    shop = model_shop(folder)
    shop.plan(ReceiptFault.PAPER_OUT, After(3))
    shop.printer.print_slip(claim())
    assert not shop.printer.prove().proved
