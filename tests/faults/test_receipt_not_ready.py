"""A receipt printer that cannot print gets no byte of a slip; low paper is a warning; faults block service only if told to."""

from pathlib import Path

import pytest

from simulator.devices.receipt_printer.model import ReceiptPrinterModel
from terminal.devices.api import DeviceStatus, faults_of
from terminal.devices.receipt_printer.api import (
    LINES_MAX,
    ReceiptCode,
    SlipDocument,
    SlipFailed,
    SlipKind,
    SlipLine,
    SlipPrinted,
)
from tests.receipt_kit import claim, model_shop, receipt


def _no_paper(model: ReceiptPrinterModel) -> None:
    model.paper_lines = 0.0


def _cover(model: ReceiptPrinterModel) -> None:
    model.cover_open = True


def _broken(model: ReceiptPrinterModel) -> None:
    model.hardware_error = True


def _offline(model: ReceiptPrinterModel) -> None:
    model.forced_offline = True


def _cutter(model: ReceiptPrinterModel) -> None:
    model.cutter_jammed = model.cutter_error = True


CASES = [
    (_no_paper, ReceiptCode.PAPER_OUT, DeviceStatus.USER_ERROR),
    (_cover, ReceiptCode.COVER_OPEN, DeviceStatus.USER_ERROR),
    (_broken, ReceiptCode.HARDWARE, DeviceStatus.HARDWARE_ERROR),
    (_offline, ReceiptCode.OFFLINE, DeviceStatus.OFFLINE),
    (_cutter, ReceiptCode.CUTTER, DeviceStatus.HARDWARE_ERROR),
]


@pytest.mark.parametrize(("make", "code", "status"), CASES)
def test_no_byte_of_a_slip_leaves_and_the_level_falls_when_healed(make, code, status, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    shop = model_shop(tmp_path, blocks=True)
    make(shop.model)
    readiness = shop.printer.readiness()
    assert (readiness.ready, readiness.status) == (False, status)
    assert [fault.code for fault in readiness.faults] == [code]
    outcome = shop.printer.print_slip(receipt())
    assert isinstance(outcome, SlipFailed)
    assert (outcome.code, outcome.begun) == (code, False)
    assert shop.printer.prove().proved, "its buffers are empty, so the reset holds"
    shop.model.heal()
    assert shop.levels() == []
    assert isinstance(shop.printer.print_slip(receipt()), SlipPrinted)
    assert [slip.whole for slip in shop.model.slips] == [True]


@pytest.mark.parametrize(("make", "code", "status"), CASES)
def test_faults_block_service_only_where_the_shop_says_so(make, code, status, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    shop = model_shop(tmp_path)
    make(shop.model)
    readiness = shop.printer.readiness()
    assert readiness.ready
    assert [fault.code for fault in faults_of(readiness)] == [code]
    assert not any(fault.blocks_service for fault in faults_of(readiness))


def test_low_paper_warns_and_still_prints(tmp_path: Path) -> None:
    shop = model_shop(tmp_path, blocks=True)
    shop.model.paper_lines = 50.0
    assert shop.levels() == [ReceiptCode.PAPER_LOW]
    assert shop.printer.readiness().ready
    assert isinstance(shop.printer.print_slip(claim()), SlipPrinted)


def test_a_stuck_cutter_fails_the_slip_and_is_recovered_after_a_person_freed_it(tmp_path: Path) -> None:
    from simulator.devices.receipt_printer.faults import ReceiptFault

    shop = model_shop(tmp_path)
    shop.plan(ReceiptFault.CUTTER_STUCK)
    outcome = shop.printer.print_slip(claim())
    assert isinstance(outcome, SlipFailed)
    assert (outcome.code, outcome.begun) == (ReceiptCode.CUTTER, True)
    shop.printer.clear()
    assert ReceiptCode.CUTTER in shop.levels(), "the cause is still there"
    shop.model.cutter_jammed = False
    shop.printer.clear()
    assert shop.levels() == []
    assert shop.model.slips[-1].lines[-1] == "無効 VOID"


def test_a_slip_that_is_too_long_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    too_many = SlipDocument(SlipKind.RECEIPT, "領収書", (SlipLine("行"),) * (LINES_MAX + 1))
    too_long = SlipDocument(SlipKind.CLAIM, "券", (SlipLine("長" * 501),))
    too_dense = SlipDocument(SlipKind.CLAIM, "券", (), b"x" * 513)
    for document in (too_many, too_long, too_dense):
        outcome = shop.printer.print_slip(document)
        assert isinstance(outcome, SlipFailed)
        assert (outcome.code, outcome.begun) == (ReceiptCode.NOT_PRINTABLE, False)
    assert shop.model.hanging_lines == ()


def test_the_largest_slip_is_printed_with_a_code_that_fits_the_paper(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    code = b"x" * 512
    largest = SlipDocument(SlipKind.CLAIM, "券" * 500, (SlipLine("長" * 500, "右" * 500),) * 20, code)
    assert isinstance(shop.printer.print_slip(largest), SlipPrinted)
    assert shop.model.slips[-1].codes == (code,)
    assert "".join(shop.model.slips[-1].lines).count("長") == 10_000
