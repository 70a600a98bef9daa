"""The municipal issuing server (証明発行サーバ): from an order to a signed and sealed bundle, faults included.

It remembers the last customers' contents for one purpose only: to hand them to the wrong person when a fault says so.
"""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from joserfc.jwk import ECKey

from printer_templates.certificate import SheetIdentity
from printer_templates.records import CertificateKind
from simulator.centre import bundles
from simulator.centre.content import Content, draw_documents
from simulator.centre.facts import Applicant, SealState
from simulator.centre.faults import (
    CentreFault,
    Delay,
    EnvelopeFault,
    FaultPlan,
    OmitsOfficialSeal,
    RepeatsOldBundle,
    SealsToOtherKey,
    ServesCancelledSeal,
    SignsAsOther,
    TimesOut,
)
from simulator.centre.ids import Ids, document_number
from simulator.centre.misbehaviour import needs_previous, redrawn, spoil
from simulator.centre.pki import CentrePki
from simulator.centre.records import Asked, record_of
from simulator.centre.sessions import CentreSession
from terminal.centre.messages import Bundle, BundleMode, Choice, PublicJwk, RegistryState
from terminal.centre.session_key import public_jwk, thumbprint
from terminal.clock import JST

BUNDLE_LIFETIME = timedelta(minutes=10)
_REMEMBERED = 8


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """One entitled request."""

    request_id: str
    session: CentreSession
    choice: Choice
    applicant: Applicant
    now: datetime


class MunicipalServer:
    """All municipalities' servers, for they are alike. Safe to use from threads."""

    def __init__(self, pki: CentrePki, ids: Ids) -> None:
        self._pki = pki
        self._ids = ids
        self._contents: list[Content] = []
        self._last_signed: dict[str, str] = {}
        self._last_sealed: dict[str, str] = {}
        self._lock = threading.Lock()

    def serve(self, order: Order, faults: FaultPlan) -> str:
        """The sealed bundle of one order; raise ``FormError`` when a document cannot be drawn."""
        terminal_id = order.session.terminal_id
        right = self._content(order)
        with self._lock:
            previous = self._previous(right)
            old_bundle = self._last_sealed.get(terminal_id)
        content = right
        envelope: list[EnvelopeFault] = []
        for fault in faults.take(lambda fault: _is_possible(fault, order, previous, old_bundle)):
            match fault:
                case RepeatsOldBundle() | SignsAsOther() | SealsToOtherKey():
                    envelope.append(fault)
                case Delay() | TimesOut():
                    continue
                case _:
                    content = spoil(content, fault, previous, order.applicant)
                    if redrawn(fault) and content.mode is BundleMode.DOCUMENT:
                        content = self._drawn(content)
                    if isinstance(fault, OmitsOfficialSeal) and content.mode is BundleMode.DOCUMENT:
                        # The seal is lost in drawing: what the record says is right.
                        content = replace(content, record=right.record)
        sealed = self._enveloped(self._bundle(order, content), order, envelope)
        with self._lock:
            self._contents = [*self._contents, right][-_REMEMBERED:]
        return sealed

    def _content(self, order: Order) -> Content:
        municipality = order.applicant.municipality
        member_ids = order.session.member_ids
        asked = Asked(order.applicant, order.choice, member_ids, order.now.astimezone(JST).date())
        content = Content(
            resident_key=order.applicant.person.key,
            request_id=order.request_id,
            choice=order.choice,
            mode=municipality.mode,
            applicant=order.applicant.person.basic,
            record=record_of(asked),
            identities=tuple(self._identity(order) for _ in range(order.choice.copies)),
            documents=(),
            issued_at=order.now,
            registry_state=RegistryState.CURRENT,
            registry_as_of=order.now,
        )
        return self._drawn(content) if content.mode is BundleMode.DOCUMENT else content

    def _identity(self, order: Order) -> SheetIdentity:
        number = document_number(self._ids, order.applicant.municipality.code)
        return SheetIdentity(number, order.request_id, self._pki.scramble_key(number))

    def _drawn(self, content: Content) -> Content:
        signer = self._pki.municipal_sheet_key(content.record.issuer.municipality_code)
        return replace(content, documents=draw_documents(content.record, content.identities, signer))

    def _previous(self, content: Content) -> Content | None:
        """The last other person's content, of the same kind and mode if there was one."""
        others = [
            each
            for each in reversed(self._contents)
            if each.resident_key != content.resident_key and each.mode is content.mode
        ]
        alike = [each for each in others if each.choice.kind is content.choice.kind]
        return next(iter([*alike, *others]), None)

    def _bundle(self, order: Order, content: Content) -> Bundle:
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

    def _enveloped(self, bundle: Bundle, order: Order, faults: list[EnvelopeFault]) -> str:
        terminal_id = order.session.terminal_id
        signing_key, session_key = self._pki.municipal[bundle.municipality_code].signing, order.session.session_key
        repeated: str | None = None
        with self._lock:
            old_signed, old_sealed = self._last_signed.get(terminal_id), self._last_sealed.get(terminal_id)
        signed_again: str | None = None
        for fault in faults:
            match fault:
                case SignsAsOther(signer):
                    signing_key = self._other_signer(bundle.municipality_code, signer)
                case SealsToOtherKey():
                    session_key = _some_key()
                case RepeatsOldBundle(resealed):
                    signed_again, repeated = (old_signed, None) if resealed else (None, old_sealed)
                case _:
                    assert_never(fault)
        signed = bundles.sign(bundle, signing_key)
        sealed = repeated or bundles.seal(signed_again or signed, session_key)
        with self._lock:
            self._last_signed[terminal_id], self._last_sealed[terminal_id] = signed, sealed
        return sealed

    def _other_signer(self, municipality_code: str, signer: str) -> ECKey:
        others = [secrets.signing for code, secrets in self._pki.municipal.items() if code != municipality_code]
        if signer == "other_municipality" and others:
            return others[0]
        kid = self._pki.municipal[municipality_code].signing.kid
        return ECKey.generate_key("P-256", {"kid": f"{kid}-unknown", "use": "sig", "alg": "ES256"})


def _some_key() -> PublicJwk:
    return public_jwk(ECKey.generate_key("P-256").public_key)


def _is_possible(fault: CentreFault, order: Order, previous: Content | None, old_bundle: str | None) -> bool:
    match fault:
        case Delay() | TimesOut():
            return False
        case RepeatsOldBundle():
            return old_bundle is not None
        case ServesCancelledSeal():
            seal = order.applicant.person.seal
            is_seal_certificate = order.choice.kind is CertificateKind.SEAL_CERTIFICATE
            return is_seal_certificate and seal is not None and seal.state is SealState.CANCELLED
        case _:
            return previous is not None or not needs_previous(fault)
