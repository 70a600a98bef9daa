"""A municipality's own PDF may print and nothing else."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from terminal.verification.reading import open_pdf
from terminal.verification.reasons import Reason
from terminal.verification.restrictions import forbidden_content


def plain_pdf(text: str = "SPECIMEN") -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.drawString(100, 700, text)
    canvas.save()
    return buffer.getvalue()


def spoilt(change: Callable[[pikepdf.Pdf], None], *, object_streams: bool = True) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as document:
        change(document)
        mode = pikepdf.ObjectStreamMode.generate if object_streams else pikepdf.ObjectStreamMode.disable
        document.save(buffer, object_stream_mode=mode)
    return buffer.getvalue()


def _script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _action_on_page(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.Launch))


def _annotation(document: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[0, 0, 9, 9], Contents=String("another name"))
    document.pages[0].Annots = Array([document.make_indirect(note)])


def _form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]))


def _attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.txt"] = b"hidden"


def _layer(document: pikepdf.Pdf) -> None:
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("hidden")))
    document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))


def _layer_on_a_picture_only(document: pikepdf.Pdf) -> None:
    picture = document.make_stream(b"\x00", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    picture.OC = Dictionary(Type=Name.OCMD)
    document.pages[0].Resources.XObject = Dictionary(Im1=picture)


def _file_outside(document: pikepdf.Pdf) -> None:
    picture = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    picture.F = String("/etc/hostname")
    document.pages[0].Resources.XObject = Dictionary(Im1=picture)


def _deeply_nested(document: pikepdf.Pdf) -> None:
    nest: pikepdf.Object = Array([])
    for _ in range(80):
        nest = Array([nest])
    document.Root.Honnin = nest


@pytest.mark.parametrize(
    "change",
    [
        _script,
        _action_on_page,
        _annotation,
        _form,
        _attachment,
        _layer,
        _layer_on_a_picture_only,
        _file_outside,
        _deeply_nested,
    ],
)
@pytest.mark.parametrize("object_streams", [True, False])
def test_whatever_acts_hides_or_points_elsewhere_is_refused(
    change: Callable[[pikepdf.Pdf], None], object_streams: bool
) -> None:
    assert forbidden_content(spoilt(change, object_streams=object_streams)) is Reason.ACTIVE_CONTENT


@pytest.mark.parametrize("object_streams", [True, False])
def test_a_plain_pdf_may_print_also_when_its_objects_are_packed(object_streams: bool) -> None:
    assert forbidden_content(plain_pdf()) is None
    assert forbidden_content(spoilt(lambda document: None, object_streams=object_streams)) is None


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_pdf_is_refused_even_when_it_opens_without_a_password(password: str) -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner="owner", user=password))
    assert forbidden_content(buffer.getvalue()) is Reason.ACTIVE_CONTENT


def test_a_pdf_that_needs_repair_is_refused_though_a_viewer_would_show_it() -> None:
    damaged = plain_pdf().replace(b"startxref\n", b"startxref\n9")
    with open_pdf(damaged) as opened:
        assert len(opened) == 1
    assert forbidden_content(damaged) is Reason.NOT_A_PDF
