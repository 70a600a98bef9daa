"""Any bytes at all: the parsers of card files and certificates answer with a value or with their typed error, nothing else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer_templates.records import BasicFour, Sex
from terminal.devices.card_reader.api import CardError, CardErrorCode
from terminal.devices.card_reader.certificate import CardCertificate
from terminal.devices.card_reader.text import parse_basic_four
from terminal.devices.card_reader.tlv import MAX_FILE_BYTES, read_all, read_one, total_length
from tests.card_kit import NOW, certificate_of, trust


def _element(tag: int, value: bytes) -> bytes:
    size = len(value)
    long_form = b"\x82" + size.to_bytes(2, "big") if size > 0xFF else b"\x81" + size.to_bytes(1, "big")
    return tag.to_bytes(2, "big") + (bytes((size,)) if size < 0x80 else long_form) + value


def _record(name: bytes, address: bytes, birth: bytes, sex: bytes, shift: int = 0) -> bytes:
    """EF 0002 as the reference describes it; ``shift`` falsifies the offset table."""
    parts = [
        _element(tag, value) for tag, value in zip(range(0xDF22, 0xDF26), (name, address, birth, sex), strict=True)
    ]
    body_length = 11 + sum(map(len, parts))
    at = 11 + (3 if body_length < 0x80 else 4 if body_length < 0x100 else 5)
    table = b""
    for part in parts:
        table += (at + shift).to_bytes(2, "big")
        at += len(part)
    return _element(0xFF20, _element(0xDF21, table) + b"".join(parts))


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=90).filter(
    lambda text: bool(text.strip())
)


@given(st.binary(max_size=300))
def test_any_bytes_as_tlv(content: bytes) -> None:
    for parse in (read_one, read_all, total_length):
        try:
            parse(content)
        except CardError as error:
            assert error.code == CardErrorCode.BAD_FILE


@given(st.lists(st.tuples(st.sampled_from([0xFF20, 0xDF21, 0xDF25, 0x7F21]), st.binary(max_size=400)), max_size=6))
def test_tlvs_are_read_back_with_their_offsets(elements: list[tuple[int, bytes]]) -> None:
    content = b"".join(_element(tag, value) for tag, value in elements)
    found = read_all(content)
    assert [(element.tag, element.value) for element in found] == elements
    for element in found:
        assert content[element.offset : element.offset + 2] == element.tag.to_bytes(2, "big")


@given(st.binary(min_size=1, max_size=400), st.integers(0, 399))
def test_a_cut_element_is_never_taken_for_a_whole_one(value: bytes, cut: int) -> None:
    whole = _element(0xDF22, value)
    with pytest.raises(CardError) as error:
        read_one(whole[: min(cut, len(whole) - 1)])
    assert error.value.code == CardErrorCode.BAD_FILE


@given(st.integers(0, 0xFFFF))
def test_no_header_makes_the_driver_read_more_than_the_bound(size: int) -> None:
    header = b"\xff\x20\x82" + size.to_bytes(2, "big")
    if size + len(header) <= MAX_FILE_BYTES:
        assert total_length(header) == size + len(header)
    else:
        with pytest.raises(CardError):
            total_length(header)


@given(texts, texts, st.dates(), st.sampled_from(Sex))
def test_the_basic_four_are_read_as_written(name: str, address: str, birth: date, sex: Sex) -> None:
    content = _record(name.encode(), address.encode(), f"{birth:%Y%m%d}".rjust(8, "0").encode(), sex.encode())
    assert parse_basic_four(content) == BasicFour(name=name, address=address, birth_date=birth, sex=sex)


@given(st.binary(max_size=300))
def test_any_bytes_as_basic_four(content: bytes) -> None:
    with pytest.raises(CardError) as error:
        parse_basic_four(content)
    assert error.value.code == CardErrorCode.BAD_FILE


@given(st.data())
def test_one_changed_byte_of_the_structure_is_an_error_or_leaves_a_valid_record(data: st.DataObject) -> None:
    content = bytearray(_record("見本　太郎".encode(), "見本県架空市".encode(), b"19800101", b"1"))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(parse_basic_four(bytes(content)), BasicFour)
    except CardError as error:
        assert error.code == CardErrorCode.BAD_FILE
        assert "見本" not in error.failure.text and "1980" not in error.failure.text


_GOOD = ("見本　太郎".encode(), "見本県".encode(), b"19800101", b"1")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (_record(*_GOOD, shift=1), "offset table"),
        (_record(*_GOOD) + b"\xff", "nothing behind"),
        (_record(b"\xff\xfe", *_GOOD[1:]), "UTF-8"),
        (_record(b"A\x00B", *_GOOD[1:]), "control characters"),
        (_record(b"A\xc2\x85B", *_GOOD[1:]), "control characters"),
        (_record("　".encode(), *_GOOD[1:]), "control characters"),
        (_record(b"", *_GOOD[1:]), "control characters"),
        (_record("名".encode() * 301, *_GOOD[1:]), "permitted lengths"),
        (_record(*_GOOD[:2], b"19800230", b"1"), "calendar"),
        (_record(*_GOOD[:2], b"1980010", b"1"), "eight digits"),
        (_record(*_GOOD[:2], b"1980-1-1", b"1"), "eight digits"),
        (_record(*_GOOD[:3], b"3"), "sex"),
        (_record(*_GOOD[:3], b""), "sex"),
        (_record(*_GOOD[:3], b"11"), "sex"),
        (_element(0xFF20, b""), "DF21 to DF25"),
        (_element(0xFF40, b""), "FF20"),
    ],
)
def test_each_deviation_of_the_basic_four_has_its_text(content: bytes, what: str) -> None:
    with pytest.raises(CardError, match=what) as error:
        parse_basic_four(content)
    assert error.value.code == CardErrorCode.BAD_FILE


def test_missing_repeated_or_swapped_elements_are_errors() -> None:
    content = _record(*_GOOD)
    elements = read_all(read_one(content)[0].value)
    parts = [_element(element.tag, element.value) for element in elements]
    for wrong in (parts[:-1], [*parts, parts[-1]], [parts[0], parts[2], parts[1], *parts[3:]], parts[1:]):
        with pytest.raises(CardError, match="DF21 to DF25"):
            parse_basic_four(_element(0xFF20, b"".join(wrong)))


_CERTIFICATE_CODES = {
    CardErrorCode.BAD_CERTIFICATE,
    CardErrorCode.CERT_UNTRUSTED,
    CardErrorCode.CERT_KEY_USAGE,
    CardErrorCode.CERT_ALGORITHM,
    CardErrorCode.CERT_EXPIRED,
    CardErrorCode.CERT_NOT_YET_VALID,
}


@given(st.binary(max_size=200))
def test_any_bytes_as_certificate(content: bytes) -> None:
    with pytest.raises(CardError) as error:
        trust().check(content, NOW)
    assert error.value.code == CardErrorCode.BAD_CERTIFICATE


@given(st.data())
def test_a_certificate_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    der = bytearray(certificate_of().der)
    at = data.draw(st.integers(0, len(der) - 1))
    der[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CardError) as error:
        trust().check(bytes(der), NOW)
    assert error.value.code in _CERTIFICATE_CODES


def test_the_unchanged_certificate_is_accepted() -> None:
    assert isinstance(certificate_of(), CardCertificate)
