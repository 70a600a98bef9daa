"""The simulated certificate centre with its municipal servers: one model behind the HTTP face and behind the in-process port.

Clock, randomness and registers come from outside; every answer is a value of ``terminal.centre.api``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from simulator.centre import policy
from simulator.centre.admission import AdmittedCard, CardVerifier, ChallengeBook
from simulator.centre.envelopes import Envelopes
from simulator.centre.facts import Applicant
from simulator.centre.faults import CentreFault, Delay, FaultPlan, ServesCancelledSeal, TimesOut
from simulator.centre.ids import Ids, RandomIds, opaque
from simulator.centre.issuances import Begun, Book, Issuances, Underway, failed
from simulator.centre.issuing.events import Listener, nobody_listens
from simulator.centre.issuing.server import IssuingServers, ServerParts
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.issuing.writing import Writer
from simulator.centre.memory_book import MemoryRequestBook
from simulator.centre.pki import CentrePki
from simulator.centre.registers import Registers
from simulator.centre.request_book import RequestBook, RequestState
from simulator.centre.sessions import SESSION_LIFETIME, CentreSession, SessionBook
from terminal.centre.api import (
    CancelOutcome,
    CentreFailed,
    ChallengeOutcome,
    Refused,
    ReportOutcome,
    ReportTaken,
    SessionOutcome,
)
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import (
    CancellationReply,
    Choice,
    DeliveryReport,
    FindingReport,
    IssuanceRequest,
    Member,
    RefusalCode,
    SessionOpened,
    SessionRequest,
)
from terminal.clock import Clock

NEVER_S = float("inf")


@dataclass(frozen=True, slots=True)
class CentreParts:
    """What a centre is made of: ``authorities`` issue the cards that it knows.

    ``setups`` says how the servers of single municipalities are built, ``listener`` is told what any server does.
    """

    registers: Registers
    pki: CentrePki
    authorities: tuple[x509.Certificate, ...]
    clock: Clock
    ids: Ids
    setups: Mapping[str, ServerSetup]
    listener: Listener


class CentreModel:
    """The centre. Every call says which terminal speaks: mutual TLS has proved that before. Safe to use from threads."""

    def __init__(self, parts: CentreParts, faults: FaultPlan | None = None) -> None:
        self.faults = FaultPlan() if faults is None else faults
        self.registers = parts.registers
        self.requests: Book = (
            MemoryRequestBook() if parts.registers.dialect == "memory" else RequestBook(parts.registers)
        )
        self._clock = parts.clock
        self._ids = parts.ids
        self._challenges = ChallengeBook(parts.ids)
        self._sessions = SessionBook()
        self._cards = CardVerifier(parts.authorities)
        writer = Writer(parts.pki, parts.ids)
        self.servers = IssuingServers(
            ServerParts(parts.registers, writer, parts.clock, parts.ids, self._entitled, parts.listener), parts.setups
        )
        self._issuances = Issuances(self.requests, self.servers, Envelopes(parts.pki, writer), self.faults)

    def challenge(self, terminal_id: str) -> ChallengeOutcome:
        """A fresh challenge for this terminal."""
        return self._challenges.issue(terminal_id, self._clock.wall())

    def open_session(self, terminal_id: str, request: SessionRequest) -> SessionOutcome:
        """Check the card's proof, then say what its holder may have. The challenge is used up whatever comes of it."""
        now = self._clock.wall()
        challenge = self._challenges.use(request.challenge_id, terminal_id, now)
        if request.terminal_id != terminal_id:
            return failed(CentreErrorCode.TERMINAL_MISMATCH, "the terminal that its TLS certificate names")
        if challenge is None:
            return failed(
                CentreErrorCode.CHALLENGE_UNKNOWN, "an unused challenge of this terminal, not older than 3 minutes"
            )
        card = self._cards.admit(request, challenge, now)
        if isinstance(card, CentreFailed):
            return card
        registered = self.registers.applicant(card.identity)
        if registered is None:
            return Refused(RefusalCode.CERTIFICATE_UNKNOWN)
        applicant = self.servers.of(registered.municipality.code).holder(registered)
        if applicant is None:
            return Refused(RefusalCode.CERTIFICATE_UNKNOWN)
        case = policy.Case(applicant, self.registers.limit_of(terminal_id), card.not_after, now)
        refusal = policy.refusal_of_person(case)
        if refusal is not None:
            return Refused(refusal)
        return self._open(case, card, request, registered)

    def issue(self, terminal_id: str, request: IssuanceRequest) -> Begun:
        """The bundle, made once: the same request again gives the very same bytes, another choice is a conflict.

        ``Underway`` when the municipality's server takes its time: ``look`` at it again.
        """
        known = self._issuances.known(terminal_id, request)
        if known is not None:
            return known
        session = self._sessions.find(request.session_id, terminal_id, self._clock.wall())
        if session is None:
            return failed(CentreErrorCode.SESSION_UNKNOWN, "an open session of this terminal")
        if not session.allows(request.choice):
            return failed(CentreErrorCode.CHOICE_NOT_OFFERED, "a choice among this session's offers")
        return self._issuances.begin(terminal_id, request, session)

    def look(self, underway: Underway) -> Begun:
        """How a request stands now that was under way."""
        return self._issuances.look(underway)

    def look_again_in_s(self, underway: Underway) -> float:
        """How long nothing will happen to a request that is under way, unless somebody else does something."""
        next_s = underway.server.next_at_s()
        return 0.0 if next_s is None else max(0.0, next_s - self._clock.now_s())

    def now_s(self) -> float:
        """The time of the run's clock."""
        return self._clock.now_s()

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
        known = self._issuances.cancel(terminal_id, request_id)
        if known is None or known.terminal_id != terminal_id:
            return failed(CentreErrorCode.REQUEST_UNKNOWN, "a request of this terminal")
        if known.state is RequestState.REPORTED:
            return failed(CentreErrorCode.REPORT_CONFLICT, "a request whose end was not reported yet")
        return CancellationReply(request_id=request_id)

    def report_delivery(self, terminal_id: str, report: DeliveryReport) -> ReportOutcome:
        """Note how a request ended; the bundle is forgotten."""
        match self.requests.report(report, terminal_id):
            case None:
                return failed(CentreErrorCode.REQUEST_UNKNOWN, "a request of this terminal")
            case False:
                return failed(
                    CentreErrorCode.REPORT_CONFLICT, "the same report as before, and none of a cancelled sheet"
                )
            case True:
                return ReportTaken()

    def report_finding(self, terminal_id: str, report: FindingReport) -> ReportOutcome:
        """Keep a sealed finding for its municipality."""
        if self.registers.municipality(report.municipality_code) is None:
            return failed(CentreErrorCode.MUNICIPALITY_UNKNOWN, "a municipality of the registers")
        if not self.requests.keep_finding(report, terminal_id):
            return failed(CentreErrorCode.REPORT_CONFLICT, "the same finding as before under this id")
        return ReportTaken()

    def _open(
        self, case: policy.Case, card: AdmittedCard, request: SessionRequest, registered: Applicant
    ) -> SessionOpened:
        applicant = case.applicant
        offers = policy.offers(case, ignore_cancelled_seal=self._serves_cancelled_seals())
        session = CentreSession(
            session_id=opaque(self._ids),
            terminal_id=request.terminal_id,
            card=card.identity,
            resident_key=registered.person.key,
            municipality_code=registered.municipality.code,
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

    def _entitled(self, session: CentreSession, choice: Choice, applicant: Applicant, now: datetime) -> Refused | None:
        """The register may have changed since the session was opened: what the server has just read is judged again."""
        limit = self.registers.limit_of(session.terminal_id)
        case = policy.Case(applicant, limit, session.certificate_not_after, now)
        refusal = policy.refusal_of_person(case) or policy.refusal_of_kind(
            case, choice.kind, ignore_cancelled_seal=self._serves_cancelled_seals()
        )
        if refusal is None and {person.key for person in applicant.household} != set(session.member_ids):
            refusal = RefusalCode.NOT_OFFERED
        return None if refusal is None else Refused(refusal)

    def _serves_cancelled_seals(self) -> bool:
        return any(isinstance(fault, ServesCancelledSeal) for fault in self.faults.pending())


def make_model(
    registers: Registers,
    pki: CentrePki,
    authorities: Iterable[x509.Certificate],
    clock: Clock,
    ids: Ids | None = None,
    faults: FaultPlan | None = None,
    setups: Mapping[str, ServerSetup] | None = None,
    listener: Listener = nobody_listens,
) -> CentreModel:
    """A centre of these parts. Unless said otherwise, randomness is the system's, and servers are healthy and take no time."""
    source = RandomIds() if ids is None else ids
    parts = CentreParts(registers, pki, tuple(authorities), clock, source, setups or {}, listener)
    return CentreModel(parts, faults)


def _is_timing(fault: CentreFault) -> bool:
    return isinstance(fault, Delay | TimesOut)
