"""The line between a terminal and its centre, which can be cut: for virtual time, where no wire can be."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.centre.inprocess import InProcessCentre
from terminal.centre.api import (
    CancelOutcome,
    CentreFailed,
    ChallengeOutcome,
    IssuanceOutcome,
    ReportOutcome,
    SessionOutcome,
)
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import Choice, DeliveryReport, FindingReport, RequestId, SessionRequest

_DOWN = CentreFailed(CentreErrorCode.UNREACHABLE, "expected the centre, nobody answers; check the line")


@dataclass(slots=True)
class Line:
    """Implements ``Centre`` and ``CentreReports`` on ``centre``. While ``cut`` nothing passes.

    Every call takes ``delay_s`` of virtual time each way, by ``wait``.
    """

    centre: InProcessCentre
    wait: Callable[[float], None]
    delay_s: float = 0.05
    cut: bool = False

    def challenge(self) -> ChallengeOutcome:
        """See ``Centre.challenge``."""
        return _DOWN if self._lost() else self.centre.challenge()

    def open_session(self, request: SessionRequest) -> SessionOutcome:
        """See ``Centre.open_session``."""
        return _DOWN if self._lost() else self.centre.open_session(request)

    def issue(self, request_id: RequestId, session_id: str, choice: Choice) -> IssuanceOutcome:
        """See ``Centre.issue``."""
        return _DOWN if self._lost() else self.centre.issue(request_id, session_id, choice)

    def cancel(self, request_id: RequestId) -> CancelOutcome:
        """See ``Centre.cancel``."""
        return _DOWN if self._lost() else self.centre.cancel(request_id)

    def report_delivery(self, report: DeliveryReport) -> ReportOutcome:
        """See ``CentreReports.report_delivery``."""
        return _DOWN if self._lost() else self.centre.report_delivery(report)

    def report_finding(self, report: FindingReport) -> ReportOutcome:
        """See ``CentreReports.report_finding``."""
        return _DOWN if self._lost() else self.centre.report_finding(report)

    def _lost(self) -> bool:
        self.wait(self.delay_s)
        return self.cut
