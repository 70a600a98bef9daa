"""A municipality's own PDF with one forbidden thing in it, each at a place where no viewer and no other check would look."""

import io
from collections.abc import Callable, Iterator
from typing import Final

import pikepdf

from simulator.explore.gates import spoiling
from simulator.explore.gates.judging import Case, Due
from simulator.explore.gates.right_cases import IN_DOCUMENT_MODE
from simulator.explore.gates.serving import Served, serve
from terminal.verification.restrictions import OBJECTS_MAX

_KEYS: Final = (
    "/AA", "/AcroForm", "/AF", "/Annots", "/Collection", "/EF", "/EmbeddedFiles", "/Encrypt", "/JavaScript", "/JS", "/Names",
    "/OC", "/OCProperties", "/OpenAction", "/Perms", "/PieceInfo", "/PresSteps", "/RichMedia", "/Rendition", "/XFA", "/F",
    "/FFilter", "/Alternates", "/OPI", "/Ref", "/UserUnit",
)  # fmt: skip
"""A second list on purpose: what a gate forbids is not asked of the gate."""
_TYPES: Final = ("/Action", "/Annot", "/Filespec", "/EmbeddedFile", "/OCG", "/OCMD", "/Sig", "/Rendition")
_DEEP: Final = 70
_STRAY: Final = "/Stray"


def restriction_cases() -> Iterator[Case]:
    """All but the first are refused."""
    harmless = _sent(lambda pdf: _with(pdf, _plain, {"/F": pikepdf.Name("/Any")}))
    yield Case("document: right: a plain dictionary has /F", harmless, Due.PASS)
    for key in _KEYS:
        # In a plain dictionary /F may be anything; in a stream it points out of the file.
        yield _case(f"something has {key}", lambda pdf, key=key: _with(pdf, _stream, {key: pikepdf.Name("/Any")}))  # type: ignore[misc]
    for kind in _TYPES:
        yield _case(f"something is a {kind}", lambda pdf, kind=kind: _with(pdf, _plain, {"/Type": pikepdf.Name(kind)}))  # type: ignore[misc]
    yield _case("a script in a list", lambda pdf: _with(pdf, _listed, {"/JS": pikepdf.String("app.alert(1)")}))
    yield _case("things within things, deeper than anybody looks", _nested)
    yield _case("more things than anybody counts", _crowded)
    yield _case("a file that needs repair", lambda pdf: pdf + b"\nstartxref\n7\n%%EOF\n")
    yield _case("a file that a password locks", _encrypted)
    yield _case("a dictionary that says one thing twice", _said_twice)


def _case(name: str, spoil: Callable[[bytes], bytes]) -> Case:
    return Case(f"document: {name}", _sent(spoil), Due.REFUSE)


def _sent(spoil: Callable[[bytes], bytes]) -> Served:
    served = serve("head", IN_DOCUMENT_MODE)
    [copy] = served.bundle.copies
    spoilt = copy.model_copy(update={"document_pdf": spoil(bytes(copy.document_pdf or b""))})
    return served.with_bundle(copies=(spoilt,))


Place = Callable[[pikepdf.Pdf, dict[str, pikepdf.Object]], pikepdf.Object]


def _with(pdf: bytes, place: Place, members: dict[str, pikepdf.Object]) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.Root[_STRAY] = place(document, members)

    return spoiling.changed(pdf, change)


def _stream(document: pikepdf.Pdf, members: dict[str, pikepdf.Object]) -> pikepdf.Object:
    return document.make_stream(b"", pikepdf.Dictionary(members))


def _plain(_document: pikepdf.Pdf, members: dict[str, pikepdf.Object]) -> pikepdf.Object:
    return pikepdf.Dictionary(members)


def _listed(_document: pikepdf.Pdf, members: dict[str, pikepdf.Object]) -> pikepdf.Object:
    return pikepdf.Array([pikepdf.Dictionary(members)])


def _nested(pdf: bytes) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        inner: pikepdf.Object = pikepdf.Array([])
        for _ in range(_DEEP):
            inner = pikepdf.Array([inner])
        document.Root[_STRAY] = inner

    return spoiling.changed(pdf, change)


def _crowded(pdf: bytes) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        things = [document.make_indirect(pikepdf.Dictionary()) for _ in range(OBJECTS_MAX + 1)]
        document.Root[_STRAY] = pikepdf.Array(things)

    return spoiling.changed(pdf, change)


def _encrypted(pdf: bytes) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner="SPECIMEN", user=""))
    return buffer.getvalue()


def _said_twice(pdf: bytes) -> bytes:
    """Readers differ in which of the two they believe; qpdf warns and takes the last."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.Root["/SpecimenA"], document.Root["/SpecimenB"] = pikepdf.Name("/One"), pikepdf.Name("/Other")
        document.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return buffer.getvalue().replace(b"/SpecimenB", b"/SpecimenA")
