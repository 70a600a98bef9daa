"""Putting a statement into its envelope: signed by the municipality, encrypted to the session's key."""

from joserfc import jwe, jws
from joserfc.jwk import ECKey

from terminal.centre.messages import Bundle, PublicJwk
from terminal.centre.sealing import (
    BUNDLE_TYPE,
    JWE_ALGORITHM,
    JWE_ENCRYPTION,
    JWS_ALGORITHM,
    jwe_registry,
    jws_registry,
)
from terminal.centre.session_key import ec_key


def sign(bundle: Bundle, key: ECKey) -> str:
    """The bundle as JWS (compact, ES256); the key's ``kid`` goes into the header."""
    header = {"alg": JWS_ALGORITHM, "kid": key.kid, "typ": BUNDLE_TYPE}
    return jws.serialize_compact(header, bundle.model_dump_json().encode(), key, registry=jws_registry())


def seal(signed: str, session_key: PublicJwk) -> str:
    """A JWS as JWE (compact, ECDH-ES, A256GCM) that only the session's private key opens."""
    header = {"alg": JWE_ALGORITHM, "enc": JWE_ENCRYPTION, "cty": "jose"}
    return jwe.encrypt_compact(header, signed, ec_key(session_key), registry=jwe_registry())


def open_finding(sealed: str, key: ECKey) -> bytes:
    """What the municipality does with a finding; raise ``ValueError`` when it was not sealed to this key."""
    try:
        return jwe.decrypt_compact(sealed, key, registry=jwe_registry()).plaintext or b""
    except Exception:
        raise ValueError(
            "expected a finding sealed to this municipality, it cannot be opened; try the right key"
        ) from None
