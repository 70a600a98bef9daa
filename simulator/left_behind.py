"""What could be left of a customer besides cards, money and paper: on the glass, in entry buffers, in files, in work begun.

Looked at under virtual time at the moment at which a terminal says that it is ready (``seen.Emptiness``). Process memory is not
among it: without processes nothing is killed, so there is nothing to look at; ``checkers.memory_hunt`` looks at real ones.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simulator.counting import many
from simulator.devices.receipt_printer.model import ReceiptPrinterModel
from terminal.devices.screen.api import View
from terminal.journal.head import head_path
from terminal.money.ledger import FILE_NAME as LEDGER_FILE
from terminal.readiness import JOURNAL_FILE

TILL_FILE: Final = "till.json"
FINDINGS_FOLDER: Final = "findings"
LEFT_OVER_FILE: Final = "receipt.left-over"
_SQLITE_SIDES: Final = ("", "-wal", "-shm", "-journal", ".lock")
OWN_FILES: Final = frozenset(
    {
        *(name + side for name in (JOURNAL_FILE, LEDGER_FILE) for side in _SQLITE_SIDES),
        head_path(Path(JOURNAL_FILE)).name,
        TILL_FILE,
        "till.fault",
        LEFT_OVER_FILE,
        FINDINGS_FOLDER,
    }
)
"""What a terminal keeps over customers. That the journal is free of personal data ``JournalRead`` says."""
SEALED: Final = ".jwe"
"""Findings are kept for the municipality, and only sealed to it."""
_TWELVE_DIGITS: Final = re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)")
"""What a My Number looks like."""


@dataclass(slots=True)
class Glass:
    """One terminal's screen as a thing, whoever's process draws on it: what is to be seen, and the digits that its keys gave out.

    A key pad gives digits out in a buffer that the receiver has to wipe (``DigitsEntered``).
    """

    view: View | None = None
    given_out: list[bytearray] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything that can be read on it; empty when it shows its default."""
        view = self.view
        if view is None:
            return ""
        return "\n".join((view.title, *view.lines, *(choice.label for choice in view.choices), view.warning))

    def digits_left(self) -> int:
        """How many digits of PINs stand in buffers that were given out; buffers that were wiped are let go."""
        self.given_out = [buffer for buffer in self.given_out if any(buffer)]
        return sum(len(buffer) - buffer.count(0) for buffer in self.given_out)

    def forget_untaken(self, died_with_process: Iterable[bytearray]) -> None:
        """Buffers that nobody had taken yet when the customer's process was killed have died with it."""
        gone = {id(each) for each in died_with_process}
        self.given_out = [buffer for buffer in self.given_out if id(buffer) not in gone]


def remnants(folder: Path, glass: Glass, still_going_on: int, receipts: ReceiptPrinterModel | None) -> tuple[str, ...]:
    """What is left, in words that name nobody; ``still_going_on`` counts tasks, timers and events of the customer's loop."""
    return (*_on(glass), *_going_on(still_going_on), *_slips(receipts), *files_left(folder))


def files_left(folder: Path) -> Iterator[str]:
    """Files in a terminal's folder that are none of its own, and findings that are not sealed."""
    with os.scandir(folder) as there:
        names = sorted(entry.name for entry in there)
    for name in names:
        if name not in OWN_FILES:
            yield f"the file {name}"
        elif name == FINDINGS_FOLDER:
            kept = sorted(each.name for each in (folder / name).iterdir())
            yield from (f"the file {FINDINGS_FOLDER}/{each}" for each in kept if not each.endswith(SEALED))


def _on(glass: Glass) -> Iterator[str]:
    if glass.view is None:
        return
    yield f"the screen {glass.view.screen}"
    if _TWELVE_DIGITS.search(glass.words):
        yield "twelve digits on the screen"


def _going_on(count: int) -> Iterator[str]:
    if count:
        yield f"{many(count, 'thing')} that the customer's process had begun"


def _slips(receipts: ReceiptPrinterModel | None) -> Iterator[str]:
    if receipts is None:
        return
    if receipts.unprinted:
        yield f"{many(receipts.unprinted, 'byte or act', 'bytes or acts')} in the receipt printer"
    if receipts.hanging_lines:
        yield f"{many(len(receipts.hanging_lines), 'line')} on a slip that hangs out"
