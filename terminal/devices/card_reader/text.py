"""The text application (券面事項入力補助AP): the basic four, behind a PIN with a counter of its own.

Source: reference jpki-card.md section 3.2. Strict throughout: what is not exactly as specified is an error, because this is
what every sheet is compared with (design P1); and no error quotes what was read.
"""

import unicodedata
from datetime import date
from typing import Final, Self

from pydantic import ValidationError

from printer_templates.records import BasicFour, Sex
from terminal.devices.card_reader.api import CardConnection
from terminal.devices.card_reader.files import read_file, select_application
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.card_reader.pin_entry import PinOutcome, ask_tries_left, offer_pin
from terminal.devices.card_reader.tlv import Tlv, bad_file, read_all, read_one, total_length

AID: Final = bytes.fromhex("D3921000310001010408")
PIN_TRIES: Final = 3
"""Tries of a text PIN of which none is used (reference section 3.5)."""

_PIN_FILE: Final = 0x0011
_BASIC_FOUR_FILE: Final = 0x0002
_HEADER_BYTES: Final = 7

_RECORD, _OFFSETS, _NAME, _ADDRESS, _BIRTH_DATE, _SEX = 0xFF20, 0xDF21, 0xDF22, 0xDF23, 0xDF24, 0xDF25
_ORDER: Final = (_OFFSETS, _NAME, _ADDRESS, _BIRTH_DATE, _SEX)


class TextApplication:
    """A session with the selected text application."""

    def __init__(self, connection: CardConnection) -> None:
        """Use ``select`` instead, which makes the application current first."""
        self._connection = connection

    @classmethod
    def select(cls, connection: CardConnection) -> Self | None:
        """Select the application; None when there is none, as on a phone (reference section 6)."""
        return cls(connection) if select_application(connection, AID) else None

    def tries_left(self) -> int:
        """Tries that the text PIN has left, 0 when blocked; consumes none."""
        return ask_tries_left(self._connection, _PIN_FILE)

    def verify(self, pin: PinBuffer, *, last_try_confirmed: bool = False) -> PinOutcome:
        """Offer the text PIN once; see ``pin_entry.offer_pin`` for what is guarded."""
        return offer_pin(self._connection, _PIN_FILE, pin, last_try_confirmed=last_try_confirmed)

    def basic_four(self) -> BasicFour:
        """Name, address, birth date and sex, after ``verify``; ``CardError`` (``CARD_BAD_FILE``) when not as specified."""
        return parse_basic_four(read_file(self._connection, _BASIC_FOUR_FILE, _HEADER_BYTES, total_length))


def parse_basic_four(content: bytes) -> BasicFour:
    """The basic four in the content of EF 0002 without filler.

    Raise ``CardError`` (``CARD_BAD_FILE``) for anything not exactly as specified; its text never quotes content.
    """
    record, end = read_one(content)
    if record.tag != _RECORD or end != len(content):
        raise bad_file("expected one record FF20 and nothing behind it, something else came")
    elements = read_all(record.value, base=len(content) - len(record.value))
    if tuple(element.tag for element in elements) != _ORDER:
        raise bad_file("expected the elements DF21 to DF25 once each and in order, others came")
    _check_offsets(elements)
    _, name, address, birth_date, sex = elements
    try:
        return BasicFour(name=_text(name), address=_text(address), birth_date=_birth_date(birth_date), sex=_sex(sex))
    except ValidationError:
        # Pydantic's text quotes what came, which is personal data.
        raise bad_file("expected a name and an address of the permitted lengths, others came") from None


def _check_offsets(elements: tuple[Tlv, ...]) -> None:
    table = elements[0].value
    stated = [int.from_bytes(table[at : at + 2], "big") for at in range(0, len(table), 2)]
    if len(table) != 8 or stated != [element.offset for element in elements[1:]]:
        raise bad_file("expected an offset table that agrees with where the elements stand, another came")


def _text(element: Tlv) -> str:
    try:
        text = element.value.decode("utf-8")
    except UnicodeDecodeError:
        raise bad_file(f"expected UTF-8 in element {element.tag:X}, something else came") from None
    if not text.strip() or any(unicodedata.category(character) == "Cc" for character in text):
        raise bad_file(f"expected text without control characters in element {element.tag:X}, something else came")
    return text


def _birth_date(element: Tlv) -> date:
    digits = element.value
    if len(digits) != 8 or not digits.isdigit():
        raise bad_file("expected a birth date of eight digits, something else came")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise bad_file("expected a birth date that is in the calendar, another came") from None


def _sex(element: Tlv) -> Sex:
    try:
        return Sex(element.value.decode("ascii", "replace"))
    except ValueError:
        raise bad_file("expected a sex of 0, 1, 2 or 9, something else came") from None
