"""Runs one purchase again and again, the power cut at another point each time, and counts what is left."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from printer_templates.records import CertificateKind
from simulator.checkers import cash_count
from simulator.devices.fault_plan import PlannedFault
from simulator.devices.printer.faults import FaultKind
from simulator.home import Home
from simulator.people.script import Answers, Do, Pause, buying
from simulator.power_cuts import CutTerminal, Fuse, Victim
from simulator.terminal_inline import InlineConfig
from terminal.fsm.states import State

STAFF = "STAFF-1"
_LOOKS_MAX = 6
_LOOK_S = 20.0

Prepare = Callable[[CutTerminal], dict[str, tuple[Answers, ...]]]


@dataclass(frozen=True, slots=True)
class Left:
    """What one cut left: kept and claimed yen, whole deliveries in the tray, and what is wrong (nothing)."""

    point: str
    kept_yen: int
    claimed_yen: int
    sheets: int
    breaches: tuple[str, ...]


@dataclass(slots=True)
class Summary:
    """Over many cuts: ``outcomes`` counts (kept, claimed, sheets)."""

    points: int = 0
    outcomes: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    wrong: list[Left] = field(default_factory=list)

    def take(self, left: Left) -> None:
        """One more."""
        self.points += 1
        self.outcomes[(left.kept_yen, left.claimed_yen, left.sheets)] += 1
        if left.breaches:
            self.wrong.append(left)


def pays_with_change(terminal: CutTerminal) -> dict[str, tuple[Answers, ...]]:
    """A coin of 100 and a note of 1,000 for a fee of 200: coins, a note, change, a receipt."""
    world = terminal.cash
    assert world is not None  # noqa: S101 - made with cash
    return _buyer(
        terminal,
        (Pause(1.0), Do(lambda: world.coins.insert(100)), Pause(1.0), Do(lambda: world.notes.insert(1000))),
    )


def is_refunded(terminal: CutTerminal) -> dict[str, tuple[Answers, ...]]:
    """Two coins, and the printer gives up: the whole fee goes back, with a refund slip."""
    world = terminal.cash
    assert world is not None  # noqa: S101 - made with cash
    terminal.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
    return _buyer(
        terminal, (Pause(1.0), Do(lambda: world.coins.insert(100)), Pause(1.0), Do(lambda: world.coins.insert(100)))
    )


def _buyer(terminal: CutTerminal, pay: Answers) -> dict[str, tuple[Answers, ...]]:
    card = terminal.card("adult")
    rules = buying(lambda: terminal.reader.insert(card), terminal.reader.remove, kind=CertificateKind.SEAL_CERTIFICATE)
    return {**rules, "pay": (pay,)}


def points_of(home: Home, folder: Path, start: datetime, victim: Victim, prepare: Prepare) -> tuple[str, ...]:
    """The names of all points of an undisturbed purchase, in order."""
    fuse = Fuse(victim=victim)
    with _terminal(home, folder, start, fuse) as terminal:
        terminal.buy(prepare(terminal))
        return tuple(fuse.passed)


def cut_at(
    home: Home, folder: Path, start: datetime, victim: Victim, prepare: Prepare, numbers: Sequence[int]
) -> Iterator[Left]:
    """Cut at each of ``numbers`` in turn, on one terminal whose books go on; some hundred at most: its shop closes at night."""
    with _terminal(home, folder, start, Fuse()) as terminal:
        for number in numbers:
            fuse = terminal.set_fuse(Fuse(number, victim))
            yield _cut_once(terminal, fuse, prepare)


def _terminal(home: Home, folder: Path, start: datetime, fuse: Fuse) -> CutTerminal:
    return CutTerminal(home, folder, start, InlineConfig(cash=("coins", "notes")), fuse)


def _cut_once(terminal: CutTerminal, fuse: Fuse, prepare: Prepare) -> Left:
    world, settler = terminal.cash, terminal.money
    assert world is not None  # noqa: S101 - made with cash
    assert settler is not None  # noqa: S101 - made with cash
    before, counted_before = settler.state, cash_count.count(world.coins, world.notes)
    terminal.buy(prepare(terminal))
    sheets = len(terminal.tray.deliveries)
    _heal(terminal)
    settler = terminal.money
    assert settler is not None  # noqa: S101 - opened anew with cash
    after = settler.state
    found = cash_count.breaches(before, after, counted_before, cash_count.count(world.coins, world.notes), sheets)
    found += [f"claim {claim.number} has no ticket" for claim in after.claims if not claim.printed]
    claimed_yen = sum(claim.amount_yen for claim in after.claims)
    for claim in after.claims:
        settler.pay_claim(claim.number, STAFF)
    for device in ("payment", "tray"):
        terminal.settle(device)
    if terminal.situation() is not State.IDLE:
        found.append(f"the terminal stands in {terminal.situation()}: {terminal.machine.levels}")
    kept_yen = after.totals.kept_yen - before.totals.kept_yen
    return Left(fuse.passed[-1] if fuse.passed else "", kept_yen, claimed_yen, sheets, tuple(found))


def _heal(terminal: CutTerminal) -> None:
    """The person takes what is theirs, staff see to the printer, and the terminal looks at its devices for a while."""
    world = terminal.cash
    assert world is not None  # noqa: S101 - made with cash
    terminal.reader.remove()
    terminal.tray.deliveries.clear()
    terminal.printer.heal()
    world.coins.take()
    world.notes.take()
    for _ in range(_LOOKS_MAX):
        for device in ("payment", "tray"):
            terminal.settle(device)
        if terminal.situation() is State.IDLE:
            return
        terminal.clock.advance(_LOOK_S)
        terminal.look()
