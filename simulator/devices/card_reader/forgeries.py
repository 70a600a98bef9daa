"""Cards whose certificate must be refused: the evil twins for tests of a verifier.

Each is a working card (PIN, key and signature fit the certificate) with one thing wrong about the certificate.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509

from simulator import pki
from simulator.devices.card_reader import certificates
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.person import CardHolder
from simulator.devices.card_reader.personalisation import (
    CardMaterial,
    assemble,
    holder_of,
    initial_secrets,
    load_material,
)
from simulator.devices.card_reader.profiles import Profile, profile
from simulator.devices.card_reader.secret_store import MemorySecrets
from simulator.home import Home
from terminal.clock import SystemClock


class Forgery(StrEnum):
    """What is wrong with the certificate."""

    TWIN_AUTHORITY = "same DN of the authority, another key"
    TWIN_AUTHORITY_COPIED_KEY_ID = "same DN and key identifier of the authority, another key"
    OTHER_AUTHORITY = "issued by the signing authority"
    WRONG_KEY_USAGE = "keyUsage of a signing certificate"
    EXPIRED = "its last day is past"
    NOT_YET_VALID = "its first day is to come"
    SELF_SIGNED = "signed by its own key"


@dataclass(frozen=True, slots=True, repr=False)
class _Ground:
    """What every forger has at hand."""

    chosen: Profile
    material: CardMaterial
    authorities: pki.CardPki
    now: datetime

    def holder(self, age: timedelta | None = None) -> CardHolder:
        issued_at = self.material.issued_at if age is None else self.now - age
        return replace(holder_of(self.chosen, self.material), issued_at=issued_at)

    def certificate(
        self,
        authority: pki.Authority,
        age: timedelta | None = None,
        usages: tuple[str, ...] = (pki.DIGITAL_SIGNATURE,),
    ) -> x509.Certificate:
        key = self.material.authentication_key.public_key()
        return certificates.authentication_certificate(
            authority, self.holder(age), key, self.chosen.authentication_serial, usages
        )


def forged_card(home: Home, name: str, forgery: Forgery, now: datetime | None = None) -> Card:
    """The card of profile ``name`` with a forged authentication certificate; its counters are thrown away with it."""
    moment = SystemClock().wall() if now is None else now
    authorities = pki.load_or_create(home, moment)
    chosen = profile(name)
    material = load_material(home, chosen, authorities, moment)
    certificate = _FORGERS[forgery](_Ground(chosen, material, authorities, moment))
    forged = replace(material, authentication_certificate=certificate)
    return assemble(chosen, forged, authorities, MemorySecrets(initial_secrets(chosen, holder_of(chosen, material))))


def _by_twin(ground: _Ground) -> x509.Certificate:
    return ground.certificate(pki.make_authority(pki.AUTHENTICATION_UNIT, ground.now))


def _by_twin_with_copied_key_id(ground: _Ground) -> x509.Certificate:
    """The certificate names the true authority's key but is signed by another: only its signature tells."""
    return ground.certificate(replace(ground.authorities.authentication, key=pki.make_key()))


def _by_other_authority(ground: _Ground) -> x509.Certificate:
    return ground.certificate(ground.authorities.signing)


def _with_wrong_usage(ground: _Ground) -> x509.Certificate:
    usages = (pki.DIGITAL_SIGNATURE, pki.NON_REPUDIATION)
    return ground.certificate(ground.authorities.authentication, usages=usages)


def _expired(ground: _Ground) -> x509.Certificate:
    return ground.certificate(ground.authorities.authentication, age=timedelta(days=365 * 6))


def _not_yet_valid(ground: _Ground) -> x509.Certificate:
    return ground.certificate(ground.authorities.authentication, age=timedelta(days=-2))


def _self_signed(ground: _Ground) -> x509.Certificate:
    return ground.certificate(
        pki.make_authority("SPECIMEN self-signed", ground.now, ground.material.authentication_key)
    )


_FORGERS: dict[Forgery, Callable[[_Ground], x509.Certificate]] = {
    Forgery.TWIN_AUTHORITY: _by_twin,
    Forgery.TWIN_AUTHORITY_COPIED_KEY_ID: _by_twin_with_copied_key_id,
    Forgery.OTHER_AUTHORITY: _by_other_authority,
    Forgery.WRONG_KEY_USAGE: _with_wrong_usage,
    Forgery.EXPIRED: _expired,
    Forgery.NOT_YET_VALID: _not_yet_valid,
    Forgery.SELF_SIGNED: _self_signed,
}
