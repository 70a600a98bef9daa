"""What the supervisor and the clock tell the machine."""

from dataclasses import dataclass
from typing import TypeAlias

from terminal.fsm.values import Fault, TimerId


@dataclass(frozen=True, slots=True)
class BootCompleted:
    """The self-test passed: installed files are as recorded, configuration is valid."""


@dataclass(frozen=True, slots=True)
class SelfTestFailed:
    """The terminal may not serve until it is booted again."""

    code: str


@dataclass(frozen=True, slots=True)
class ServiceWithdrawn:
    """Staff take the terminal out of service; a customer who is being served is served to the end."""


@dataclass(frozen=True, slots=True)
class ServiceRestored:
    """Staff put the terminal back into service."""


@dataclass(frozen=True, slots=True)
class FaultRaised:
    """A fault level went up (again: same device and code replaces the earlier one)."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultCleared:
    """A fault level went down."""

    device: str
    code: str


@dataclass(frozen=True, slots=True)
class FindingReopened:
    """The journal holds an open wrong-person finding (at boot)."""


@dataclass(frozen=True, slots=True)
class FindingReleased:
    """A person of the staff released the wrong-person finding."""


@dataclass(frozen=True, slots=True)
class CustomerProcessStarted:
    """Supervisor's machine only: the customer's process took a card."""


@dataclass(frozen=True, slots=True)
class CustomerProcessEnded:
    """The process that served the customer is dead and reaped; inline: the answer to the effect ``EndCustomer``.

    ``clean`` is False when the journal holds a start without its end. ``finding`` when the customer's machine stopped for
    a wrong-person finding. ``owed_yen`` is money taken and neither delivered nor given back, as far as the journal knows.
    ``sheets`` when an unclean process had a print job of which sheets may lie in the tray.
    """

    clean: bool
    finding: bool = False
    owed_yen: int = 0
    sheets: bool = False


@dataclass(frozen=True, slots=True)
class ResetProved:
    """Every device answered for its clean state."""

    generation: int


@dataclass(frozen=True, slots=True)
class ResetNotProved:
    """A device did not; ``code`` is that of the first proof line that failed."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class TimeoutWarned:
    """The timer reached its warning."""

    timer: TimerId


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The timer expired."""

    timer: TimerId


TerminalEvent: TypeAlias = (
    BootCompleted
    | SelfTestFailed
    | ServiceWithdrawn
    | ServiceRestored
    | FaultRaised
    | FaultCleared
    | FindingReopened
    | FindingReleased
    | CustomerProcessStarted
    | CustomerProcessEnded
    | ResetProved
    | ResetNotProved
)

TimeEvent: TypeAlias = TimeoutWarned | TimedOut
