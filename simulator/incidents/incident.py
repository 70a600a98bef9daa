"""One accident as a value: what really happened, the plan that makes it happen again, and what a terminal must make of it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from simulator.plan import Plan


class Gate(StrEnum):
    """Where it is refused."""

    BUNDLE = "gate A"
    SUBJECT = "gate B"
    SHEETS = "gate C"
    MACHINE = "the machine"
    RESET = "the reset"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the terminal must do: refuse at ``gate`` with ``code``. ``finding``: another person's content, so it stops for staff.

    ``closes``: it takes no customer, and says ``code``, until somebody has looked.
    """

    gate: Gate
    code: str
    finding: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Incident:
    """``plan`` makes the accident happen to terminals with every guard in place; ``guards`` keep it from getting through.

    ``happens`` are the kinds of server events (``simulator.centre.issuing.events``) without which it did not happen at all,
    ``wrong`` whether a content was handed over that is another's than who asked. ``limit``, in words, is why no terminal can
    refuse it; then there is no ``refusal`` and no guard, and ``promise`` is broken with every guard in place. ``otherwise``
    says what is not as it was; where it is empty, nothing published contradicts the plan.
    """

    name: str
    title_ja: str
    title_en: str
    when: str
    where: str
    source: str
    promise: str
    happened: str
    mechanism: str
    plan: Plan
    guards: tuple[str, ...] = ()
    refusal: Refusal | None = None
    happens: tuple[str, ...] = ()
    wrong: bool = False
    limit: str = ""
    otherwise: str = ""

    def __post_init__(self) -> None:
        if bool(self.limit) == bool(self.refusal) or bool(self.guards) != bool(self.refusal):
            raise ValueError(f"{self.name}: expected guards and a refusal, or the limit that leaves none")

    @property
    def year(self) -> str:
        """When it began."""
        return self.when[:4]

    @property
    def plan_with(self) -> Plan:
        """Terminals as in a store."""
        return self.plan

    @property
    def plan_without(self) -> Plan:
        """The same, the guards of this accident taken out."""
        return replace(self.plan, without=tuple(dict.fromkeys((*self.plan.without, *self.guards))))

    def with_seed(self, seed: int) -> "Incident":
        """The same accident with other random values."""
        return replace(self, plan=replace(self.plan, seed=seed))

    def at_terminals_without(self, guards: tuple[str, ...]) -> "Incident":
        """The same at terminals that lack ``guards`` to begin with: what is refused no longer shows what they are good for."""
        return replace(self, plan=replace(self.plan, without=guards))
