"""What a municipality's own PDF must not contain: anything that acts, hides, asks or is not printed by everybody alike.

Read by a third engine (qpdf through pikepdf), which walks every object without repairing anything: a file that needs repair is
read differently by different printers. Source: ISO 32000-2 sections 7.6, 7.11, 8.11, 12.5-12.7; ISO 19005-2 section 6.5.
"""

import io
from collections.abc import Iterable

import pikepdf

from terminal.verification.reasons import Reason

OBJECTS_MAX = 50_000
_DEPTH_MAX = 60

_FORBIDDEN_KEYS = frozenset(
    {
        "/AA", "/AcroForm", "/AF", "/Annots", "/Collection", "/EF", "/EmbeddedFiles", "/Encrypt", "/JavaScript", "/JS",
        "/Names", "/OC", "/OCProperties", "/OpenAction", "/Perms", "/PieceInfo", "/PresSteps", "/RichMedia", "/Rendition",
        "/XFA", "/F", "/FFilter", "/Alternates", "/OPI", "/Ref", "/UserUnit",
    }
)  # fmt: skip
"""Keys whose mere presence anywhere refuses the file. ``/F`` in a stream points to a file outside the document."""

_FORBIDDEN_TYPES = frozenset({"/Action", "/Annot", "/Filespec", "/EmbeddedFile", "/OCG", "/OCMD", "/Sig", "/Rendition"})
_KEYS_FINE_IN_PLAIN_DICTIONARIES = frozenset({"/F"})


def forbidden_content(pdf: bytes) -> Reason | None:
    """Why ``pdf`` may not be printed, or None; never raises for any bytes.

    The reasons: ``ACTIVE_CONTENT``, ``MISSING_GLYPH``, ``NOT_A_PDF``, ``TOO_LARGE``.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as document:
            if document.get_warnings():
                return Reason.NOT_A_PDF
            if len(document.objects) > OBJECTS_MAX:
                return Reason.TOO_LARGE
            roots: list[pikepdf.Object] = [document.trailer, *document.objects]
            found = any(_is_forbidden(root) for root in roots)
            if not found and any(_shows_notdef(page) for page in document.pages):
                return Reason.MISSING_GLYPH
    except pikepdf.PasswordError:
        return Reason.ACTIVE_CONTENT
    except Exception:
        # qpdf and its binding raise many things over garbage; for the gate they are all one: not a PDF to be printed.
        return Reason.NOT_A_PDF
    return Reason.ACTIVE_CONTENT if found else None


def _is_forbidden(root: pikepdf.Object) -> bool:
    """Look into ``root`` and its direct children; indirect ones come by themselves in the list of objects."""
    pending = [(root, 0)]
    while pending:
        item, depth = pending.pop()
        if depth > _DEPTH_MAX:
            return True
        if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            if _has_forbidden_key(item):
                return True
            pending += [(child, depth + 1) for child in _direct(item.values())]
        elif isinstance(item, pikepdf.Array):
            pending += [(child, depth + 1) for child in _direct(item)]
    return False


def _has_forbidden_key(item: pikepdf.Object) -> bool:
    keys = set(item.keys())
    if not isinstance(item, pikepdf.Stream):
        keys -= _KEYS_FINE_IN_PLAIN_DICTIONARIES
    kind = item.get("/Type")
    return bool(keys & _FORBIDDEN_KEYS) or (isinstance(kind, pikepdf.Name) and str(kind) in _FORBIDDEN_TYPES)


def _shows_notdef(page: pikepdf.Page) -> bool:
    """Whether the page shows glyph 0, the empty box, of a composite font: its text may read as if all were well.

    With Identity-H codes are glyph numbers (ISO 32000-2 section 9.7.5.2); other encodings the text check must catch.
    """
    composite = {name for name, font in _fonts(page).items() if str(font.get("/Encoding", "")) == "/Identity-H"}
    current = ""
    for instruction in pikepdf.parse_content_stream(page, "Tf Tj TJ ' \""):
        operands = list(instruction.operands)
        if str(instruction.operator) == "Tf":
            current = str(operands[0])
        elif current in composite and any(_has_code_zero(text) for text in _strings(operands[-1])):
            return True
    return False


def _fonts(page: pikepdf.Page) -> dict[str, pikepdf.Object]:
    fonts = page.resources.get("/Font")
    return {} if fonts is None else dict(fonts.items())


def _strings(shown: pikepdf.Object) -> list[bytes]:
    parts = list(shown) if isinstance(shown, pikepdf.Array) else [shown]
    return [bytes(part) for part in parts if isinstance(part, pikepdf.String)]


def _has_code_zero(text: bytes) -> bool:
    return any(text[index : index + 2] == b"\0\0" for index in range(0, len(text), 2))


def _direct(children: Iterable[object]) -> list[pikepdf.Object]:
    return [child for child in children if isinstance(child, pikepdf.Object) and not child.is_indirect]
