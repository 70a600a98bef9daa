"""Whose name, address or My Number is in a file's bytes: found by what such data look like, so that many people cost little.

A search for each datum reads the bytes once a person, and a journal with its log is megabytes. Here the bytes are sieved twice,
by tables that drop what cannot belong to a datum: all ASCII for names and addresses, all but digits for numbers. What is not
in what is left is not in the file; what is, is searched for in all of it.
"""

from collections.abc import Iterable
from typing import Final

from simulator.people.residents import Resident

_ASCII: Final = bytes(range(0x80))
_DIGITS: Final = b"0123456789"
_SPACED: Final = bytes(byte if byte in _DIGITS else 0x20 for byte in range(256))
_NUMBER_DIGITS: Final = 12


def whose_data(content: bytes, residents: Iterable[Resident]) -> tuple[str, ...]:
    """The keys of ``residents`` of whom a datum stands in ``content``, in their order."""
    wide = content.translate(None, _ASCII)
    numbers = b" ".join(run for run in content.translate(_SPACED).split() if len(run) >= _NUMBER_DIGITS)
    return tuple(
        resident.key
        for resident in residents
        if resident.my_number.encode() in numbers
        or any(_stands(datum.encode(), wide, content) for datum in (resident.name, resident.address))
    )


def _stands(datum: bytes, wide: bytes, content: bytes) -> bool:
    """Whether ``datum`` is there; without its ASCII it has to be in ``wide``."""
    return datum.translate(None, _ASCII) in wide and datum in content
