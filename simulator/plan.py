"""What is to happen in a run, as one value: terminals, servers, people, faults, changes in the registers, and when all is healed.

A scenario file is a plan; the fleet and the explorer make plans; a run is a pure function of a plan (``simulator.run``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from simulator.centre.faults import CentreFault
from simulator.centre.issuing.setup import ServerSetup
from simulator.devices.fault_plan import Next, When
from simulator.people.visitor import Visitor
from terminal.centre.messages import BundleMode
from terminal.clock import JST

START: Final = datetime(2026, 4, 1, 10, 0, tzinfo=JST)
_NEXT: Final = Next()
_TODAY: Final = START.date()
DEVICES: Final = ("card_reader", "printer", "payment", "coins", "notes", "receipt_printer", "line")
Device: TypeAlias = Literal["card_reader", "printer", "payment", "coins", "notes", "receipt_printer", "line"]


@dataclass(frozen=True, slots=True)
class TerminalPlan:
    """One terminal; ``cash`` of ``coins`` and ``notes``, or none: the device that takes the exact fee."""

    terminal: str = "SPECIMEN-1"
    cash: tuple[str, ...] = ()
    serial_alone: bool = False
    """The evidence demanded is the card's serial only, without the basic four."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """``visitor`` comes to ``terminal`` at ``at_s``, or when those before have gone."""

    at_s: float
    visitor: Visitor
    terminal: str = "SPECIMEN-1"


@dataclass(frozen=True, slots=True)
class DeviceFault:
    """From ``at_s`` on, ``fault`` is armed at a terminal's ``device``, a line's own faults included; it strikes ``when``."""

    at_s: float
    device: Device
    fault: str
    when: When = _NEXT
    terminal: str = "SPECIMEN-1"


@dataclass(frozen=True, slots=True)
class CentreMisbehaves:
    """From ``at_s`` on, the issuing server makes ``fault`` of the next bundle, or of each (``lasting``)."""

    at_s: float
    fault: CentreFault
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class ForeignJob:
    """Something else prints ``resident``'s certificate on the terminal's printer, which it should have to itself."""

    at_s: float
    resident: str
    terminal: str = "SPECIMEN-1"


@dataclass(frozen=True, slots=True)
class Moves:
    """A resident moves to ``address`` in the same municipality."""

    at_s: float
    resident: str
    address: str


@dataclass(frozen=True, slots=True)
class Marries:
    """A resident's name changes."""

    at_s: float
    resident: str
    name: str


@dataclass(frozen=True, slots=True)
class CancelsSeal:
    """廃印."""

    at_s: float
    resident: str


@dataclass(frozen=True, slots=True)
class AnnouncesMovingOut:
    """転出予定."""

    at_s: float
    resident: str


@dataclass(frozen=True, slots=True)
class Dies:
    """A resident's death is entered."""

    at_s: float
    resident: str
    on: date = _TODAY


Change: TypeAlias = Moves | Marries | CancelsSeal | AnnouncesMovingOut | Dies
CHANGES: tuple[type[Change], ...] = get_args(Change)


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """How soon the staff look after a terminal out of service, and release a finding; None: never in this run."""

    tidy_after_s: float | None = 60.0
    release_after_s: float | None = 600.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run. ``heal_at_s`` ends the safety phase: every fault is healed, and ``bound_s`` later all must be idle and empty.

    ``servers`` gives a municipality's issuing server a build, ``modes`` whether it sends records or documents. ``without`` names
    the guards that are taken out of the terminals (``simulator.unguarded``); a plan for real terminals has none.
    """

    name: str = "plan"
    seed: int = 0
    start: datetime = START
    terminals: tuple[TerminalPlan, ...] = (TerminalPlan(),)
    servers: Mapping[str, ServerSetup] = field(default_factory=lambda: MappingProxyType({}))
    modes: Mapping[str, BundleMode] = field(default_factory=lambda: MappingProxyType({}))
    arrivals: tuple[Arrival, ...] = ()
    faults: tuple[DeviceFault, ...] = ()
    centre_faults: tuple[CentreMisbehaves, ...] = ()
    foreign_jobs: tuple[ForeignJob, ...] = ()
    changes: tuple[Change, ...] = ()
    staff: StaffPlan = StaffPlan()
    heal_at_s: float = 3600.0
    bound_s: float = 900.0
    without: tuple[str, ...] = ()
