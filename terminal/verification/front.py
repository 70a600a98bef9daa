"""Gate C over one front: the right page of the right sheet says what the record says, where the form says it, and no more."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from printer_templates.records import ResidenceRecord, SealRecord
from printer_templates.regions import FRONT, PERSONS_PER_PAGE, Region, RegionName
from terminal.centre.messages import Bundle
from terminal.verification.expected_sheet import ExpectedField, ExpectedFront
from terminal.verification.form_words import SPECIMEN, front_words
from terminal.verification.page_codes import DuePage, SheetKeys, SideCode, check_code, content_digest, read_code
from terminal.verification.pictures import INK_PRESENT_MIN, Ink, dark_ink, pictures_match, png_on_white, strong_red
from terminal.verification.reading import ReadPage, wider
from terminal.verification.reasons import Reason
from terminal.verification.verdict import FieldFinding, different, same, unusable

SEAL_DPI = 200.0
SEAL_CELLS = 96

HEADER = (RegionName.DOCUMENT_NUMBER, RegionName.PAGE_OF_PAGES, RegionName.SPECIMEN, RegionName.SPECIMEN_FOOT)
"""What both sides bear at their heads and feet."""

_SAYS_NOBODY = frozenset({"", "（省略）", "＊＊＊＊＊"})


@dataclass(frozen=True, slots=True, repr=False)
class FrontReading:
    """What came of one front: its findings and its code, which its back must bear too."""

    findings: list[FieldFinding]
    code: SideCode | None


def check_front(
    page: ReadPage, bundle: Bundle, due: DuePage, expected: ExpectedFront, keys: SheetKeys, *, specimen: bool
) -> FrontReading:
    """All findings on one front. A genuine page of our own at a wrong place is reported as that and not read further."""
    regions = FRONT[bundle.record.kind]
    if not len(page.text):
        return FrontReading([unusable("front", Reason.PAGE_BLANK)], None)
    findings = check_side(page)
    data = read_code(page, regions[RegionName.PAGE_CODE])
    code: SideCode | None = None
    if data is None:
        findings.append(unusable("2D code", Reason.PAGE_CODE_MISSING))
    else:
        code_findings, code = check_code(data, bundle, due, keys)
        findings += code_findings
    if code is not None:
        right = code.code.content_digest == content_digest(page.text)
        findings.append(same("content") if right else different("content", Reason.OTHER_CONTENT))
        if right and code.misplaced:
            return FrontReading(findings, code)
    findings += _texts(page, bundle, due, expected, specimen)
    findings += _pictures(page, bundle.record)
    return FrontReading(findings, code)


def check_side(page: ReadPage) -> list[FieldFinding]:
    """What holds for any side: A4 upright, nothing laid over it, every glyph a character."""
    return [
        same("paper") if page.is_a4_upright else unusable("paper", Reason.NOT_A4),
        unusable("overlays", Reason.ACTIVE_CONTENT) if page.has_annotations else same("overlays"),
        unusable("glyphs", Reason.MISSING_GLYPH) if page.has_unmapped_character else same("glyphs"),
    ]


def check_header(shown: Sequence[str], bundle: Bundle, due: DuePage, specimen: bool) -> list[FieldFinding]:
    """Document number, page n of m and the specimen marks, which both sides bear: what stands at the places of ``HEADER``."""
    own = [copy.document_number for copy in bundle.copies]
    number, place, *marks = shown
    return [
        _number_finding(number, own, own[due.copy - 1]),
        same("page of pages")
        if place == f"{due.page}/{due.pages}"
        else unusable("page of pages", Reason.WRONG_PAGE_NUMBER if place else Reason.FIELD_MISSING),
        *(
            same(name.value) if mark == (SPECIMEN if specimen else "") else unusable(name.value, Reason.SPECIMEN_MARK)
            for name, mark in zip(HEADER[2:], marks, strict=True)
        ),
    ]


def check_other_words(rest: str, words: Counter[str]) -> FieldFinding:
    """Nothing but the form's own ``words`` stands outside the fields."""
    outside = Counter(rest)
    if outside - words:
        return different("other text", Reason.TEXT_OUTSIDE_FIELDS)
    return unusable("other text", Reason.FORM_WORDS) if words - outside else same("other text")


def _number_finding(number: str, own: list[str], due: str) -> FieldFinding:
    if number == due:
        return same("document number")
    if not number:
        return unusable("document number", Reason.FIELD_MISSING)
    if number in own:
        return unusable("document number", Reason.WRONG_PAGE_NUMBER)
    return different("document number", Reason.OTHER_DOCUMENT_NUMBER)


def _texts(page: ReadPage, bundle: Bundle, due: DuePage, expected: ExpectedFront, specimen: bool) -> list[FieldFinding]:
    regions = FRONT[bundle.record.kind]
    fields = (*expected.fields, *expected.empty)
    shown, rest = page.text.by_place([regions[name] for name in HEADER] + [each.region for each in fields])
    findings = check_header(shown[: len(HEADER)], bundle, due, specimen)
    findings += map(_field, fields, shown[len(HEADER) :])
    words = front_words(bundle.record, PERSONS_PER_PAGE - len(expected.empty))
    return [*findings, check_other_words(rest, words)]


def _field(expected: ExpectedField, shown: str) -> FieldFinding:
    if expected.text is None:
        return same(expected.name) if shown in _SAYS_NOBODY else different(expected.name, Reason.OTHER_FIELD)
    if shown == expected.text:
        return same(expected.name)
    return unusable(expected.name, Reason.FIELD_MISSING) if not shown else different(expected.name, Reason.OTHER_FIELD)


def _pictures(page: ReadPage, record: ResidenceRecord | SealRecord) -> list[FieldFinding]:
    regions = FRONT[record.kind]
    findings = [_official_seal(page, regions[RegionName.OFFICIAL_SEAL], bytes(record.issuer.official_seal_png))]
    if isinstance(record, SealRecord):
        findings.append(_impression(page, regions[RegionName.SEAL_IMPRESSION], bytes(record.impression_png)))
    return findings


def _official_seal(page: ReadPage, region: Region, png: bytes) -> FieldFinding:
    shown = strong_red(page.rgb(wider(region), SEAL_DPI).sampled(region, SEAL_CELLS, SEAL_CELLS, per_cell=3))
    if float(shown.mean()) < INK_PRESENT_MIN:
        return unusable("official seal", Reason.SEAL_MISSING)
    try:
        due = _due_seal(png)
    except ValueError:
        return unusable("official seal", Reason.PICTURE_UNREADABLE)
    return same("official seal") if pictures_match(due, shown) else unusable("official seal", Reason.OTHER_SEAL)


@lru_cache(maxsize=16)
def _due_seal(png: bytes) -> Ink:
    """The ink of an official seal; it is the municipality's and no person's, so it may stay in memory.

    :raises ValueError: ``png`` is no picture, or too large a one.
    """
    return strong_red(png_on_white(png, SEAL_CELLS, SEAL_CELLS).astype(np.float32))


def _impression(page: ReadPage, region: Region, png: bytes) -> FieldFinding:
    shown = dark_ink(page.grey(wider(region), SEAL_DPI).sampled(region, SEAL_CELLS, SEAL_CELLS, per_cell=3))
    if float(shown.mean()) < INK_PRESENT_MIN:
        return unusable("seal impression", Reason.IMPRESSION_MISSING)
    try:
        due = dark_ink(png_on_white(png, SEAL_CELLS, SEAL_CELLS).astype(np.float32))
    except ValueError:
        return unusable("seal impression", Reason.PICTURE_UNREADABLE)
    return (
        same("seal impression") if pictures_match(due, shown) else different("seal impression", Reason.OTHER_IMPRESSION)
    )
