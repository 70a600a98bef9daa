"""What an application of the card is made of: elementary files by identifier, and who may use them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True, slots=True)
class Access:
    """``unlocked_by`` lists the PIN files of the same application of which *one* must be verified; None is free."""

    unlocked_by: frozenset[int] | None = None

    @classmethod
    def after(cls, *pin_files: int) -> "Access":
        """Open after one of ``pin_files`` was verified; without any it stays shut for good."""
        return cls(frozenset(pin_files))

    def granted(self, verified: frozenset[int]) -> bool:
        """Whether the PIN files in ``verified`` open the file."""
        return self.unlocked_by is None or not self.unlocked_by.isdisjoint(verified)


FREE = Access()

FIXED = re.compile(rb"(?!)")
"""The form of a secret that cannot be changed: nothing matches it."""


@dataclass(frozen=True, slots=True, repr=False)
class TransparentFile:
    """A binary file; ``content`` is the physical file with its filler."""

    content: bytes
    access: Access = FREE


@dataclass(frozen=True, slots=True, repr=False)
class LateFile:
    """A binary file like ``TransparentFile`` whose content is made when somebody reads it: one that is signed, and rarely read.

    ``make`` returns the same bytes each time.
    """

    make: Callable[[], bytes]
    access: Access = FREE


@dataclass(frozen=True, slots=True, repr=False)
class RecordFile:
    """A file of records, numbered from 1."""

    records: tuple[bytes, ...]
    access: Access = FREE


@dataclass(frozen=True, slots=True)
class PinFile:
    """A secret with its counter; ``secret`` names it in the card's secret store, ``form`` is what a new value must look like."""

    secret: str
    form: re.Pattern[bytes]


@dataclass(frozen=True, slots=True, repr=False)
class KeyFile:
    """A key. Without ``key`` it exists but this card holds none, or no terminal here may use it."""

    key: rsa.RSAPrivateKey | None
    access: Access = FREE


ElementaryFile: TypeAlias = TransparentFile | LateFile | RecordFile | PinFile | KeyFile


@dataclass(frozen=True, slots=True, repr=False)
class Application:
    """One application: its AID and its files by 16-bit identifier; the short identifier is the low 5 bits."""

    name: str
    aid: bytes
    files: Mapping[int, ElementaryFile]

    def by_short_identifier(self, short: int) -> int | None:
        """The identifier of the file whose low 5 bits are ``short``, or None."""
        return next((identifier for identifier in self.files if identifier & 0x1F == short), None)


def filled(content: bytes, physical_bytes: int, filler: int) -> bytes:
    """``content`` in a file of ``physical_bytes`` bytes (or of its own size when longer), the rest ``filler``."""
    return content.ljust(physical_bytes, bytes([filler]))
