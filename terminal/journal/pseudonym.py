"""Keyed pseudonyms: people appear in the journal only so, and the key leaves with the customer's process.

HMAC-SHA256 (RFC 2104) under a random key of 256 bits, cut to 128 bits. Within one customer the same card has the same
pseudonym; across customers nothing can be linked, not even by the machine that wrote it, because no key is kept.
"""

import hashlib
import hmac
import secrets
from typing import NoReturn

_LENGTH_BYTES = 16


class PseudonymKey:
    """The key of one customer: made at the customer's start, in the customer's process, never written or sent."""

    __slots__ = ("_key",)

    def __init__(self) -> None:
        self._key = bytearray(secrets.token_bytes(32))

    def customer(self) -> str:
        """The pseudonym of the customer this key belongs to."""
        return self._keyed(b"customer", b"")

    def card(self, issuer_key_id: bytes, serial: int) -> str:
        """The pseudonym of a card: its person is (CA key identifier, serial), design section 3.1."""
        return self._keyed(b"card", issuer_key_id + b"|" + str(serial).encode())

    def request(self, request_id: str) -> str:
        """The pseudonym of a request to the centre, whose id is itself a secret while it lives."""
        return self._keyed(b"request", request_id.encode())

    def forget(self) -> None:
        """Overwrite the key; every later use raises ``ValueError``."""
        self._key[:] = bytes(len(self._key))
        self._key.clear()

    def _keyed(self, domain: bytes, subject: bytes) -> str:
        if not self._key:
            raise ValueError("the key of this customer is forgotten; a new customer needs a new PseudonymKey")
        mac = hmac.new(self._key, b"honnin/journal/" + domain + b"/1\0" + subject, hashlib.sha256)
        return mac.digest()[:_LENGTH_BYTES].hex()

    def __repr__(self) -> str:
        return "PseudonymKey(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PseudonymKey never leaves its process")
