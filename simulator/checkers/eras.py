"""Dates as papers have them (和暦), read back: which day it is, and whether that day still lay in the era.

The boundaries are those of 元号法 and the ordinances before it; a paper of 7 May 2019 that says 平成31年5月7日 names an era
that was over.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple


class _Era(NamedTuple):
    first_year: int
    first_day: date
    last_day: date


_ERAS: Final = {
    "明治": _Era(1868, date(1868, 10, 23), date(1912, 7, 29)),
    "大正": _Era(1912, date(1912, 7, 30), date(1926, 12, 24)),
    "昭和": _Era(1926, date(1926, 12, 25), date(1989, 1, 7)),
    "平成": _Era(1989, date(1989, 1, 8), date(2019, 4, 30)),
    "令和": _Era(2019, date(2019, 5, 1), date.max),
}
_DATE: Final = re.compile(rf"({'|'.join(_ERAS)})(元|\d{{1,2}})年(\d{{1,2}})月(\d{{1,2}})日")


class EraDate(NamedTuple):
    """A day, and whether it lies in the era it is written in."""

    day: date
    in_era: bool


def era_dates(text: str) -> Iterator[EraDate]:
    """Every date in ``text`` (which has no white space) that is a day of the calendar."""
    for found in _DATE.finditer(text):
        era = _ERAS[found[1]]
        year = era.first_year + (0 if found[2] == "元" else int(found[2]) - 1)
        try:
            day = date(year, int(found[3]), int(found[4]))
        except ValueError:
            continue
        yield EraDate(day, era.first_day <= day <= era.last_day)


def iso_date(text: str) -> str:
    """The one date that ``text`` is, as 1980-01-01; empty when it is none."""
    days = [each.day for each in era_dates(text)] if _DATE.fullmatch(text) else []
    return days[0].isoformat() if days else ""
