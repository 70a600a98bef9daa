"""The centre as a port: blocking calls, to be made on a supervised thread, whose every expected end is a value.

Two stand-ins answer to it: ``client.CentreClient`` over HTTPS with mutual TLS, and the simulator's centre in process.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import (
    CancellationReply,
    Challenge,
    Choice,
    DeliveryReport,
    FindingReport,
    IssuanceReply,
    RefusalCode,
    RequestId,
    SessionOpened,
    SessionRequest,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """The person may not have it; ``refusals.py`` holds the words for the customer."""

    code: RefusalCode


@dataclass(frozen=True, slots=True)
class CentreFailed:
    """The exchange failed: the centre cannot be reached, believed or understood, or says that the request is wrong."""

    code: CentreErrorCode
    text: str


@dataclass(frozen=True, slots=True)
class CentreTimedOut:
    """No whole answer within ``after_s`` seconds. What the centre did meanwhile is unknown: cancel the whole request."""

    after_s: float


@dataclass(frozen=True, slots=True)
class ReportTaken:
    """The centre has the report."""


ChallengeOutcome: TypeAlias = Challenge | CentreFailed | CentreTimedOut
SessionOutcome: TypeAlias = SessionOpened | Refused | CentreFailed | CentreTimedOut
IssuanceOutcome: TypeAlias = IssuanceReply | Refused | CentreFailed | CentreTimedOut
CancelOutcome: TypeAlias = CancellationReply | CentreFailed | CentreTimedOut
ReportOutcome: TypeAlias = ReportTaken | CentreFailed | CentreTimedOut


class Centre(Protocol):
    """What a customer needs of the centre; no call raises for anything the other side does."""

    def challenge(self) -> ChallengeOutcome:
        """A fresh single-use challenge for this terminal."""
        ...

    def open_session(self, request: SessionRequest) -> SessionOutcome:
        """Present the card's signature; learn what this person may have."""
        ...

    def issue(self, request_id: RequestId, session_id: str, choice: Choice) -> IssuanceOutcome:
        """Ask for one bundle; the same id and choice give the same bundle, a cancelled id ``CENTRE_REQUEST_CANCELLED``."""
        ...

    def cancel(self, request_id: RequestId) -> CancelOutcome:
        """Kill a request for good, whether the centre has heard of it or not."""
        ...


class CentreReports(Protocol):
    """What the centre is told afterwards."""

    def report_delivery(self, report: DeliveryReport) -> ReportOutcome:
        """Tell how a request ended; telling the same again changes nothing."""
        ...

    def report_finding(self, report: FindingReport) -> ReportOutcome:
        """Hand over a sealed wrong-person finding; telling the same again changes nothing."""
        ...
