"""What a customer's process asks of the slip printer: receipt, refund slip, claim ticket. Money only, never a person."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias, assert_never

from terminal.fsm import events
from terminal.fsm.effects import PrintSlip
from terminal.fsm.values import Slip


@dataclass(frozen=True, slots=True)
class SlipDone:
    """The slip is out."""


@dataclass(frozen=True, slots=True)
class SlipNotDone:
    """The slip is not out: ``code`` of the slip printer's catalogue, ``text`` for the staff."""

    code: str
    text: str


SlipOutcome: TypeAlias = SlipDone | SlipNotDone
SlipEvent: TypeAlias = events.SlipPrinted | events.SlipFailed


class SlipPrinter(Protocol):
    """Prints a slip over an amount of money."""

    def print_slip(self, slip: Slip, amount_yen: int) -> SlipOutcome:
        """Print ``slip`` over ``amount_yen`` (> 0); blocking, and bounded by a few seconds."""
        ...


def print_slip(printer: SlipPrinter, effect: PrintSlip) -> SlipEvent:
    """Print it; what does not come out is told with its code."""
    outcome = printer.print_slip(effect.slip, effect.amount_yen)
    match outcome:
        case SlipDone():
            return events.SlipPrinted(effect.generation, effect.slip)
        case SlipNotDone():
            return events.SlipFailed(effect.generation, effect.slip, outcome.code)
        case _:
            assert_never(outcome)
