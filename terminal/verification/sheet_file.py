"""The engine of ``honnin sheet verify``: whose sheet is it, and is it genuine and unaltered?

Proof by steps, each told: the 2D code is rightly signed by a known key; a PDF's text is the text that was signed; front and
back bear one code; the back's scramble image, turned back with the issuer's key, is the front that lies before us. A picture of a
front has no text to compare, so its content rests on its back. What could not be compared is said, and is no proof.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from PIL import Image

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.marks import code_image, page_code, scramble
from printer_templates.marks.page_code import PageCode
from printer_templates.marks.scramble import Bits
from terminal.centre.sheet_keys import FILE_NAME, SheetVerifier, load_sheet_keys
from terminal.errors import HonninError
from terminal.files import open_named
from terminal.verification.front_compare import shows_hidden_front
from terminal.verification.reading import PDF_BYTES_MAX, UnreadablePdf
from terminal.verification.reasons import Reason
from terminal.verification.sheet_report import PageReport, SheetReport
from terminal.verification.sheet_sides import Side, side_of_picture, sides_of_pdf
from terminal.verification.verdict import FieldFinding, different, same, undecided, unusable

MASTER_KEY_FILE = "scramble-master.key"
_MASTER_KEY_BYTES = 32
_SCRAMBLE_INFO = b"honnin scramble image v1: "
_CELL_PICTURE_PX = 2


class SheetFileError(HonninError):
    """A file or key that the command was given cannot be read; ``code`` starts with ``SHEET_``."""


def verify_sheet(
    files: Sequence[Path], trust: Path, *, recovered: Path | None = None, master_key: Path | None = None
) -> SheetReport:
    """Verify one PDF, or pictures of fronts and backs.

    :param trust: directory with ``sheet-keys.json`` and, for turning backs, ``scramble-master.key`` (32 bytes)
    :param master_key: that key elsewhere, as the issuer holds it apart from the public trust
    :param recovered: where the fronts that the backs hold are written as PNG; of several, ``-2`` and so on is added
    :raises TrustError: the keys cannot be loaded
    :raises SheetFileError: ``SHEET_FILE_UNREADABLE``, ``SHEET_KEY_MALFORMED``, ``SHEET_NOT_WRITTEN``
    """
    verifiers = load_sheet_keys(trust / FILE_NAME)
    master = _load_master(master_key or trust / MASTER_KEY_FILE)
    sides, unreadable = _sides(files)
    read = [_ReadSide(side, verifiers) for side in sides]
    pages, fronts = [], []
    for _, group in groupby(sorted(read, key=_order), key=_order):
        report, front = _page(list(group), master)
        pages.append(report)
        fronts += [front] if front is not None else []
    if recovered is not None:
        _save(fronts, recovered)
    return SheetReport((*pages, *unreadable), tuple(_together([page.code for page in pages if page.code is not None])))


def scramble_key(master: bytes, document_number: str) -> bytes:
    """The scramble key of one document: HKDF-SHA256 (RFC 5869) of the issuer's master key and the document number."""
    info = _SCRAMBLE_INFO + document_number.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


class _ReadSide:
    """A side with its code read and checked."""

    def __init__(self, side: Side, verifiers: Mapping[str, SheetVerifier]) -> None:
        self.side = side
        self.is_back = side.is_back
        self.code: PageCode | None = None
        self.signer = ""
        self.finding = self._read(verifiers)

    def _read(self, verifiers: Mapping[str, SheetVerifier]) -> FieldFinding:
        field = f"2D code on the {'back' if self.is_back else 'front'}"
        try:
            code, payload, signature = page_code.decode(code_image.read(self.side.code_pixels))
        except FormError:
            return unusable(field, Reason.PAGE_CODE_MISSING)
        verifier = verifiers.get(code.key_id)
        if verifier is None or not verifier.is_genuine(payload, signature):
            return different(field, Reason.PAGE_CODE_FORGED)
        self.code, self.signer = code, verifier.owner
        return same(field)


def _order(read: _ReadSide) -> tuple[str, int, int, str]:
    """Sides of one page come together; a side without a code stands alone."""
    code = read.code
    return (code.document_number, code.copy, code.page, "") if code else ("\uffff", 0, 0, read.side.source)


def _page(group: list[_ReadSide], master: bytes | None) -> tuple[PageReport, Bits | None]:
    fronts = [read for read in group if not read.is_back]
    backs = [read for read in group if read.is_back]
    code = group[0].code
    findings = [read.finding for read in (*fronts, *backs)]
    front_image: Bits | None = None
    if len(fronts) > 1 or len(backs) > 1 or any(read.code != code for read in group):
        findings.append(different("sides of this page", Reason.OTHER_BACK))
    elif code is not None:
        findings += [_text(front, code) for front in fronts if front.side.digest is not None]
        image_findings, front_image = _scramble(fronts, backs, code, master)
        findings += image_findings
    source = " + ".join(read.side.source for read in (*fronts, *backs))
    return PageReport(source, code, group[0].signer, tuple(findings)), front_image


def _text(front: _ReadSide, code: PageCode) -> FieldFinding:
    if front.side.digest == code.content_digest:
        return same("text of the front")
    return different("text of the front", Reason.OTHER_CONTENT)


def _scramble(
    fronts: list[_ReadSide], backs: list[_ReadSide], code: PageCode, master: bytes | None
) -> tuple[list[FieldFinding], Bits | None]:
    field = "front against the back's scramble image"
    if not backs:
        return [undecided(field, Reason.BACK_MISSING)], None
    if master is None:
        # A PDF's text is proved by its signature alone; a picture's content rests on the scramble image.
        by_text = all(front.side.digest is not None for front in fronts) and bool(fronts)
        return ([] if by_text else [undecided(field, Reason.KEY_MISSING)]), None
    try:
        hidden = scramble.turn_back(backs[0].side.pixels, scramble_key(master, code.document_number), code.page)
    except FormError as error:
        wrong_key = error.code == FormErrorCode.SCRAMBLE_WRONG_KEY.value
        finding = different(field, Reason.OTHER_BACK) if wrong_key else unusable(field, Reason.BACK_MISSING)
        return [finding], None
    if not fronts:
        return [same("scramble image's key"), undecided(field, Reason.FRONT_MISSING)], hidden
    agree = shows_hidden_front(hidden, fronts[0].side.front_ink())
    return [same(field) if agree else different(field, Reason.OTHER_CONTENT)], hidden


def _together(codes: list[PageCode]) -> list[FieldFinding]:
    """Every page of every document that is here must be here once."""
    findings = []
    by_document = groupby(codes, key=lambda code: (code.document_number, code.copy))
    for (number, _), group in by_document:
        members = list(group)
        whole = [code.page for code in members] == list(range(1, members[0].pages + 1))
        alike = len({(code.request_id, code.subject_name, code.pages, code.municipality_code) for code in members}) == 1
        field = f"pages of document {number}"
        findings.append(same(field) if whole else unusable(field, Reason.WRONG_PAGE_COUNT))
        findings += [] if alike else [different(field, Reason.OTHER_REQUEST)]
    return findings


def _sides(files: Sequence[Path]) -> tuple[list[Side], list[PageReport]]:
    sides: list[Side] = []
    unreadable: list[PageReport] = []
    for file in files:
        data = _read(file)
        try:
            sides += sides_of_pdf(file.name, data) if data.startswith(b"%PDF-") else [side_of_picture(file.name, data)]
        except UnreadablePdf as error:
            unreadable.append(PageReport(file.name, None, "", (unusable("file", error.reason),)))
        except ValueError:
            unreadable.append(PageReport(file.name, None, "", (unusable("file", Reason.NOT_A_SHEET),)))
    return sides, unreadable


def _read(file: Path) -> bytes:
    try:
        with open_named(file) as opened:
            return opened.read(PDF_BYTES_MAX + 1)
    except OSError as error:
        raise SheetFileError(
            "SHEET_FILE_UNREADABLE",
            f"expected a PDF or PNG at {file}, reading failed ({error.strerror}); check the path",
        ) from None


def _load_master(path: Path) -> bytes | None:
    if not path.exists():
        return None
    master = _read(path)
    if len(master) != _MASTER_KEY_BYTES:
        raise SheetFileError(
            "SHEET_KEY_MALFORMED",
            f"expected {_MASTER_KEY_BYTES} bytes in {path}, {len(master)} came; install the trust directory again",
        )
    return master


def _save(fronts: Sequence[Bits], path: Path) -> None:
    """Write each recovered front, one cell 2 x 2 pixels, black on white."""
    for number, front in enumerate(fronts, 1):
        target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        picture = Image.fromarray(np.where(front, 0, 255).astype(np.uint8))
        size = (picture.width * _CELL_PICTURE_PX, picture.height * _CELL_PICTURE_PX)
        try:
            picture.resize(size, Image.Resampling.NEAREST).save(target, "PNG")
        except OSError as error:
            raise SheetFileError(
                "SHEET_NOT_WRITTEN", f"expected to write {target}, it failed ({error.strerror}); choose another place"
            ) from None
