"""IPP bytes: what is written is read back, and whatever else comes is a typed error within bounded memory and steps."""

import struct
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from terminal.devices.printer.api import PrinterCode
from terminal.devices.printer.ipp import (
    OUT_OF_BAND,
    STRINGS,
    Attribute,
    Collection,
    Group,
    GroupTag,
    IntegerRange,
    IppError,
    Localized,
    Message,
    Resolution,
    Tag,
    Value,
    attribute,
)
from terminal.devices.printer.ipp_codec import MAX_ATTRIBUTES_BYTES, MAX_DEPTH, MAX_VALUES, decode, encode

HEADER = struct.pack(">BBHi", 2, 0, 0, 1)
END = b"\x03"

whole_numbers = st.integers(-(2**31), 2**31 - 1)
texts = st.text(st.characters(codec="utf-8"), max_size=60)
names = st.text(st.characters(min_codepoint=33, max_codepoint=0x3000, codec="utf-8"), min_size=1, max_size=40)
plain_values = st.one_of(
    st.builds(Value, st.sampled_from(sorted(OUT_OF_BAND)), st.none()),
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), whole_numbers),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.sampled_from(sorted(STRINGS)), texts),
    st.builds(Value, st.just(Tag.OCTET_STRING), st.binary(max_size=60)),
    st.builds(Value, st.just(Tag.DATE_TIME), st.binary(min_size=11, max_size=11)),
    st.builds(
        Value, st.just(Tag.RESOLUTION), st.builds(Resolution, whole_numbers, whole_numbers, st.integers(-128, 127))
    ),
    st.builds(Value, st.just(Tag.RANGE), st.builds(IntegerRange, whole_numbers, whole_numbers)),
    st.builds(
        Value, st.sampled_from([Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE]), st.builds(Localized, texts, texts)
    ),
)


def attributes_of(values: st.SearchStrategy[Value], most: int) -> st.SearchStrategy[tuple[Attribute, ...]]:
    one = st.builds(Attribute, names, st.lists(values, min_size=1, max_size=3).map(tuple))
    return st.lists(one, max_size=most, unique_by=lambda item: item.name).map(tuple)


values = st.recursive(
    plain_values,
    lambda inner: st.builds(Value, st.just(Tag.COLLECTION), st.builds(Collection, attributes_of(inner, 3))),
    max_leaves=6,
)
groups = st.builds(Group, st.sampled_from(sorted(GroupTag)), attributes_of(values, 5))
messages = st.builds(
    Message,
    code=st.integers(0, 0xFFFF),
    request_id=whole_numbers,
    groups=st.lists(groups, max_size=4).map(tuple),
    version=st.tuples(st.integers(0, 255), st.integers(0, 255)),
    document=st.binary(max_size=100),
)


@given(messages)
def test_what_is_written_is_read_back(message: Message) -> None:
    assert decode(encode(message)) == message


def read_or_typed_error(data: bytes) -> Message | None:
    try:
        return decode(data)
    except IppError as error:
        assert error.code == PrinterCode.BAD_ANSWER
        return None


@settings(max_examples=400)
@given(st.binary(max_size=300))
@example(b"")
@example(HEADER)
@example(HEADER + END)
def test_any_bytes_are_a_message_or_a_typed_error(data: bytes) -> None:
    message = read_or_typed_error(data)
    assert message is None or decode(encode(message)) == message


@settings(max_examples=400)
@given(st.data())
def test_a_message_with_bytes_changed_cut_or_put_in_is_a_message_or_a_typed_error(data: st.DataObject) -> None:
    whole = encode(data.draw(messages))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 8)))
    broken = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    message = read_or_typed_error(broken)
    assert message is None or decode(encode(message)) == message


@given(messages, st.data())
def test_every_truncation_of_the_attributes_is_a_typed_error(message: Message, data: st.DataObject) -> None:
    whole = encode(Message(message.code, message.request_id, message.groups))
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(IppError):
        decode(cut)


def member(name: bytes, value: bytes) -> bytes:
    return b"\x4a\x00\x00" + struct.pack(">H", len(name)) + name + value


def nested(depth: int) -> bytes:
    value = b"\x21\x00\x00\x00\x04\x00\x00\x00\x01"
    for _ in range(depth):
        value = b"\x34\x00\x00\x00\x00" + member(b"m", value) + b"\x37\x00\x00\x00\x00"
    return HEADER + b"\x04\x34\x00\x01a" + value[3:] + END


def test_collections_are_read_down_to_the_bound_and_not_deeper() -> None:
    assert decode(nested(MAX_DEPTH)).groups
    with pytest.raises(IppError, match="deep"):
        decode(nested(MAX_DEPTH + 1))
    with pytest.raises(IppError, match="deep"):
        decode(nested(5_000))


def test_more_values_than_the_bound_are_refused_early() -> None:
    flood = (
        HEADER
        + b"\x04\x21\x00\x01a\x00\x04\x00\x00\x00\x01"
        + b"\x21\x00\x00\x00\x04\x00\x00\x00\x01" * MAX_VALUES
        + END
    )
    with pytest.raises(IppError, match="values"):
        decode(flood)


def test_attributes_beyond_the_bound_are_refused_without_being_kept() -> None:
    chunk = b"\x30\x00\x00\xff\xff" + bytes(0xFFFF)
    flood = HEADER + b"\x04\x30\x00\x01a\x00\x00" + chunk * (3 * MAX_ATTRIBUTES_BYTES // len(chunk)) + END
    tracemalloc.start()
    try:
        with pytest.raises(IppError, match="bytes of attributes"):
            decode(flood)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 2 * MAX_ATTRIBUTES_BYTES


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a length that is negative to a signed reader", b"\x44\x00\x01a\xff\xfa"),
        ("an attribute without a name first", b"\x21\x00\x00\x00\x04\x00\x00\x00\x01"),
        ("an integer of two bytes", b"\x21\x00\x01a\x00\x02\x00\x05"),
        ("a boolean of 2", b"\x22\x00\x01a\x00\x01\x02"),
        ("an attribute twice", b"\x44\x00\x01a\x00\x01x" * 2),
        ("text that is not UTF-8", b"\x41\x00\x01a\x00\x01\xff"),
        ("a localized text shorter than it says", b"\x35\x00\x01a\x00\x04\x00\x09\x00\x09"),
        ("a member name outside a collection", b"\x4a\x00\x01a\x00\x01m"),
        ("an end of collection outside one", b"\x37\x00\x01a\x00\x00"),
        (
            "a collection member twice",
            b"\x34\x00\x01a\x00\x00" + member(b"m", b"\x13\x00\x00\x00\x00") * 2 + b"\x37\x00\x00\x00\x00",
        ),
        ("a value tag that RFC 8010 does not know", b"\x7e\x00\x01a\x00\x00"),
        ("a delimiter that is no group", b"\x0f"),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_each_malformed_attribute_is_named(name: str, fields: bytes) -> None:
    with pytest.raises(IppError) as caught:
        decode(HEADER + b"\x04" + fields + END)
    assert caught.value.code == PrinterCode.BAD_ANSWER
    assert "expected" in caught.value.failure.text


def test_no_error_text_carries_what_the_message_said() -> None:
    secret = "個人の名前"
    broken = encode(Message(0, 1, (Group(GroupTag.JOB, (attribute("job-name", Tag.NAME, secret),)),)))[:-3]
    with pytest.raises(IppError) as caught:
        decode(broken)
    assert secret not in str(caught.value)


def test_what_a_tag_cannot_carry_is_a_programmers_error() -> None:
    for wrong in (Value(Tag.INTEGER, "1"), Value(Tag.INTEGER, True), Value(Tag.KEYWORD, 1), Value(Tag.NO_VALUE, 0)):
        with pytest.raises(ValueError, match="cannot carry"):
            encode(Message(0, 1, (Group(GroupTag.JOB, (Attribute("a", (wrong,)),)),)))
