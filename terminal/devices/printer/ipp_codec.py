"""IPP messages to bytes and back, bounded: any byte stream gives a message or an ``IppError``. Source: RFC 8010 section 3.

The bounds hold whatever the peer sends: the attributes of a message are at most ``MAX_ATTRIBUTES_BYTES``, its values at most
``MAX_VALUES``, collections at most ``MAX_DEPTH`` deep. The document behind the attributes is the carrier's to bound.
"""

import struct

from terminal.devices.printer.ipp import (
    OUT_OF_BAND,
    STRINGS,
    WHOLE_NUMBERS,
    WITH_LANGUAGE,
    Attribute,
    Collection,
    Data,
    Group,
    GroupTag,
    IntegerRange,
    IppError,
    Localized,
    Message,
    Resolution,
    Tag,
    Value,
)

MAX_ATTRIBUTES_BYTES = 1 << 20
MAX_VALUES = 10_000
MAX_DEPTH = 8
MAX_NAME_BYTES = 255

_END_OF_ATTRIBUTES = 0x03
_LAST_DELIMITER = 0x0F
_END_COLLECTION = 0x37
_MEMBER_NAME = 0x4A
_HEADER_BYTES = 8
_DATE_TIME_BYTES = 11


def encode(message: Message) -> bytes:
    """Return the bytes of ``message``; a value that its tag cannot carry is a programmer's error (``ValueError``)."""
    parts = [struct.pack(">BBHi", *message.version, message.code, message.request_id)]
    for group in message.groups:
        parts.append(bytes((group.tag,)))
        parts.extend(_encode_attribute(item, item.name) for item in group.attributes)
    parts.append(bytes((_END_OF_ATTRIBUTES,)))
    parts.append(message.document)
    return b"".join(parts)


def _field(tag: int, name: str, data: bytes) -> bytes:
    raw_name = name.encode()
    if len(raw_name) > MAX_NAME_BYTES or len(data) > 0x7FFF:
        raise ValueError(f"attribute {name}: name {len(raw_name)} and value {len(data)} bytes must fit 255 and 32767")
    return struct.pack(">BH", tag, len(raw_name)) + raw_name + struct.pack(">H", len(data)) + data


def _encode_attribute(item: Attribute, name: str) -> bytes:
    if not item.values or not item.name:
        raise ValueError(f"attribute {item.name!r} must have a name and a value")
    return b"".join(_encode_value(value, name if index == 0 else "") for index, value in enumerate(item.values))


def _encode_value(value: Value, name: str) -> bytes:
    if isinstance(value.data, Collection):
        parts = [_field(value.tag, name, b"")]
        for member in value.data.members:
            parts.append(_field(_MEMBER_NAME, "", member.name.encode()))
            parts.append(_encode_attribute(member, ""))
        parts.append(_field(_END_COLLECTION, "", b""))
        return b"".join(parts)
    return _field(value.tag, name, _encode_data(value))


def _encode_data(value: Value) -> bytes:
    match value.tag, value.data:
        case Tag.BOOLEAN, bool() as yes:
            return bytes((yes,))
        case ((Tag.INTEGER | Tag.ENUM), int() as number) if not isinstance(number, bool):
            return struct.pack(">i", number)
        case tag, None if tag in OUT_OF_BAND:
            return b""
        case tag, str() as text if tag in STRINGS:
            return text.encode()
        case Tag.OCTET_STRING, bytes() as octets:
            return octets
        case Tag.DATE_TIME, bytes() as octets if len(octets) == _DATE_TIME_BYTES:
            return octets
        case Tag.RESOLUTION, Resolution(across, along, units):
            return struct.pack(">iib", across, along, units)
        case Tag.RANGE, IntegerRange(lowest, highest):
            return struct.pack(">ii", lowest, highest)
        case tag, Localized(language, text) if tag in WITH_LANGUAGE:
            spoken, raw = language.encode(), text.encode()
            return struct.pack(">H", len(spoken)) + spoken + struct.pack(">H", len(raw)) + raw
        case _:
            raise ValueError(f"a {value.tag.name} value cannot carry {type(value.data).__name__}")


def decode(data: bytes) -> Message:
    """Read one message; raise ``IppError`` for anything that is not one."""
    return _Reader(data).message()


class _Reader:
    """Walks forward over the bytes, never back, so that it ends after at most ``len(data)`` steps."""

    __slots__ = ("_at", "_data", "_values")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._values = 0

    def message(self) -> Message:
        if len(self._data) < _HEADER_BYTES + 1:
            raise IppError(f"expected at least {_HEADER_BYTES + 1} bytes of a message, got {len(self._data)}")
        major, minor, code, request_id = struct.unpack(">BBHi", self._take(_HEADER_BYTES))
        groups: list[Group] = []
        while (tag := self._byte()) != _END_OF_ATTRIBUTES:
            groups.append(self._group(tag))
        return Message(code, request_id, tuple(groups), (major, minor), self._data[self._at :])

    def _group(self, tag: int) -> Group:
        try:
            group_tag = GroupTag(tag)
        except ValueError:
            raise IppError(f"expected an attribute group at byte {self._at - 1}, got tag 0x{tag:02X}") from None
        attributes: dict[str, Attribute] = {}
        while self._peek() > _LAST_DELIMITER:
            item = self._attribute()
            if item.name in attributes:
                raise IppError(f"expected each attribute once in a group, got one twice near byte {self._at}")
            attributes[item.name] = item
        return Group(group_tag, tuple(attributes.values()))

    def _attribute(self) -> Attribute:
        tag = self._byte()
        name = self._name()
        if not name:
            raise IppError(f"expected a named attribute before byte {self._at}, got a value without one")
        return Attribute(name, (self._value(tag, 0), *self._more_values(0)))

    def _more_values(self, depth: int) -> list[Value]:
        values: list[Value] = []
        while self._another_value_follows():
            tag = self._byte()
            self._name()
            values.append(self._value(tag, depth))
        return values

    def _another_value_follows(self) -> bool:
        tag = self._peek()
        if tag <= _LAST_DELIMITER or tag in (_MEMBER_NAME, _END_COLLECTION):
            return False
        return self._data[self._at + 1 : self._at + 3] == b"\x00\x00"

    def _value(self, tag: int, depth: int) -> Value:
        self._values += 1
        if self._values > MAX_VALUES:
            raise IppError(f"expected at most {MAX_VALUES} values in a message, got more")
        try:
            value_tag = Tag(tag)
        except ValueError:
            raise IppError(f"expected a value tag of RFC 8010, got 0x{tag:02X} near byte {self._at}") from None
        raw = self._take(self._length())
        if value_tag is Tag.COLLECTION:
            return Value(value_tag, self._collection(depth + 1))
        return Value(value_tag, _decode_data(value_tag, raw))

    def _collection(self, depth: int) -> Collection:
        if depth > MAX_DEPTH:
            raise IppError(f"expected collections at most {MAX_DEPTH} deep, got deeper")
        members: dict[str, Attribute] = {}
        while (tag := self._byte()) != _END_COLLECTION:
            if tag != _MEMBER_NAME or self._name():
                raise IppError(f"expected a member name in the collection near byte {self._at}, got tag 0x{tag:02X}")
            name = _text(self._take(self._length()))
            if not name or name in members:
                raise IppError("expected each member of a collection once and named")
            value_tag = self._byte()
            if self._name():
                raise IppError(f"expected a member value without a name near byte {self._at}")
            members[name] = Attribute(name, (self._value(value_tag, depth), *self._more_values(depth)))
        if self._name() or self._take(self._length()):
            raise IppError(f"expected an empty end of collection near byte {self._at}")
        return Collection(tuple(members.values()))

    def _name(self) -> str:
        length = self._length()
        if length > MAX_NAME_BYTES:
            raise IppError(f"expected a name of at most {MAX_NAME_BYTES} bytes, got {length}")
        return _text(self._take(length))

    def _length(self) -> int:
        return int.from_bytes(self._take(2), "big")

    def _byte(self) -> int:
        return self._take(1)[0]

    def _peek(self) -> int:
        if self._at >= len(self._data):
            raise IppError(f"expected an end of attributes, the message ends at byte {self._at} without one")
        return self._data[self._at]

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise IppError(f"expected {count} bytes at byte {self._at}, the message ends after {len(self._data)}")
        if end > MAX_ATTRIBUTES_BYTES:
            raise IppError(f"expected at most {MAX_ATTRIBUTES_BYTES} bytes of attributes, got more")
        taken = self._data[self._at : end]
        self._at = end
        return taken


def _decode_data(tag: Tag, raw: bytes) -> Data:
    match tag:
        case _ if tag in OUT_OF_BAND:
            return None
        case _ if tag in WHOLE_NUMBERS:
            return int.from_bytes(_exactly(tag, raw, 4), "big", signed=True)
        case _ if tag in STRINGS:
            return _text(raw)
        case _ if tag in WITH_LANGUAGE:
            return _localized(raw)
        case Tag.BOOLEAN:
            if raw not in (b"\x00", b"\x01"):
                raise IppError(f"expected a boolean of one byte 0 or 1, got {len(raw)} bytes")
            return raw == b"\x01"
        case Tag.RESOLUTION:
            return Resolution(*struct.unpack(">iib", _exactly(tag, raw, 9)))
        case Tag.RANGE:
            return IntegerRange(*struct.unpack(">ii", _exactly(tag, raw, 8)))
        case Tag.DATE_TIME:
            return _exactly(tag, raw, _DATE_TIME_BYTES)
        case _:
            return raw


def _exactly(tag: Tag, raw: bytes, count: int) -> bytes:
    if len(raw) != count:
        raise IppError(f"expected {count} bytes in a {tag.name} value, got {len(raw)}")
    return raw


def _localized(raw: bytes) -> Localized:
    cut = int.from_bytes(raw[:2], "big") + 2
    text_at = cut + 2
    if len(raw) < text_at or len(raw) != text_at + int.from_bytes(raw[cut:text_at], "big"):
        raise IppError(f"expected a language and a text that fill their value of {len(raw)} bytes")
    return Localized(_text(raw[2:cut]), _text(raw[text_at:]))


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise IppError(f"expected UTF-8 in a string of {len(raw)} bytes") from None
