"""Gate A: does an opened, rightly signed bundle belong to this request, session, card and choice, and is it fresh?

The rule that parts ``Different`` from ``Failed``: a bundle that a municipality signed and encrypted to *this* session and that
names another request, session, terminal, card, choice or municipality is somebody else's paper under our request, a finding
(P6), as in Yokohama and Kawasaki. A bundle that is ours in all of that but too old, of a register state that is not current, or
not coherent in itself tells of nobody else: ``Failed``, money back. What cannot be opened or verified never gets here
(``terminal.centre.sealing``). Source: reference service-and-incidents.md section 2.1.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from printer_templates.records import ResidenceRecord
from terminal.centre.messages import Bundle, CardIdentity, Choice, Member, RegistryState
from terminal.clock import JST
from terminal.verification.reasons import Reason
from terminal.verification.verdict import FieldFinding, Gate, GateResult, different, same, settle, unusable

CLOCK_SKEW_MAX = timedelta(seconds=90)
"""How far the municipality's clock may run ahead of the terminal's."""
BUNDLE_AGE_MAX = timedelta(minutes=10)
"""A bundle is printed at once; an older one was kept somewhere."""
BUNDLE_LIFETIME_MAX = timedelta(minutes=30)
REGISTER_AGE_MAX = timedelta(hours=1)
"""How old the register's answer may be when the bundle is issued; stale copies sold cancelled seals for years."""

_REGISTER_REASONS = {
    RegistryState.CANCELLED: Reason.REGISTER_CANCELLED,
    RegistryState.SUPERSEDED: Reason.REGISTER_SUPERSEDED,
    RegistryState.UNKNOWN: Reason.REGISTER_UNKNOWN,
}


@dataclass(frozen=True, slots=True, repr=False)
class Expected:
    """What this session asked for and knows of itself; ``fee_yen`` is the whole fee for all copies."""

    request_id: str
    session_id: str
    terminal_id: str
    session_key_thumbprint: str
    card: CardIdentity
    choice: Choice
    municipality_code: str
    members: tuple[Member, ...]
    fee_yen: int

    def __repr__(self) -> str:
        return "Expected(of this session)"


def check_bundle(bundle: Bundle, expected: Expected, *, signer_municipality: str, now: datetime) -> GateResult:
    """Gate A over an opened bundle.

    :param signer_municipality: code of the municipality whose key verified the signature (``OpenedBundle.signer``)
    :param now: the present moment, time-zone aware
    """
    findings = [
        *_belonging(bundle, expected, signer_municipality),
        *_freshness(bundle, now),
        *_register(bundle),
        *_coherence(bundle, expected),
    ]
    return settle(Gate.BUNDLE, findings)


def _belongs(holds: bool, field: str, reason: Reason) -> FieldFinding:
    return same(field) if holds else different(field, reason)


def _usable(holds: bool, field: str, reason: Reason) -> FieldFinding:
    return same(field) if holds else unusable(field, reason)


def _belonging(bundle: Bundle, expected: Expected, signer_municipality: str) -> list[FieldFinding]:
    home = expected.municipality_code
    record = bundle.record
    findings = [
        _belongs(bundle.request_id == expected.request_id, "request", Reason.OTHER_REQUEST),
        _belongs(bundle.session_id == expected.session_id, "session", Reason.OTHER_SESSION),
        _belongs(bundle.terminal_id == expected.terminal_id, "terminal", Reason.OTHER_TERMINAL),
        _belongs(
            bundle.session_key_thumbprint == expected.session_key_thumbprint, "session key", Reason.OTHER_SESSION_KEY
        ),
        _belongs(bundle.card == expected.card, "card", Reason.OTHER_CARD),
        _belongs(bundle.choice == expected.choice, "choice", Reason.OTHER_CHOICE),
        _belongs(bundle.municipality_code == home, "municipality", Reason.OTHER_MUNICIPALITY),
        _belongs(signer_municipality == home, "signer", Reason.OTHER_MUNICIPALITY),
        _belongs(record.issuer.municipality_code == home, "issuer", Reason.OTHER_MUNICIPALITY),
        _belongs(record.kind == expected.choice.kind, "kind", Reason.WRONG_KIND),
        _belongs(
            set(expected.choice.members) <= {member.member_id for member in expected.members},
            "members chosen",
            Reason.NOT_OFFERED,
        ),
    ]
    if isinstance(record, ResidenceRecord):
        findings.append(_belongs(record.scope is expected.choice.scope, "scope", Reason.WRONG_SCOPE))
    return findings


def _freshness(bundle: Bundle, now: datetime) -> list[FieldFinding]:
    moments = (bundle.issued_at, bundle.expires_at, bundle.registry_as_of)
    if any(moment.tzinfo is None for moment in moments):
        return [unusable("times", Reason.ABSENT)]
    issued, expires, as_of = moments
    return [
        _usable(issued <= now + CLOCK_SKEW_MAX, "issued at", Reason.ISSUED_IN_FUTURE),
        _usable(now - issued <= BUNDLE_AGE_MAX, "age", Reason.TOO_OLD),
        _usable(now < expires, "expires at", Reason.EXPIRED),
        _usable(timedelta(0) < expires - issued <= BUNDLE_LIFETIME_MAX, "lifetime", Reason.LIFETIME_TOO_LONG),
        _usable(as_of <= issued + CLOCK_SKEW_MAX, "register as of", Reason.REGISTER_IN_FUTURE),
        _usable(issued - as_of <= REGISTER_AGE_MAX, "register's age", Reason.REGISTER_TOO_OLD),
        _usable(bundle.issued_on == issued.astimezone(JST).date(), "date of issue", Reason.OTHER_DATE),
        _usable(bundle.record.issued_on == bundle.issued_on, "date printed", Reason.OTHER_DATE),
    ]


def _register(bundle: Bundle) -> list[FieldFinding]:
    if bundle.registry_state is RegistryState.CURRENT:
        return [same("register state")]
    return [unusable("register state", _REGISTER_REASONS.get(bundle.registry_state, Reason.REGISTER_UNKNOWN))]


def _coherence(bundle: Bundle, expected: Expected) -> list[FieldFinding]:
    numbers = {copy.document_number for copy in bundle.copies}
    keys = {copy.scramble_key for copy in bundle.copies}
    count = len(bundle.copies)
    return [
        _usable(count == expected.choice.copies, "copies", Reason.WRONG_COPY_COUNT),
        _usable(len(numbers) == count, "document numbers", Reason.DOCUMENT_NUMBER_TWICE),
        _usable(len(keys) == count, "scramble keys", Reason.SCRAMBLE_KEY_TWICE),
        _usable(bundle.fee_yen == expected.fee_yen, "fee", Reason.OTHER_FEE),
    ]
