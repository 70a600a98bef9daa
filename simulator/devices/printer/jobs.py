"""A print job inside the modelled printer."""

from dataclasses import dataclass, field

from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.ipp_names import A4, LONG_EDGE, JobState, Status
from terminal.errors import HonninError


class RefusedError(HonninError):
    """The printer refuses an operation; ``status`` is the IPP status-code of its answer."""

    def __init__(self, status: Status, text: str) -> None:
        super().__init__(f"SIMULATED_PRINTER_{status.name}", text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Ticket:
    """What was asked for with the job."""

    user: str
    name: str
    copies: int = 1
    sides: str = LONG_EDGE
    media: str = A4
    hold: bool = False


@dataclass(slots=True)
class Job:
    """The job as the engine works on it; times are the model's clock, None while they have not come."""

    job_id: int
    ticket: Ticket
    created_s: float
    state: JobState = JobState.PENDING
    reasons: tuple[str, ...] = ("job-incoming",)
    document: bytes = field(default=b"", repr=False)
    total_sides: int = 0
    sides_done: int = 0
    fate: FaultKind | None = None
    started_s: float | None = None
    ended_s: float | None = None

    @property
    def two_sided(self) -> bool:
        """True when both sides of a sheet are printed."""
        return self.ticket.sides != "one-sided"

    @property
    def sheets_done(self) -> int:
        """Sheets begun and, where the last one has one side only, also that one."""
        return (self.sides_done + 1) // 2 if self.two_sided else self.sides_done

    @property
    def starts_sheet(self) -> bool:
        """True when the next side needs a fresh sheet."""
        return not self.two_sided or self.sides_done % 2 == 0

    @property
    def open(self) -> bool:
        """True while the document has not come."""
        return not self.document and not self.state.ended

    def end(self, state: JobState, reason: str, now_s: float) -> None:
        """Bring the job to a final state and forget the document."""
        self.state, self.reasons, self.ended_s = state, (reason,), now_s
        self.document = b""
