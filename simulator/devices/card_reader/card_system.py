"""Keys and card-verifiable certificates of the card system, which the text and surface applications share.

Source: reference jpki-card.md section 3.2 (EF 0004).
"""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulator.devices.card_reader.files import filled
from simulator.devices.card_reader.tlv import tlv

FILLER = 0xFF


@dataclass(frozen=True, slots=True, repr=False)
class CardSystemKeys:
    """The keys of the card system: ``root`` certifies ``document``, which signs what cards hold; ``card`` is the card's own."""

    root: rsa.RSAPrivateKey
    document: rsa.RSAPrivateKey
    card: rsa.RSAPrivateKey


def verifiable_certificate(subject: rsa.RSAPublicKey, issuer: rsa.RSAPrivateKey) -> bytes:
    """EF 0004: a card-verifiable certificate ``7F21`` (body ``5F4E``, signature ``5F37``)."""
    numbers = subject.public_numbers()
    body = b"".join(
        (
            key_identifier(issuer.public_key()),
            key_identifier(subject),
            tlv(0x90, numbers.e.to_bytes(3, "big")),
            tlv(0x91, numbers.n.to_bytes(256, "big"), 3),
        )
    )
    signature = issuer.sign(body, padding.PKCS1v15(), hashes.SHA256())
    return tlv(0x7F21, tlv(0x5F4E, body, 3) + tlv(0x5F37, signature, 3), 3)


def key_identifier(key: rsa.RSAPublicKey) -> bytes:
    """16 bytes that name a key of the card system: the head of the SHA-256 of its SubjectPublicKeyInfo."""
    information = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(information).digest()[:16]


def padded(content: bytes) -> bytes:
    """``content`` in a physical file that is a little longer, the rest filler."""
    return filled(content, (len(content) + 31) // 16 * 16, FILLER)
