"""The centre without a wire: the terminal's port answered by the model in the same process, under any clock."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.centre.issuances import Begun, Underway
from simulator.centre.issuing.agenda import SOON_S
from simulator.centre.model import CentreModel
from terminal.centre.api import (
    CancelOutcome,
    CentreTimedOut,
    ChallengeOutcome,
    IssuanceOutcome,
    ReportOutcome,
    SessionOutcome,
)
from terminal.centre.messages import (
    Choice,
    DeliveryReport,
    FindingReport,
    IssuanceRequest,
    RequestId,
    SessionRequest,
)

LATE_MAX = 100
"""How many requests a terminal that gave up leaves with its centre before the oldest is forgotten."""


def _no_waiting(_seconds: float) -> None:
    """Virtual time: nobody waits."""


@dataclass(slots=True)
class InProcessCentre:
    """Implements ``Centre`` and ``CentreReports`` for one terminal.

    ``wait`` is told how long each delayed answer takes, in seconds, and may advance a virtual clock; it must, when the
    municipality's server takes its time. A request whose answer came too late stays with the centre, as on a real network:
    ``late_answers`` finishes it when a story says so.
    """

    model: CentreModel
    terminal_id: str
    issue_timeout_s: float = 30.0
    wait: Callable[[float], None] = _no_waiting
    _late: deque[IssuanceRequest | Underway] = field(default_factory=lambda: deque(maxlen=LATE_MAX))

    def challenge(self) -> ChallengeOutcome:
        """See ``Centre.challenge``."""
        return self.model.challenge(self.terminal_id)

    def open_session(self, request: SessionRequest) -> SessionOutcome:
        """See ``Centre.open_session``."""
        return self.model.open_session(self.terminal_id, request)

    def issue(self, request_id: RequestId, session_id: str, choice: Choice) -> IssuanceOutcome:
        """See ``Centre.issue``."""
        request = IssuanceRequest(request_id=request_id, session_id=session_id, choice=choice)
        delay_s = self.model.delay_of_next_issuance_s()
        self.wait(min(delay_s, self.issue_timeout_s))
        if delay_s >= self.issue_timeout_s:
            self._late.append(request)
            return CentreTimedOut(self.issue_timeout_s)
        return self._awaited(self.model.issue(self.terminal_id, request), self.issue_timeout_s - delay_s)

    def cancel(self, request_id: RequestId) -> CancelOutcome:
        """See ``Centre.cancel``."""
        return self.model.cancel(self.terminal_id, request_id)

    def report_delivery(self, report: DeliveryReport) -> ReportOutcome:
        """See ``CentreReports.report_delivery``."""
        return self.model.report_delivery(self.terminal_id, report)

    def report_finding(self, report: FindingReport) -> ReportOutcome:
        """See ``CentreReports.report_finding``."""
        return self.model.report_finding(self.terminal_id, report)

    def late_answers(self) -> tuple[IssuanceOutcome, ...]:
        """Let the centre finish what it was too slow for; the answers that nobody waits for any more. What a server has not
        finished stays for the next time."""
        late = list(self._late)
        self._late.clear()
        ended: list[IssuanceOutcome] = []
        for each in late:
            match each:
                case Underway():
                    outcome = self.model.look(each)
                case _:
                    outcome = self.model.issue(self.terminal_id, each)
            if isinstance(outcome, Underway):
                self._late.append(outcome)
            else:
                ended.append(outcome)
        return tuple(ended)

    def _awaited(self, begun: Begun, left_s: float) -> IssuanceOutcome:
        """Wait for an answer as long as the terminal does."""
        deadline_s = self.model.now_s() + left_s
        while isinstance(begun, Underway):
            now_s = self.model.now_s()
            if now_s >= deadline_s:
                self._late.append(begun)
                return CentreTimedOut(self.issue_timeout_s)
            # Never less than the clock can show.
            self.wait(max(SOON_S, min(self.model.look_again_in_s(begun), deadline_s - now_s)))
            if self.model.now_s() <= now_s:
                raise RuntimeError("this centre takes time: expected a wait that lets it pass, the clock stood still")
            begun = self.model.look(begun)
        return begun
