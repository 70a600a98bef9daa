"""What the certificate centre answers, or that it does not."""

from dataclasses import dataclass
from typing import TypeAlias

from terminal.fsm.values import Offer


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """What this person may have. ``applicant_index`` is in 0..member_count-1; ``ValueError`` otherwise or without offers."""

    generation: int
    offers: tuple[Offer, ...]
    member_count: int
    applicant_index: int

    def __post_init__(self) -> None:
        if not self.offers:
            raise ValueError("expected at least one offer; a person without any is a SessionRefused")
        if not 0 <= self.applicant_index < self.member_count:
            raise ValueError(f"expected the applicant in 0..{self.member_count - 1}, came {self.applicant_index}")


@dataclass(frozen=True, slots=True)
class SessionRefused:
    """The centre refuses this card or person. Completion of OpenSession."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class SessionFailed:
    """The centre could not be asked or gave no valid answer. Completion of OpenSession."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class BundleReceived:
    """A bundle is at hand, unverified. Completion of RequestIssuance."""

    generation: int


@dataclass(frozen=True, slots=True)
class IssuanceRefused:
    """The centre answered: no. Completion of RequestIssuance."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class IssuanceFailed:
    """No valid answer came: a bundle may have been made. Completion of RequestIssuance."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class IssuanceTimedOut:
    """No answer in time: a bundle may yet be made. Completion of RequestIssuance."""

    generation: int


@dataclass(frozen=True, slots=True)
class RequestCancelled:
    """The whole request is dead at the centre. Completion of CancelIssuance."""

    generation: int


@dataclass(frozen=True, slots=True)
class RequestCancelFailed:
    """Nobody knows whether the request is dead at the centre; here it is. Completion of CancelIssuance."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class DeliveryReported:
    """The centre has the delivery report. Completion of ReportDelivery."""

    generation: int


@dataclass(frozen=True, slots=True)
class DeliveryReportFailed:
    """The centre does not have the report; the journal has. Completion of ReportDelivery."""

    generation: int
    code: str


CentreEvent: TypeAlias = (
    SessionOpened
    | SessionRefused
    | SessionFailed
    | BundleReceived
    | IssuanceRefused
    | IssuanceFailed
    | IssuanceTimedOut
    | RequestCancelled
    | RequestCancelFailed
    | DeliveryReported
    | DeliveryReportFailed
)
