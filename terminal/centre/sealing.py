"""Opening bundles and sealing findings: a municipality's JWS inside a JWE to the session's key.

Only ECDH-ES + A256GCM (RFC 7518 sections 4.6 and 5.3) and ES256 (section 3.4) exist here; any other algorithm, header member or
size is refused before a key is touched. Whether the bundle is *this* request's is gate A's question (terminal.verification).
"""

import string
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwe, jws
from joserfc.jwk import ECKey
from joserfc.util import json_b64decode
from pydantic import ValidationError

from terminal.centre.errors import BundleError, CentreError, CentreErrorCode
from terminal.centre.messages import Bundle
from terminal.centre.session_key import SessionKey
from terminal.centre.trust import MunicipalityKey, MunicipalityKeys

BUNDLE_BYTES_MAX = 16_000_000
FINDING_BYTES_MAX = 11_000_000
JWE_ALGORITHM = "ECDH-ES"
JWE_ENCRYPTION = "A256GCM"
JWS_ALGORITHM = "ES256"
BUNDLE_TYPE = "honnin-bundle+jws"
FINDING_TYPE = "honnin-finding+jwe"

_HEADER_CHARS_MAX = 1024
_COMPACT_ALPHABET = (string.ascii_letters + string.digits + "_-.").encode()
_JWE_MEMBERS = frozenset({"alg", "enc", "epk", "cty"})
_JWS_MEMBERS = frozenset({"alg", "kid", "typ"})


@dataclass(frozen=True, slots=True, repr=False)
class OpenedBundle:
    """A bundle whose signature was verified, and the JWS itself as evidence. ``signer`` is the municipality's key."""

    bundle: Bundle
    jws: str
    signer: MunicipalityKey

    def __repr__(self) -> str:
        return f"OpenedBundle(signed by {self.signer.kid})"


def open_bundle(
    sealed: str, session_key: SessionKey, municipality_keys: MunicipalityKeys, *, now: datetime
) -> OpenedBundle:
    """Decrypt, verify, validate.

    :param sealed: the JWE in compact form, as ``IssuanceReply.bundle``
    :param now: aware moment at which the signing key must be valid
    :raises BundleError: ``CENTRE_BUNDLE_`` ``TOO_LARGE``, ``MALFORMED``, ``ALGORITHM``, ``NOT_FOR_SESSION`` (it cannot be
        decrypted), ``UNKNOWN_SIGNER`` (no valid municipality's key of that kid, or another municipality's) or ``BAD_SIGNATURE``
    """
    if len(sealed) > BUNDLE_BYTES_MAX:
        raise BundleError(
            CentreErrorCode.BUNDLE_TOO_LARGE,
            f"expected a bundle of at most {BUNDLE_BYTES_MAX} bytes, {len(sealed)} came; report it to the municipality",
        )
    signed = _decrypt(sealed, session_key.private_key())
    signer, payload = _verify(signed, municipality_keys, now)
    bundle = _validate(payload)
    if bundle.municipality_code != signer.municipality_code:
        raise _unknown_signer(f"the signer's municipality is {signer.municipality_code}, the bundle names another")
    return OpenedBundle(bundle, signed, signer)


def seal_finding(evidence: bytes, municipality_key: MunicipalityKey) -> str:
    """Encrypt the evidence of a wrong-person finding so that only the municipality can read it (JWE compact).

    :raises CentreError: ``CENTRE_FINDING_TOO_LARGE`` when ``evidence`` has more than ``FINDING_BYTES_MAX`` bytes.
    """
    if len(evidence) > FINDING_BYTES_MAX:
        raise CentreError(
            CentreErrorCode.FINDING_TOO_LARGE,
            f"expected evidence of at most {FINDING_BYTES_MAX} bytes, {len(evidence)} came; leave the page images out",
        )
    header = {"alg": JWE_ALGORITHM, "enc": JWE_ENCRYPTION, "kid": municipality_key.kid, "typ": FINDING_TYPE}
    return jwe.encrypt_compact(header, evidence, municipality_key.key, registry=jwe_registry())


def jwe_registry() -> jwe.JWERegistry:
    """joserfc's rules for the one encryption of this protocol."""
    registry = jwe.JWERegistry(algorithms=(JWE_ALGORITHM, JWE_ENCRYPTION))
    registry.max_ciphertext_length = BUNDLE_BYTES_MAX
    return registry


def jws_registry() -> jws.JWSRegistry:
    """joserfc's rules for the one signature of this protocol."""
    registry = jws.JWSRegistry(algorithms=(JWS_ALGORITHM,))
    registry.max_payload_length = BUNDLE_BYTES_MAX
    return registry


def _decrypt(sealed: str, key: ECKey) -> str:
    header = _header(sealed, segments=5, what="JWE")
    if set(header) != _JWE_MEMBERS or header["cty"] != "jose":
        raise _malformed(f"a JWE header with exactly {', '.join(sorted(_JWE_MEMBERS))} and cty 'jose'")
    if (header["alg"], header["enc"]) != (JWE_ALGORITHM, JWE_ENCRYPTION):
        raise _algorithm(f"{JWE_ALGORITHM} with {JWE_ENCRYPTION}")
    try:
        plaintext = jwe.decrypt_compact(sealed, key, registry=jwe_registry()).plaintext
    except Exception:
        # Whatever fails inside, the answer is one and the same: no hint to whoever probes, no text with data in it.
        raise BundleError(
            CentreErrorCode.BUNDLE_NOT_FOR_SESSION,
            "expected a bundle encrypted to this session's key, this one cannot be decrypted; cancel the request",
        ) from None
    try:
        return (plaintext or b"").decode("ascii")
    except UnicodeDecodeError:
        raise _malformed("a JWS inside the JWE") from None


def _verify(signed: str, municipality_keys: MunicipalityKeys, now: datetime) -> tuple[MunicipalityKey, bytes]:
    header = _header(signed, segments=3, what="JWS")
    if set(header) != _JWS_MEMBERS or header["typ"] != BUNDLE_TYPE or not isinstance(header["kid"], str):
        raise _malformed(f"a JWS header with exactly {', '.join(sorted(_JWS_MEMBERS))} and typ {BUNDLE_TYPE!r}")
    if header["alg"] != JWS_ALGORITHM:
        raise _algorithm(JWS_ALGORITHM)
    signer = municipality_keys.signing(header["kid"])
    if signer is None or not signer.is_valid_at(now):
        raise _unknown_signer("no valid municipality's key has the kid of the bundle")
    try:
        return signer, jws.deserialize_compact(signed, signer.key, registry=jws_registry()).payload
    except Exception:
        raise BundleError(
            CentreErrorCode.BUNDLE_BAD_SIGNATURE,
            f"expected a signature of {signer.kid} over the bundle, verification failed; cancel and report it",
        ) from None


def _header(compact: str, *, segments: int, what: str) -> dict[str, Any]:
    first, *rest = compact.split(".")
    shaped = len(rest) == segments - 1 and len(first) <= _HEADER_CHARS_MAX and _is_compact(compact)
    try:
        header = json_b64decode(first.encode("ascii")) if shaped else None
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise _malformed(
            f"a compact {what} of {segments} segments with a JSON header of at most {_HEADER_CHARS_MAX} characters"
        )
    return header


def _is_compact(text: str) -> bool:
    """Whether nothing but base64url and dots stands in ``text``, which may be megabytes long."""
    return text.isascii() and not text.encode("ascii").translate(None, _COMPACT_ALPHABET)


def _validate(payload: bytes) -> Bundle:
    try:
        return Bundle.model_validate_json(payload)
    except ValidationError as error:
        # A surplus member's name is the sender's text, not ours: it stays out.
        wrong = (item for item in error.errors(include_input=False) if item["type"] != "extra_forbidden")
        places = sorted({".".join(map(str, item["loc"])) or "bundle" for item in wrong} or {"surplus members"})
        raise _malformed(f"a bundle of version 1, these members were wrong: {', '.join(places[:8])[:300]};") from None


def _malformed(expected: str) -> BundleError:
    return BundleError(
        CentreErrorCode.BUNDLE_MALFORMED, f"expected {expected}, something else came; cancel the request and report it"
    )


def _algorithm(expected: str) -> BundleError:
    return BundleError(
        CentreErrorCode.BUNDLE_ALGORITHM,
        f"expected {expected}, another algorithm came; cancel the request and report it",
    )


def _unknown_signer(why: str) -> BundleError:
    return BundleError(
        CentreErrorCode.BUNDLE_UNKNOWN_SIGNER,
        f"expected a bundle signed by its municipality: {why}; renew the trust directory or report it",
    )
