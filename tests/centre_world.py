"""A centre with the invented residents, and customers whose cards sign as real ones do: for tests of the protocol."""

import atexit
import functools
import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from printer_templates.records import CertificateKind, Item, Scope
from simulator import pki as card_pki
from simulator.centre.assembly import AssembledCentre, assemble
from simulator.centre.inprocess import InProcessCentre
from simulator.centre.issuing.events import Listener, nobody_listens
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.registers import IN_MEMORY
from simulator.devices.card_reader.certificates import authentication_certificate
from simulator.devices.card_reader.person import CardHolder
from simulator.devices.card_reader.profiles import profile
from simulator.home import Home
from terminal.centre.api import Centre
from terminal.centre.messages import Challenge, Choice, IssuanceReply, SessionOpened, SessionRequest
from terminal.centre.sealing import OpenedBundle, open_bundle
from terminal.centre.session_key import SessionKey
from terminal.centre.transcript import transcript
from terminal.centre.trust import MunicipalityKeys
from terminal.clock import JST, ManualClock

NOW = datetime(2026, 4, 1, 10, 0, tzinfo=JST)
TERMINAL = "SPECIMEN-0001"
SELF_SEAL = Choice(kind=CertificateKind.SEAL_CERTIFICATE, scope=Scope.SELF, copies=1)
HOUSEHOLD = Choice(
    kind=CertificateKind.RESIDENCE_CERTIFICATE,
    scope=Scope.HOUSEHOLD,
    items=frozenset({Item.RELATIONSHIP, Item.REGISTERED_DOMICILE}),
    copies=1,
)


@functools.cache
def card_key() -> rsa.RSAPrivateKey:
    """One key for every card of the tests: making RSA keys is slow, and the serial tells the cards apart."""
    return card_pki.make_key()


@dataclass(frozen=True, slots=True)
class CardInHand:
    """A card that can sign: its certificate (DER) and key."""

    certificate_der: bytes
    key: rsa.RSAPrivateKey

    def sign(self, message: bytes) -> bytes:
        """As the card's authentication key signs."""
        return self.key.sign(message, padding.PKCS1v15(), SHA256())


def card_of(
    home: Home,
    name: str,
    *,
    now: datetime = NOW,
    authority: card_pki.Authority | None = None,
    usages: tuple[str, ...] = (card_pki.DIGITAL_SIGNATURE,),
) -> CardInHand:
    """The card of profile ``name``, issued a good while ago; by another authority or for another use if a test says so."""
    chosen = profile(name)
    issuer = card_pki.load_or_create(home, now).authentication if authority is None else authority
    holder = CardHolder(chosen.resident, now - timedelta(days=100), "000000")
    certificate = authentication_certificate(
        issuer, holder, card_key().public_key(), chosen.authentication_serial, usages
    )
    return CardInHand(certificate.public_bytes(Encoding.DER), card_key())


def fresh_request_id() -> str:
    """A request id as a terminal draws it."""
    return secrets.token_hex(16)


def session_request(centre: Centre, card: CardInHand, key: SessionKey, terminal_id: str = TERMINAL) -> SessionRequest:
    """Fetch a challenge and let the card sign the transcript."""
    challenge = centre.challenge()
    assert isinstance(challenge, Challenge), challenge
    message = transcript(
        terminal_id=terminal_id,
        challenge=challenge.challenge,
        session_public_key_der=key.public_der,
        certificate_sha256=hashlib.sha256(card.certificate_der).digest(),
    )
    return SessionRequest.model_construct(
        terminal_id=terminal_id,
        challenge_id=challenge.challenge_id,
        certificate_der=card.certificate_der,
        session_key=key.jwk,
        signature=card.sign(message),
    )


@dataclass(slots=True)
class Customer:
    """A customer with an open session at a centre."""

    centre: Centre
    key: SessionKey
    session: SessionOpened
    trust: MunicipalityKeys
    now: datetime = NOW

    def buy(self, choice: Choice, request_id: str | None = None) -> OpenedBundle:
        """Ask for a bundle, which must come, and open it."""
        reply = self.centre.issue(request_id or fresh_request_id(), self.session.session_id, choice)
        assert isinstance(reply, IssuanceReply), reply
        return self.open(reply)

    def open(self, reply: IssuanceReply) -> OpenedBundle:
        """Open a bundle with this session's key; raise ``BundleError``."""
        return open_bundle(reply.bundle, self.key, self.trust, now=self.now)


def customer(centre: Centre, home: Home, name: str, now: datetime = NOW) -> Customer:
    """The customer with card ``name``, session open."""
    key = SessionKey()
    opened = centre.open_session(session_request(centre, card_of(home, name, now=now), key))
    assert isinstance(opened, SessionOpened), opened
    trust = MunicipalityKeys.load(home.trust / "municipalities.json")
    return Customer(centre, key, opened, trust, now)


@dataclass(slots=True)
class World:
    """A home, a clock that stands still, and a centre in process."""

    home: Home
    clock: ManualClock
    assembled: AssembledCentre
    centre: InProcessCentre

    def customer(self, name: str) -> Customer:
        """The customer with card ``name``, session open."""
        return customer(self.centre, self.home, name, self.clock.wall())

    def at(self, terminal_id: str) -> InProcessCentre:
        """The same centre as another terminal sees it."""
        return InProcessCentre(self.assembled.model, terminal_id)


@functools.cache
def shared_home() -> Home:
    """One home for the tests of a process: making its authorities takes a while, and nothing in it changes."""
    directory = tempfile.mkdtemp(prefix="honnin-centre-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    home = Home(Path(directory))
    card_pki.load_or_create(home, NOW)
    return home


def make_world(
    now: datetime = NOW,
    *,
    database: str = IN_MEMORY,
    setups: Mapping[str, ServerSetup] | None = None,
    listener: Listener = nobody_listens,
) -> World:
    """A world of its own: registers in memory, a clock that stands at ``now``, healthy servers but for ``setups``."""
    home, clock = shared_home(), ManualClock(now)
    assembled = assemble(home, database, clock, setups=setups, listener=listener)
    return World(home, clock, assembled, InProcessCentre(assembled.model, TERMINAL))
