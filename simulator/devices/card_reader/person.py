"""The holder as the card carries them: text with the card's limited character set, dates, and the verification numbers.

Source: reference jpki-card.md section 3.2: characters outside the set are replaced on the text side; only images are faithful.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from simulator.people.residents import Resident
from terminal.clock import JST

REPLACEMENT = "〓"
_ALTERNATIVES = {"𠮷": "吉"}
_FULL_WIDTH_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
_CHARACTER_SETS = ("euc_jis_2004", "cp932")
_ERAS = (
    (date(2019, 5, 1), 5, 2018),
    (date(1989, 1, 8), 4, 1988),
    (date(1926, 12, 25), 3, 1925),
    (date(1912, 7, 30), 2, 1911),
    (date(1868, 1, 25), 1, 1867),
)
_ADULT_AGE = 18
_SIGNING_AGE = 15


@dataclass(frozen=True, slots=True, repr=False)
class CardHolder:
    """A resident and the dates of their card. ``issued_at`` and ``expires_at`` are aware moments in JST."""

    resident: Resident
    issued_at: datetime
    security_code: str

    @property
    def name_text(self) -> str:
        """The name in the card's character set."""
        return card_text(self.resident.name)

    @property
    def address_text(self) -> str:
        """The address in the card's character set, digits full width."""
        return card_text(self.resident.address).translate(_FULL_WIDTH_DIGITS)

    @property
    def card_expires_on(self) -> date:
        """The tenth birthday after issue, the fifth for those under 18 (番号利用法施行令)."""
        adult = age_on(self.resident.birth_date, self.issued_at.date()) >= _ADULT_AGE
        return birthday_after(self.resident.birth_date, self.issued_at.date(), 10 if adult else 5)

    @property
    def certificates_expire_at(self) -> datetime:
        """23:59:59 JST of the fifth birthday after issue. Reference jpki-card.md section 4.2."""
        last_day = birthday_after(self.resident.birth_date, self.issued_at.date(), 5)
        return datetime.combine(last_day, time(23, 59, 59), JST)

    @property
    def may_sign(self) -> bool:
        """Whether the holder was old enough at issue for a signing certificate (15)."""
        return age_on(self.resident.birth_date, self.issued_at.date()) >= _SIGNING_AGE

    @property
    def birth_number(self) -> str:
        """The birth date as YYMMDD with the year of the Japanese era."""
        _, year = era_year(self.resident.birth_date)
        return f"{year:02d}{self.resident.birth_date:%m%d}"

    @property
    def verification_number_b(self) -> str:
        """照合番号B: birth YYMMDD, expiry YYYY, security code; 14 digits."""
        return f"{self.birth_number}{self.card_expires_on.year:04d}{self.security_code}"


def card_text(text: str) -> str:
    """``text`` with what the card's character set lacks: variation selectors dropped, other glyphs replaced."""
    return "".join(_card_character(character) for character in unicodedata.normalize("NFC", text))


def _card_character(character: str) -> str:
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return ""
    for encoding in _CHARACTER_SETS:
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            continue
        return character
    return _ALTERNATIVES.get(character, REPLACEMENT)


def era_year(day: date) -> tuple[int, int]:
    """The era digit (1 明治 to 5 令和) and the year in it."""
    for start, digit, offset in _ERAS:
        if day >= start:
            return digit, day.year - offset
    raise ValueError(f"{day} lies before 明治; nobody alive was born then")


def age_on(birth: date, day: date) -> int:
    """Full years of age."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday_after(birth: date, issued_on: date, count: int) -> date:
    """The ``count``-th birthday after ``issued_on``; who was born on 29 February has it on the 28th otherwise."""
    first_year = issued_on.year + (0 if _birthday_in(birth, issued_on.year) > issued_on else 1)
    return _birthday_in(birth, first_year + count - 1)


def _birthday_in(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1) - timedelta(days=1)


def digits_from(seed: str, count: int) -> str:
    """``count`` digits that depend on nothing but ``seed``."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    return str(number % 10**count).zfill(count)
