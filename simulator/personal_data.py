"""Whose name, address or My Number is in a file's bytes: found by what such data look like, so that many people cost little.

A search for each datum reads the bytes once a person, and a journal with its log is megabytes. Here the bytes are sieved twice,
by what cannot belong to a datum: all ASCII for names and addresses, all but twelve digits in a row for numbers. A name or an
address that is not in what is left is not in the file; what is, is searched for in all of it.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from simulator.people.residents import Resident

_ASCII: Final = bytes(range(0x80))
_NUMBER_DIGITS: Final = 12


def whose_data(content: bytes, residents: Iterable[Resident]) -> tuple[str, ...]:
    """The keys of ``residents`` of whom a datum stands in ``content``, in their order."""
    wide = content.translate(None, _ASCII)
    numbers = _numbers(content)
    return tuple(
        resident.key
        for resident in residents
        if resident.my_number.encode() in numbers
        or any(_stands(datum.encode(), wide, content) for datum in (resident.name, resident.address))
    )


def _numbers(content: bytes) -> set[bytes]:
    """Every twelve digits that stand in a row, wherever they begin: hashes in hexadecimal have some hundreds."""
    in_a_row = np.frombuffer(content, np.uint8) - np.uint8(ord("0")) < 10
    for step in (1, 2, 4, 4):
        # Runs of 2, 4, 8 and then 12 digits: each place has so many in front of it and at it.
        in_a_row = in_a_row[:-step] & in_a_row[step:]
    return {content[start : start + _NUMBER_DIGITS] for start in np.flatnonzero(in_a_row).tolist()}


def _stands(datum: bytes, wide: bytes, content: bytes) -> bool:
    """Whether ``datum`` is there; without its ASCII it has to be in ``wide``."""
    return datum.translate(None, _ASCII) in wide and datum in content
