"""Gate C over one back: it bears its front's code and number, and its scramble image turns back into its front.

Turning a whole back costs 12 ms a page, so bands are read: the check row, which tells the key and page of another sheet, and one
band across the first name of the page, compared with the front's own pixels. ``honnin sheet verify`` turns the whole back.
"""

from printer_templates.errors import FormError
from printer_templates.marks.scramble import GRID, SOURCE, Bits, white_cells
from printer_templates.regions import BACK, CELL_MM, SCRAMBLE_COLUMNS, Region, RegionName
from terminal.centre.messages import Bundle
from terminal.verification.form_words import back_words
from terminal.verification.front import HEADER, check_header, check_other_words, check_side
from terminal.verification.front_compare import strokes_agree
from terminal.verification.page_codes import DuePage, SheetKeys, SideCode, check_code, read_code
from terminal.verification.pictures import dark_ink
from terminal.verification.reading import ReadPage, wider
from terminal.verification.reasons import Reason
from terminal.verification.verdict import FieldFinding, different, same, unusable

CELLS_DPI = 150.0
CHECK_ROW_BITS_MAX = SCRAMBLE_COLUMNS // 50
"""Cells of the check row that may be wrong on a sheet that no scanner has touched; another key spoils half of them."""

_SHADE_MIN, _SHADE_MAX = 0.2, 0.8
_RULE_MM = 1.0


def check_back(
    page: ReadPage, front: ReadPage, name: Region, bundle: Bundle, due: DuePage, keys: SheetKeys,
    code: SideCode | None, *, specimen: bool,
) -> list[FieldFinding]:  # fmt: skip
    """All findings on one back. ``name`` is the place on the ``front`` whose band is compared, ``code`` is its code."""
    if code is not None and code.misplaced:
        return [unusable("back", Reason.WRONG_PAGE_NUMBER)]
    findings = [*check_side(page), _code(page, bundle, due, keys, code)]
    if findings[-1].reason is Reason.WRONG_PAGE_NUMBER:
        return findings
    shown, rest = page.text.by_place([BACK[name] for name in HEADER])
    findings += [*check_header(shown, bundle, due, specimen), check_other_words(rest, back_words())]
    return [
        *findings,
        *_scramble(page, front if code else None, name, bundle.copies[due.copy - 1].scramble_key, due.page),
    ]


def _code(page: ReadPage, bundle: Bundle, due: DuePage, keys: SheetKeys, front: SideCode | None) -> FieldFinding:
    data = read_code(page, BACK[RegionName.PAGE_CODE])
    if data is None:
        return unusable("2D code", Reason.BACK_MISSING)
    if front is not None and data == front.data:
        return same("2D code")
    findings, code = check_code(data, bundle, due, keys)
    if code is not None and code.misplaced:
        return unusable("2D code", Reason.WRONG_PAGE_NUMBER)
    if front is None and all(finding.reason is Reason.SAME for finding in findings):
        return same("2D code")
    return different("2D code", Reason.OTHER_BACK)


def _scramble(page: ReadPage, front: ReadPage | None, name: Region, key: bytes, number: int) -> list[FieldFinding]:
    rows = _rows(name)
    try:
        white = white_cells(key, number, rows.stop + 1)
    except FormError:
        return [unusable("scramble image", Reason.BACK_MISSING)]
    cells = _cells(page, slice(0, 1), slice(0, SCRAMBLE_COLUMNS))
    if not _SHADE_MIN <= float(cells.mean()) <= _SHADE_MAX:
        return [unusable("scramble image", Reason.BACK_MISSING)]
    if int((cells ^ white[:1]).sum()) > CHECK_ROW_BITS_MAX:
        return [different("scramble image", Reason.OTHER_BACK)]
    if front is None:
        return [same("scramble image")]
    agrees = _band_agrees(page, front, rows, _columns(name), white)
    return [
        same("scramble image"),
        same("scramble image of name") if agrees else different("scramble image of name", Reason.OTHER_BACK),
    ]


def _rows(place: Region) -> slice:
    """The rows of the hidden front between the rules of ``place``."""
    first, last = (
        int((edge_mm - SOURCE.y_mm) / CELL_MM) for edge_mm in (place.y_mm + _RULE_MM, place.bottom_mm - _RULE_MM)
    )
    return slice(first, last)


def _columns(place: Region) -> slice:
    left, right = (
        int((edge_mm - SOURCE.x_mm) / CELL_MM) for edge_mm in (place.x_mm + _RULE_MM, place.right_mm - _RULE_MM)
    )
    return slice(left, right)


def _band_agrees(page: ReadPage, front: ReadPage, rows: slice, columns: slice, white: Bits) -> bool:
    below_check_row = slice(rows.start + 1, rows.stop + 1)
    hidden = _cells(page, below_check_row, columns) ^ white[below_check_row, columns]
    band = _part(SOURCE, rows, columns)
    height, width = hidden.shape
    shown = dark_ink(front.grey(wider(band), CELLS_DPI).sampled(band, height, width, per_cell=2))
    return strokes_agree(hidden, shown)


def _cells(page: ReadPage, rows: slice, columns: slice) -> Bits:
    """These rows and columns of the scramble image's cells, True is black."""
    part = _part(GRID, rows, columns)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    dark: Bits = page.grey(wider(part), CELLS_DPI).sampled(part, height, width) < 128
    return dark


def _part(grid: Region, rows: slice, columns: slice) -> Region:
    return Region(
        grid.x_mm + columns.start * CELL_MM,
        grid.y_mm + rows.start * CELL_MM,
        (columns.stop - columns.start) * CELL_MM,
        (rows.stop - rows.start) * CELL_MM,
    )
