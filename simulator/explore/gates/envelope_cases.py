"""Wrong envelopes: bundles that strayed, that nobody or somebody else signed, in another cipher, damaged; before gate A."""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from joserfc import jwe, jws
from joserfc.jwk import ECKey
from joserfc.util import json_b64encode, urlsafe_b64encode

from simulator.explore.gates.judging import Due, Judged, store
from simulator.explore.gates.serving import NOW, SEAL_WISH, serve
from terminal.centre.errors import BundleError
from terminal.centre.messages import Bundle, CardIdentity
from terminal.centre.sealing import BUNDLE_BYTES_MAX, BUNDLE_TYPE, jwe_registry, jws_registry
from terminal.centre.session_key import SessionKey, public_jwk
from terminal.centre.trust import MunicipalityJwk, MunicipalityKeys

_HOME: Final = "99101"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """A sealed bundle as it comes from the centre, for the session of ``keys()``."""

    name: str
    sealed: str
    due: Due
    now: datetime = NOW
    promise: str = "P1"


@dataclass(frozen=True, slots=True, repr=False)
class _Keys:
    session: SessionKey
    stranger: SessionKey
    signing: ECKey
    sealing: ECKey
    neighbour: ECKey
    trust: MunicipalityKeys


@cache
def keys() -> _Keys:
    """The session's key, and those of the municipality and its neighbour. New in each run: nothing depends on their values."""
    made = {name: _key(name) for name in (f"{_HOME}-sig", f"{_HOME}-enc", "99102-sig")}
    jwks = [_jwk(kid, key) for kid, key in made.items()]
    signing, sealing, neighbour = made.values()
    return _Keys(SessionKey(), SessionKey(), signing, sealing, neighbour, MunicipalityKeys(jwks))


def _key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})


def _jwk(kid: str, key: ECKey) -> MunicipalityJwk:
    public = public_jwk(key.public_key)
    code, _, use = kid.partition("-")
    algorithm = "ES256" if use == "sig" else "ECDH-ES"
    return MunicipalityJwk.model_validate(
        {
            **public.model_dump(), "kid": kid, "use": use, "alg": algorithm, "municipality_code": code,
            "valid_from": NOW - _DAY, "valid_until": NOW + _DAY,
        }
    )  # fmt: skip


def judge_envelope(case: Envelope) -> Judged:
    """Open it as a store does."""
    own = keys()
    try:
        store().open_bundle(case.sealed, own.session, own.trust, now=case.now)
    except BundleError:
        return Judged(Due.REFUSE, ())
    return Judged(Due.PASS, ())


def envelope_cases() -> Iterator[Envelope]:
    """The right one first."""
    own, payload = keys(), _payload()
    right = _signed(payload)
    yield Envelope("envelope: right", _sealed(right), Due.PASS)
    yield from _refused("for another session's key", _sealed(right, key=own.stranger))
    yield from _refused("signed with a key that nobody knows", _sealed(_signed(payload, kid="SPECIMEN-stranger")))
    yield from _refused(
        "another's signature under the municipality's name", _sealed(_signed(payload, key=own.neighbour))
    )
    yield from _refused("changed after it was signed", _sealed(_altered(right)))
    yield from _refused("signed by the neighbour", _sealed(_signed(payload, key=own.neighbour, kid="99102-sig")))
    yield from _refused(
        "signed with the key that seals", _sealed(_signed(payload, key=own.sealing, kid=f"{_HOME}-enc"))
    )
    for words, now in (("before the key is valid", NOW - 2 * _DAY), ("after the key was valid", NOW + 2 * _DAY)):
        yield Envelope(f"envelope: signed {words}", _sealed(right), Due.REFUSE, now)
    yield from _refused("signed by nobody", _sealed(_unsigned()))
    yield from _refused("signed with the public key as a secret", _sealed(_with_public_key_as_secret()))
    yield from _headers(payload, right)
    yield from _junk(right)


def _refused(name: str, sealed: str) -> Iterator[Envelope]:
    yield Envelope(f"envelope: {name}", sealed, Due.REFUSE)


def _headers(payload: bytes, right: str) -> Iterator[Envelope]:
    for name, changes in (
        ("of another type", {"typ": "JWT"}),
        ("that brings its own key", {"jku": "https://example.invalid"}),
    ):
        yield from _refused(f"a signature {name}", _sealed(_signed_with(payload, changes)))
    yield from _refused("a signature whose key has a number", _sealed(_with_header(right, kid=7)))
    yield from _refused(
        "a signature whose key has two names", _sealed(_with_header(right, kid=[f"{_HOME}-sig", "other"]))
    )
    yield from _refused("a signature whose header is a list", _sealed(_with_first(right, ["alg"])))
    for name, changes in (
        ("with another key's wrapping", {"alg": "ECDH-ES+A256KW"}),
        ("with another cipher", {"enc": "A128GCM"}),
        ("with something else inside", {"cty": "json"}),
        ("that names a key", {"kid": "SPECIMEN"}),
    ):
        yield from _refused(f"an envelope {name}", _sealed_with(right, changes))


def _junk(right: str) -> Iterator[Envelope]:
    yield from _refused("no bundle but words", _sealed(_signed(b'{"version": 1}')))
    yield from _refused("not even an envelope", right)
    yield from _refused("garbage", "garbage")
    yield from _refused("too large to look at", _sealed(right) + "A" * BUNDLE_BYTES_MAX)


def _payload() -> bytes:
    """The bundle of a seal certificate as the centre sends it."""
    bundle = serve("adult", SEAL_WISH).bundle
    card = CardIdentity.model_construct(issuer_key_id=b"specimen-ca-key-id", serial=bundle.card.serial)
    payload = bundle.model_copy(update={"card": card}).model_dump_json().encode()
    Bundle.model_validate_json(payload)
    return payload


def _signed(payload: bytes, *, key: ECKey | None = None, kid: str = f"{_HOME}-sig") -> str:
    return _signed_with(payload, {"kid": kid}, key)


def _signed_with(payload: bytes, changes: Mapping[str, str], key: ECKey | None = None) -> str:
    header = {"alg": "ES256", "kid": f"{_HOME}-sig", "typ": BUNDLE_TYPE, **changes}
    return jws.serialize_compact(header, payload, key or keys().signing, registry=_lax(jws_registry()))


def _sealed(signed: str, *, key: SessionKey | None = None) -> str:
    return _sealed_with(signed, {}, key)


def _sealed_with(signed: str, changes: Mapping[str, str], key: SessionKey | None = None) -> str:
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": "jose", **changes}
    registry = jwe.JWERegistry(algorithms=["ECDH-ES", "ECDH-ES+A256KW", "A256GCM", "A128GCM"])
    registry.max_ciphertext_length = jwe_registry().max_ciphertext_length
    public = ECKey.import_key((key or keys().session).private_key().public_key)
    return jwe.encrypt_compact(header, signed, public, registry=_lax(registry))


def _lax(registry: Any) -> Any:
    registry.strict_check_header = False
    return registry


def _altered(signed: str) -> str:
    header, payload, signature = signed.split(".")
    return f"{header}.{_other(payload)}.{signature}"


def _other(encoded: str) -> str:
    return encoded[:-8] + ("A" if encoded[-8] != "A" else "B") + encoded[-7:]


def _unsigned() -> str:
    return f"{_encoded({'alg': 'none', 'kid': f'{_HOME}-sig', 'typ': BUNDLE_TYPE})}.{_text(_payload())}."


def _with_public_key_as_secret() -> str:
    said = f"{_encoded({'alg': 'HS256', 'kid': f'{_HOME}-sig', 'typ': BUNDLE_TYPE})}.{_text(_payload())}"
    signature = hmac.digest(keys().signing.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{_text(signature)}"


def _with_header(signed: str, **changes: object) -> str:
    return _with_first(signed, {"alg": "ES256", "typ": BUNDLE_TYPE, **changes})


def _with_first(signed: str, first: object) -> str:
    return ".".join((_text(json.dumps(first).encode()), *signed.split(".")[1:]))


def _encoded(header: Mapping[str, Any]) -> str:
    return json_b64encode(dict(header)).decode()


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode()
