"""One suite over model, wire and a real receipt printer (where HONNIN_REAL_RECEIPT names its port): slips come out whole."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from simulator.devices.control_socket import control
from simulator.devices.fault_plan import PlannedFault, UntilCleared
from simulator.devices.line_faults import LineFault
from simulator.devices.receipt_printer.faults import ReceiptFault
from terminal.devices.receipt_printer.api import ReceiptCode, SlipDocument, SlipFailed, SlipPrinted
from tests.receipt_kit import CLAIM_CODE, Shop, claim, long_slip, real_printer, receipt, refund, shop_at, wire_shop


@pytest.fixture(params=["model", "wire"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with shop_at(request.param, tmp_path) as opened:
        yield opened


def _picture(shop: Shop) -> Path:
    picture = shop.model.slips[-1].picture
    assert picture is not None
    return picture


def test_a_receipt_comes_out_whole_with_every_line(shop: Shop) -> None:
    assert shop.printer.print_slip(receipt()) == SlipPrinted()
    slip = shop.model.slips[-1]
    assert slip.whole
    assert [line.split() for line in slip.lines] == [
        ["見本", "SPECIMEN"],
        ["領収書"],
        ["取引番号", "R-000123"],
        ["住民票の写し", "1通", "¥300"],
        ["合計", "¥300"],
        ["ありがとうございました"],
        ["―", "以上", "―"],
    ]
    assert slip.codes == ()
    assert shop.model.hanging_lines == ()


def test_a_refund_slip_comes_out_whole(shop: Shop) -> None:
    assert shop.printer.print_slip(refund()) == SlipPrinted()
    assert "返金額                                      ¥300" in shop.model.slips[-1].lines


def test_the_code_of_a_claim_is_read_back_from_the_paper(shop: Shop) -> None:
    assert shop.printer.print_slip(claim()) == SlipPrinted()
    with Image.open(_picture(shop)) as picture:
        found = zxingcpp.read_barcodes(np.asarray(picture))
    assert [code.bytes for code in found] == [CLAIM_CODE]


def test_the_paper_is_80_mm_at_203_dpi_and_says_specimen_on_both_edges(shop: Shop) -> None:
    shop.printer.print_slip(refund())
    with Image.open(_picture(shop)) as picture:
        dots = np.asarray(picture)
    assert dots.shape[1] == 640
    assert (dots[:, :30] < 128).any()
    assert (dots[:, -30:] < 128).any()


def test_several_slips_are_several_pieces_of_paper(shop: Shop) -> None:
    for document in (receipt(), refund(), long_slip()):
        assert isinstance(shop.printer.print_slip(document), SlipPrinted)
    assert [slip.whole for slip in shop.model.slips] == [True, True, True]
    assert len({slip.picture for slip in shop.model.slips}) == 3
    assert len([line for line in shop.model.slips[-1].lines if line.startswith("項目")]) == 100


def test_a_reprint_says_so(shop: Shop) -> None:
    shop.printer.print_slip(claim(reprint=True))
    assert "再発行 REPRINT" in shop.model.slips[-1].lines


def test_an_idle_printer_is_ready_and_proves_that_it_is_empty(shop: Shop) -> None:
    assert shop.printer.readiness().ready
    shop.printer.clear()
    assert shop.printer.prove().proved
    assert shop.model.slips == [], "clearing an empty printer costs no paper"


def test_paper_out_in_the_middle_fails_and_the_rest_never_comes_out_as_a_slip(shop: Shop) -> None:
    shop.plan(ReceiptFault.PAPER_OUT)
    outcome = shop.printer.print_slip(claim())
    assert isinstance(outcome, SlipFailed)
    assert (outcome.code, outcome.begun) == (ReceiptCode.PAPER_OUT, True)
    shop.model.paper_lines = 1000.0
    shop.printer.clear()
    assert shop.printer.prove().proved
    assert all("無効 VOID" in slip.lines for slip in shop.model.slips)
    assert [slip.codes for slip in shop.model.slips if slip.codes] == []


@pytest.mark.parametrize("kind", [kind for kind in LineFault if kind is not LineFault.WRONG_ADDRESS])
def test_each_line_fault_raises_a_level_that_falls_when_it_is_healed(shop: Shop, kind: LineFault) -> None:
    assert shop.levels() == []
    shop.faults.add(PlannedFault(kind, UntilCleared()))
    raised = shop.levels()
    assert raised, kind
    assert isinstance(shop.printer.print_slip(receipt()), SlipFailed)
    shop.faults.heal()
    shop.plug()
    assert shop.heals()
    assert isinstance(shop.printer.print_slip(receipt()), SlipPrinted)
    assert len([slip for slip in shop.model.slips if slip.whole and "無効 VOID" not in slip.lines]) == 1


def test_every_order_of_the_control_channel(tmp_path: Path) -> None:
    with wire_shop(tmp_path) as shop:
        link = tmp_path / "receipt"
        assert control(link, "load-paper", lines=10)["paper_lines"] == 10
        assert shop.levels() == [ReceiptCode.PAPER_LOW]
        assert control(link, "open-cover")["cover"] == "open"
        assert shop.levels()[0] == ReceiptCode.COVER_OPEN
        assert control(link, "close-cover")["printing"] == "ready"
        control(link, "load-paper", lines=500)
        control(link, "add-fault", kind="cutter-stuck")
        assert isinstance(shop.printer.print_slip(refund()), SlipFailed)
        assert control(link, "look")["cutter"] == "jammed" or control(link, "look")["cutter"] == "error"
        control(link, "free-cutter")
        assert control(link, "tear-off")["last_whole"] is False
        shop.printer.clear()
        assert isinstance(shop.printer.print_slip(claim()), SlipPrinted)
        panel = control(link, "look")
        assert panel["specimen"] == "SPECIMEN 見本"
        assert panel["last_codes"] == [CLAIM_CODE.decode()]


if real_printer() is not None:

    @pytest.mark.parametrize("document", [receipt(), refund(), claim(), long_slip()], ids=lambda it: it.kind)
    def test_a_real_printer_prints_each_slip(document: SlipDocument) -> None:
        printer = real_printer()
        assert printer is not None
        assert printer.readiness().ready
        assert isinstance(printer.print_slip(document), SlipPrinted)
        assert printer.prove().proved
