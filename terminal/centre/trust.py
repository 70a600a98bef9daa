"""Whom the terminal believes: ``trust/municipalities.json``, the public keys of the municipalities that sign bundles.

A JWK set (RFC 7517 section 5): for each municipality a signing key (ES256, verifies bundles) and an encryption key (ECDH-ES,
seals findings), each with ``kid``, ``municipality_code`` and its validity. A mistake anywhere refuses the whole file: a
terminal with half its trust would turn people away one by one.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from joserfc.jwk import ECKey
from pydantic import AwareDatetime, Field, ValidationError, model_validator

from printer_templates.records import Model
from terminal.centre.errors import CentreErrorCode, TrustError
from terminal.centre.messages import MunicipalityCode, PublicJwk
from terminal.centre.session_key import ec_key
from terminal.files import open_named

FILE_NAME = "municipalities.json"
_FILE_BYTES_MAX = 4_000_000

KeyUse = Literal["sig", "enc"]
_ALGORITHMS: dict[KeyUse, str] = {"sig": "ES256", "enc": "ECDH-ES"}


class MunicipalityJwk(PublicJwk):
    """One key of the file. Members beyond RFC 7517: whose key it is and from when until when it is to be believed."""

    kid: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
    use: KeyUse
    alg: Literal["ES256", "ECDH-ES"]
    municipality_code: MunicipalityCode
    valid_from: AwareDatetime
    valid_until: AwareDatetime

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.alg != _ALGORITHMS[self.use]:
            raise ValueError(f"use {self.use!r} goes with alg {_ALGORITHMS[self.use]!r}, not {self.alg!r}")
        if self.valid_from >= self.valid_until:
            raise ValueError("valid_from must lie before valid_until")
        ec_key(self)
        return self


def check_each_once(kids: Iterable[str]) -> None:
    """Raise ``ValueError`` that names every key id that stands more than once in a set."""
    twice = sorted(kid for kid, count in Counter(kids).items() if count > 1)
    if twice:
        raise ValueError(f"each kid must stand once, these stand more often: {', '.join(twice)}")


class MunicipalityJwkSet(Model):
    """The whole file."""

    keys: Annotated[tuple[MunicipalityJwk, ...], Field(min_length=1, max_length=10_000)]

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        check_each_once(key.kid for key in self.keys)
        return self


@dataclass(frozen=True, slots=True, repr=False)
class MunicipalityKey:
    """A municipality's public key, ready for use."""

    kid: str
    municipality_code: str
    key: ECKey = field(compare=False)
    valid_from: datetime
    valid_until: datetime

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether the key is to be believed at the aware ``moment`` (from inclusive, until exclusive)."""
        return self.valid_from <= moment < self.valid_until

    def __repr__(self) -> str:
        return f"MunicipalityKey({self.kid})"


class MunicipalityKeys:
    """The keys by what they are for; a signing key is never given out as an encryption key nor the other way round."""

    def __init__(self, jwks: Iterable[MunicipalityJwk]) -> None:
        self._signing: dict[str, MunicipalityKey] = {}
        self._encryption: dict[str, list[MunicipalityKey]] = {}
        for jwk in jwks:
            key = _ready(jwk)
            if jwk.use == "sig":
                self._signing[jwk.kid] = key
            else:
                self._encryption.setdefault(jwk.municipality_code, []).append(key)

    @classmethod
    def load(cls, path: Path) -> "MunicipalityKeys":
        """Read the file; raise ``TrustError`` (``CENTRE_TRUST_UNREADABLE``, ``CENTRE_TRUST_MALFORMED``)."""
        return cls.parse(read_trust(path, "the municipalities' keys", _FILE_BYTES_MAX))

    @classmethod
    def parse(cls, content: bytes) -> "MunicipalityKeys":
        """Read the JWK set; raise ``TrustError`` (``CENTRE_TRUST_MALFORMED``) that names every member that is wrong."""
        if len(content) > _FILE_BYTES_MAX:
            raise _malformed(f"more than {_FILE_BYTES_MAX} bytes")
        try:
            return cls(MunicipalityJwkSet.model_validate_json(content).keys)
        except ValidationError as error:
            raise _malformed(_summary(error)) from None

    def signing(self, kid: str) -> MunicipalityKey | None:
        """The signing key named ``kid``, or None."""
        return self._signing.get(kid)

    def encryption(self, municipality_code: str, at: datetime) -> MunicipalityKey:
        """A municipality's encryption key valid ``at`` the moment; raise ``TrustError`` (``CENTRE_TRUST_NO_KEY``)."""
        for key in self._encryption.get(municipality_code, ()):
            if key.is_valid_at(at):
                return key
        raise TrustError(
            CentreErrorCode.TRUST_NO_KEY,
            f"expected a valid encryption key of municipality {municipality_code}, found none; renew the trust directory",
        )


def read_trust(path: Path, what: str, bytes_max: int) -> bytes:
    """A file of the trust directory, at most one byte more than ``bytes_max``.

    :raises TrustError: ``CENTRE_TRUST_UNREADABLE``; ``what`` names the file's content.
    """
    try:
        with open_named(path) as file:
            return file.read(bytes_max + 1)
    except OSError as error:
        raise TrustError(
            CentreErrorCode.TRUST_UNREADABLE,
            f"expected {what} in {path}, reading failed ({error.strerror}); install the trust directory",
        ) from error


def _ready(jwk: MunicipalityJwk) -> MunicipalityKey:
    return MunicipalityKey(jwk.kid, jwk.municipality_code, ec_key(jwk), jwk.valid_from, jwk.valid_until)


def _summary(error: ValidationError) -> str:
    problems = [
        f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}" for item in error.errors(include_input=False)
    ]
    return "; ".join(problems[:5])


def _malformed(what: str) -> TrustError:
    return TrustError(
        CentreErrorCode.TRUST_MALFORMED,
        f"expected a JWK set of municipalities' keys, found: {what}; export the trust directory again",
    )
