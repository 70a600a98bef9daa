"""Whom each emulated card stands for: what the certificate centre's registers know of the cards of one home."""

from collections.abc import Iterator
from typing import NamedTuple

from simulator import pki
from simulator.devices.card_reader.profiles import PROFILES, CertificateState
from simulator.home import Home


class Registration(NamedTuple):
    """One card's authentication certificate: the person is (issuing CA's subject key identifier, serial)."""

    issuer_key_id: bytes
    serial: int
    resident_key: str
    state: CertificateState


def registrations(home: Home) -> Iterator[Registration]:
    """Every profile's registration; makes the home's authorities when they are missing, but no card keys."""
    issuer = pki.load_or_create(home).authentication.key_id
    for profile in PROFILES.values():
        yield Registration(issuer, profile.authentication_serial, profile.resident_key, profile.state)
