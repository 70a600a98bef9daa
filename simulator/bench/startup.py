"""Cold start and memory of ``honnin terminal run``, from outside: the command on a pty, emulated devices on their wires."""

import io
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from honnin.demo.visit import Visit
from honnin.demo.world import World
from simulator.bench.findings import Findings, Table, judged, not_measured, paragraphs
from simulator.bench.memory import group_pss_mb
from simulator.bench.timing import Summary, summarise
from simulator.home import Home
from simulator.people.typist import ScreenNeverShownError, Typist

START_BUDGET_S: Final = 1.5
MEMORY_BUDGET_MB: Final = 150.0
_START: Final = "cold start to ready"
_MEMORY: Final = "memory: supervisor + one customer"


@dataclass(frozen=True, slots=True)
class Startup:
    """Seconds from the command to the welcome screen, PSS in MB at two moments, and the devices' wires in words."""

    start_s: Summary
    waiting_mb: Summary
    served_mb: Summary
    wires: str


def measure(starts: int) -> Startup:
    """Start the service ``starts`` times and serve one customer each time; raise ``ScreenNeverShownError``."""
    start_s, waiting, served = [], [], []
    with (
        tempfile.TemporaryDirectory(prefix="honnin-bench-") as name,
        World(Path(name), Home(Path(name) / "home"), side_s=0.01) as world,
    ):
        for _ in range(starts):
            started_s = time.monotonic()
            with world.terminal() as terminal:
                terminal.wait_for("welcome", timeout_s=60)
                start_s.append(time.monotonic() - started_s)
                waiting.append(group_pss_mb(terminal.pid))
                _buy_until_sheets(world, terminal)
                served.append(group_pss_mb(terminal.pid))
                terminal.press("\n")
                terminal.wait_for("welcome", timeout_s=60)
        wires = f"card reader {world.wires.card_reader}; printer {world.wires.printer}; centre {world.wires.centre}"
    return Startup(summarise(start_s), summarise(waiting), summarise(served), wires)


def _buy_until_sheets(world: World, terminal: Typist) -> None:
    """A seal certificate, up to the moment when its sheets lie there and everything personal is still held."""
    visit = Visit(1, "SPECIMEN", world, terminal, Console(file=io.StringIO()))
    visit.authenticate("head")
    visit.see("choose_kind")
    visit.choose("印鑑登録証明書")
    visit.see("choose_copies")
    visit.choose("1")
    visit.see("confirm")
    visit.ok()
    visit.pay(100, 100)
    visit.see("take_sheets")


def run(quick: bool) -> Findings:
    """The section of the report; what the machine does not let us measure is said, never guessed."""
    try:
        found = measure(1 if quick else 10)
    except (ScreenNeverShownError, OSError) as error:
        why = f"{type(error).__name__} on this machine"
        return Findings(
            "Start and memory",
            _HOW,
            budgets=(
                not_measured(_START, f"≤ {START_BUDGET_S:g} s", why),
                not_measured(_MEMORY, f"≤ {MEMORY_BUDGET_MB:g} MB", why),
            ),
        )
    rows = (
        _row("cold start to the welcome screen, s", found.start_s, ".2f"),
        _row("PSS, supervisor + process that waits for a customer, MB", found.waiting_mb, ".0f"),
        _row("PSS, supervisor + customer whose sheets lie in the tray, MB", found.served_mb, ".0f"),
    )
    return Findings(
        "Start and memory",
        (*_HOW, f"Devices: {found.wires}."),
        (Table("Start and memory", ("what", "runs", "min", "median", "p99"), rows),),
        (
            judged(_START, found.start_s.median, START_BUDGET_S, "s", detail="median", form=".2f"),
            judged(_MEMORY, found.served_mb.median, MEMORY_BUDGET_MB, "MB", detail="median PSS", form=".0f"),
        ),
    )


def _row(what: str, summary: Summary, form: str) -> tuple[str, ...]:
    numbers = (summary.minimum, summary.median, summary.p99)
    return (what, str(summary.runs), *(f"{number:{form}}" for number in numbers))


_HOW: Final = paragraphs(
    """
    `honnin terminal run` as a store starts it, imports, self-test and first proved reset included; the operating system's file
    cache is warm, compiled Python files exist. Memory is the proportional set size of the supervisor and every process below it.
    """
)
