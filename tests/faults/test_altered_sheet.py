"""A sheet that lost or changed something between record and print data: seal, impression, 2D code, scramble image, a figure."""

import io
from datetime import date

import pikepdf
import pytest

from printer_templates.records import Item
from simulator.explore.gates.spoiling import changed, without_picture
from simulator.people.residents import resident
from terminal.verification.reasons import Reason
from terminal.verification.verdict import Different, Failed
from tests.gates_world import Served, impression_png, residence_record, seal_record, serve
from tests.sheets_kit import MUNICIPAL_SIGNER, Signer, drawn, gate_c, in_document_mode, told

_FRONT, _BACK = 0, 1


def seal_certificate() -> Served:
    """A session with a seal certificate of one page."""
    return serve("head", seal_record(resident("head")))


def _picture_at(pdf: bytes, side: int, wanted: str) -> str:
    """The resource name under which a side draws its seal, impression, code or scramble image."""
    if wanted in ("code", "scramble"):
        return {"code": "Qr", "scramble": "Sc"}[wanted]
    colour = {"official seal": "/DeviceRGB", "impression": "/DeviceGray"}[wanted]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pictures = document.pages[side].Resources.XObject
        (name,) = (name for name, each in pictures.items() if str(each.get("/ColorSpace")) == colour)
    return str(name).strip("/")


@pytest.mark.parametrize(
    ("side", "picture", "code"),
    [
        (_FRONT, "official seal", Reason.SEAL_MISSING),
        (_FRONT, "impression", Reason.IMPRESSION_MISSING),
        (_FRONT, "code", Reason.PAGE_CODE_MISSING),
        (_BACK, "code", Reason.BACK_MISSING),
        (_BACK, "scramble", Reason.BACK_MISSING),
    ],
)
def test_a_missing_mark_fails_with_its_own_reason(side: int, picture: str, code: Reason) -> None:
    served = seal_certificate()
    pdf = drawn(served.bundle)
    result = gate_c(without_picture(pdf, side, _picture_at(pdf, side, picture)), served)
    assert isinstance(result, Failed)
    assert [finding.reason for finding in told(result)] == [code]


def test_another_persons_impression_is_a_finding() -> None:
    served = seal_certificate()
    other = served.bundle.record.model_copy(update={"impression_png": impression_png("渡邉")})
    result = gate_c(drawn(served.bundle, record=other), served)
    assert isinstance(result, Different)
    assert [finding.reason for finding in told(result)] == [Reason.OTHER_IMPRESSION]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": date(1980, 1, 2)}, "birth_date"),
        ({"address": "見本県架空市見本町一丁目1番2号"}, "address"),
        ({"name": "見本\u3000次郎"}, "name"),
    ],
)
def test_one_wrong_figure_or_character_on_the_sheet_is_a_finding(changes: dict[str, object], field: str) -> None:
    served = seal_certificate()
    record = served.bundle.record
    other = record.model_copy(update={"applicant": record.applicant.model_copy(update=changes)})
    result = gate_c(drawn(served.bundle, record=other), served)
    assert isinstance(result, Different)
    assert f"copy 1 page 1 front: {field}" in {finding.field for finding in told(result)}


def test_two_characters_exchanged_after_drawing_are_found_by_the_signed_digest() -> None:
    served = seal_certificate()

    def exchange(document: pikepdf.Pdf) -> None:
        page = document.pages[_FRONT]
        instructions = list(pikepdf.parse_content_stream(page))
        for index, each in enumerate(instructions):
            shown = bytes(each.operands[0]) if str(each.operator) == "Tj" else b""
            first, second = shown[:2], shown[2:4]
            if len(shown) >= 4 and first != second:
                swapped = pikepdf.String(second + first + shown[4:])
                instructions[index] = pikepdf.ContentStreamInstruction([swapped], pikepdf.Operator("Tj"))
                break
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))

    pdf = drawn(served.bundle)
    spoilt = changed(pdf, exchange)
    result = gate_c(spoilt, served)
    assert isinstance(result, Different)
    assert Reason.OTHER_CONTENT in {finding.reason for finding in told(result)}


def test_a_code_signed_by_an_unknown_key_or_by_a_stolen_key_id_is_a_finding() -> None:
    served = seal_certificate()
    for forger in (Signer("terminal-unheard-of"), Signer()):
        result = gate_c(drawn(served.bundle, signer=forger), served)
        assert isinstance(result, Different)
        assert result.code is Reason.PAGE_CODE_FORGED


def test_a_scramble_image_made_with_another_key_is_a_finding() -> None:
    served = seal_certificate()
    (copy,) = served.bundle.copies
    other = served.with_bundle(copies=(copy.model_copy(update={"scramble_key": b"\x77" * 32}),))
    result = gate_c(drawn(other.bundle), served)
    assert isinstance(result, Different)
    assert [finding.reason for finding in told(result)] == [Reason.OTHER_BACK]


def test_a_scramble_image_that_hides_another_front_is_a_finding() -> None:
    """Right key, right page, right codes: only the picture inside is another's."""
    served = seal_certificate()
    blank_name = served.bundle.record.applicant.model_copy(update={"name": "一"})
    other = drawn(served.bundle, record=served.bundle.record.model_copy(update={"applicant": blank_name}))

    def exchange(document: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(other)) as source:
            cells = document.copy_foreign(source.pages[_BACK].Resources.XObject.Sc)
            document.pages[_BACK].Resources.XObject.Sc = cells

    result = gate_c(changed(drawn(served.bundle), exchange), served)
    assert isinstance(result, Different)
    assert [finding.reason for finding in told(result)] == [Reason.OTHER_BACK]


def test_a_my_number_that_only_the_drawing_added_is_a_finding() -> None:
    served = serve("head", residence_record(resident("head"), items=frozenset()))
    with_number = residence_record(resident("head"), items=frozenset({Item.MY_NUMBER}))
    result = gate_c(drawn(served.bundle, record=with_number), served)
    assert isinstance(result, Different)
    assert "copy 1 page 1 front: person 1 my_number" in {finding.field for finding in told(result)}


def test_a_glyph_without_a_character_fails() -> None:
    served = seal_certificate()

    def forget_characters(document: pikepdf.Pdf) -> None:
        for font in document.pages[_FRONT].Resources.Font.values():
            del font["/ToUnicode"]

    result = gate_c(changed(drawn(served.bundle), forget_characters), served)
    assert Reason.MISSING_GLYPH in {finding.reason for finding in told(result)}


def test_an_empty_box_that_reads_as_a_character_fails_in_a_municipalitys_own_pdf() -> None:
    """Glyph 0 with a character behind it: the text is right, the paper shows a box."""
    served = seal_certificate()

    def blank_first_glyph(document: pikepdf.Pdf) -> None:
        page = document.pages[_FRONT]
        instructions = list(pikepdf.parse_content_stream(page))
        index = next(index for index, each in enumerate(instructions) if str(each.operator) == "Tj")
        shown = bytes(instructions[index].operands[0])
        boxed = pikepdf.String(b"\0\0" + shown[2:])
        instructions[index] = pikepdf.ContentStreamInstruction([boxed], pikepdf.Operator("Tj"))
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))

    spoilt = changed(drawn(served.bundle, signer=MUNICIPAL_SIGNER), blank_first_glyph)
    result = gate_c(spoilt, in_document_mode(served, [spoilt]))
    assert isinstance(result, Failed)
    assert result.code is Reason.MISSING_GLYPH
    own = gate_c(changed(drawn(served.bundle), blank_first_glyph), served)
    assert Reason.OTHER_CONTENT in {finding.reason for finding in told(own)}
