"""The printer's faults as typed values, and the plan that says when each strikes. The default plan is empty."""

from dataclasses import dataclass, field
from enum import StrEnum, unique
from random import Random
from typing import TypeAlias, assert_never


@unique
class FaultKind(StrEnum):
    """What goes wrong, and at which occasion: a page side about to be printed, a job taken in, a request on the wire."""

    # At a page side
    PAPER_OUT = "paper-out"
    PAPER_JAMMED = "paper-jammed"
    DOOR_OPENED = "door-opened"
    TONER_OUT = "toner-out"
    TONER_LOW = "toner-low"
    POWER_LOST = "power-lost"
    # At a job
    JOB_REFUSED = "job-refused"
    JOB_ABORTED = "job-aborted"
    JOB_HELD = "job-held"
    JOB_VANISHED = "job-vanished"
    NEVER_COMPLETED = "never-completed"
    FEWER_IMPRESSIONS = "fewer-impressions"
    # At a request
    GARBAGE_ANSWER = "garbage-answer"
    NO_ANSWER = "no-answer"


AT_SIDE = (
    FaultKind.PAPER_OUT,
    FaultKind.PAPER_JAMMED,
    FaultKind.DOOR_OPENED,
    FaultKind.TONER_OUT,
    FaultKind.TONER_LOW,
    FaultKind.POWER_LOST,
)
AT_JOB = (
    FaultKind.JOB_HELD,
    FaultKind.JOB_ABORTED,
    FaultKind.JOB_VANISHED,
    FaultKind.NEVER_COMPLETED,
    FaultKind.FEWER_IMPRESSIONS,
)


@dataclass(frozen=True, slots=True)
class Next:
    """At the next occasion, once."""


@dataclass(frozen=True, slots=True)
class After:
    """Once, after ``occasions`` have passed unharmed."""

    occasions: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """At each occasion with ``probability``, from its own seed."""

    probability: float
    seed: int


@dataclass(frozen=True, slots=True)
class Window:
    """At each occasion from ``from_s`` up to ``until_s``, in seconds since the printer was made."""

    from_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class UntilCleared:
    """At each occasion until the plan is cleared."""


When: TypeAlias = Next | After | Ratio | Window | UntilCleared


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """One line of a fault plan."""

    kind: FaultKind
    when: When = Next()


@dataclass(slots=True)
class _Armed:
    fault: PlannedFault
    occasions: int = 0
    spent: bool = False
    random: Random = field(default_factory=Random)

    def strikes(self, up_time_s: float) -> bool:
        if self.spent:
            return False
        self.occasions += 1
        match self.fault.when:
            case Next():
                self.spent = True
            case After(occasions):
                self.spent = self.occasions > occasions
                return self.spent
            case Ratio(probability):
                return self.random.random() < probability
            case Window(from_s, until_s):
                return from_s <= up_time_s < until_s
            case UntilCleared():
                pass
            case never:
                assert_never(never)
        return True


class FaultPlan:
    """Faults that wait for their occasion."""

    def __init__(self, *faults: PlannedFault) -> None:
        self._armed: list[_Armed] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: PlannedFault) -> None:
        """Arm one more fault."""
        seed = fault.when.seed if isinstance(fault.when, Ratio) else 0
        self._armed.append(_Armed(fault, random=Random(seed)))  # noqa: S311 - a reproducible plan, not a secret

    def clear(self) -> None:
        """Disarm every fault; what has struck already is healed at the model."""
        self._armed.clear()

    def strikes(self, kind: FaultKind, up_time_s: float) -> bool:
        """Count one occasion of ``kind`` and say whether a fault strikes at it."""
        # Every fault of the kind counts the occasion, so no short cut.
        struck = [armed.strikes(up_time_s) for armed in self._armed if armed.fault.kind is kind]
        return any(struck)

    @property
    def waiting(self) -> tuple[PlannedFault, ...]:
        """The faults that may still strike."""
        return tuple(armed.fault for armed in self._armed if not armed.spent)
