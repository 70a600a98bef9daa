"""How a card's key signs: chosen by the public key in its certificate, never assumed.

Today's cards hold RSA-2048 and sign PKCS #1 v1.5 over SHA-256; the coming card will hold another key (reference jpki-card.md
section 4.5), which then is one more ``SignatureScheme`` here and no change elsewhere.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256

from terminal.devices.card_reader.api import CardError, CardErrorCode

RSA_BITS: Final = 2048
RSA_BYTES: Final = RSA_BITS // 8
RSA_EXPONENT: Final = 65537

_SHA256_PREFIX: Final = bytes.fromhex("3031300D060960864801650304020105000420")


def sha256_digest_info(digest: bytes) -> bytes:
    """The 51-byte DigestInfo of a 32-byte SHA-256 digest (RFC 8017 section 9.2 note 1); raise ``ValueError`` on other lengths."""
    if len(digest) != 32:
        raise ValueError(f"a SHA-256 digest has 32 bytes, not {len(digest)}")
    return _SHA256_PREFIX + digest


class SignatureScheme(Protocol):
    """What a kind of key needs from the card and promises to whoever checks."""

    @property
    def name(self) -> str:
        """The JOSE name of the algorithm (RFC 7518 section 3.1)."""
        ...

    def card_input(self, message: bytes) -> bytes:
        """The bytes that the card's signature command takes for ``message``."""
        ...

    def is_genuine(self, signature: bytes, message: bytes) -> bool:
        """True when ``signature`` over ``message`` was made by the key of the certificate."""
        ...


@dataclass(frozen=True, slots=True)
class RsaPkcs1Sha256:
    """RSA-2048, e = 65537, PKCS #1 v1.5, SHA-256: what the authentication key does (reference sections 2.3 and 4.2)."""

    public_key: rsa.RSAPublicKey
    name: str = "RS256"

    def card_input(self, message: bytes) -> bytes:
        """The DigestInfo of ``message``; the card pads and exponentiates."""
        return sha256_digest_info(hashlib.sha256(message).digest())

    def is_genuine(self, signature: bytes, message: bytes) -> bool:
        """Check the 256-byte signature."""
        try:
            self.public_key.verify(signature, message, padding.PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


Scheme: TypeAlias = RsaPkcs1Sha256


def scheme_for(key: CertificatePublicKeyTypes) -> Scheme:
    """The scheme of a certificate's public key; raise ``CardError`` (``CARD_CERT_ALGORITHM``) for a key no card has today."""
    if not isinstance(key, rsa.RSAPublicKey):
        raise _unsupported(type(key).__name__.lstrip("_"))
    if key.key_size != RSA_BITS or key.public_numbers().e != RSA_EXPONENT:
        raise _unsupported(f"RSA-{key.key_size} with exponent {key.public_numbers().e}")
    return RsaPkcs1Sha256(key)


def _unsupported(what: str) -> CardError:
    return CardError(
        CardErrorCode.CERT_ALGORITHM,
        f"expected an RSA-{RSA_BITS} key with exponent {RSA_EXPONENT} in the card's certificate, {what} came; "
        "send the customer to the counter",
    )
