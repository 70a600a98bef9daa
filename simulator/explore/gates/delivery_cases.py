"""Jobs that ended otherwise than whole, and scanned sheets that are not those that were sent (gate D, promise P5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from simulator.explore.gates.judging import Due, Judged
from simulator.explore.gates.spoiling import plain_job
from terminal.devices.printer.api import (
    PrintCanceled,
    PrintCompleted,
    PrintCompletion,
    PrintDocument,
    PrinterCode,
    PrintFailed,
    PrintTimedOut,
)
from terminal.verification import delivery
from terminal.verification.delivery import SCAN_DPI
from terminal.verification.reading import WHOLE_PAGE, Pixels, open_pdf
from terminal.verification.verdict import Different, Passed

_NEAR_PX, _FAR_PX = 2, 3
"""Pixels by which a scan may be larger or smaller than the sheet, and by which it may not."""
NAMES = ("MIHON TARO", "MIHON HANAKO")


@dataclass(frozen=True, slots=True, repr=False)
class Delivery:
    """A job's end, with what a scanner saw where one is fitted."""

    name: str
    document: PrintDocument
    completion: PrintCompletion
    due: Due
    seen: tuple[Pixels, ...] | None = None
    promise: str = "P5"


@dataclass(frozen=True, slots=True)
class _Scanner:
    seen: Sequence[Pixels]

    def sides(self) -> Sequence[Pixels]:
        """See ``ScannedBack.sides``."""
        return self.seen


def judge_delivery(case: Delivery) -> Judged:
    """Gate D over one job."""
    scanner = _Scanner(case.seen) if case.seen is not None else None
    result = delivery.check_delivery(case.document, case.completion, scanner)
    outcome = Due.PASS if isinstance(result, Passed) else Due.STOP if isinstance(result, Different) else Due.REFUSE
    return Judged(outcome, (result,))


def deliveries() -> Iterator[Delivery]:
    """The two right ones first."""
    job, whole = document(*NAMES), PrintCompleted(2)
    yield Delivery("right: every side", job, whole, Due.PASS)
    yield Delivery("right: every side, scanned", job, whole, Due.PASS, scanned(*NAMES))
    yield Delivery("one side of two", job, PrintCompleted(1), Due.REFUSE)
    yield Delivery("three sides of two", job, PrintCompleted(3), Due.STOP)
    yield Delivery("a jam at the last side", job, PrintFailed(PrinterCode.PAPER_JAMMED, "jammed", 2), Due.REFUSE)
    yield Delivery("cancelled at the last side", job, PrintCanceled(2), Due.REFUSE)
    late = PrintTimedOut(PrinterCode.NOT_COMPLETED_IN_TIME, "late", 2)
    yield Delivery("late at the last side", job, late, Due.REFUSE)
    yield Delivery("another sheet was scanned", job, whole, Due.STOP, scanned("MIHON TARO", "FUTABA MIHON"))
    first, second = scanned(*NAMES)
    in_colour = np.repeat(second[:, :, np.newaxis], 3, axis=2)
    yield Delivery("a side was scanned in colour", job, whole, Due.STOP, (first, in_colour))
    larger = np.pad(second, ((0, _FAR_PX), (0, _FAR_PX)), constant_values=255)
    yield Delivery("a side was scanned larger than it is", job, whole, Due.STOP, (first, larger))
    near = np.pad(second, ((0, _NEAR_PX), (0, _NEAR_PX)), constant_values=255)
    yield Delivery("right: a side was scanned a little larger", job, whole, Due.PASS, (first, near))
    yield Delivery(
        "right: a side was scanned a little beside", job, whole, Due.PASS, (first, np.roll(second, 1, axis=1))
    )
    yield Delivery("a side was not scanned", job, whole, Due.REFUSE, scanned("MIHON TARO"))
    yield Delivery("a side too many was scanned", job, whole, Due.STOP, scanned(*NAMES, "MIHON TARO"))
    jam = PrintFailed(PrinterCode.PAPER_JAMMED, "jammed", 2)
    yield Delivery("a jam, and a side too many was scanned", job, jam, Due.REFUSE, scanned(*NAMES, "MIHON TARO"))
    longer = PrintDocument(plain_job(*NAMES, "FUTABA MIHON"), 2, "job")
    yield Delivery("the job has more pages than it says", longer, whole, Due.REFUSE, scanned(*NAMES))
    other = PrintDocument(plain_job("MIHON TARO"), 2, "job")
    yield Delivery("the job has fewer pages than it says", other, whole, Due.REFUSE, scanned(*NAMES))
    yield Delivery("the job cannot be read", PrintDocument(b"garbage", 2, "job"), whole, Due.REFUSE, scanned(*NAMES))


@cache
def document(*names: str) -> PrintDocument:
    """A job of one side for each name."""
    return PrintDocument(plain_job(*names), len(names), "job")


@cache
def scanned(*names: str) -> tuple[Pixels, ...]:
    """What a scanner in the paper path sees of such a job."""
    pictures = []
    with open_pdf(document(*names).pdf) as pdf:
        for index in range(len(pdf)):
            with pdf.page(index) as page:
                pictures.append(page.grey(WHOLE_PAGE, SCAN_DPI, smooth=True).pixels)
    return tuple(pictures)
