"""How a municipal server can misbehave, as values, and the plan of when it does.

Each fault is one that real servers had (reference service-and-incidents.md section 2.1) or that the terminal's gates promise to
find. What they do to a bundle stands in ``misbehaviour.py``; everything stays properly signed and sealed unless the fault
is about just that.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from printer_templates.records import Item


@dataclass(frozen=True, slots=True)
class HandsOverPreviousSheet:
    """宗像 2023-06: the previous customer's sheet under the present request.

    Record mode: the previous record. Document mode: the previous PDF, and the previous record too if ``record_too``.
    ``applicant_too`` also names the previous customer as the bundle's applicant.
    """

    record_too: bool = True
    applicant_too: bool = False


@dataclass(frozen=True, slots=True)
class WrongPageOf:
    """徳島 2023-03: one page belongs to the previous customer; ``page`` counts from 1.

    Record mode, which has no pages yet: the ``page``-th person of the record is the previous customer's.
    """

    page: int


@dataclass(frozen=True, slots=True)
class DropsPage:
    """A page is missing from the document (document mode), front and back."""

    page: int


@dataclass(frozen=True, slots=True)
class AddsForeignPage:
    """A page of the previous customer follows the right ones (document mode)."""


@dataclass(frozen=True, slots=True)
class ServesCancelledSeal:
    """新潟, さいたま, 熊本: a cancelled seal is served from a stale copy.

    ``claims`` is what the bundle says of the register: ``cancelled`` openly, ``stale`` current but as of years ago, ``current`` a
    plain lie that no terminal can see through.
    """

    claims: Literal["cancelled", "stale", "current"] = "stale"


@dataclass(frozen=True, slots=True)
class RepeatsOldBundle:
    """川崎 2023-05: an earlier bundle is sent again, as it was or sealed anew to the present session."""

    resealed: bool = False


@dataclass(frozen=True, slots=True)
class Backdates:
    """The bundle was made ``by_s`` seconds ago and lay in a queue."""

    by_s: float


@dataclass(frozen=True, slots=True)
class AddsUnaskedItem:
    """An item is stated that the customer did not choose (横浜: a My Number on a sheet)."""

    item: Item = Item.MY_NUMBER


@dataclass(frozen=True, slots=True)
class OmitsOfficialSeal:
    """総社 2021: the official seal is blank; in document mode on the sheet only, the record beside it being right."""


@dataclass(frozen=True, slots=True)
class RespellsApplicant:
    """The record spells the applicant's name otherwise (渡邉 as 渡邊)."""

    name: str


@dataclass(frozen=True, slots=True)
class SignsAsOther:
    """The bundle is signed by another municipality, or by a key that nobody knows."""

    signer: Literal["other_municipality", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class SealsToOtherKey:
    """The bundle is encrypted to a key that is not this session's."""


@dataclass(frozen=True, slots=True)
class Delay:
    """横浜 2023-03: the answer is ``by_s`` seconds late; a cancel that comes meanwhile counts first."""

    by_s: float


@dataclass(frozen=True, slots=True)
class TimesOut:
    """No answer ever comes."""


ContentFault: TypeAlias = (
    HandsOverPreviousSheet
    | WrongPageOf
    | DropsPage
    | AddsForeignPage
    | ServesCancelledSeal
    | Backdates
    | AddsUnaskedItem
    | OmitsOfficialSeal
    | RespellsApplicant
)
EnvelopeFault: TypeAlias = RepeatsOldBundle | SignsAsOther | SealsToOtherKey
TimingFault: TypeAlias = Delay | TimesOut
CentreFault: TypeAlias = ContentFault | EnvelopeFault | TimingFault


@dataclass(slots=True)
class FaultPlan:
    """Which faults the next issuances have. Thread-safe."""

    _next: list[CentreFault] = field(default_factory=list)
    _standing: list[CentreFault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, fault: CentreFault) -> None:
        """Misbehave at the next issuance at which the fault is possible (a previous sheet needs a previous customer)."""
        with self._lock:
            self._next.append(fault)

    def until_cleared(self, fault: CentreFault) -> None:
        """Misbehave at every issuance until ``clear``."""
        with self._lock:
            self._standing.append(fault)

    def clear(self) -> None:
        """Behave from now on."""
        with self._lock:
            self._next.clear()
            self._standing.clear()

    def pending(self) -> tuple[CentreFault, ...]:
        """What is planned, without using it up."""
        with self._lock:
            return (*self._standing, *self._next)

    def take(self, wanted: Callable[[CentreFault], bool]) -> tuple[CentreFault, ...]:
        """The planned faults that ``wanted`` accepts; single ones are used up, the others stay planned."""
        with self._lock:
            taken = [fault for fault in self._standing if wanted(fault)]
            left: list[CentreFault] = []
            for fault in self._next:
                # One of a kind at a time: the same fault planned twice means two issuances.
                (left if fault in taken or not wanted(fault) else taken).append(fault)
            self._next = left
            return tuple(taken)
