"""Everything the machine remembers: the terminal's levels, and one customer's session that is dropped whole.

Nothing of a customer is remembered anywhere else; a test walks the object graph (reference models.md section 1, finding 1).
"""

from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any

from terminal.fsm.states import State
from terminal.fsm.values import Choice, EndReason, Fault, MachineCode, Offer, TimerId

MONEY_DEVICES = frozenset({"payment", "coins", "notes", "receipt_printer"})
"""Those whose fault levels a customer is told before the first coin."""


@dataclass(frozen=True, slots=True)
class TerminalLevels:
    """What outlives customers. ``generation`` grows with each customer and each reset."""

    generation: int = 0
    booted: bool = False
    in_service: bool = False
    withdrawn: bool = False
    finding: bool = False
    self_test_code: str = ""
    unproved_code: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def serviceable(self) -> bool:
        """True when a proved reset is all that is missing (an open finding aside)."""
        return self.out_of_service_code(reset_aside=True) == ""

    def out_of_service_code(self, reset_aside: bool = False) -> str:
        """The code of the gravest thing that keeps customers away, or empty."""
        if self.self_test_code:
            return self.self_test_code
        if not self.booted or self.withdrawn:
            return MachineCode.NOT_READY
        if self.unproved_code and not reset_aside:
            return self.unproved_code
        return next((fault.code for fault in self.faults if fault.blocks_service), "")

    @property
    def money_codes(self) -> tuple[str, ...]:
        """The codes of every level that is up of the devices that take and give money."""
        return tuple(fault.code for fault in self.faults if fault.device in MONEY_DEVICES)

    def next_generation(self) -> "TerminalLevels":
        """Whatever was commanded so far is dead."""
        return replace(self, generation=self.generation + 1)

    def serving(self, in_service: bool) -> "TerminalLevels":
        """What was last journalled about being in service."""
        return replace(self, in_service=in_service)

    def booted_now(self) -> "TerminalLevels":
        """A passed self-test takes the former one's failure away."""
        return replace(self, booted=True, self_test_code="")

    def restored(self) -> "TerminalLevels":
        """Staff put it back into service."""
        return replace(self, withdrawn=False)

    def with_fault(self, fault: Fault) -> "TerminalLevels":
        """``fault`` is up; sorted, so that the order of raising makes no difference."""
        others = self.without_fault(fault.device, fault.code).faults
        return replace(self, faults=tuple(sorted((*others, fault), key=lambda up: (up.device, up.code))))

    def without_fault(self, device: str, code: str) -> "TerminalLevels":
        """The level of ``device`` and ``code`` is down."""
        return replace(self, faults=tuple(up for up in self.faults if (up.device, up.code) != (device, code)))

    def has_fault(self, device: str, code: str) -> bool:
        """Whether that level is up."""
        return any((up.device, up.code) == (device, code) for up in self.faults)


@dataclass(frozen=True, slots=True)
class Session:
    """One customer, without a single personal datum. Built for a card, dropped at the reset.

    ``inserted_yen`` is what the device told while it collects, ``held_yen`` the customer's money inside the terminal,
    ``change_yen`` what was asked to come back of it and ``changed_yen`` what did, ``kept_yen`` what delivered sheets cost.
    ``expected_impressions`` is None until the gates passed; ``impressions`` is what may lie in the tray, None when nobody
    knows. ``bundle`` while a received bundle is not settled. ``end`` is set once, when the session starts to leave.
    """

    generation: int
    certificate_after: bool = False
    tries_left: int | None = None
    text_tries_left: int | None = None
    notice: str = ""
    offers: tuple[Offer, ...] = ()
    member_count: int = 0
    applicant_index: int = 0
    offer: int | None = None
    choice: Choice = field(default_factory=Choice)
    inserted_yen: int = 0
    held_yen: int = 0
    change_yen: int = 0
    changed_yen: int = 0
    kept_yen: int = 0
    refunded_yen: int = 0
    owed_yen: int = 0
    bundle: bool = False
    expected_impressions: int | None = None
    impressions: int | None = 0
    waiting_for: str = ""
    end: EndReason | None = None
    code: str = ""
    finding: bool = False

    def but(self, **changes: Any) -> "Session":
        """The same session with ``changes``: ``dataclasses.replace`` for many fields, in half the time; ``KeyError`` likewise."""
        values = list(_values(self))
        for name, value in changes.items():
            values[_PLACES[name]] = value
        return Session(*values)

    @property
    def chosen_index(self) -> int:
        """The place of the chosen kind among the offers; ``RuntimeError`` before one was chosen."""
        if self.offer is None:
            raise RuntimeError("no kind has been chosen in this session")
        return self.offer

    @property
    def chosen_offer(self) -> Offer:
        """The offer of the chosen kind; ``RuntimeError`` before one was chosen."""
        return self.offers[self.chosen_index]


_PLACES = {one.name: place for place, one in enumerate(fields(Session))}
_values = attrgetter(*_PLACES)


@dataclass(frozen=True, slots=True)
class Memory:
    """A whole machine as one value: compare it, keep it, start another machine from it.

    ``timers_started`` counts the timers ever started: the serial that fences each of them.
    """

    state: State = State.OUT_OF_SERVICE
    levels: TerminalLevels = field(default_factory=TerminalLevels)
    session: Session | None = None
    timer: TimerId | None = None
    timers_started: int = 0

    def without_counters(self) -> "Memory":
        """The same situation with its running numbers set to nought: for search that merges what cannot be told apart."""
        return Memory(
            self.state,
            replace(self.levels, generation=0),
            replace(self.session, generation=0) if self.session else None,
            replace(self.timer, serial=0) if self.timer else None,
        )
