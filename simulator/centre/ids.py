"""Where the centre's random values come from: the system's randomness, or a seed when a run must be repeatable."""

import random
import secrets
from typing import Protocol

_DOCUMENT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_DOCUMENT_CHARS = 12


class Ids(Protocol):
    """A source of random bytes."""

    def random_bytes(self, count: int) -> bytes:
        """``count`` bytes that nobody can guess (or, seeded, that come out the same each time)."""
        ...


class RandomIds:
    """The system's randomness."""

    def random_bytes(self, count: int) -> bytes:
        """``count`` bytes of the system's randomness."""
        return secrets.token_bytes(count)


class SeededIds:
    """The same bytes for the same seed: for the simulated world only."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def random_bytes(self, count: int) -> bytes:
        """The next ``count`` bytes of the sequence."""
        return self._random.randbytes(count)


def opaque(ids: Ids) -> str:
    """32 hex characters, fit for ``messages.Opaque``."""
    return ids.random_bytes(16).hex()


def document_number(ids: Ids, municipality_code: str) -> str:
    """A sheet's number: municipality and 60 random bits, without the letters I and O."""
    value = int.from_bytes(ids.random_bytes(16), "big")
    digits = []
    for _ in range(_DOCUMENT_CHARS):
        value, index = divmod(value, len(_DOCUMENT_ALPHABET))
        digits.append(_DOCUMENT_ALPHABET[index])
    return f"{municipality_code}-{''.join(digits[:6])}-{''.join(digits[6:])}"
