"""Letting go of what has expired."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Protocol, TypeVar


class Expiring(Protocol):
    """Something that is good until a moment."""

    @property
    def expires_at(self) -> datetime:
        """The aware moment from which it is good no more."""
        ...


_Entry = TypeVar("_Entry", bound=Expiring)


def drop_expired(by_key: MutableMapping[str, _Entry], now: datetime) -> None:
    """Drop the oldest entries while they have expired; all live equally long, so the oldest come first."""
    while by_key:
        oldest = next(iter(by_key))
        if now < by_key[oldest].expires_at:
            return
        del by_key[oldest]
