"""What a server did, told as it happens: for stories, and for a history that checkers read afterwards.

Requests are named by the server's own count of them (``order``), people by their keys in the register; no personal data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class OrderAccepted:
    """A request came; ``waiting`` others stand before it on ``machine``. ``request_id`` is empty for the company's."""

    order: int
    request_id: str
    resident: str
    machine: int
    waiting: int


@dataclass(frozen=True, slots=True)
class QueueWasFull:
    """A request was sent away."""

    order: int


@dataclass(frozen=True, slots=True)
class LinkObjectSet:
    """The shared link object now says that the register is read for this request."""

    order: int


@dataclass(frozen=True, slots=True)
class RegisterRead:
    """``resident``'s entry was read for a request; it says that it is of ``as_of``."""

    order: int
    resident: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """The person may not have it, or it cannot be written: ``code`` says why."""

    order: int
    code: str


@dataclass(frozen=True, slots=True)
class WorkAreaOverwritten:
    """A synchronisation put ``resident``'s entry where this request's certificate was about to be written from."""

    order: int
    resident: str


@dataclass(frozen=True, slots=True)
class ErrorNoted:
    """The server noticed that something was wrong with a request, and failed it."""

    order: int


@dataclass(frozen=True, slots=True)
class ErrorExplainedAway:
    """Asked about ``about``'s error, the municipality answered: applied again, printing ended normally."""

    order: int
    about: int


@dataclass(frozen=True, slots=True)
class PageFileWritten:
    """A sheet went into the temporary file of its number, in which ``overwrote``'s sheet lay (0: nobody's)."""

    order: int
    page: int
    overwrote: int


@dataclass(frozen=True, slots=True)
class SealImageNotFound:
    """The certificate was written without the official seal."""

    order: int


@dataclass(frozen=True, slots=True)
class EraTableMissing:
    """The certificate was written with the eras of before 2019."""

    order: int


@dataclass(frozen=True, slots=True)
class FileWritten:
    """The certificate is in the store as ``name``, over the file of ``overwrote`` (0: nobody's)."""

    order: int
    name: str
    overwrote: int


@dataclass(frozen=True, slots=True)
class PrintWaitTimedOut:
    """The print took longer than the limit."""

    order: int


@dataclass(frozen=True, slots=True)
class PrintOrderLockReleased:
    """The time-out freed the order of printing, and nothing else."""

    order: int


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """The whole request is over: out of every queue, its file gone."""

    order: int
    by: Literal["print wait", "answer limit", "centre"]


@dataclass(frozen=True, slots=True)
class FilePrinted:
    """A file came out of the print."""

    order: int


@dataclass(frozen=True, slots=True)
class FileMissing:
    """The file that was to be handed over is not in the store any more, or is of another kind."""

    order: int


@dataclass(frozen=True, slots=True)
class FileHandedOver:
    """A request was answered. ``resident`` is who asked; ``files`` are the requests whose files it is made of, ``stated`` the
    residents whom these are about."""

    order: int
    resident: str
    files: tuple[int, ...]
    stated: tuple[str, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether any of it is another request's or another resident's."""
        return any(file != self.order for file in self.files) or any(each != self.resident for each in self.stated)


@dataclass(frozen=True, slots=True)
class AnswerSpoilt:
    """A planned fault (``simulator.centre.faults``) was done to the answer to a request, after the file was handed over.

    ``resident`` is who asked; ``other`` is whose content came in, empty where the fault needs nobody else's.
    """

    order: int
    resident: str
    fault: str
    other: str

    @property
    def is_wrong(self) -> bool:
        """Whether another resident's content came in."""
        return bool(self.other)


@dataclass(frozen=True, slots=True)
class SynchronisationRan:
    """The copy is up to date; ``carried`` are the residents whose entries came over."""

    plan: Literal["nightly", "continual"]
    carried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynchronisationFailed:
    """Nothing came over, or not all of it, and nobody was told; ``missed`` are the residents whose entries did not come."""

    plan: Literal["nightly", "continual"]
    missed: tuple[str, ...]


Happening: TypeAlias = (
    OrderAccepted
    | QueueWasFull
    | LinkObjectSet
    | RegisterRead
    | OrderRefused
    | WorkAreaOverwritten
    | ErrorNoted
    | ErrorExplainedAway
    | PageFileWritten
    | SealImageNotFound
    | EraTableMissing
    | FileWritten
    | PrintWaitTimedOut
    | PrintOrderLockReleased
    | OrderCancelled
    | FilePrinted
    | FileMissing
    | FileHandedOver
    | AnswerSpoilt
    | SynchronisationRan
    | SynchronisationFailed
)


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """Something that a municipality's server did, at ``at_s`` of the run's clock."""

    at_s: float
    municipality_code: str
    happening: Happening


Listener: TypeAlias = Callable[[ServerEvent], None]
"""Told of every event, in order, while the server's lock is held: take it down, and call nothing of the centre."""


def nobody_listens(_event: ServerEvent) -> None:
    """The listener of a world that keeps no history."""
