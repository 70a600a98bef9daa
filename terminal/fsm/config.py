"""What a store configures of the machine: the evidence demanded of a card, and how long each situation may last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from terminal.fsm.states import UNTIMED_STATES, UNWARNED_STATES, State


class Evidence(StrEnum):
    """What is read from the card before the centre is asked (design section 3.3)."""

    SERIAL = "serial"
    SERIAL_AND_BASIC_FOUR = "serial+basic-four"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a situation may last, in seconds, and when its end is announced (None: never)."""

    expire_after_s: float
    warn_after_s: float | None = None

    def __post_init__(self) -> None:
        if self.expire_after_s <= 0:
            raise ValueError(f"expected a limit above 0 s, came {self.expire_after_s}")
        if self.warn_after_s is not None and not 0 < self.warn_after_s < self.expire_after_s:
            raise ValueError(f"expected a warning before {self.expire_after_s} s, came {self.warn_after_s}")


DEFAULT_LIMITS: Mapping[State, Limit] = MappingProxyType(
    {
        State.OUT_OF_SERVICE: Limit(15),
        State.SERVING: Limit(1800),
        State.RESETTING: Limit(60),
        State.ENDING: Limit(10),
        State.READING_CARD: Limit(15, 5),
        State.CONFIRMING_LAST_TRY: Limit(60, 40),
        State.AWAITING_PIN: Limit(60, 40),
        State.AUTHENTICATING: Limit(15, 5),
        State.READING_SUBJECT: Limit(20, 8),
        State.CONFIRMING_LAST_TEXT_TRY: Limit(60, 40),
        State.AWAITING_TEXT_PIN: Limit(60, 40),
        State.OPENING_SESSION: Limit(40, 15),
        State.AWAITING_CARD_REMOVAL: Limit(60, 20),
        State.CHOOSING_KIND: Limit(90, 60),
        State.SHOWING_REFUSAL: Limit(60, 40),
        State.CHOOSING_SCOPE: Limit(90, 60),
        State.CHOOSING_MEMBERS: Limit(120, 90),
        State.CHOOSING_ITEMS: Limit(90, 60),
        State.CHOOSING_COPIES: Limit(90, 60),
        State.CONFIRMING: Limit(90, 60),
        State.PAYING: Limit(180, 120),
        State.CANCELLING_PAYMENT: Limit(60, 20),
        State.GIVING_CHANGE: Limit(60, 20),
        State.CANCELLING_CHANGE: Limit(60, 20),
        State.REQUESTING: Limit(90, 30),
        State.CANCELLING_REQUEST: Limit(20, 8),
        State.VERIFYING: Limit(30, 10),
        State.CANCELLING_VERIFICATION: Limit(30, 10),
        State.STARTING_PRINT: Limit(60, 20),
        State.PRINTING: Limit(180, 60),
        State.CANCELLING_PRINT: Limit(60, 20),
        State.PRESENTING: Limit(90, 30),
        State.REFUNDING: Limit(60, 20),
        State.RETURNING_SHEETS: Limit(90, 30),
        State.PIN_LOCKED: Limit(60, 30),
        State.RETURNING_CARD: Limit(60, 20),
        State.APOLOGISING: Limit(20, 10),
    }
)


@dataclass(frozen=True, slots=True)
class MachineConfig:
    """``limits`` replaces defaults state by state; ``delivery_devices`` must be free of blocking faults before money is taken.
    ``fee_elsewhere``: a cashless shop; the sheets are given out and the fee is paid at its register.

    Raises ``ValueError`` for a limit on a state that has none, or without the warning its state owes the customer.
    """

    evidence: Evidence = Evidence.SERIAL_AND_BASIC_FOUR
    limits: Mapping[State, Limit] = field(default_factory=lambda: DEFAULT_LIMITS)
    delivery_devices: frozenset[str] = frozenset({"printer", "payment"})
    fee_elsewhere: bool = False

    def __post_init__(self) -> None:
        merged = {**DEFAULT_LIMITS, **self.limits}
        for state, limit in merged.items():
            if state in UNTIMED_STATES:
                raise ValueError(f"{state} waits without a bound: remove its limit")
            if (limit.warn_after_s is None) != (state in UNWARNED_STATES):
                raise ValueError(
                    f"{state}: expected {'no' if state in UNWARNED_STATES else 'a'} warning before its end"
                )
        object.__setattr__(self, "limits", MappingProxyType(merged))
