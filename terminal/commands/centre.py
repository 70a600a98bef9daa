"""What a customer's process asks of the certificate centre: session, issuance, cancellation, delivery report, finding.

Design section 3, steps 2 and 5: one random, unguessable request id a request; on a time-out the whole request is cancelled.
"""

import secrets
from collections.abc import Callable
from typing import Protocol, TypeAlias, assert_never

from printer_templates.records import CertificateKind, Item, Scope
from terminal.centre import messages
from terminal.centre.api import Centre, CentreFailed, CentreReports, CentreTimedOut, Refused, ReportTaken
from terminal.centre.session_key import SessionKey
from terminal.centre.transcript import transcript
from terminal.fsm import events
from terminal.fsm.effects import ReportDelivery, RequestIssuance
from terminal.fsm.values import MachineCode, Offer
from terminal.person import Person

Sign: TypeAlias = Callable[[bytes], bytes]
"""Has the card sign a message (SHA-256, RSASSA-PKCS1-v1_5); raises ``CardError``."""

SessionEvent: TypeAlias = events.SessionOpened | events.SessionRefused | events.SessionFailed
IssuanceEvent: TypeAlias = (
    events.BundleReceived | events.IssuanceRefused | events.IssuanceFailed | events.IssuanceTimedOut
)
CancelEvent: TypeAlias = events.RequestCancelled | events.RequestCancelFailed
ReportEvent: TypeAlias = events.DeliveryReported | events.DeliveryReportFailed


class WholeCentre(Centre, CentreReports, Protocol):
    """Both halves of the centre's port."""


class CentreCommands:
    """Commands to the centre for one customer of ``terminal_id``; ``received`` keeps the sealed bundle for the gates."""

    def __init__(
        self, centre: WholeCentre, terminal_id: str, person: Person, municipality_limit: str | None = None
    ) -> None:
        self._municipality_limit = municipality_limit
        self._centre = centre
        self._terminal_id = terminal_id
        self._person = person
        self.sealed_bundle: str | None = None

    def open_session(self, generation: int, sign: Sign) -> SessionEvent:
        """Fetch a challenge, have the card sign the transcript, open the session; ``CardError`` comes from ``sign``."""
        certificate = self._person.certificate
        if certificate is None:
            return events.SessionFailed(generation, "CENTRE_NO_CERTIFICATE")
        challenge = self._centre.challenge()
        if not isinstance(challenge, messages.Challenge):
            return events.SessionFailed(generation, _failure(challenge))
        key = SessionKey()
        signature = sign(
            transcript(
                terminal_id=self._terminal_id,
                challenge=challenge.challenge,
                session_public_key_der=key.public_der,
                certificate_sha256=certificate.sha256,
            )
        )
        request = messages.SessionRequest.model_construct(
            terminal_id=self._terminal_id,
            challenge_id=challenge.challenge_id,
            certificate_der=certificate.der,
            session_key=key.jwk,
            signature=signature,
        )
        self._person.session_key = key
        return self._opened(generation, self._centre.open_session(request))

    def _opened(
        self, generation: int, outcome: messages.SessionOpened | Refused | CentreFailed | CentreTimedOut
    ) -> SessionEvent:
        match outcome:
            case messages.SessionOpened():
                if self._municipality_limit not in (None, outcome.municipality_code):
                    return events.SessionRefused(generation, messages.RefusalCode.OTHER_MUNICIPALITY)
                applicants = [index for index, member in enumerate(outcome.members) if member.is_applicant]
                if len(applicants) != 1 or not outcome.offers:
                    return events.SessionFailed(generation, "CENTRE_NO_APPLICANT")
                self._person.session = outcome
                offers = tuple(_offer(offer) for offer in outcome.offers)
                return events.SessionOpened(generation, offers, len(outcome.members), applicants[0])
            case Refused():
                return events.SessionRefused(generation, outcome.code)
            case CentreFailed() | CentreTimedOut():
                return events.SessionFailed(generation, _failure(outcome))
            case _:
                assert_never(outcome)

    def prepare_issuance(self, effect: RequestIssuance) -> str:
        """Draw the request id and fix the choice in the centre's words, before the request leaves; return the id."""
        session = self._opened_session()
        choice = effect.choice
        self._person.choice = messages.Choice(
            kind=CertificateKind(choice.kind),
            scope=Scope(choice.scope),
            members=tuple(session.members[index].member_id for index in choice.members),
            items=frozenset(Item(item) for item in choice.items),
            copies=choice.copies,
        )
        # Whatever came for an earlier request of this customer can no longer be opened, judged or printed.
        self.sealed_bundle = self._person.bundle = self._person.document = None
        self._person.request_id = secrets.token_hex(16)
        return self._person.request_id

    def issue(self, generation: int) -> IssuanceEvent:
        """Ask for the bundle of the prepared request."""
        request_id, choice = self._person.request_id, self._person.choice
        if request_id is None or choice is None:
            raise RuntimeError("prepare_issuance comes before issue")
        outcome = self._centre.issue(request_id, self._opened_session().session_id, choice)
        match outcome:
            case messages.IssuanceReply():
                if outcome.request_id != request_id:
                    return events.IssuanceFailed(generation, "CENTRE_OTHER_REQUEST")
                self.sealed_bundle = outcome.bundle
                return events.BundleReceived(generation)
            case Refused():
                return events.IssuanceRefused(generation, outcome.code)
            case CentreTimedOut():
                return events.IssuanceTimedOut(generation)
            case CentreFailed():
                return events.IssuanceFailed(generation, outcome.code)
            case _:
                assert_never(outcome)

    def cancel(self, generation: int) -> CancelEvent:
        """Kill the request at the centre."""
        if self._person.request_id is None:
            return events.RequestCancelled(generation)
        outcome = self._centre.cancel(self._person.request_id)
        if isinstance(outcome, messages.CancellationReply):
            return events.RequestCancelled(generation)
        return events.RequestCancelFailed(generation, _failure(outcome))

    def report_delivery(self, effect: ReportDelivery, request_id: str | None) -> ReportEvent:
        """Tell the centre how the bundle of ``request_id`` ended."""
        if request_id is None:
            return events.DeliveryReportFailed(effect.generation, "CENTRE_NO_REQUEST")
        report = messages.DeliveryReport(
            request_id=request_id,
            outcome=messages.DeliveryOutcome(effect.outcome.value),
            impressions_completed=effect.impressions,
            reason=effect.reason[:60],
        )
        outcome = self._centre.report_delivery(report)
        if isinstance(outcome, ReportTaken):
            return events.DeliveryReported(effect.generation)
        return events.DeliveryReportFailed(effect.generation, _failure(outcome))

    def report_finding(self, finding_id: str, sealed: str) -> bool:
        """Hand a sealed finding to the centre; whether it was taken."""
        session = self._opened_session()
        report = messages.FindingReport(
            finding_id=finding_id, municipality_code=session.municipality_code, sealed=sealed
        )
        return isinstance(self._centre.report_finding(report), ReportTaken)

    def _opened_session(self) -> messages.SessionOpened:
        if self._person.session is None:
            raise RuntimeError("the machine asked for an issuance without a session")
        return self._person.session


def _offer(offer: messages.Offer) -> Offer:
    return Offer(
        kind=offer.kind.value,
        refusal=None if offer.refusal is None else offer.refusal.value,
        fee_yen=offer.fee_yen,
        scopes=tuple(scope.value for scope in offer.scopes),
        items=tuple(item.value for item in offer.items),
        copies_max=offer.copies_max,
    )


def _failure(outcome: CentreFailed | CentreTimedOut) -> str:
    match outcome:
        case CentreFailed():
            return outcome.code.value
        case CentreTimedOut():
            return MachineCode.CENTRE_TIMED_OUT.value
        case _:
            assert_never(outcome)
