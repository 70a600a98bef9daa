"""What kind of printer the model is: constant for a run."""

from dataclasses import dataclass

from terminal.devices.printer.ipp_names import A4, LONG_EDGE, PDF, Operation

SPECIMEN_NAME = "Honnin SPECIMEN printer"
SPECIMEN_INFO = "見本 SPECIMEN: simulated printer, its sheets are not certificates"


@dataclass(frozen=True, slots=True)
class Traits:
    """``side_s`` is the time a page side takes. A printer need not count: both counts off is a printer that proves nothing."""

    name: str = SPECIMEN_NAME
    info: str = SPECIMEN_INFO
    side_s: float = 1.0
    paper_capacity_sheets: int = 500
    toner_low_sides: int = 50
    formats: tuple[str, ...] = (PDF, "application/octet-stream")
    sides: tuple[str, ...] = ("one-sided", LONG_EDGE, "two-sided-short-edge")
    media: tuple[str, ...] = (A4,)
    operations: tuple[Operation, ...] = tuple(Operation)
    counts_impressions: bool = True
    counts_sheets: bool = True
