"""Whose name, address or My Number is in a file's bytes: found by what such data look like, so that many people cost little.

A search for each datum reads the bytes once a person, and a journal with its log is megabytes. Here they are read twice: for runs
that begin with a character of a Japanese text, and for runs of twelve digits; only the runs are searched for everybody.
"""

import re
from collections.abc import Iterable
from typing import Final

from simulator.people.residents import Resident

_WIDE: Final = rb"(?:[\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
_TEXT: Final = re.compile(_WIDE + rb"(?:[\x20-\x7e]|" + _WIDE + rb")+")
_WIDE_FIRST: Final = re.compile(_WIDE + rb"(?:[\x20-\x7e]|" + _WIDE + rb")+\Z")
_NUMBER: Final = re.compile(rb"\d{12,}")


def whose_data(content: bytes, residents: Iterable[Resident]) -> tuple[str, ...]:
    """The keys of ``residents`` of whom a datum stands in ``content``, in their order."""
    runs = b"\n".join(_TEXT.findall(content))
    numbers = b"\n".join(_NUMBER.findall(content))
    return tuple(
        resident.key
        for resident in residents
        if resident.my_number.encode() in numbers
        or any(_stands(datum.encode(), runs, content) for datum in (resident.name, resident.address))
    )


def _stands(datum: bytes, runs: bytes, content: bytes) -> bool:
    """Whether ``datum`` is there; what is not like a run is searched for in all of it."""
    return datum in (runs if _WIDE_FIRST.match(datum) else content)
