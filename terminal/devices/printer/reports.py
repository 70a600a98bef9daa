"""What a printer says of itself and of a job, and what it means for the terminal: pure values and rules, no wire.

Source: RFC 8011 sections 5.3.7-5.3.8 (job) and 5.4.11-5.4.12 (printer); PWG 5100.9 for the supply keywords.
"""

from dataclasses import dataclass

from terminal.devices.api import DeviceStatus, Fault
from terminal.devices.printer.api import PrinterCode
from terminal.devices.printer.ipp_names import A4, LONG_EDGE, PDF, JobState, Operation, PrinterState

DEVICE = "printer"

_REASONS: dict[str, PrinterCode] = {
    "door-open": PrinterCode.DOOR_OPEN,
    "cover-open": PrinterCode.DOOR_OPEN,
    "interlock-open": PrinterCode.DOOR_OPEN,
    "media-jam": PrinterCode.PAPER_JAMMED,
    "media-empty": PrinterCode.PAPER_OUT,
    "media-needed": PrinterCode.PAPER_OUT,
    "input-tray-missing": PrinterCode.PAPER_OUT,
    "toner-empty": PrinterCode.TONER_OUT,
    "marker-supply-empty": PrinterCode.TONER_OUT,
    "paused": PrinterCode.STOPPED,
    "moving-to-paused": PrinterCode.STOPPED,
    "shutdown": PrinterCode.STOPPED,
    "toner-low": PrinterCode.TONER_LOW,
    "marker-supply-low": PrinterCode.TONER_LOW,
}

_ACTIONS: dict[PrinterCode, str] = {
    PrinterCode.UNREACHABLE: "Check that the printer is switched on and its network cable is plugged in.",
    PrinterCode.BAD_ANSWER: "Switch the printer off and on; if this stays, call the service.",
    PrinterCode.PAPER_OUT: "Load A4 paper.",
    PrinterCode.PAPER_JAMMED: "Clear the paper jam; destroy every sheet you take out.",
    PrinterCode.DOOR_OPEN: "Close the printer's doors.",
    PrinterCode.TONER_OUT: "Replace the toner cartridge.",
    PrinterCode.TONER_LOW: "Have a toner cartridge at hand.",
    PrinterCode.STOPPED: "Look at the printer's own display and resume it.",
    PrinterCode.NOT_CAPABLE: "This printer cannot print PDF two-sided on A4: connect another.",
    PrinterCode.JOBS_LEFT: "Cancel all jobs at the printer's own display, then switch it off and on.",
}

_SEVERITIES = ("-report", "-warning", "-error")


def action(code: PrinterCode) -> str:
    """Return what a shop clerk can do about ``code``."""
    return _ACTIONS.get(code, "Switch the printer off and on.")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the printer supports; ``media_ready`` is None when it does not say which paper is loaded."""

    formats: frozenset[str]
    sides: frozenset[str]
    media: frozenset[str]
    media_ready: frozenset[str] | None
    operations: frozenset[int]

    def missing(self) -> tuple[str, ...]:
        """Name what certificates need and this printer lacks; empty when it is capable."""
        needed = (
            (PDF, self.formats),
            (LONG_EDGE, self.sides),
            (A4, self.media),
            (Operation.GET_JOB_ATTRIBUTES, self.operations),
            (Operation.GET_JOBS, self.operations),
            (Operation.CANCEL_JOB, self.operations),
            (Operation.PRINT_JOB, self.operations),
        )
        return tuple(str(getattr(item, "name", item)) for item, offered in needed if item not in offered)


@dataclass(frozen=True, slots=True)
class PrinterReport:
    """One answer of the printer about itself. ``a4_levels`` are the sheets in each tray known to hold A4: 0 is empty, a negative
    level is unknown (PWG 5100.13 printer-input-tray); no entry when the printer does not tell.
    """

    name: str
    state: PrinterState
    reasons: tuple[str, ...]
    accepting: bool
    capabilities: Capabilities
    a4_levels: tuple[int, ...] = ()

    def faults(self) -> tuple[Fault, ...]:
        """Return the fault levels that are up, those that block service first.

        A keyword unknown to us blocks when it ends in ``-error``, or when the printer stands still for no reason we know.
        """
        codes = {
            code for reason in self.reasons if not _is_about_paper(reason) and (code := _code_of(reason)) is not None
        }
        if self._paper_is_out():
            codes.add(PrinterCode.PAPER_OUT)
        if self.capabilities.missing():
            codes.add(PrinterCode.NOT_CAPABLE)
        if not codes - {PrinterCode.TONER_LOW} and (self.state is PrinterState.STOPPED or not self.accepting):
            codes.add(PrinterCode.STOPPED)
        ordered = (code for code in _URGENCY if code in codes)
        return tuple(Fault(DEVICE, code, action(code), code is not PrinterCode.TONER_LOW) for code in ordered)

    def _paper_is_out(self) -> bool:
        """Say whether A4 is out; ``media-empty`` alone is no proof, a printer says it of its by-pass tray as well."""
        ready = self.capabilities.media_ready
        if ready is not None and A4 not in ready:
            return True
        if self.a4_levels and all(level == 0 for level in self.a4_levels):
            return True
        about_paper = [reason for reason in self.reasons if _is_about_paper(reason)]
        if any(reason.startswith("media-needed") for reason in about_paper):
            return True
        a4_is_left = any(level > 0 for level in self.a4_levels)
        return not a4_is_left and any(not reason.endswith("-report") for reason in about_paper)

    def blocking(self) -> PrinterCode | None:
        """Return the most urgent fault that blocks service, if any."""
        return next((PrinterCode(fault.code) for fault in self.faults() if fault.blocks_service), None)

    def status(self) -> DeviceStatus:
        """Return the XFS4IoT device status that this answer amounts to."""
        match self.blocking():
            case None if self.state is PrinterState.PROCESSING:
                return DeviceStatus.DEVICE_BUSY
            case None:
                return DeviceStatus.ONLINE
            case PrinterCode.NOT_CAPABLE:
                return DeviceStatus.HARDWARE_ERROR
            case _:
                return DeviceStatus.USER_ERROR


_URGENCY = (
    PrinterCode.NOT_CAPABLE,
    PrinterCode.PAPER_JAMMED,
    PrinterCode.DOOR_OPEN,
    PrinterCode.PAPER_OUT,
    PrinterCode.TONER_OUT,
    PrinterCode.STOPPED,
    PrinterCode.TONER_LOW,
)


def _is_about_paper(reason: str) -> bool:
    return _code_of(reason) is PrinterCode.PAPER_OUT


def _code_of(reason: str) -> PrinterCode | None:
    base = reason
    for severity in _SEVERITIES:
        base = base.removesuffix(severity)
    known = _REASONS.get(base)
    if known is None and reason.endswith("-error"):
        return PrinterCode.STOPPED
    return known


@dataclass(frozen=True, slots=True)
class JobReport:
    """One answer about one job. The counts are None when the printer does not report them."""

    job_id: int
    name: str
    state: JobState
    reasons: tuple[str, ...]
    impressions_completed: int | None
    sheets_completed: int | None

    @property
    def ended(self) -> bool:
        """True when the job is in a final state and nothing of it still moves (RFC 8011: processing-to-stop-point)."""
        return self.state.ended and "processing-to-stop-point" not in self.reasons


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A job of ours as the printer's list shows it."""

    job_id: int
    state: JobState
