"""Whose sheets are genuine: ``trust/sheet-keys.json``, the public keys that sign the 2D code of every page.

A JWK set of Ed25519 keys (RFC 8037); ``owner`` says in words whose key it is.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.util import urlsafe_b64decode
from pydantic import Field, ValidationError, model_validator

from printer_templates.records import Model
from terminal.centre.errors import CentreErrorCode, TrustError
from terminal.centre.trust import check_each_once, read_trust

FILE_NAME = "sheet-keys.json"
_FILE_BYTES_MAX = 20_000_000


class SheetJwk(Model):
    """One key of the file."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: Annotated[str, Field(min_length=43, max_length=43)]
    kid: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
    use: Literal["sig"]
    alg: Literal["EdDSA"]
    owner: Annotated[str, Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _decodes(self) -> Self:
        self.public_key()
        return self

    def public_key(self) -> Ed25519PublicKey:
        """The key itself; raise ``ValueError`` when ``x`` is no key."""
        return Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(self.x.encode()))


class _SheetJwkSet(Model):
    keys: Annotated[tuple[SheetJwk, ...], Field(min_length=1, max_length=100_000)]

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        check_each_once(key.kid for key in self.keys)
        return self


@dataclass(frozen=True, slots=True)
class SheetVerifier:
    """One public key and whose it is."""

    key_id: str
    owner: str
    key: Ed25519PublicKey = field(compare=False, repr=False)

    def is_genuine(self, payload: bytes, signature: bytes) -> bool:
        """Whether ``signature`` (64 bytes) over ``payload`` was made with this key."""
        try:
            self.key.verify(signature, payload)
        except InvalidSignature:
            return False
        return True


def load_sheet_keys(path: Path) -> dict[str, SheetVerifier]:
    """The keys by key id; raise ``TrustError`` (``CENTRE_TRUST_UNREADABLE``, ``CENTRE_TRUST_MALFORMED``)."""
    content = read_trust(path, "the keys of sheets", _FILE_BYTES_MAX)
    try:
        keys = _SheetJwkSet.model_validate_json(content).keys if len(content) <= _FILE_BYTES_MAX else None
    except ValidationError:
        keys = None
    if keys is None:
        raise TrustError(
            CentreErrorCode.TRUST_MALFORMED,
            f"expected a JWK set of Ed25519 keys, each with kid and owner, in {path}; export the trust directory again",
        )
    return {key.kid: SheetVerifier(key.kid, key.owner, key.public_key()) for key in keys}
