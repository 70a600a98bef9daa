"""Terminals with a guard taken out, to see what it is there for: never for anything but the simulated world.

Each guard is replaced in the modules that use it for as long as the context lasts; everything else is the terminal of a store.
A run without a guard must end with a broken promise, or the guard guards nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, TypeAlias
from unittest.mock import patch

from terminal.customer import Customer
from terminal.devices.api import ProofLine
from terminal.devices.printer.reports import DEVICE
from terminal.fsm import effects
from terminal.fsm.deeds.service import sheets_left_behind
from terminal.fsm.engine import Rules, rules_of
from terminal.fsm.events import CardInserted
from terminal.fsm.rows import Part, Row, declined
from terminal.fsm.states import CHOOSING_STATES, State
from terminal.fsm.table import PARTS
from terminal.fsm.table.another_card import ANOTHER_CARD
from terminal.fsm.tabling import build
from terminal.verification.verdict import Gate, GateResult, Passed

_ROOM: Final = "terminal.commands.sheets"
_MACHINE: Final = "terminal.fsm.machine"
_PRINTER: Final = "terminal.devices.printer.printing.LinkedPrinter"
_LINK: Final = "simulator.devices.printer.inprocess.ModelLink"

Replaced: TypeAlias = Mapping[str, Callable[..., Any]]
"""Where the guard stands -> what stands there without it."""


@dataclass(frozen=True, slots=True)
class Guard:
    """``words`` say what it is; ``replaced`` makes what stands in its place."""

    words: str
    replaced: Callable[[], Replaced]


def _passes(gate: Gate) -> Callable[..., GateResult]:
    def passes(*_arguments: Any, **_named: Any) -> GateResult:
        return Passed(gate, ())

    return passes


# --- the table without some of its rows or deeds


def _rules(rules: Callable[[], Rules]) -> Callable[[], Replaced]:
    return lambda: {f"{_MACHINE}.table": lambda: rules().table, f"{_MACHINE}.engine": lambda: rules().engine}


@cache
def _deaf_to_another_card() -> Rules:
    rows = frozenset(part for part in ANOTHER_CARD if isinstance(part, Row))
    ignored = declined({row.state for row in rows} - {State.CANCELLING_PAYMENT}, CardInserted, "the guard is taken out")
    kept = tuple(part for part in PARTS if not (isinstance(part, Row) and part in rows))
    return rules_of(build((*kept, *ignored)))


@cache
def _forgetful_of_sheets() -> Rules:
    return rules_of(build(tuple(_without_deed(part) for part in PARTS)))


def _without_deed(part: Part) -> Part:
    if not isinstance(part, Row):
        return part
    return replace(part, do=tuple(deed for deed in part.do if deed is not sheets_left_behind))


# --- time


_OWN_PACE: Final = CHOOSING_STATES | {State.PAYING}


def _endless() -> Replaced:
    timed = Customer._time

    def time(self: Customer, effect: effects.StartTimer | effects.StopTimer) -> None:
        if effect.timer.name not in _OWN_PACE:
            timed(self, effect)

    return {"terminal.customer.Customer._time": time}


# --- the printer


def _nothing(*_arguments: Any) -> None:
    return None


def _proved(*_arguments: Any) -> ProofLine:
    return ProofLine(DEVICE, True, "nobody looked: the guard is taken out")


GUARDS: Final[Mapping[str, Guard]] = {
    "bundle": Guard(
        "gate A: the bundle is of this request, card and choice, and fresh",
        lambda: {f"{_ROOM}.check_bundle": _passes(Gate.BUNDLE)},
    ),
    "subject": Guard(
        "gate B: the record is of the person whose card was read",
        lambda: {f"{_ROOM}.check_subject": _passes(Gate.SUBJECT)},
    ),
    "sheets": Guard(
        "gate C: the very bytes to be printed are read back",
        lambda: {f"{_ROOM}.check_sheets": _passes(Gate.SHEETS)},
    ),
    "another-card": Guard(
        "another card on the reader ends the session that was left open", _rules(_deaf_to_another_card)
    ),
    "time-out": Guard("a session in which nobody presses anything ends by itself", _endless),
    "tray": Guard(
        "sheets that were left in the tray keep the terminal closed until staff took them out",
        _rules(_forgetful_of_sheets),
    ),
    "withdrawal": Guard(
        "a job that is given up is cancelled at the printer, purged at the reset, and its absence proved",
        lambda: {f"{_LINK}.cancel": _nothing, f"{_LINK}.purge": _nothing, f"{_PRINTER}.prove": _proved},
    ),
}
"""Every guard that can be taken out, by its name."""


class UnknownGuardError(ValueError):
    """No such guard; the text lists those there are."""


@contextmanager
def without(guards: tuple[str, ...]) -> Iterator[None]:
    """Take ``guards`` out of every terminal of this process meanwhile; raise ``UnknownGuardError``."""
    unknown = [guard for guard in guards if guard not in GUARDS]
    if unknown:
        raise UnknownGuardError(f"expected guards of {', '.join(GUARDS)}, came {', '.join(unknown)}")
    with ExitStack() as stack:
        for guard in guards:
            for place, instead in GUARDS[guard].replaced().items():
                stack.enter_context(patch(place, instead))
        yield
