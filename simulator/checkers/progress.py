"""P7 progress: once everything is healed, every terminal is ready and empty within the stated time, and nobody waits for ever.

Lives on ``PhaseBegan("liveness")``, ``ServiceSeen``, ``PersonCame`` and ``PersonLeft``. A run without a liveness phase
proves nothing.
"""

from dataclasses import dataclass, field

from simulator.checkers.lines import Line
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.sessions import READY, SERVING, Coverage
from simulator.checkers.verdict import Findings
from simulator.seen import FaultArmed, PersonCame, PersonLeft, PhaseBegan, RunEnded, Seen, ServiceSeen

LIVENESS = "liveness"


@dataclass(slots=True)
class _Phase:
    """A liveness phase, and when each terminal was first seen ready and empty in it."""

    line: Line[PhaseBegan]
    back: dict[str, Line[ServiceSeen]] = field(default_factory=dict)
    back_s: dict[str, float] = field(default_factory=dict)

    @property
    def until_s(self) -> float:
        return self.line.at_s + self.line.seen.within_s


class ProgressCheck:
    """See the module."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._watched = Coverage("its situation")
        self._last: dict[str, Line[ServiceSeen]] = {}
        self._present: dict[tuple[str, int], Line[PersonCame]] = {}
        self._phases: list[_Phase] = []
        self._alive = False
        self._end: Line[Seen] | None = None

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        own: Handlers = {
            PhaseBegan: self._phase,
            FaultArmed: self._armed,
            ServiceSeen: self._service,
            PersonCame: self._came,
            PersonLeft: self._left,
            RunEnded: self._ended,
        }
        return self._watched.handlers(), own

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``."""
        self._watched.report(self._findings)
        if not self._phases:
            self._findings.doubt("there was no liveness phase: nothing was healed")
        for phase in self._phases:
            self._check_phase(phase, complete)
        for came in self._present.values():
            self._tell(complete, "they came and never left", came)
        self._check_last(complete)

    def _phase(self, line: Line[PhaseBegan]) -> None:
        self._alive = line.seen.phase == LIVENESS
        if not self._alive:
            return
        phase = _Phase(line)
        self._phases.append(phase)
        for terminal, last in self._last.items():
            if _is_back(last.seen):
                _see_back(phase, terminal, last, line.at_s)

    def _armed(self, line: Line[FaultArmed]) -> None:
        if self._alive:
            self._findings.doubt(f"{line.seen.fault} of {line.seen.target} was armed in the liveness phase", line)

    def _service(self, line: Line[ServiceSeen]) -> None:
        self._watched.saw(line.seen.terminal)
        self._last[line.seen.terminal] = line
        if self._alive and _is_back(line.seen):
            _see_back(self._phases[-1], line.seen.terminal, line, line.at_s)

    def _came(self, line: Line[PersonCame]) -> None:
        self._present[line.seen.terminal, line.seen.person] = line

    def _left(self, line: Line[PersonLeft]) -> None:
        if self._present.pop((line.seen.terminal, line.seen.person), None) is None:
            self._findings.doubt("they left and were not seen to come", line)

    def _ended(self, line: Line[RunEnded]) -> None:
        self._end = line

    def _check_phase(self, phase: _Phase, complete: bool) -> None:
        too_short = self._end is None or self._end.at_s < phase.until_s
        for terminal in self._watched.terminals:
            at_s = phase.back_s.get(terminal)
            if at_s is not None:
                self._findings.examine()
            if at_s is None and too_short:
                self._findings.doubt(
                    f"the run was over before {terminal} had its {phase.line.seen.within_s:g} s", phase.line
                )
            elif at_s is None:
                self._tell(complete, f"{terminal} was not ready and empty any more", phase.line)
            elif at_s > phase.until_s:
                late = f"{terminal} was ready and empty after {at_s - phase.line.at_s:g} s"
                what = f"{late}, {phase.line.seen.within_s:g} s are allowed"
                self._findings.breach(what, phase.line, phase.back[terminal])

    def _check_last(self, complete: bool) -> None:
        """A terminal that was back once and is stuck at the end has found a state without a way out."""
        for terminal, last in self._last.items():
            if not self._alive or _is_back(last.seen) or terminal not in self._phases[-1].back:
                continue
            told = f"{terminal} is {last.seen.situation} at the end"
            if last.seen.situation == SERVING:
                self._findings.doubt(told, last)
            else:
                self._tell(complete, told, last)

    def _tell(self, complete: bool, what: str, line: Line[Seen]) -> None:
        tell = self._findings.breach if complete else self._findings.doubt
        tell(what, line)


def _is_back(seen: ServiceSeen) -> bool:
    return seen.situation == READY and seen.left.empty


def _see_back(phase: _Phase, terminal: str, line: Line[ServiceSeen], at_s: float) -> None:
    if terminal not in phase.back:
        phase.back[terminal], phase.back_s[terminal] = line, at_s


CHECKER = Checker(
    "P7", "progress", "healed, every terminal was ready and empty in time, and everybody left", ProgressCheck
)

if __name__ == "__main__":
    main(CHECKER)
