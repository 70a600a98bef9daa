"""The chain of entries: each hash takes in the one before it, so that no entry can change without all later ones.

hash = SHA-256("honnin/journal/entry/1" NUL, previous hash (32 bytes), sequence (8 bytes, big-endian), then wall time, kind and
body, each as 4 bytes of length (big-endian) and UTF-8 bytes). The first entry's previous hash is the genesis hash of the
terminal. Described for strangers in docs/journal.md.
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import Final

_ENTRY: Final = b"honnin/journal/entry/1\0"
_GENESIS: Final = b"honnin/journal/genesis/1\0"
HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Link:
    """One row of the journal as it is stored: ``wall`` ISO 8601, ``body`` canonical JSON, hashes of 32 bytes."""

    sequence: int
    wall: str
    kind: str
    body: str
    previous: bytes
    hash: bytes

    @property
    def sound(self) -> bool:
        """True when the stored hash is the hash of this row."""
        return self.hash == entry_hash(self.previous, self.sequence, self.wall, self.kind, self.body)


def _text(value: str) -> bytes:
    encoded = value.encode("utf-8", "surrogatepass")
    return struct.pack(">I", len(encoded)) + encoded


def genesis_hash(terminal_id: str, journal_id: str, created: str) -> bytes:
    """The hash before the first entry: of the terminal's id, the journal's random id and the wall time of its making."""
    return hashlib.sha256(_GENESIS + _text(terminal_id) + _text(journal_id) + _text(created)).digest()


def entry_hash(previous: bytes, sequence: int, wall: str, kind: str, body: str) -> bytes:
    """The hash of one entry after ``previous``; ``sequence`` counts from 1."""
    number = sequence.to_bytes(8, "big", signed=True)
    return hashlib.sha256(_ENTRY + previous + number + _text(wall) + _text(kind) + _text(body)).digest()


def link(previous: bytes, sequence: int, wall: str, kind: str, body: str) -> Link:
    """The row to store after ``previous``."""
    return Link(sequence, wall, kind, body, previous, entry_hash(previous, sequence, wall, kind, body))
