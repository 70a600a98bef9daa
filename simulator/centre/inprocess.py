"""The centre without a wire: the terminal's port answered by the model in the same process, under any clock."""

from collections.abc import Callable
from dataclasses import dataclass, field

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


def _no_waiting(_seconds: float) -> None:
    """Virtual time: nobody waits."""


@dataclass(slots=True)
class InProcessCentre:
    """Implements ``Centre`` and ``CentreReports`` for one terminal.

    ``wait`` is told how long each delayed answer takes, in seconds, and may advance a virtual clock. A request whose answer came
    too late stays with the centre, as on a real network: ``late_answers`` finishes it when a story says so.
    """

    model: CentreModel
    terminal_id: str
    issue_timeout_s: float = 30.0
    wait: Callable[[float], None] = _no_waiting
    _late: list[IssuanceRequest] = field(default_factory=list)

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
        return self.model.issue(self.terminal_id, request)

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
        """Let the centre finish what it was too slow for; the answers that nobody waits for any more."""
        late, self._late = self._late, []
        return tuple(self.model.issue(self.terminal_id, request) for request in late)
