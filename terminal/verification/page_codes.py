"""The 2D code of a page side: read from rendered pixels, checked by signature, compared with what is due at this place."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from printer_templates.errors import FormError
from printer_templates.marks import code_image, page_code
from printer_templates.marks.page_code import PageCode
from printer_templates.regions import Region
from terminal.centre.messages import Bundle, BundleMode
from terminal.verification.page_text import PlacedCharacter, PlacedText
from terminal.verification.reading import ReadPage, wider
from terminal.verification.reasons import Reason
from terminal.verification.verdict import FieldFinding, different, same, unusable

CODE_DPI = 150.0


@dataclass(frozen=True, slots=True, repr=False)
class SheetKeys:
    """Whose signature counts on a sheet's 2D code: this terminal's on what it draws, the municipality's on its own PDF.

    ``public_keys`` by key id, as ``trust/sheet-keys.json`` names them; a municipality's key id is ``municipality-`` and its code.
    """

    public_keys: Mapping[str, Ed25519PublicKey]
    terminal_key_id: str

    def due_key_id(self, bundle: Bundle) -> str:
        """The one key id that may have signed the pages of ``bundle``."""
        if bundle.mode is BundleMode.RECORD:
            return self.terminal_key_id
        return f"municipality-{bundle.municipality_code}"


@dataclass(frozen=True, slots=True, repr=False)
class DuePage:
    """What is due at one place of the job."""

    copy: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, repr=False)
class SideCode:
    """A side's code as read: its bytes, and what they say; ``misplaced`` marks our own genuine page at a wrong place."""

    data: bytes
    code: PageCode
    misplaced: bool


def read_code(page: ReadPage, region: Region) -> bytes | None:
    """The bytes of the one 2D code in ``region``, from pixels; None when there is none that can be read, or several."""
    for dpi in (CODE_DPI, 2 * CODE_DPI):
        try:
            return code_image.read(page.grey(wider(region), dpi).pixels)
        except FormError:
            continue
    return None


def check_code(
    data: bytes, bundle: Bundle, due: DuePage, keys: SheetKeys
) -> tuple[list[FieldFinding], SideCode | None]:
    """Findings on the code's signature, request, document, place and subject."""
    try:
        code, payload, signature = page_code.decode(data)
    except FormError:
        return [unusable("2D code", Reason.PAGE_CODE_MISSING)], None
    if not _is_genuine(code, payload, signature, bundle, keys):
        return [different("2D code's signature", Reason.PAGE_CODE_FORGED)], None
    numbers = [copy.document_number for copy in bundle.copies]
    findings = [
        same("2D code's signature"),
        _belongs(code.request_id == bundle.request_id, "2D code's request", Reason.OTHER_REQUEST),
        _belongs(
            code.municipality_code == bundle.municipality_code, "2D code's municipality", Reason.OTHER_MUNICIPALITY
        ),
        _belongs(code.document_number in numbers, "2D code's document", Reason.OTHER_DOCUMENT_NUMBER),
        _belongs(code.subject_name == bundle.record.applicant.name, "2D code's subject", Reason.OTHER_NAME),
    ]
    place = (code.copy, code.page, code.pages, code.document_number)
    misplaced = place != (due.copy, due.page, due.pages, numbers[due.copy - 1])
    findings.append(unusable("2D code's place", Reason.WRONG_PAGE_NUMBER) if misplaced else same("2D code's place"))
    ours = all(finding.reason is Reason.SAME for finding in findings[:-1])
    return findings, SideCode(data, code, misplaced and ours)


def content_digest(characters: Sequence[PlacedCharacter] | PlacedText) -> bytes:
    """The digest of a front's canonical text (``printer_templates.canonical``, version 1), computed from one reading."""
    text = characters if isinstance(characters, PlacedText) else PlacedText.of(characters)
    written = "honnin front v1\n" + "".join(f"{height}:{line}\n" for height, line in text.lines())
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()


def _is_genuine(code: PageCode, payload: bytes, signature: bytes, bundle: Bundle, keys: SheetKeys) -> bool:
    public_key = keys.public_keys.get(code.key_id)
    if public_key is None or code.key_id != keys.due_key_id(bundle):
        return False
    try:
        public_key.verify(signature, payload)
    except InvalidSignature:
        return False
    return True


def _belongs(holds: bool, field: str, reason: Reason) -> FieldFinding:
    return same(field) if holds else different(field, reason)
