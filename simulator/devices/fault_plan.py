"""When a simulated device goes wrong: one plan for every emulator. The default plan is empty (promise P9, OctoPrint issue 4856).

A device names its faults in an enum of its own; the plan says at which *occasion* of a fault (a page side, a coin, an answer
on the wire) it strikes: next, after n, by ratio, in a window of time, or until cleared.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Generic, TypeAlias, TypeVar, assert_never

K = TypeVar("K", bound=StrEnum)


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
    """At each occasion from ``from_s`` up to ``until_s``, in seconds since the device was made."""

    from_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class UntilCleared:
    """At each occasion until the plan is cleared."""


When: TypeAlias = Next | After | Ratio | Window | UntilCleared


@dataclass(frozen=True, slots=True)
class PlannedFault(Generic[K]):
    """One line of a fault plan."""

    kind: K
    when: When = Next()


@dataclass(slots=True)
class _Armed(Generic[K]):
    fault: PlannedFault[K]
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


class FaultPlan(Generic[K]):
    """Faults that wait for their occasion."""

    def __init__(self, *faults: PlannedFault[K]) -> None:
        self._armed: list[_Armed[K]] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: PlannedFault[K]) -> None:
        """Arm one more fault."""
        seed = fault.when.seed if isinstance(fault.when, Ratio) else 0
        self._armed.append(_Armed(fault, random=Random(seed)))  # noqa: S311 - a reproducible plan, not a secret

    def clear(self) -> None:
        """Disarm every fault; what has struck already is healed at the model."""
        self._armed.clear()

    def strikes(self, kind: K, up_time_s: float) -> bool:
        """Count one occasion of ``kind`` and say whether a fault strikes at it."""
        if not self._armed:
            return False
        # Every fault of the kind counts the occasion, so no short cut among those that are armed.
        struck = [armed.strikes(up_time_s) for armed in self._armed if armed.fault.kind is kind]
        return any(struck)

    @property
    def idle(self) -> bool:
        """Whether nothing is armed, so that no occasion counts."""
        return not self._armed

    @property
    def waiting(self) -> tuple[PlannedFault[K], ...]:
        """The faults that may still strike."""
        return tuple(armed.fault for armed in self._armed if not armed.spent)
