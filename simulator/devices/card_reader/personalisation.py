"""Makes the card of a profile: keys and certificates once per home, secrets and counters kept beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator import pki
from simulator.devices.card_reader import certificates, common, jpki, surface, text
from simulator.devices.card_reader.card_system import CardSystemKeys, verifiable_certificate
from simulator.devices.card_reader.files import Application
from simulator.devices.card_reader.model import CONTACTLESS_ATR, Card
from simulator.devices.card_reader.person import CardHolder, digits_from
from simulator.devices.card_reader.profiles import CertificateState, Profile, profile
from simulator.devices.card_reader.secret_store import FileSecrets, MemorySecrets, Secret, SecretStore
from simulator.home import Home, write_private
from terminal.clock import SystemClock

_VALID_AGE = timedelta(days=200)
_EXPIRED_AGE = timedelta(days=365 * 6 + 180)
_VERIFICATION_NUMBER_TRIES = 10


@dataclass(frozen=True, slots=True, repr=False)
class CardMaterial:
    """What was made for one profile and lies in the home: keys, certificates and the moment of issue."""

    issued_at: datetime
    authentication_key: rsa.RSAPrivateKey
    authentication_certificate: x509.Certificate
    card_key: rsa.RSAPrivateKey
    signing_key: rsa.RSAPrivateKey | None
    signing_certificate: x509.Certificate | None


def load_card(
    home: Home,
    name: str,
    *,
    secrets: SecretStore | None = None,
    now: datetime | None = None,
    atr: bytes = CONTACTLESS_ATR,
) -> Card:
    """The card of profile ``name``; its counters live on in the home unless another ``secrets`` store is given.

    :raises ProfileError: there is no such profile.
    """
    chosen = profile(name)
    authorities = pki.load_or_create(home, now)
    material = load_material(home, chosen, authorities, now)
    initial = initial_secrets(chosen, holder_of(chosen, material))
    store = secrets or FileSecrets(home.root / "cards" / name / "secrets.json", initial)
    return assemble(chosen, material, authorities, store, atr)


def load_throwaway_card(home: Home, name: str, *, now: datetime | None = None, atr: bytes = CONTACTLESS_ATR) -> Card:
    """The same card with fresh counters that are forgotten with the object: for tests and virtual time."""
    chosen = profile(name)
    authorities = pki.load_or_create(home, now)
    material = load_material(home, chosen, authorities, now)
    secrets = MemorySecrets(initial_secrets(chosen, holder_of(chosen, material)))
    return assemble(chosen, material, authorities, secrets, atr)


def assemble(
    chosen: Profile,
    material: CardMaterial,
    authorities: pki.CardPki,
    secrets: SecretStore,
    atr: bytes = CONTACTLESS_ATR,
) -> Card:
    """A card of ``chosen``'s holder out of ``material``, which a test may have forged (``forgeries.py``)."""
    holder = holder_of(chosen, material)
    return Card(
        chosen.name,
        _applications(chosen, holder, material, authorities),
        secrets,
        atr=atr,
        data_objects=_data_objects(holder, atr, authorities),
        quirks=chosen.quirks,
    )


def load_material(home: Home, chosen: Profile, authorities: pki.CardPki, now: datetime | None = None) -> CardMaterial:
    """The profile's keys and certificates, made at the first call."""
    moment = SystemClock().wall() if now is None else now
    directory = home.publish(f"cards/{chosen.name}/material", lambda draft: _make(draft, chosen, authorities, moment))
    certificate = pki.load_certificate(directory / "authentication.pem")
    may_sign = (directory / "signing.pem").exists()
    return CardMaterial(
        issued_at=certificate.not_valid_before_utc,
        authentication_key=pki.load_key(directory / "authentication.key.pem"),
        authentication_certificate=certificate,
        card_key=pki.load_key(directory / "card.key.pem"),
        signing_key=pki.load_key(directory / "signing.key.pem") if may_sign else None,
        signing_certificate=pki.load_certificate(directory / "signing.pem") if may_sign else None,
    )


def holder_of(chosen: Profile, material: CardMaterial) -> CardHolder:
    """The holder with the dates of this card."""
    return _holder(chosen, material.issued_at)


def initial_secrets(chosen: Profile, holder: CardHolder) -> dict[str, Secret]:
    """Every secret of a new card with its tries. Reference jpki-card.md section 3.5."""
    return {
        jpki.AUTHENTICATION_PIN: Secret.fresh(chosen.pin, 3, chosen.tries.authentication),
        jpki.SIGNING_PASSWORD: Secret.fresh(chosen.signing_password, 5, chosen.tries.signing),
        text.PIN: Secret.fresh(chosen.text_pin, 3, chosen.tries.text),
        text.VERIFICATION_NUMBER_A: Secret.fresh(holder.resident.my_number, _VERIFICATION_NUMBER_TRIES),
        text.VERIFICATION_NUMBER_B: Secret.fresh(holder.verification_number_b, _VERIFICATION_NUMBER_TRIES),
        text.BLOCKED_REFERENCE: Secret("", 0, 0),
        surface.BIRTH_DATE_KEY: Secret.fresh(holder.birth_number, _VERIFICATION_NUMBER_TRIES),
        surface.VERIFICATION_NUMBER_A: Secret.fresh(holder.resident.my_number, _VERIFICATION_NUMBER_TRIES),
        surface.VERIFICATION_NUMBER_B: Secret.fresh(holder.verification_number_b, _VERIFICATION_NUMBER_TRIES),
        common.COMMON_PIN: Secret.fresh(chosen.pin, 3),
        common.REGISTER_PIN: Secret.fresh(chosen.pin, 3),
    }


def _holder(chosen: Profile, issued_at: datetime) -> CardHolder:
    return CardHolder(chosen.resident, issued_at, digits_from(f"security code {chosen.name}", 4))


def _make(draft: Path, chosen: Profile, authorities: pki.CardPki, now: datetime) -> None:
    age = _EXPIRED_AGE if chosen.state is CertificateState.EXPIRED else _VALID_AGE
    holder = _holder(chosen, (now - age).replace(hour=10, minute=0, second=0, microsecond=0))
    pki.store_key(draft / "card.key.pem", pki.make_key())
    key = pki.make_key()
    pki.store_key(draft / "authentication.key.pem", key)
    certificate = certificates.authentication_certificate(
        authorities.authentication, holder, key.public_key(), chosen.authentication_serial
    )
    _store_certificate(draft / "authentication.pem", certificate)
    if not holder.may_sign:
        return
    signing_key = pki.make_key()
    pki.store_key(draft / "signing.key.pem", signing_key)
    signing = certificates.signing_certificate(
        authorities.signing, holder, signing_key.public_key(), chosen.signing_serial
    )
    _store_certificate(draft / "signing.pem", signing)


def _applications(
    chosen: Profile, holder: CardHolder, material: CardMaterial, authorities: pki.CardPki
) -> list[Application]:
    contents = jpki.JpkiContents(
        authentication_certificate=_der(material.authentication_certificate),
        authentication_key=material.authentication_key,
        authentication_ca=authorities.authentication.der,
        signing_ca=authorities.signing.der,
        token_serial=digits_from(f"token serial {chosen.name}", 10),
        signing_certificate=_der(material.signing_certificate) if material.signing_certificate else None,
        signing_key=material.signing_key,
        token_label=jpki.ANDROID_LABEL if chosen.android else jpki.CARD_LABEL,
        certificate_needs_pin=chosen.android,
        certificate_file_bytes=chosen.certificate_file_bytes,
    )
    if chosen.android:
        return [jpki.build(contents)]
    keys = CardSystemKeys(authorities.card_root, authorities.card_document, material.card_key)
    return [
        jpki.build(contents),
        text.build(holder, keys),
        surface.build(holder, keys),
        common.build_common(holder),
        common.build_register(),
    ]


def _data_objects(holder: CardHolder, atr: bytes, authorities: pki.CardPki) -> Mapping[int, bytes]:
    """What GET DATA hands out before an application is chosen; the unpublished ones only say SPECIMEN. Reference 2.3."""
    unpublished = dict.fromkeys((0x0042, 0x0045, 0x0066, 0x00F7, 0x00F8), b"SPECIMEN")
    return {
        **unpublished,
        0x00F0: holder.resident.municipality_code.encode("ascii"),
        0x00F2: f"{holder.card_expires_on:%Y%m%d}".encode("ascii"),
        0x7F21: verifiable_certificate(authorities.card_document.public_key(), authorities.card_root),
        0x5F51: atr[1:],
    }


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _store_certificate(path: Path, certificate: x509.Certificate) -> None:
    write_private(path, certificate.public_bytes(serialization.Encoding.PEM))
