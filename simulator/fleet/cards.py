"""Cards of a fleet's residents: a certificate and serial of each person's own over a key pair of the pool, made when first laid.

Such a card holds what a terminal asks of it: the JPKI application with the authentication certificate, and the text application.
It has no signing certificate, no surface application and no common ones, which no certificate terminal opens.
"""

from cryptography.hazmat.primitives.serialization import Encoding

from simulator.devices.card_reader import jpki, text
from simulator.devices.card_reader.card_system import CardSystemKeys
from simulator.devices.card_reader.certificates import authentication_certificate
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.person import CardHolder, digits_from
from simulator.devices.card_reader.secret_store import MemorySecrets, Secret
from simulator.fleet.ground import Ground, issued_at
from simulator.people.residents import Resident
from terminal.centre.messages import CardIdentity

PIN = "1234"
_NUMBER_TRIES = 10


class CardMaker:
    """The cards of one unit's people, by their keys in the register; ``serials`` says whose each is."""

    def __init__(self, ground: Ground, residents: dict[str, Resident], municipality_code: str) -> None:
        self.municipality_code = municipality_code
        self._ground = ground
        self._residents = residents
        self._serials = {key: 0x10000000 + place for place, key in enumerate(residents)}

    def identity(self, key: str) -> CardIdentity:
        """What the registers know of the card of ``key``."""
        issuer = self._ground.cards.authentication.key_id
        return CardIdentity.model_construct(issuer_key_id=issuer, serial=self._serials[key])

    def card(self, key: str) -> Card:
        """The card with all its tries left."""
        resident, ground = self._residents[key], self._ground
        holder = CardHolder(resident, issued_at(), digits_from(f"security code {key}", 4))
        serial = self._serials[key]
        pair = ground.pool[serial % len(ground.pool)]
        certificate = authentication_certificate(ground.cards.authentication, holder, pair.public_key(), serial)
        contents = jpki.JpkiContents(
            authentication_certificate=certificate.public_bytes(Encoding.DER),
            authentication_key=pair,
            authentication_ca=ground.cards.authentication.der,
            signing_ca=ground.cards.signing.der,
            token_serial=digits_from(f"token serial {key}", 10),
        )
        keys = CardSystemKeys(ground.cards.card_root, ground.cards.card_document, pair)
        secrets = {
            jpki.AUTHENTICATION_PIN: Secret.fresh(PIN, 3),
            jpki.SIGNING_PASSWORD: Secret("", 0, 0),
            text.PIN: Secret.fresh(PIN, 3),
            text.VERIFICATION_NUMBER_A: Secret.fresh(resident.my_number, _NUMBER_TRIES),
            text.VERIFICATION_NUMBER_B: Secret.fresh(holder.verification_number_b, _NUMBER_TRIES),
            text.BLOCKED_REFERENCE: Secret("", 0, 0),
        }
        return Card(key, [jpki.build(contents), text.build(holder, keys)], MemorySecrets(secrets))
