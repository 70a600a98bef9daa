"""Can this terminal serve the next customer? Each part, its state, what to do: ``honnin terminal check`` and the self-test."""

import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from rich.console import Console
from rich.table import Table

from terminal.centre.api import CentreFailed, CentreTimedOut, ChallengeOutcome
from terminal.centre.messages import Challenge
from terminal.clock import Clock
from terminal.config import Config
from terminal.config.disguise import Observed, check_no_disguise
from terminal.devices.api import Readiness, Resettable, faults_of
from terminal.errors import Failure
from terminal.integrity import IntegrityReport, check_installation
from terminal.journal.verify import verify_journal
from terminal.observing import observe
from terminal.processes.hardening import swap_in_use
from terminal.processes.private_files import tmpfs_root

JOURNAL_FILE: Final = "journal.sqlite"
_ROOM_NEEDED_BYTES: Final = 32 << 20
_ROOM_WARNED_BYTES: Final = 256 << 20


class PartState(StrEnum):
    """How a part stands; only ``not ready`` keeps customers away."""

    READY = "ready"
    WARNING = "warning"
    NOT_READY = "not ready"


@dataclass(frozen=True, slots=True)
class PartReadiness:
    """One line of the report: ``action`` says what a shop clerk can do, ``code`` what to tell the service."""

    part: str
    state: PartState
    detail: str
    action: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """All parts of one terminal; ``ready`` when none keeps customers away."""

    terminal_id: str
    simulated: bool
    build_id: str
    parts: tuple[PartReadiness, ...]

    @property
    def ready(self) -> bool:
        """True when there is a part at all, and each is ready or only warns."""
        return bool(self.parts) and all(part.state is not PartState.NOT_READY for part in self.parts)

    def render_text(self, width: int = 110) -> str:
        """The report as a table for people, plain text."""
        title = f"{self.terminal_id}, build {self.build_id[:16]}" + (" - 見本 / SPECIMEN" if self.simulated else "")
        table = Table("part", "state", "what is the case", "what to do", title=title, title_justify="left")
        for part in self.parts:
            detail = f"{part.detail} [{part.code}]" if part.code else part.detail
            table.add_row(*(_plain(text) for text in (part.part, part.state, detail, part.action)))
        console = Console(file=io.StringIO(), width=width, color_system=None, force_terminal=False, markup=False)
        console.print(table)
        console.print("READY" if self.ready else "NOT READY")
        file = console.file
        return file.getvalue() if isinstance(file, io.StringIO) else ""


class CentreProbe(Protocol):
    """What the report needs of the centre: a challenge that nobody will use."""

    def challenge(self) -> ChallengeOutcome:
        """See ``terminal.centre.api.Centre``."""
        ...


def check(config: Config, devices: Mapping[str, Resettable], centre: CentreProbe, clock: Clock) -> ReadinessReport:
    """Ask everything now. Bounded by the devices' own bounds; never raises for what it finds."""
    installed = check_installation(config.terminal.state_dir)
    parts = (
        *(_device(name, device.readiness()) for name, device in devices.items()),
        _centre(centre.challenge()),
        _integrity(installed),
        _journal(config.terminal.state_dir / JOURNAL_FILE),
        _room(config.terminal.state_dir),
        _memory(),
        *_disguise(check_no_disguise(config, observe(config, clock))),
    )
    return ReadinessReport(config.terminal.id, config.terminal.simulated, installed.build_id, parts)


def self_test(config: Config, installed: IntegrityReport, observed: Observed | None = None) -> Failure | None:
    """What keeps the service from serving anybody at boot: wrong files, or something in disguise (P9). None: nothing."""
    if installed.code is not None:
        return Failure(installed.code, installed.text)
    return next(iter(check_no_disguise(config, observed)), None)


def _device(name: str, answer: Readiness) -> PartReadiness:
    faults = faults_of(answer)
    blocking = [fault for fault in faults if fault.blocks_service]
    if answer.ready and not faults:
        return PartReadiness(name, PartState.READY, answer.detail)
    state = PartState.NOT_READY if blocking or not answer.ready else PartState.WARNING
    named = blocking or list(faults)
    actions = "; ".join(dict.fromkeys(fault.action for fault in named))
    return PartReadiness(name, state, answer.detail, actions, ", ".join(fault.code for fault in named))


def _centre(outcome: ChallengeOutcome) -> PartReadiness:
    match outcome:
        case Challenge():
            return PartReadiness("centre", PartState.READY, "answers, and believes this terminal")
        case CentreTimedOut(after_s=after_s):
            detail = f"no answer within {after_s:g} s"
            return PartReadiness(
                "centre", PartState.NOT_READY, detail, "check the line to the centre", "CENTRE_TIMED_OUT"
            )
        case CentreFailed(code=code, text=text):
            detail, _, action = text.partition("; ")
            return PartReadiness("centre", PartState.NOT_READY, detail, action or "check the line to the centre", code)


def _integrity(installed: IntegrityReport) -> PartReadiness:
    if installed.code is None:
        return PartReadiness(
            "installation", PartState.READY, f"{installed.files} files as recorded ({installed.source})"
        )
    action, _, detail = installed.text.partition("; ")
    return PartReadiness("installation", PartState.NOT_READY, detail or action, action, installed.code)


def _journal(path: Path) -> PartReadiness:
    if not path.exists():
        return PartReadiness("journal", PartState.READY, "not begun yet")
    report = verify_journal(path)
    if not report.ok:
        action = "keep the file, run `honnin journal verify` on it, call the service"
        return PartReadiness("journal", PartState.NOT_READY, str(report.breaches[0]), action, report.breaches[0].code)
    if report.tally.open_findings:
        action = "the person responsible looks at it, then `honnin terminal release`"
        return PartReadiness(
            "journal", PartState.NOT_READY, "a wrong-person finding is open", action, "MACHINE_FINDING_OPEN"
        )
    detail = f"{report.entries} entries, unbroken"
    owed = sum(claim.amount_yen for claim in report.tally.owed)
    return PartReadiness("journal", PartState.READY, detail + (f"; {owed} yen were owed in its time" if owed else ""))


def _room(state_dir: Path) -> PartReadiness:
    folder = next((path for path in (state_dir, *state_dir.parents) if path.is_dir()), Path("/"))
    free_bytes = shutil.disk_usage(folder).free
    detail = f"{free_bytes >> 20} MiB free for journal and findings"
    if free_bytes >= _ROOM_WARNED_BYTES:
        return PartReadiness("disk", PartState.READY, detail)
    state = PartState.WARNING if free_bytes >= _ROOM_NEEDED_BYTES else PartState.NOT_READY
    return PartReadiness("disk", state, detail, "make room on the disk of the state folder", "JOURNAL_DISK_FULL")


def _memory() -> PartReadiness:
    """Where a customer's bytes could come to lie outside the memory that the reset clears (promise P2)."""
    if swap_in_use():
        detail = "the system swaps: memory of a customer may be written to a disk"
        return PartReadiness(
            "memory", PartState.WARNING, detail, "switch swap off, or encrypt it with a throw-away key"
        )
    if tmpfs_root() is None:
        detail = "no tmpfs can be written to: private files lie on the disk until the reset wipes them"
        return PartReadiness("memory", PartState.WARNING, detail, "mount a tmpfs on /dev/shm")
    return PartReadiness("memory", PartState.READY, "no swap, and a tmpfs for private files")


def _disguise(found: tuple[Failure, ...]) -> tuple[PartReadiness, ...]:
    if not found:
        return (PartReadiness("what is real", PartState.READY, "everything is what the configuration says it is"),)
    parts = (failure.text.partition("; ") for failure in found)
    return tuple(
        PartReadiness("what is real", PartState.NOT_READY, detail, action, failure.code)
        for failure, (detail, _, action) in zip(found, parts, strict=True)
    )


def _plain(text: str) -> str:
    """One line without control characters: a device's own words go to a screen."""
    return "".join(character if character.isprintable() else " " for character in text)
