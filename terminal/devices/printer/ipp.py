"""IPP messages as values: what a message, a group, an attribute and its values are. Source: RFC 8010 section 3.

The bytes are made and read in ``ipp_codec``. Why not pyipp: docs/decisions/0004-ipp-codec.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import TypeAlias

from terminal.devices.printer.api import PrinterCode
from terminal.errors import HonninError


class IppError(HonninError):
    """Bytes that are no IPP message, or a message without what it must carry; ``code`` is PRINTER_BAD_ANSWER."""

    def __init__(self, text: str) -> None:
        super().__init__(PrinterCode.BAD_ANSWER, text)


@unique
class GroupTag(IntEnum):
    """Delimiter tags that begin an attribute group (RFC 8010 section 3.5.1); 0x00 and 0x03 are not groups."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04
    UNSUPPORTED = 0x05
    SUBSCRIPTION = 0x06
    EVENT = 0x07
    RESOURCE = 0x08
    DOCUMENT = 0x09


@unique
class Tag(IntEnum):
    """Value tags (RFC 8010 section 3.5.2)."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTET_STRING = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    NATURAL_LANGUAGE = 0x48
    MIME_MEDIA_TYPE = 0x49


OUT_OF_BAND = frozenset({Tag.UNSUPPORTED, Tag.UNKNOWN, Tag.NO_VALUE})
WHOLE_NUMBERS = frozenset({Tag.INTEGER, Tag.ENUM})
STRINGS = frozenset(
    {Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.URI_SCHEME, Tag.CHARSET, Tag.NATURAL_LANGUAGE, Tag.MIME_MEDIA_TYPE}
)
WITH_LANGUAGE = frozenset({Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE})


@dataclass(frozen=True, slots=True)
class Resolution:
    """``units``: 3 dots per inch, 4 dots per centimetre."""

    across: int
    along: int
    units: int


@dataclass(frozen=True, slots=True)
class IntegerRange:
    """Both ends included."""

    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Localized:
    """A text or name with its own natural language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Member attributes, each name once."""

    members: tuple[Attribute, ...]


Data: TypeAlias = int | bool | str | bytes | Resolution | IntegerRange | Localized | Collection | None


@dataclass(frozen=True, slots=True)
class Value:
    """One value with its tag; an out-of-band tag has the data None, a dateTime its 11 octets (RFC 2579)."""

    tag: Tag
    data: Data = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and one or more values (``1setOf``)."""

    name: str
    values: tuple[Value, ...]


def attribute(name: str, tag: Tag, *data: Data) -> Attribute:
    """Build the attribute ``name`` of one or more values of one tag."""
    return Attribute(name, tuple(Value(tag, item) for item in data))


@dataclass(frozen=True, slots=True)
class Group:
    """An attribute group; a name occurs once in it."""

    tag: GroupTag
    attributes: tuple[Attribute, ...]

    def find(self, name: str) -> Attribute | None:
        """Return the attribute of that name, if it is there."""
        return next((item for item in self.attributes if item.name == name), None)

    def whole_number(self, name: str) -> int | None:
        """Return the first integer or enum value; None when absent or out of band; raise ``IppError`` for another type."""
        value = self._first(name)
        if value is None or value.tag in OUT_OF_BAND:
            return None
        if value.tag not in WHOLE_NUMBERS or not isinstance(value.data, int):
            raise IppError(f"expected a whole number in {name}, got {value.tag.name}")
        return value.data

    def boolean(self, name: str) -> bool | None:
        """Return the first boolean value; None when absent or out of band; raise ``IppError`` for another type."""
        value = self._first(name)
        if value is None or value.tag in OUT_OF_BAND:
            return None
        if not isinstance(value.data, bool):
            raise IppError(f"expected a boolean in {name}, got {value.tag.name}")
        return value.data

    def string(self, name: str) -> str | None:
        """Return the first string value, whatever its string tag; None when absent or out of band."""
        return next(iter(self.strings(name)), None)

    def strings(self, name: str) -> tuple[str, ...]:
        """Return all string values; empty when absent or out of band; raise ``IppError`` for another type."""
        return tuple(_string(name, value) for value in self._values(name) if value.tag not in OUT_OF_BAND)

    def octets(self, name: str) -> tuple[bytes, ...]:
        """Return all octet string values; raise ``IppError`` for another type."""
        values = [value for value in self._values(name) if value.tag not in OUT_OF_BAND]
        if any(value.tag is not Tag.OCTET_STRING for value in values):
            raise IppError(f"expected octet strings in {name}, got another type")
        return tuple(value.data for value in values if isinstance(value.data, bytes))

    def whole_numbers(self, name: str) -> tuple[int, ...]:
        """Return all integer or enum values; raise ``IppError`` for another type."""
        values = [value for value in self._values(name) if value.tag not in OUT_OF_BAND]
        if any(value.tag not in WHOLE_NUMBERS for value in values):
            raise IppError(f"expected whole numbers in {name}, got another type")
        return tuple(value.data for value in values if isinstance(value.data, int))

    def _values(self, name: str) -> tuple[Value, ...]:
        found = self.find(name)
        return () if found is None else found.values

    def _first(self, name: str) -> Value | None:
        return next(iter(self._values(name)), None)


def _string(name: str, value: Value) -> str:
    match value.data:
        case str() as text:
            return text
        case Localized(text=text):
            return text
        case _:
            raise IppError(f"expected a string in {name}, got {value.tag.name}")


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A request (``code`` is the operation-id) or an answer (``code`` is the status-code), with the document behind it."""

    code: int
    request_id: int
    groups: tuple[Group, ...]
    version: tuple[int, int] = (2, 0)
    document: bytes = b""

    def __repr__(self) -> str:
        names = ", ".join(group.tag.name for group in self.groups)
        return f"Message(code=0x{self.code:04X}, groups=[{names}], document={len(self.document)} bytes)"

    def group(self, tag: GroupTag) -> Group:
        """Return the first group of that tag; raise ``IppError`` when there is none."""
        for group in self.of(tag):
            return group
        raise IppError(f"expected a {tag.name} group in the message, it has none")

    def of(self, tag: GroupTag) -> Iterator[Group]:
        """Iterate over the groups of that tag (one a job in a Get-Jobs answer)."""
        return (group for group in self.groups if group.tag is tag)
