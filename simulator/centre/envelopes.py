"""The last step of every issuance: what the server handed over becomes a signed and sealed bundle, direct faults included.

It remembers the last customers' contents for one purpose only: to hand them to the wrong person when a fault says so.
"""

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from joserfc.jwk import ECKey

from printer_templates.records import CertificateKind
from simulator.centre import bundles
from simulator.centre.content import Content
from simulator.centre.facts import Applicant, SealState
from simulator.centre.faults import (
    CentreFault,
    Delay,
    EnvelopeFault,
    FaultPlan,
    RepeatsOldBundle,
    SealsToOtherKey,
    ServesCancelledSeal,
    SignsAsOther,
    TimesOut,
)
from simulator.centre.issuing.writing import Writer
from simulator.centre.misbehaviour import needs_previous
from simulator.centre.pki import CentrePki
from simulator.centre.sessions import CentreSession
from terminal.centre.messages import Bundle, Choice, PublicJwk
from terminal.centre.session_key import public_jwk, thumbprint
from terminal.clock import JST

BUNDLE_LIFETIME = timedelta(minutes=10)
_REMEMBERED = 8


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """Whose envelope: the request, its session, its choice, and who asked as the server read them."""

    request_id: str
    session: CentreSession
    choice: Choice
    applicant: Applicant


@dataclass(frozen=True, slots=True, repr=False)
class Spoilt:
    """A planned fault that was done to an answer; ``other`` is whose content came in, empty where nobody else's did."""

    fault: CentreFault
    other: str


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """The sealed bundle of a request, and what planned faults did to it."""

    bundle: str
    spoilt: tuple[Spoilt, ...]


@dataclass(frozen=True, slots=True, repr=False)
class _Earlier:
    """What was made for a terminal last, signed and sealed, and whose it was."""

    signed: str
    sealed: str
    resident_key: str


class Envelopes:
    """The municipalities' signing desks, all alike. Safe to use from threads."""

    def __init__(self, pki: CentrePki, writer: Writer) -> None:
        self._pki = pki
        self._writer = writer
        self._contents: list[Content] = []
        self._last_made: dict[str, _Earlier] = {}
        self._lock = threading.Lock()

    def make(self, order: Asked, right: Content, faults: FaultPlan) -> Made:
        """One request's sealed bundle; raise ``FormError`` when a fault's document cannot be drawn."""
        terminal_id = order.session.terminal_id
        with self._lock:
            previous = self._previous(right)
            last = self._last_made.get(terminal_id)
        content = right
        envelope: list[EnvelopeFault] = []
        spoilt: list[Spoilt] = []
        for fault in faults.take(lambda fault: _is_possible(fault, order, previous, last)):
            match fault:
                case RepeatsOldBundle() | SignsAsOther() | SealsToOtherKey():
                    envelope.append(fault)
                case Delay() | TimesOut():
                    continue
                case _:
                    content = self._writer.spoilt(content, fault, previous, order.applicant)
            brought_in = last if isinstance(fault, RepeatsOldBundle) else previous if needs_previous(fault) else None
            spoilt.append(Spoilt(fault, _other(brought_in, order)))
        own, answer = self._enveloped(self._bundle(order, content), order, envelope, last)
        with self._lock:
            self._last_made[terminal_id] = own
            self._contents = [*self._contents, right][-_REMEMBERED:]
        return Made(answer, tuple(spoilt))

    def _previous(self, content: Content) -> Content | None:
        """The last other person's content, of the same kind and mode if there was one."""
        others = [
            each
            for each in reversed(self._contents)
            if each.resident_key != content.resident_key and each.mode is content.mode
        ]
        alike = [each for each in others if each.choice.kind is content.choice.kind]
        return next(iter([*alike, *others]), None)

    def _bundle(self, order: Asked, content: Content) -> Bundle:
        session = order.session
        return Bundle(
            request_id=order.request_id,
            session_id=session.session_id,
            terminal_id=session.terminal_id,
            session_key_thumbprint=thumbprint(session.session_key),
            card=session.card,
            choice=order.choice,
            applicant=content.applicant,
            municipality_code=order.applicant.municipality.code,
            issued_at=content.issued_at,
            expires_at=content.issued_at + BUNDLE_LIFETIME,
            registry_state=content.registry_state,
            registry_as_of=content.registry_as_of,
            mode=content.mode,
            record=content.record,
            copies=content.grants(),
            fee_yen=session.offers[order.choice.kind].fee_yen * order.choice.copies,
            issued_on=content.issued_at.astimezone(JST).date(),
        )

    def _enveloped(
        self, bundle: Bundle, order: Asked, faults: list[EnvelopeFault], last: _Earlier | None
    ) -> tuple[_Earlier, str]:
        """What was made of this bundle, and what goes to the terminal, which may be the last one's."""
        signing_key, session_key = self._pki.municipal[bundle.municipality_code].signing, order.session.session_key
        again: RepeatsOldBundle | None = None
        for fault in faults:
            match fault:
                case SignsAsOther(signer):
                    signing_key = self._other_signer(bundle.municipality_code, signer)
                case SealsToOtherKey():
                    session_key = _some_key()
                case RepeatsOldBundle():
                    again = fault
                case _:
                    assert_never(fault)
        signed = bundles.sign(bundle, signing_key)
        own = _Earlier(signed, bundles.seal(signed, session_key), order.session.resident_key)
        if again is None or last is None:
            return own, own.sealed
        return own, bundles.seal(last.signed, session_key) if again.resealed else last.sealed

    def _other_signer(self, municipality_code: str, signer: str) -> ECKey:
        others = [secrets.signing for code, secrets in self._pki.municipal.items() if code != municipality_code]
        if signer == "other_municipality" and others:
            return others[0]
        kid = self._pki.municipal[municipality_code].signing.kid
        return ECKey.generate_key("P-256", {"kid": f"{kid}-unknown", "use": "sig", "alg": "ES256"})


def _some_key() -> PublicJwk:
    return public_jwk(ECKey.generate_key("P-256").public_key)


def _other(brought_in: Content | _Earlier | None, order: Asked) -> str:
    """Whose that is which came in, where it is not of the person who asked."""
    asked_by = order.session.resident_key
    return "" if brought_in is None or brought_in.resident_key == asked_by else brought_in.resident_key


def _is_possible(fault: CentreFault, order: Asked, previous: Content | None, last: _Earlier | None) -> bool:
    match fault:
        case Delay() | TimesOut():
            return False
        case RepeatsOldBundle():
            return last is not None
        case ServesCancelledSeal():
            seal = order.applicant.person.seal
            is_seal_certificate = order.choice.kind is CertificateKind.SEAL_CERTIFICATE
            return is_seal_certificate and seal is not None and seal.state is SealState.CANCELLED
        case _:
            return previous is not None or not needs_previous(fault)
