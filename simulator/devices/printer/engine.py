"""The printer's mechanics: paper, toner, doors, and page sides that take their time. Time is only looked at, never waited for."""

from simulator.devices.fault_plan import FaultPlan
from simulator.devices.printer.faults import AT_SIDE, FaultKind
from simulator.devices.printer.jobs import Job
from simulator.devices.printer.traits import Traits


class Engine:
    """Levels that people change (all public, the panel of the machine) and the moment at which the side in work is done."""

    def __init__(self, traits: Traits, plan: FaultPlan[FaultKind], born_s: float) -> None:
        self._traits = traits
        self._plan = plan
        self._born_s = born_s
        self._side_done_s: float | None = None
        self._occasion_counted = False
        self.paper_sheets = traits.paper_capacity_sheets
        self.toner_sides = 10_000
        self.door_open = False
        self.jammed = False
        self.paused = False
        self.powered = True

    @property
    def toner_low(self) -> bool:
        """True when the toner is near its end or out."""
        return self.toner_sides <= self._traits.toner_low_sides

    def standing(self, job: Job | None) -> tuple[str, ...]:
        """Return the ``printer-state-reasons`` that hold the engine up; paper counts only when ``job`` needs a sheet now."""
        if not (self.door_open or self.jammed or self.paused or self.toner_sides <= 0 or self.paper_sheets <= 0):
            return ()
        reasons = {
            "door-open-error": self.door_open,
            "media-jam-error": self.jammed,
            "paused": self.paused,
            "toner-empty-error": self.toner_sides <= 0,
            "media-empty-error": self.paper_sheets <= 0 and (job is None or job.starts_sheet),
            "media-needed-error": self.paper_sheets <= 0 and job is not None and job.starts_sheet,
        }
        return tuple(reason for reason, up in reasons.items() if up)

    def rest(self) -> None:
        """The side in work is not going on."""
        self._side_done_s = None

    def drop_side(self) -> None:
        """The side in work will never be printed; the next one is another."""
        self._side_done_s = None
        self._occasion_counted = False

    def works_off(self, job: Job, now_s: float) -> float | None:
        """Print the next side of ``job`` if its time has come, and return when that was; None when not (yet) printed."""
        if self._side_done_s is None:
            self._side_done_s = now_s + self._traits.side_s
        if self._side_done_s > now_s:
            return None
        done_s = self._side_done_s
        if not self._occasion_counted:
            self._occasion_counted = True
            self._strike(done_s - self._born_s)
        if not self.powered or self.standing(job):
            self._side_done_s = None
            return None
        self._occasion_counted = False
        self._print_side(job)
        self._side_done_s = done_s + self._traits.side_s
        return done_s

    def _print_side(self, job: Job) -> None:
        if job.starts_sheet:
            self.paper_sheets -= 1
        self.toner_sides -= 1
        job.sides_done += 1

    def _strike(self, up_time_s: float) -> None:
        for kind in AT_SIDE:
            if self._plan.strikes(kind, up_time_s):
                self._break(kind)

    def _break(self, kind: FaultKind) -> None:
        match kind:
            case FaultKind.PAPER_OUT:
                self.paper_sheets = 0
            case FaultKind.PAPER_JAMMED:
                self.jammed = True
            case FaultKind.DOOR_OPENED:
                self.door_open = True
            case FaultKind.TONER_OUT:
                self.toner_sides = 0
            case FaultKind.TONER_LOW:
                self.toner_sides = min(self.toner_sides, self._traits.toner_low_sides)
            case FaultKind.POWER_LOST:
                self.powered = False
            case _:
                raise ValueError(f"{kind} does not strike at a page side")

    def heal(self) -> None:
        """Fill up, close, clear and switch on."""
        self.paper_sheets = self._traits.paper_capacity_sheets
        self.toner_sides = 10_000
        self.door_open = self.jammed = self.paused = False
        self.powered = True
