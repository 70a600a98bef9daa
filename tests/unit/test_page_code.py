"""The signed 2D code: found in the pixels of every side, bound to its text, and worthless when altered."""

from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from printer_templates import canonical
from printer_templates.errors import FormError, FormErrorCode
from printer_templates.marks import code_image, page_code
from printer_templates.marks.page_code import PageCode
from printer_templates.records import Scope
from printer_templates.regions import BACK, FRONT, RegionName
from simulator.people.residents import resident
from tests.form_kit import REQUEST_ID, SIGNER, draw, identities, pixels, residence, seal

CODE = PageCode(1, "99101", "99101-1", REQUEST_ID, 1, 1, 1, "見本\u3000花子", bytes(32), SIGNER.key_id)


def test_a_code_survives_encoding_and_names_its_signer() -> None:
    assert page_code.verify(page_code.encode(CODE, SIGNER), SIGNER.public_key) == CODE


def test_the_payload_is_what_the_signature_covers() -> None:
    _, payload, signature = page_code.decode(page_code.encode(CODE, SIGNER))
    SIGNER.public_key.verify(signature, payload)


def test_every_changed_byte_is_found() -> None:
    data = page_code.encode(CODE, SIGNER)
    for index in range(len(data)):
        changed = data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :]
        with pytest.raises(FormError):
            page_code.verify(changed, SIGNER.public_key)


@pytest.mark.parametrize("extra", [1, 3, 64])
def test_bytes_left_over_are_refused(extra: int) -> None:
    with pytest.raises(FormError) as refused:
        page_code.decode(page_code.encode(CODE, SIGNER) + bytes(extra))
    assert refused.value.code == FormErrorCode.PAGE_CODE_BAD


def test_another_key_does_not_vouch_for_it() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    with pytest.raises(FormError) as refused:
        page_code.verify(page_code.encode(CODE, SIGNER), stranger)
    assert refused.value.code == FormErrorCode.PAGE_CODE_NOT_GENUINE


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 2},
        {"municipality_code": "9910"},
        {"request_id": "A" * 32},
        {"page": 2},
        {"page": 0},
        {"copy": 0},
        {"pages": 256, "page": 256},
        {"content_digest": bytes(31)},
        {"subject_name": ""},
        {"document_number": ""},
        {"subject_name": "\ud800"},
    ],
)
def test_what_a_code_cannot_say_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(FormError) as refused:
        page_code.encode(replace(CODE, **wrong), SIGNER)  # type: ignore[arg-type]
    assert refused.value.code == FormErrorCode.PAGE_CODE_BAD


def test_the_codes_text_hides_the_person() -> None:
    assert "花子" not in repr(CODE)


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_every_side_of_every_page_and_copy_shows_its_code(dpi: int) -> None:
    keys = [f"large-{number}" for number in range(1, 8)]
    record = residence(*keys, scope=Scope.HOUSEHOLD)
    drawn = draw(record, identities(2))
    document = pdfium.PdfDocument(drawn.pdf)
    for sheet in range(6):
        copy, page = divmod(sheet, 3)
        front = page_code.verify(code_image.read(pixels(drawn.pdf, 2 * sheet, dpi)), SIGNER.public_key)
        back = page_code.verify(code_image.read(pixels(drawn.pdf, 2 * sheet + 1, dpi)), SIGNER.public_key)
        assert front == back
        assert (front.copy, front.page, front.pages) == (copy + 1, page + 1, 3)
        assert (front.request_id, front.document_number) == (REQUEST_ID, f"99101-20261123-{copy + 1:06d}")
        assert front.subject_name == resident("large-1").name
        read_back = canonical.text_of_pdf(document[2 * sheet].get_textpage())
        assert front.content_digest == canonical.digest(read_back)


@pytest.mark.parametrize("key", ["foreign", "katsuragi", "former-name", "long-address", "yoshida"])
def test_the_digest_is_that_of_the_text_read_back_for_hard_names(key: str) -> None:
    for record in (residence(key), seal(key)):
        pdf = draw(record).pdf
        code = page_code.verify(code_image.read(pixels(pdf, 0, 150)), SIGNER.public_key)
        text = canonical.text_of_pdf(pdfium.PdfDocument(pdf)[0].get_textpage())
        assert code.content_digest == canonical.digest(text)


def test_the_code_is_found_inside_its_region_alone() -> None:
    pdf = draw(residence("foreign")).pdf
    for side, regions in ((0, FRONT[residence("foreign").kind]), (1, BACK)):
        left, top, right, bottom = regions[RegionName.PAGE_CODE].pixels(150)
        assert page_code.decode(code_image.read(np.ascontiguousarray(pixels(pdf, side, 150)[top:bottom, left:right])))


def test_altered_text_in_the_file_no_longer_matches_the_digest() -> None:
    """One CID of the birth year exchanged for another, the file otherwise untouched."""
    pdf = draw(residence("adult")).pdf
    text = pdfium.PdfDocument(pdf)[0].get_textpage()
    genuine = canonical.text_of_pdf(text)
    number = _codes_of(pdf, "57")
    forged = pdf.replace(number, _codes_of(pdf, "75"), 1)
    altered = canonical.text_of_pdf(pdfium.PdfDocument(forged)[0].get_textpage())
    assert "昭和57年" in genuine
    assert "昭和75年" in altered
    assert canonical.digest(altered) != canonical.digest(genuine)


def test_text_moved_to_another_line_changes_the_digest() -> None:
    pdf = draw(residence("adult")).pdf
    genuine = canonical.text_of_pdf(pdfium.PdfDocument(pdf)[0].get_textpage())
    y = next(line.split(":")[0] for line in genuine.splitlines() if "昭和57年" in line)
    moved = pdf.replace(f" {y} Tm".encode(), f" {int(y) - 1} Tm".encode())
    assert canonical.text_of_pdf(pdfium.PdfDocument(moved)[0].get_textpage()) != genuine


def _codes_of(pdf: bytes, digits: str) -> bytes:
    """The CIDs of ``digits`` as the content stream writes them, between the codes of 和 and 年."""
    from printer_templates.layout.words import VOCABULARY

    codes = "".join(f"{VOCABULARY.index(character) + 1:04X}" for character in f"和{digits}年")
    return codes.encode()


def test_a_name_too_long_for_a_readable_code_is_refused() -> None:
    with pytest.raises(FormError) as refused:
        code_image.modules(bytes(700))
    assert refused.value.code == FormErrorCode.PAGE_CODE_TOO_LONG


def test_two_codes_on_a_page_are_refused() -> None:
    black = np.pad(code_image.modules(page_code.encode(CODE, SIGNER)), 4)
    one = np.kron(np.where(black, 0, 255), np.ones((4, 4))).astype(np.uint8)
    assert code_image.read(one) == page_code.encode(CODE, SIGNER)
    with pytest.raises(FormError):
        code_image.read(np.hstack([one, one]))


def test_pixels_without_a_code_are_refused() -> None:
    with pytest.raises(FormError) as refused:
        code_image.read(np.full((200, 200), 255, np.uint8))
    assert refused.value.code == FormErrorCode.PAGE_CODE_BAD
