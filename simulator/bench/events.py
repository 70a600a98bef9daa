"""What one event costs the machine, over a whole purchase from the card's insertion to the proved reset."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from simulator.bench.findings import Findings, Table, judged, paragraphs
from simulator.bench.timing import Summary, summarise
from terminal.fsm import events as ev
from terminal.fsm.machine import Machine
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import Offer

BUDGET_US: Final = 15.0
_OFFER = Offer("residence_certificate", None, 200, ("self", "members"), ("relationship", "my_number"), 5)
_SIDES: Final = 4

Happening: TypeAlias = Callable[[int], ev.Event]
"""An event that still wants its generation."""


def purchase() -> tuple[Happening, ...]:
    """A residence certificate for two chosen members, two copies, two sheets of paper; then the reset."""
    return (
        lambda g: ev.CardInserted(),
        lambda g: ev.CardRead(g, 3),
        lambda g: ev.PinEntered(),
        ev.PinAccepted,
        ev.SubjectRead,
        lambda g: ev.SessionOpened(g, (_OFFER,), 3, 0),
        lambda g: ev.CardRemoved(),
        lambda g: ev.KindChosen(0),
        lambda g: ev.ScopeChosen("members"),
        lambda g: ev.MembersChosen((0, 2)),
        lambda g: ev.ItemsChosen(("relationship",)),
        lambda g: ev.CopiesChosen(2),
        lambda g: ev.ChoiceConfirmed(),
        ev.BundleReceived,
        lambda g: ev.GatesPassed(g, _SIDES),
        lambda g: ev.MoneyInserted(g, 500),
        lambda g: ev.FeeCollected(g, 500),
        lambda g: ev.ChangePaid(g, 100),
        ev.PrintStarted,
        *((lambda g, sides=sides: ev.PrintProgressed(g, sides)) for sides in range(_SIDES)),
        lambda g: ev.PrintCompleted(g, _SIDES),
        lambda g: ev.SheetsTaken(),
        ev.DeliveryReported,
        lambda g: ev.CustomerProcessEnded(clean=True),
        ev.ResetProved,
    )


@dataclass(frozen=True, slots=True)
class EventTimes:
    """µs an event over all events of all purchases, and µs a purchase."""

    event_us: Summary
    purchase_us: Summary
    slowest: tuple[tuple[str, float], ...]


def measure(purchases: int) -> EventTimes:
    """Time ``purchases`` purchases on one machine; raise ``RuntimeError`` when the script no longer fits the machine."""
    machine = Machine.for_customer()
    _buy(machine)
    gc.collect()
    times_us: list[float] = []
    by_event: dict[str, list[float]] = {}
    wholes_us = []
    for _ in range(purchases):
        timed = _buy(machine)
        wholes_us.append(sum(us for _, us in timed))
        times_us += [us for _, us in timed]
        for name, us in timed:
            by_event.setdefault(name, []).append(us)
    medians = {name: summarise(samples).median for name, samples in by_event.items()}
    slowest = sorted(medians.items(), key=lambda entry: -entry[1])[:5]
    return EventTimes(summarise(times_us), summarise(wholes_us), tuple(slowest))


def _buy(machine: Machine) -> list[tuple[str, float]]:
    timed = []
    for happening in purchase():
        event = happening(machine.generation)
        started_ns = time.perf_counter_ns()
        machine.handle(event)
        timed.append((type(event).__name__, (time.perf_counter_ns() - started_ns) / 1e3))
        if machine.last_verdict.kind is not VerdictKind.HANDLED:
            raise RuntimeError(f"expected {type(event).__name__} to be handled in {machine.state}: bring the script up")
    if machine.state is not State.IDLE:
        raise RuntimeError(f"expected the purchase to end in {State.IDLE}, it ended in {machine.state}")
    return timed


def run(quick: bool) -> Findings:
    """The section of the report."""
    times = measure(20 if quick else 4000)
    rows = (
        _row("one event", times.event_us),
        _row(f"one purchase ({len(purchase())} events)", times.purchase_us),
    )
    return Findings(
        "The machine",
        paragraphs(
            """
            `terminal.fsm.machine.Machine.handle`, wall time of each call, over whole purchases from `CardInserted` to
            `ResetProved` on one machine. The clock's own reading (about 0.1 µs) is in each number.
            """
        ),
        (
            Table("µs", ("what", "runs", "min", "median", "p99"), rows),
            Table(
                "The slowest events, µs (median)",
                ("event", "median"),
                tuple((n, f"{us:.1f}") for n, us in times.slowest),
            ),
        ),
        (
            judged(
                "machine, one event",
                times.event_us.median,
                BUDGET_US,
                "µs",
                detail=f"median, p99 {times.event_us.p99:.1f}",
            ),
        ),
    )


def _row(what: str, summary: Summary) -> tuple[str, ...]:
    return (what, str(summary.runs), f"{summary.minimum:.1f}", f"{summary.median:.1f}", f"{summary.p99:.1f}")
