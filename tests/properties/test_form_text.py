"""Any text: either it is printed and read back exactly, or it is refused by a typed error."""

import pypdfium2 as pdfium
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printer_templates import canonical
from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.typeface import typeface
from printer_templates.marks import code_image, page_code, scramble
from printer_templates.regions import RegionName, person_regions
from tests.form_kit import SIGNER, draw, named, pixels, solid, text_in

_SELECTED = [
    chr(base) + chr(selector)
    for base in range(0x8FB0, 0x9100)
    for selector in range(0xE0100, 0xE0120)
    if typeface().font.get_variation_glyph(base, selector)
]
_REPERTOIRE = [chr(point) for point in sorted(typeface().face.unicodes)]
printable = st.one_of(
    st.sampled_from(_REPERTOIRE), st.sampled_from(_SELECTED), st.sampled_from("--12AZaz 　がｶﾞ（）か\u3099ﾊﾟ①﨑髙𠮷神神")
)
names = st.lists(printable, min_size=1, max_size=40).map("".join)
slow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@slow
@given(names, names)
def test_any_text_of_the_fonts_repertoire_comes_back_as_written(name: str, address: str) -> None:
    try:
        pdf = draw(named(name, address)).pdf
    except FormError as refused:
        assert refused.code in {FormErrorCode.GLYPH_MISSING, FormErrorCode.TEXT_TOO_LONG, FormErrorCode.BLANK_VALUE}
        return
    places = person_regions(0)
    assert text_in(pdf, 0, places[RegionName.NAME]) == solid(name)
    assert text_in(pdf, 0, places[RegionName.ADDRESS]) == solid(address)
    code = page_code.verify(code_image.read(pixels(pdf, 0, 150)), SIGNER.public_key)
    assert code.content_digest == canonical.digest(canonical.text_of_pdf(pdfium.PdfDocument(pdf)[0].get_textpage()))


@slow
@given(st.text(min_size=1, max_size=300))
def test_any_string_is_drawn_or_refused(name: str) -> None:
    try:
        drawn = draw(named(name))
    except FormError as refused:
        assert refused.code in set(FormErrorCode)
        assert len(name) < 4 or name not in refused.failure.text
        return
    assert text_in(drawn.pdf, 0, person_regions(0)[RegionName.NAME]) == solid(name)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_page_code_or_refused(data: bytes) -> None:
    try:
        code, _, _ = page_code.decode(data)
    except FormError as refused:
        assert refused.code == FormErrorCode.PAGE_CODE_BAD
        return
    assert code.version == page_code.VERSION


@given(st.binary(max_size=60), st.integers(0, 400))
def test_a_genuine_code_with_bytes_exchanged_is_never_believed(noise: bytes, at: int) -> None:
    from tests.unit.test_page_code import CODE

    data = page_code.encode(CODE, SIGNER)
    changed = data[:at] + noise + data[at + len(noise) :]
    if changed == data:
        return
    try:
        page_code.verify(changed, SIGNER.public_key)
    except FormError as refused:
        assert refused.code in {FormErrorCode.PAGE_CODE_BAD, FormErrorCode.PAGE_CODE_NOT_GENUINE}
        return
    raise AssertionError("an altered code was believed")


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400))
def test_any_pixels_are_a_back_or_refused(height: int, width: int) -> None:
    import numpy as np

    noise = np.random.default_rng(height * 1000 + width).integers(0, 256, (height, width), np.uint8)
    try:
        scramble.turn_back(noise, bytes(32), 1)
    except FormError as refused:
        assert refused.code in {FormErrorCode.SCRAMBLE_NOT_FOUND, FormErrorCode.SCRAMBLE_WRONG_KEY}
        return
    raise AssertionError("noise was taken for a back")
