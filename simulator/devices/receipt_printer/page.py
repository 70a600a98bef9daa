"""What the bytes mean: characters and commands become acts of the mechanism (a row, a cut, a reply), in order, without time."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from PIL import Image

from simulator.devices.receipt_printer.paper import (
    LINE_DOTS,
    PRINTABLE_DOTS,
    Align,
    Cell,
    FeedRow,
    PictureRow,
    Row,
    TextRow,
    code_picture,
)
from simulator.devices.receipt_printer.stream import Character, Order, Stream

_PAGES: Final = {
    0: "cp437", 1: "katakana", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859_7",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 33: "cp775", 34: "cp855", 35: "cp861", 36: "cp862", 37: "cp864",
    38: "cp869", 39: "iso8859_2", 40: "iso8859_15",
}  # fmt: skip
"""ESC t: the code pages of TM-T88V that Python knows, too."""
_UNKNOWN: Final = "□"
_CODE_BYTES_MAX: Final = 7089
_NAMES: Final = {65: b"1.0 SPECIMEN", 66: b"SPECIMEN", 67: b"SPECIMEN-80", 68: b"SPECIMEN-0001", 69: b"KANJI JAPANESE"}
"""GS I: how the emulator names itself (promise P9)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The cutter is to work, after ``feed_dots`` of paper."""

    feed_dots: int = 0


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """The host wants this process ID back when all before it is done."""

    process_id: bytes


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """GS r 1: the paper sensors, asked for in line with the printing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes for the host."""

    data: bytes


Act: TypeAlias = Row | Cut | ProcessMark | PaperQuestion | Reply


@dataclass(slots=True)
class Modes:
    """What commands set and ESC @ takes back: the object is dropped, never reset field by field."""

    align: Align = Align.LEFT
    bold: bool = False
    underlined: bool = False
    inverted: bool = False
    wide: int = 1
    high: int = 1
    kanji_wide: int = 1
    kanji_high: int = 1
    code_page: int = 0
    yen: bool = False
    qr_level: str = "L"
    qr_size: int = 3
    qr_payload: bytes = b""


class Page:
    """Modes and the line in work."""

    def __init__(self) -> None:
        self.modes = Modes()
        self._stream = Stream()
        self._cells: list[Cell] = []
        self._dots = 0

    def drop(self) -> None:
        """The print buffer is emptied; modes stay."""
        stream = Stream()
        stream.shift_jis, stream.jis_kanji = self._stream.shift_jis, self._stream.jis_kanji
        self._stream = stream
        self._cells, self._dots = [], 0

    def feed(self, byte: int) -> tuple[Act, ...]:
        """Take one byte; what it makes the mechanism do."""
        match self._stream.push(byte):
            case Character(data):
                return self._put(self._cell(data))
            case Order() as order:
                return self._obey(order)
            case None:
                return ()

    def _put(self, cell: Cell) -> tuple[Act, ...]:
        full = self._line() if self._dots + cell.dots > PRINTABLE_DOTS else ()
        self._cells.append(cell)
        self._dots += cell.dots
        return full

    def _line(self) -> tuple[Act, ...]:
        row = TextRow(tuple(self._cells), self.modes.align)
        self._cells, self._dots = [], 0
        return (row,)

    def _rest(self) -> tuple[Act, ...]:
        return self._line() if self._cells else ()

    def _cell(self, data: bytes) -> Cell:
        modes, double = self.modes, len(data) == 2
        return Cell(
            self._decoded(data),
            len(data),
            modes.kanji_wide if double else modes.wide,
            modes.kanji_high if double else modes.high,
            modes.bold,
            modes.underlined,
            modes.inverted,
        )

    def _decoded(self, data: bytes) -> str:
        if self._stream.jis_kanji and len(data) == 2 and data[0] < 0x80:
            return (b"\x1b$B" + data + b"\x1b(B").decode("iso2022_jp", "replace")[:1].replace("\ufffd", _UNKNOWN)
        if data == b"\x5c" and self.modes.yen:
            return "¥"
        page = _PAGES.get(self.modes.code_page, "ascii")
        coding = "shift_jis" if len(data) == 2 or page == "katakana" else page
        text = data.decode(coding, "replace")
        known = len(text) == 1 and text != "\ufffd" and (text.isprintable() or text == "\u3000")
        return text if known else _UNKNOWN

    def _obey(self, order: Order) -> tuple[Act, ...]:
        match order.name:
            case b"\n":
                return self._line()
            case b"\x1bd":
                return (*self._rest(), FeedRow(order.data[0] * LINE_DOTS))
            case b"\x1bJ":
                return (*self._rest(), FeedRow(order.data[0]))
            case b"\x1dV" | b"\x1bi" | b"\x1bm":
                return (*self._rest(), Cut(order.data[1] if len(order.data) > 1 else 0))
            case b"\x1d(H" if order.data[:2] == b"\x30\x30" and len(order.data) == 6:
                return (*self._rest(), ProcessMark(order.data[2:]))
            case b"\x1dr":
                return (PaperQuestion(),)
            case b"\x1dI" if order.data[0] in _NAMES:
                return (Reply(b"\x5f" + _NAMES[order.data[0]] + b"\x00"),)
            case b"\x1d(k" | b"\x1dv" | b"\x1dk":
                return (*self._rest(), *self._symbol(order))
            case _:
                self._set(order)
                return ()

    def _symbol(self, order: Order) -> tuple[Act, ...]:
        match order.name:
            case b"\x1dv":
                return (PictureRow(_raster(order.data), self.modes.align),)
            case b"\x1dk":
                data = order.data[2:] if order.data[0] >= 65 else order.data[1:-1]
                cells = (
                    Cell(chr(byte) if 0x20 <= byte <= 0x7E else _UNKNOWN, 1) for byte in b"[barcode " + data[:38] + b"]"
                )
                return (TextRow(tuple(cells), self.modes.align),)
            case _:
                return self._qr(order.data)

    def _qr(self, data: bytes) -> tuple[Act, ...]:
        match data[:2], data[2:]:
            case b"1C", size if size:
                self.modes.qr_size = min(max(size[0], 1), 16)
            case b"1E", level if level in (b"0", b"1", b"2", b"3"):
                self.modes.qr_level = "LMQH"[level[0] - 0x30]
            case b"1P", payload:
                self.modes.qr_payload = payload[1 : _CODE_BYTES_MAX + 1]
            case b"1Q", _ if self.modes.qr_payload:
                picture = code_picture(self.modes.qr_payload, self.modes.qr_level, self.modes.qr_size)
                return (PictureRow(picture, self.modes.align, self.modes.qr_payload),) if picture is not None else ()
            case _:
                pass
        return ()

    def _set(self, order: Order) -> None:
        match order.name:
            case b"\x1b@":
                self.modes, self._stream = Modes(), Stream()
                self._cells, self._dots = [], 0
            case b"\x1cC":
                self._stream.shift_jis = order.data[0] in (1, 49)
            case b"\x1c&" | b"\x1c.":
                self._stream.jis_kanji = order.name == b"\x1c&" and not self._stream.shift_jis
            case _:
                _set_mode(self.modes, order)


def _set_mode(modes: Modes, order: Order) -> None:
    value = order.data[0] if order.data else 0
    match order.name:
        case b"\x1ba":
            modes.align = Align(value % 0x30 % 3)
        case b"\x1bE" | b"\x1bG":
            modes.bold = bool(value & 1)
        case b"\x1b-":
            modes.underlined = value % 0x30 != 0
        case b"\x1dB":
            modes.inverted = bool(value & 1)
        case b"\x1bt":
            modes.code_page = value
        case b"\x1bR":
            modes.yen = value == 8
        case b"\x1b!" | b"\x1c!" | b"\x1d!":
            _set_size(modes, order.name, value)
        case _:
            pass


def _set_size(modes: Modes, name: bytes, value: int) -> None:
    if name == b"\x1d!":
        modes.wide = modes.kanji_wide = (value >> 4 & 7) + 1
        modes.high = modes.kanji_high = (value & 7) + 1
    elif name == b"\x1c!":
        modes.kanji_wide, modes.kanji_high = 1 + (value >> 2 & 1), 1 + (value >> 3 & 1)
    else:
        modes.wide, modes.high = 1 + (value >> 5 & 1), 1 + (value >> 4 & 1)
        modes.bold, modes.underlined = bool(value & 0x08), bool(value & 0x80)


def _raster(data: bytes) -> Image.Image:
    """GS v 0: m, bytes a row, rows, dots; what is wider than the paper is cut off."""
    row_bytes, rows = data[2] | data[3] << 8, data[4] | data[5] << 8
    if not row_bytes or not rows:
        return Image.new("L", (1, 1), 255)
    picture = Image.frombytes("1", (row_bytes * 8, rows), data[6:], "raw", "1;I").convert("L")
    scale = (1 + (data[1] & 1), 1 + (data[1] >> 1 & 1))
    picture = picture.resize((picture.width * scale[0], picture.height * scale[1]), Image.Resampling.NEAREST)
    return picture.crop((0, 0, min(picture.width, PRINTABLE_DOTS), picture.height))
