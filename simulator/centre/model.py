"""The simulated certificate centre with its municipal servers: one model behind the HTTP face and behind the in-process port.

Clock, randomness and registers come from outside; every answer is a value of ``terminal.centre.api``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509

from printer_templates.errors import FormError, FormErrorCode
from simulator.centre import policy
from simulator.centre.admission import AdmittedCard, CardVerifier, ChallengeBook
from simulator.centre.facts import Applicant
from simulator.centre.faults import CentreFault, Delay, FaultPlan, ServesCancelledSeal, TimesOut
from simulator.centre.ids import Ids, RandomIds, opaque
from simulator.centre.municipal_server import MunicipalServer, Order
from simulator.centre.pki import CentrePki
from simulator.centre.registers import Registers
from simulator.centre.request_book import KnownRequest, RequestBook, RequestState, digest
from simulator.centre.sessions import SESSION_LIFETIME, CentreSession, SessionBook
from terminal.centre.api import (
    CancelOutcome,
    CentreFailed,
    ChallengeOutcome,
    IssuanceOutcome,
    Refused,
    ReportOutcome,
    ReportTaken,
    SessionOutcome,
)
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import (
    CancellationReply,
    DeliveryReport,
    FindingReport,
    IssuanceReply,
    IssuanceRequest,
    Member,
    RefusalCode,
    SessionOpened,
    SessionRequest,
)
from terminal.clock import Clock

NEVER_S = float("inf")

_FORM_REFUSALS = {
    FormErrorCode.TEXT_TOO_LONG.value: RefusalCode.TEXT_OVER_LIMIT,
    FormErrorCode.GLYPH_MISSING.value: RefusalCode.CHARACTER_PENDING,
}


@dataclass(frozen=True, slots=True)
class CentreParts:
    """What a centre is made of: ``authorities`` issue the cards that it knows."""

    registers: Registers
    pki: CentrePki
    authorities: tuple[x509.Certificate, ...]
    clock: Clock
    ids: Ids


class CentreModel:
    """The centre. Every call says which terminal speaks: mutual TLS has proved that before. Safe to use from threads."""

    def __init__(self, parts: CentreParts, faults: FaultPlan | None = None) -> None:
        self.faults = FaultPlan() if faults is None else faults
        self.registers = parts.registers
        self.requests = RequestBook(parts.registers)
        self._clock = parts.clock
        self._ids = parts.ids
        self._challenges = ChallengeBook(parts.ids)
        self._sessions = SessionBook()
        self._cards = CardVerifier(parts.authorities)
        self._server = MunicipalServer(parts.pki, parts.ids)

    def challenge(self, terminal_id: str) -> ChallengeOutcome:
        """A fresh challenge for this terminal."""
        return self._challenges.issue(terminal_id, self._clock.wall())

    def open_session(self, terminal_id: str, request: SessionRequest) -> SessionOutcome:
        """Check the card's proof, then say what its holder may have. The challenge is used up whatever comes of it."""
        now = self._clock.wall()
        challenge = self._challenges.use(request.challenge_id, terminal_id, now)
        if request.terminal_id != terminal_id:
            return _failed(CentreErrorCode.TERMINAL_MISMATCH, "the terminal that its TLS certificate names")
        if challenge is None:
            return _failed(
                CentreErrorCode.CHALLENGE_UNKNOWN, "an unused challenge of this terminal, not older than 3 minutes"
            )
        card = self._cards.admit(request, challenge, now)
        if isinstance(card, CentreFailed):
            return card
        applicant = self.registers.applicant(card.identity)
        if applicant is None:
            return Refused(RefusalCode.CERTIFICATE_UNKNOWN)
        case = policy.Case(applicant, self.registers.limit_of(terminal_id), card.not_after, now)
        refusal = policy.refusal_of_person(case)
        if refusal is not None:
            return Refused(refusal)
        return self._open(case, card, request, applicant)

    def issue(self, terminal_id: str, request: IssuanceRequest) -> IssuanceOutcome:
        """The bundle, made once: the same request again gives the very same bytes, another choice is a conflict."""
        known = self.requests.find(request.request_id)
        if known is not None:
            return _answer_again(known, terminal_id, request)
        session = self._sessions.find(request.session_id, terminal_id, self._clock.wall())
        if session is None:
            return _failed(CentreErrorCode.SESSION_UNKNOWN, "an open session of this terminal")
        if not session.allows(request.choice):
            return _failed(CentreErrorCode.CHOICE_NOT_OFFERED, "a choice among this session's offers")
        applicant = self._still_entitled(session, request)
        if isinstance(applicant, Refused):
            return applicant
        order = Order(request.request_id, session, request.choice, applicant, self._clock.wall())
        try:
            bundle = self._server.serve(order, self.faults)
        except FormError as error:
            return _undrawable(error)
        entered = self.requests.issue(request.request_id, terminal_id, request.session_id, request.choice, bundle)
        return _answer_again(entered, terminal_id, request)

    def delay_of_next_issuance_s(self) -> float:
        """How long a face must hold the next issuance back before it calls ``issue``; ``NEVER_S`` means for ever."""
        total_s = 0.0
        for fault in self.faults.take(_is_timing):
            match fault:
                case Delay(by_s):
                    total_s += by_s
                case _:
                    return NEVER_S
        return total_s

    def cancel(self, terminal_id: str, request_id: str) -> CancelOutcome:
        """The request is dead from now on, whether it was heard of before or comes only later."""
        known = self.requests.cancel(request_id, terminal_id)
        if known.terminal_id != terminal_id:
            return _failed(CentreErrorCode.REQUEST_UNKNOWN, "a request of this terminal")
        if known.state is RequestState.REPORTED:
            return _failed(CentreErrorCode.REPORT_CONFLICT, "a request whose end was not reported yet")
        return CancellationReply(request_id=request_id)

    def report_delivery(self, terminal_id: str, report: DeliveryReport) -> ReportOutcome:
        """Note how a request ended; the bundle is forgotten."""
        match self.requests.report(report, terminal_id):
            case None:
                return _failed(CentreErrorCode.REQUEST_UNKNOWN, "a request of this terminal")
            case False:
                return _failed(
                    CentreErrorCode.REPORT_CONFLICT, "the same report as before, and none of a cancelled sheet"
                )
            case True:
                return ReportTaken()

    def report_finding(self, terminal_id: str, report: FindingReport) -> ReportOutcome:
        """Keep a sealed finding for its municipality."""
        if self.registers.municipality(report.municipality_code) is None:
            return _failed(CentreErrorCode.MUNICIPALITY_UNKNOWN, "a municipality of the registers")
        if not self.requests.keep_finding(report, terminal_id):
            return _failed(CentreErrorCode.REPORT_CONFLICT, "the same finding as before under this id")
        return ReportTaken()

    def _open(
        self, case: policy.Case, card: AdmittedCard, request: SessionRequest, applicant: Applicant
    ) -> SessionOpened:
        offers = policy.offers(case, ignore_cancelled_seal=self._serves_cancelled_seals())
        session = CentreSession(
            session_id=opaque(self._ids),
            terminal_id=request.terminal_id,
            card=card.identity,
            certificate_not_after=card.not_after,
            session_key=request.session_key,
            expires_at=case.now + SESSION_LIFETIME,
            offers={offer.kind: offer for offer in offers},
            member_ids={person.key: opaque(self._ids) for person in applicant.household},
        )
        self._sessions.add(session, case.now)
        return SessionOpened(
            session_id=session.session_id,
            expires_at=session.expires_at,
            municipality_code=applicant.municipality.code,
            municipality=applicant.municipality.name,
            offers=offers,
            members=tuple(
                Member(
                    member_id=session.member_ids[person.key],
                    name=person.basic.name,
                    is_applicant=person.key == applicant.person.key,
                )
                for person in applicant.household
            ),
        )

    def _still_entitled(self, session: CentreSession, request: IssuanceRequest) -> Applicant | Refused:
        """The register may have changed since the session was opened: it is asked again."""
        applicant = self.registers.applicant(session.card)
        if applicant is None:
            return Refused(RefusalCode.CERTIFICATE_UNKNOWN)
        limit = self.registers.limit_of(session.terminal_id)
        case = policy.Case(applicant, limit, session.certificate_not_after, self._clock.wall())
        refusal = policy.refusal_of_person(case) or policy.refusal_of_kind(
            case, request.choice.kind, ignore_cancelled_seal=self._serves_cancelled_seals()
        )
        if refusal is None and {person.key for person in applicant.household} != set(session.member_ids):
            refusal = RefusalCode.NOT_OFFERED
        return applicant if refusal is None else Refused(refusal)

    def _serves_cancelled_seals(self) -> bool:
        return any(isinstance(fault, ServesCancelledSeal) for fault in self.faults.pending())


def make_model(
    registers: Registers,
    pki: CentrePki,
    authorities: Iterable[x509.Certificate],
    clock: Clock,
    ids: Ids | None = None,
    faults: FaultPlan | None = None,
) -> CentreModel:
    """A centre of these parts; randomness is the system's unless ``ids`` says otherwise."""
    parts = CentreParts(registers, pki, tuple(authorities), clock, RandomIds() if ids is None else ids)
    return CentreModel(parts, faults)


def _answer_again(known: KnownRequest, terminal_id: str, request: IssuanceRequest) -> IssuanceOutcome:
    if known.terminal_id != terminal_id:
        return _failed(CentreErrorCode.REQUEST_CONFLICT, "a request id of this terminal's own")
    if known.state is RequestState.CANCELLED:
        return _failed(CentreErrorCode.REQUEST_CANCELLED, "a request that was not cancelled")
    same = (known.session_id, known.choice_sha256) == (request.session_id, digest(request.choice))
    if not same or known.bundle is None:
        return _failed(CentreErrorCode.REQUEST_CONFLICT, "the session and choice of before, with no report sent yet")
    return IssuanceReply(request_id=request.request_id, bundle=known.bundle)


def _undrawable(error: FormError) -> Refused | CentreFailed:
    """A municipality that cannot draw its document says why: the form is too small, or the font lacks a character."""
    refusal = _FORM_REFUSALS.get(error.code)
    if refusal is not None:
        return Refused(refusal)
    return CentreFailed(CentreErrorCode.INTERNAL, f"the municipality could not draw the document ({error.code})")


def _is_timing(fault: CentreFault) -> bool:
    return isinstance(fault, Delay | TimesOut)


def _failed(code: CentreErrorCode, expected: str) -> CentreFailed:
    return CentreFailed(code, f"expected {expected}, something else came; start over with a new session or request id")
