"""The parts of the receipt printer: what a slip is, how it is laid out and encoded, what the emulated printer makes of bytes."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator.devices.receipt_printer.emulator import build, loop_receipt_printer
from simulator.devices.receipt_printer.model import BUFFER_BYTES, ReceiptPrinterModel
from simulator.devices.receipt_printer.wire import ReceiptPrinterWire
from terminal.clock import ManualClock
from terminal.devices.receipt_printer.api import ReceiptCode, SlipDocument, SlipKind, SlipLine, SlipPrinted
from terminal.devices.receipt_printer.codec import CLEAR_BUFFERS, process_request, status_request
from terminal.devices.receipt_printer.codec import StatusKind as Kind
from terminal.devices.receipt_printer.composing import BEGIN, BLOCK_BYTES, compose
from terminal.devices.receipt_printer.driver import ACTIONS
from terminal.devices.receipt_printer.text import encode, printable, spread
from tests.receipt_kit import claim, long_slip, model_shop, receipt


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 4, 1, tzinfo=UTC))


@pytest.fixture
def model(clock: ManualClock) -> ReceiptPrinterModel:
    return ReceiptPrinterModel(clock)


def _print(model: ReceiptPrinterModel, clock: ManualClock, data: bytes) -> bytes:
    wire = ReceiptPrinterWire(model)
    sent = b""
    for start in range(0, len(data), 2000):
        sent += wire.receive(data[start : start + 2000])
        for _ in range(200):
            clock.advance(0.1)
            sent += wire.tick()
    return sent


@pytest.mark.parametrize("text", ["a\nb", "\x1b@", "\x10\x04\x01", "a\u200bb"])
def test_control_characters_never_get_into_a_slip(text: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        SlipLine(text)
    with pytest.raises(ValueError, match="printable"):
        SlipDocument(SlipKind.RECEIPT, text, ())
    with pytest.raises(ValueError, match="printable"):
        SlipDocument(SlipKind.CLAIM, "券", (), text.encode())


def test_a_line_is_centred_or_has_two_ends() -> None:
    with pytest.raises(ValueError, match="right end"):
        SlipLine("左", "右", centred=True)


@pytest.mark.parametrize("code", [b"", b"\xff\xfe"])
def test_a_code_has_a_payload_of_text(code: bytes) -> None:
    with pytest.raises(ValueError, match=r"payload|utf-8"):
        SlipDocument(SlipKind.CLAIM, "券", (), code)


@pytest.mark.parametrize(
    ("text", "kept", "replaced"),
    [
        ("領収書 ¥300", "領収書 ¥300", 0),
        ("～－", "〜−", 0),
        ("髙①", "〓〓", 2),
        ("か\u3099", "が", 0),
        ("葛\U000e0100", "葛", 1),
        ("😀\\", "〓＼", 1),
    ],
)
def test_what_the_printer_lacks_is_replaced_in_sight_and_counted(text: str, kept: str, replaced: int) -> None:
    assert printable(text) == (kept, replaced)


def test_text_is_shift_jis_with_the_yen_sign_at_5c() -> None:
    assert encode("見本 ¥ｱ") == b"\x8c\xa9\x96\x7b \x5c\xb1"


def test_two_ends_that_do_not_fit_stand_on_two_lines() -> None:
    assert spread("あいう", "¥1", 10) == ("あいう  ¥1",)
    assert spread("あいうえ", "¥100", 10) == ("あいうえ", "      ¥100")


def test_a_slip_goes_out_in_blocks_that_each_stand_alone() -> None:
    blocks = compose(long_slip()).blocks
    assert len(blocks) > 3
    assert all(block.startswith(BEGIN) and len(block) <= BLOCK_BYTES for block in blocks)
    assert b"\x10" not in b"".join(blocks).replace(b"\x1d(k\x10", b""), "nothing looks like a real-time command"


def test_the_code_is_the_last_thing_on_a_slip() -> None:
    whole = b"".join(compose(claim()).blocks)
    assert whole.index(encode("以上")) < whole.index(b"\x1d(k") < whole.index(b"\x1dV\x01")


def test_every_code_tells_a_clerk_what_to_do() -> None:
    assert set(ACTIONS) == set(ReceiptCode)


def test_replaced_characters_are_counted_in_the_outcome(tmp_path: Path) -> None:
    shop = model_shop(tmp_path)
    document = SlipDocument(SlipKind.RECEIPT, "髙", (SlipLine("①", "😀"),))
    assert shop.printer.print_slip(document) == SlipPrinted(3)
    assert shop.model.slips[-1].lines[0] == "〓"


def test_printing_takes_a_fortieth_of_a_second_a_line_and_status_comes_at_once(
    model: ReceiptPrinterModel, clock: ManualClock
) -> None:
    wire = ReceiptPrinterWire(model)
    wire.receive(b"line\n" * 80 + process_request(b"0001"))
    clock.advance(1.0)
    assert wire.tick() == b""
    assert 39 <= len(model.hanging_lines) <= 41
    assert wire.receive(status_request(Kind.PRINTER)) == b"\x12"
    clock.advance(1.1)
    assert wire.tick() == b"\x37\x220001\x00"


def test_status_is_answered_when_the_cover_is_open_and_inside_other_commands(model: ReceiptPrinterModel) -> None:
    wire = ReceiptPrinterWire(model)
    model.cover_open = True
    assert wire.receive(b"\x1d(k\x40\x00" + status_request(Kind.OFFLINE_CAUSE) + b"x") == b"\x16"
    assert wire.receive(b"text" + CLEAR_BUFFERS) == b"\x37\x25\x00"


def test_cleared_data_takes_its_process_id_along(model: ReceiptPrinterModel, clock: ManualClock) -> None:
    wire = ReceiptPrinterWire(model)
    model.cover_open = True
    wire.receive(b"gone\n" + process_request(b"0001"))
    wire.receive(CLEAR_BUFFERS)
    model.cover_open = False
    clock.advance(5.0)
    assert wire.tick() == b""
    assert model.hanging_lines == ()


def test_what_the_buffer_cannot_hold_is_lost_and_counted(model: ReceiptPrinterModel) -> None:
    model.cover_open = True
    ReceiptPrinterWire(model).receive(b"x" * (BUFFER_BYTES + 7))
    assert model.overrun_bytes == 7


def test_it_names_itself_a_specimen(model: ReceiptPrinterModel, clock: ManualClock) -> None:
    assert b"SPECIMEN" in _print(model, clock, b"\x1dI\x42")
    assert b"SPECIMEN" in _print(model, clock, b"\x1dI\x44")


_BY_ITSELF = """
import sys
from escpos.printer import Dummy
from PIL import Image
out, sys.stdout = sys.stdout.buffer, sys.stderr
other = Dummy(profile="TM-T88V")
other.hw("INIT")
other.set(align="center", bold=True, double_height=True, underline=1)
other.text("Grüße 12€\\n")
other.set_with_default()
other.qr("HELLO", native=True)
other.image(Image.new("1", (64, 16)))
other.barcode("4006381333931", "EAN13", align_ct=False)
other.cut()
out.write(other.output)
"""


def test_what_python_escpos_sends_by_itself_is_printed(model: ReceiptPrinterModel, clock: ManualClock) -> None:
    """Made in a process of its own: the library reads its database of printers at import, and here it has our one profile."""
    environment = {name: value for name, value in os.environ.items() if name != "ESCPOS_CAPABILITIES_FILE"}
    made = subprocess.run([sys.executable, "-c", _BY_ITSELF], check=True, capture_output=True, env=environment)
    _print(model, clock, made.stdout)
    slip = model.slips[-1]
    assert slip.lines[0] == "Grüße 12€"
    assert slip.codes == (b"HELLO",)
    assert any("barcode" in line for line in slip.lines)


def test_long_lines_go_on_in_the_next_one(model: ReceiptPrinterModel, clock: ManualClock) -> None:
    _print(model, clock, b"x" * 50 + b"\n\x1bi")
    assert model.slips[-1].lines == ("x" * 48, "xx")


def test_jis_kanji_mode_takes_two_bytes_a_character(model: ReceiptPrinterModel, clock: ManualClock) -> None:
    _print(model, clock, b"\x1c&" + b"\x38\x2b\x4b\x5c" + b"\x1c.ok\n\x1bi")
    assert model.slips[-1].lines == ("見本ok",)


def test_pictures_are_numbered_on_from_what_lies_in_the_folder(tmp_path: Path) -> None:
    for _ in range(2):
        clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
        driver, model, _line = loop_receipt_printer(clock, clock.advance, tmp_path)
        assert isinstance(driver.print_slip(receipt()), SlipPrinted)
        assert model.slips[-1].picture is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0001-slip.png", "0002-slip.png"]


def test_the_emulation_makes_its_folder_and_says_where_slips_land(tmp_path: Path, clock: ManualClock) -> None:
    emulation = build(clock, out=tmp_path / "slips")
    assert (tmp_path / "slips").is_dir()
    assert any("slips" in line for line in emulation.lines)
    assert any("SPECIMEN" in line for line in emulation.lines)
