"""Money devices of the running service: poll cadence beside a full CPU, what an idle terminal costs, how fast a coin is credited.

Everything is measured from outside: the emulated acceptor notes when it is polled and when it credits a coin, the screen is
read on its pty, and CPU time comes from proc(5).
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import Process
from pathlib import Path
from typing import Final

from honnin.demo.world import World
from simulator.bench.findings import Findings, Table, judged, paragraphs
from simulator.bench.timing import Summary, summarise
from simulator.devices.coins.acceptor import AcceptorModel
from simulator.home import Home
from simulator.people.typist import Typist
from simulator.processes import children

CADENCE_S: Final = 600.0
IDLE_S: Final = 60.0
COINS: Final = 40
IDLE_BUDGET_PERCENT: Final = 3.0
DEVICE_BOUND_S: Final = 1.0
"""An acceptor that is not polled for a second inhibits itself: a longer gap is a missed poll."""
_PATIENT: Final = "[timeouts]\npaying = { warn_after_s = 1800, end_after_s = 3600 }\n"
_COIN_YEN: Final = 10
_COPIES: Final = 5


@dataclass(frozen=True, slots=True)
class CashFindings:
    """Gaps between polls in s (all while money is taken, both cores busy), idle CPU in % of a core, credit to screen in ms."""

    gaps_s: Summary
    missed: int
    late: int
    idle_percent: float
    to_screen_ms: Summary
    cadence_s: float


def measure(cadence_s: float, idle_s: float, coins: int) -> CashFindings:
    """Measure on one running service; raise ``ScreenNeverShownError`` when it does not come so far."""
    with (
        tempfile.TemporaryDirectory(prefix="honnin-bench-") as name,
        _world(Path(name)) as world,
        world.terminal() as terminal,
    ):
        terminal.wait_for("welcome", timeout_s=60)
        idle_percent = _cpu_percent(terminal.pid, idle_s)
        _go_to_pay(world, terminal)
        polls = _note_polls(world.hardware.coins.acceptor)
        to_screen_ms = [_credit_one(world, terminal, number) for number in range(1, coins + 1)]
        polls.clear()
        with _full_cpu():
            time.sleep(cadence_s)
        times_s = list(polls)
    gaps_s = [later - earlier for earlier, later in pairwise(times_s)]
    missed = sum(gap > DEVICE_BOUND_S for gap in gaps_s)
    late = sum(gap > 0.4 for gap in gaps_s)
    return CashFindings(summarise(gaps_s), missed, late, idle_percent, summarise(to_screen_ms), cadence_s)


@contextmanager
def _world(folder: Path) -> Iterator[World]:
    world = World(folder, Home(folder / "home"), side_s=0.01)
    world.extra_config = _PATIENT
    with world:
        yield world


def _go_to_pay(world: World, terminal: Typist) -> None:
    world.tap("head")
    terminal.wait_for("enter_pin")
    world.type_pin(terminal, "1234")
    terminal.wait_for("take_card")
    world.lift()
    terminal.wait_for("choose_kind")
    terminal.press(next(line.split()[0] for line in terminal.frame.splitlines() if "印鑑" in line))
    terminal.wait_for("choose_copies")
    terminal.press(str(_COPIES))
    terminal.wait_for("confirm")
    terminal.press("\n")
    terminal.wait_for("pay", timeout_s=60)
    world.hardware.insert_coin(_COIN_YEN)


def _note_polls(acceptor: AcceptorModel) -> list[float]:
    """From now on, the moment of each poll of header 229."""
    times_s: list[float] = []
    acceptor.on_poll = lambda: times_s.append(time.monotonic())
    return times_s


def _credit_one(world: World, terminal: Typist, number: int) -> float:
    """Milliseconds from the acceptor's credit of one more coin to the frame that shows the sum."""
    acceptor = world.hardware.coins.acceptor
    shown = f"{_COIN_YEN * (number + 1)}円"
    counter = acceptor.counter
    world.hardware.do("coins", "insert", coin_yen=_COIN_YEN)
    while acceptor.counter == counter:
        time.sleep(0.001)
    credited_s = time.monotonic()
    while shown not in terminal.frame:
        time.sleep(0.001)
    return (time.monotonic() - credited_s) * 1e3


@contextmanager
def _full_cpu() -> Iterator[None]:
    """As many busy processes as there are cores."""
    busy = [Process(target=_burn, daemon=True) for _ in range(len(os.sched_getaffinity(0)))]
    for process in busy:
        process.start()
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.join()


def _burn() -> None:
    while True:
        sum(range(10_000))


def _cpu_percent(pid: int, for_s: float) -> float:
    """CPU of the service's processes, in % of one core, over ``for_s`` seconds."""
    pids = [pid, *children(pid)]
    before_s, started_s = _cpu_s(pids), time.monotonic()
    time.sleep(for_s)
    return (_cpu_s(pids) - before_s) / (time.monotonic() - started_s) * 100


def _cpu_s(pids: list[int]) -> float:
    """User and system time (proc(5), stat fields 14 and 15)."""
    fields = (Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split() for pid in pids)
    return sum(int(values[11]) + int(values[12]) for values in fields) / os.sysconf("SC_CLK_TCK")


def run(quick: bool) -> Findings:
    """The section of the report."""
    found = measure(5.0, 5.0, 3) if quick else measure(CADENCE_S, IDLE_S, COINS)
    gaps, shown = found.gaps_s, found.to_screen_ms
    rows = (
        (
            f"gap between two polls of the acceptor over {found.cadence_s:g} s, both cores busy, s",
            *(str(gaps.runs), f"{gaps.minimum:.3f}", f"{gaps.median:.3f}", f"{gaps.p99:.3f}"),
        ),
        (
            "credit in the acceptor to the sum on the screen, ms",
            *(str(shown.runs), f"{shown.minimum:.0f}", f"{shown.median:.0f}", f"{shown.p99:.0f}"),
        ),
    )
    return Findings(
        "Money devices",
        (*_HOW, f"Gaps longer than 0.4 s (two polls): {found.late}."),
        (Table("Money devices", ("what", "runs", "min", "median", "p99"), rows),),
        (
            judged(
                "missed polls (gap over 1 s) beside a full CPU",
                found.missed,
                0,
                "",
                detail=f"{found.cadence_s:g} s",
                form=".0f",
            ),
            judged(
                "idle terminal, all devices polled every second", found.idle_percent, IDLE_BUDGET_PERCENT, "% of a core"
            ),
        ),
    )


_HOW: Final = paragraphs(
    """
    `honnin terminal run` on all its wires: card over pcscd, printer over IPP, coins, notes, PIN pad, signal tower and
    receipt printer each on a pty. While it waits for the fee, coins and notes are polled every 0.2 s; as many processes
    as there are cores burn CPU beside it, and the emulators themselves run in one more process. A poll is missed when
    the acceptor was not asked for a second, for then it inhibits itself. A coin of 10 yen is credited 0.4 s after it
    was put in; from there on, poll, ledger (on the disk) and screen are in the figure. Idle is the welcome screen with
    every device asked once a second.
    """
)
