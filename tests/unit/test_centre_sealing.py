"""What may be wrong with a bundle on its way: each with its own code, and none gets as far as the gates."""

import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwe, jws
from joserfc.jwk import ECKey
from joserfc.util import json_b64decode, json_b64encode, urlsafe_b64encode

from simulator.centre import bundles
from terminal.centre.errors import BundleError, CentreError, CentreErrorCode, TrustError
from terminal.centre.messages import Bundle
from terminal.centre.sealing import (
    BUNDLE_BYTES_MAX,
    BUNDLE_TYPE,
    FINDING_BYTES_MAX,
    jwe_registry,
    jws_registry,
    open_bundle,
    seal_finding,
)
from terminal.centre.session_key import SessionKey
from tests.centre_world import NOW, SELF_SEAL, Customer, make_world

_WORLD = make_world()
_SIGNING = _WORLD.assembled.pki.municipal["99101"].signing
JWE_HEADER = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": "jose"}
JWS_HEADER = {"alg": "ES256", "kid": _SIGNING.kid, "typ": BUNDLE_TYPE}


@pytest.fixture
def customer() -> Customer:
    return _WORLD.customer("adult")


@pytest.fixture
def bundle(customer: Customer) -> Bundle:
    return customer.buy(SELF_SEAL).bundle


def sign(payload: bytes, header: dict[str, Any] | None = None, key: ECKey = _SIGNING) -> str:
    return jws.serialize_compact(JWS_HEADER if header is None else header, payload, key, registry=jws_registry())


def seal(customer: Customer, signed: str, header: dict[str, Any] | None = None) -> str:
    public = ECKey.import_key(customer.key.private_key().public_key)
    return jwe.encrypt_compact(JWE_HEADER if header is None else header, signed, public, registry=jwe_registry())


def refused(customer: Customer, sealed: str) -> str:
    with pytest.raises(BundleError) as caught:
        open_bundle(sealed, customer.key, customer.trust, now=NOW)
    return caught.value.code


def test_a_bundle_comes_out_as_it_was_signed(customer: Customer, bundle: Bundle) -> None:
    sealed = seal(customer, sign(bundle.model_dump_json().encode()))
    opened = open_bundle(sealed, customer.key, customer.trust, now=NOW)
    assert opened.bundle == bundle
    assert opened.signer.municipality_code == "99101"
    assert jws.deserialize_compact(opened.jws, _SIGNING, registry=jws_registry()).payload == (
        bundle.model_dump_json().encode()
    )


def test_a_bundle_that_strayed_to_another_session_cannot_be_opened(customer: Customer, bundle: Bundle) -> None:
    sealed = seal(customer, sign(bundle.model_dump_json().encode()))
    with pytest.raises(BundleError) as caught:
        open_bundle(sealed, SessionKey(), customer.trust, now=NOW)
    assert caught.value.code == CentreErrorCode.BUNDLE_NOT_FOR_SESSION


def test_a_key_that_nobody_knows_is_an_unknown_signer(customer: Customer, bundle: Bundle) -> None:
    stranger = ECKey.generate_key("P-256")
    signed = sign(bundle.model_dump_json().encode(), {**JWS_HEADER, "kid": "SPECIMEN-stranger"}, stranger)
    assert refused(customer, seal(customer, signed)) == CentreErrorCode.BUNDLE_UNKNOWN_SIGNER


def test_a_known_kid_over_another_keys_signature_is_a_bad_signature(customer: Customer, bundle: Bundle) -> None:
    signed = sign(bundle.model_dump_json().encode(), key=ECKey.generate_key("P-256"))
    assert refused(customer, seal(customer, signed)) == CentreErrorCode.BUNDLE_BAD_SIGNATURE


def test_a_changed_payload_is_a_bad_signature(customer: Customer, bundle: Bundle) -> None:
    header, _, signature = sign(bundle.model_dump_json().encode()).split(".")
    other = json_b64encode({**json.loads(bundle.model_dump_json()), "fee_yen": 0}).decode()
    assert refused(customer, seal(customer, f"{header}.{other}.{signature}")) == CentreErrorCode.BUNDLE_BAD_SIGNATURE


def test_a_municipality_signs_for_itself_only(customer: Customer, bundle: Bundle) -> None:
    neighbour = _WORLD.assembled.pki.municipal["99102"].signing
    signed = bundles.sign(bundle, neighbour)
    assert refused(customer, seal(customer, signed)) == CentreErrorCode.BUNDLE_UNKNOWN_SIGNER


def test_a_signing_key_out_of_its_validity_is_no_signer(customer: Customer, bundle: Bundle) -> None:
    sealed = seal(customer, sign(bundle.model_dump_json().encode()))
    with pytest.raises(BundleError) as caught:
        open_bundle(sealed, customer.key, customer.trust, now=NOW + timedelta(days=365 * 40))
    assert caught.value.code == CentreErrorCode.BUNDLE_UNKNOWN_SIGNER


def test_an_encryption_key_does_not_sign(customer: Customer, bundle: Bundle) -> None:
    encryption = _WORLD.assembled.pki.municipal["99101"].encryption
    bare: dict[str, str | list[str]] = {
        name: str(encryption.as_dict(private=True)[name]) for name in ("kty", "crv", "x", "y", "d")
    }
    misused = ECKey.import_key(bare)
    signed = sign(bundle.model_dump_json().encode(), {**JWS_HEADER, "kid": encryption.kid}, misused)
    assert refused(customer, seal(customer, signed)) == CentreErrorCode.BUNDLE_UNKNOWN_SIGNER


def test_the_public_key_as_hmac_secret_is_another_algorithm(customer: Customer, bundle: Bundle) -> None:
    # The classic confusion: HS256 with the signer's public key, which everybody has, as the secret.
    header = json_b64encode({**JWS_HEADER, "alg": "HS256"}).decode()
    payload = sign(bundle.model_dump_json().encode()).split(".")[1]
    mac = hmac.digest(_SIGNING.as_pem(private=False), f"{header}.{payload}".encode(), "sha256")
    signed = f"{header}.{payload}.{urlsafe_b64encode(mac).decode()}"
    assert refused(customer, seal(customer, signed)) == CentreErrorCode.BUNDLE_ALGORITHM


def test_no_signature_at_all_is_another_algorithm(customer: Customer, bundle: Bundle) -> None:
    header = json_b64encode({**JWS_HEADER, "alg": "none"}).decode()
    payload = sign(bundle.model_dump_json().encode()).split(".")[1]
    assert refused(customer, seal(customer, f"{header}.{payload}.")) == CentreErrorCode.BUNDLE_ALGORITHM


SPOILT_JWS_HEADERS: dict[str, dict[str, Any]] = {
    "a critical extension": {**JWS_HEADER, "crit": ["exp"], "exp": 1},
    "a key of its own": {**JWS_HEADER, "jwk": {"kty": "EC"}},
    "a key from the network": {**JWS_HEADER, "jku": "https://example.invalid/keys"},
    "unencoded payload": {**JWS_HEADER, "b64": False},
    "no kid": {"alg": "ES256", "typ": BUNDLE_TYPE},
    "a kid that is no text": {**JWS_HEADER, "kid": 7},
    "another type": {**JWS_HEADER, "typ": "JWT"},
}


@pytest.mark.parametrize("header", SPOILT_JWS_HEADERS.values(), ids=list(SPOILT_JWS_HEADERS))
def test_a_signature_header_with_anything_else_in_it_is_malformed(
    customer: Customer, bundle: Bundle, header: dict[str, Any]
) -> None:
    _, payload, signature = sign(bundle.model_dump_json().encode()).split(".")
    signed = f"{json_b64encode(header).decode()}.{payload}.{signature}"
    assert refused(customer, seal(customer, signed)) == CentreErrorCode.BUNDLE_MALFORMED


SPOILT_JWE_HEADERS: dict[str, tuple[dict[str, Any], CentreErrorCode]] = {
    "compressed": ({**JWE_HEADER, "zip": "DEF"}, CentreErrorCode.BUNDLE_MALFORMED),
    "a critical extension": ({**JWE_HEADER, "crit": ["exp"]}, CentreErrorCode.BUNDLE_MALFORMED),
    "a kid": ({**JWE_HEADER, "kid": "x"}, CentreErrorCode.BUNDLE_MALFORMED),
    "no content type": ({"alg": "ECDH-ES", "enc": "A256GCM"}, CentreErrorCode.BUNDLE_MALFORMED),
    "another content type": ({**JWE_HEADER, "cty": "JWT"}, CentreErrorCode.BUNDLE_MALFORMED),
    "another cipher": ({**JWE_HEADER, "enc": "A128GCM"}, CentreErrorCode.BUNDLE_ALGORITHM),
    "a wrapped key": ({**JWE_HEADER, "alg": "ECDH-ES+A256KW"}, CentreErrorCode.BUNDLE_ALGORITHM),
    "a shared secret": ({**JWE_HEADER, "alg": "dir"}, CentreErrorCode.BUNDLE_ALGORITHM),
    "a password": ({**JWE_HEADER, "alg": "PBES2-HS256+A128KW"}, CentreErrorCode.BUNDLE_ALGORITHM),
}


@pytest.mark.parametrize(("header", "code"), SPOILT_JWE_HEADERS.values(), ids=list(SPOILT_JWE_HEADERS))
def test_an_envelope_with_another_header_is_refused_before_any_key_is_used(
    customer: Customer, bundle: Bundle, header: dict[str, Any], code: CentreErrorCode
) -> None:
    sealed = seal(customer, sign(bundle.model_dump_json().encode()))
    first, *rest = sealed.split(".")
    epk = json_b64decode(first.encode())["epk"]
    spoilt = json_b64encode({**header, "epk": epk}).decode()
    wiped = Customer(customer.centre, SessionKey(), customer.session, customer.trust)
    assert refused(wiped, ".".join((spoilt, *rest))) == code


def test_a_changed_ciphertext_cannot_be_opened(customer: Customer, bundle: Bundle) -> None:
    parts = seal(customer, sign(bundle.model_dump_json().encode())).split(".")
    parts[3] = ("A" if parts[3][0] != "A" else "B") + parts[3][1:]
    assert refused(customer, ".".join(parts)) == CentreErrorCode.BUNDLE_NOT_FOR_SESSION


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "x",
        "....",
        "a.b.c",
        "a.b.c.d.e",
        "\N{SNOWMAN}.a.b.c.d",
        "W10.a.b.c.d",
        "bnVsbA.a.b.c.d",
        "e30.a.b.c.d=",
        ".",
    ],
)
def test_junk_is_malformed(customer: Customer, junk: str) -> None:
    assert refused(customer, junk) == CentreErrorCode.BUNDLE_MALFORMED


def test_deeply_nested_headers_are_malformed(customer: Customer) -> None:
    three_brackets = "W1tb"
    assert refused(customer, f"{three_brackets * 240}.a.b.c.d") == CentreErrorCode.BUNDLE_MALFORMED


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"version": 2}', b"[" * 100_000],
    ids=["empty", "null", "list", "cut", "bytes", "version", "deep"],
)
def test_a_signed_something_that_is_no_bundle_is_malformed(customer: Customer, payload: bytes) -> None:
    assert refused(customer, seal(customer, sign(payload))) == CentreErrorCode.BUNDLE_MALFORMED


def test_a_bundle_with_a_member_too_many_is_malformed_and_the_text_repeats_nothing(
    customer: Customer, bundle: Bundle
) -> None:
    members = {**json.loads(bundle.model_dump_json()), "見本\u3000太郎": 1}
    with pytest.raises(BundleError) as caught:
        open_bundle(seal(customer, sign(json.dumps(members).encode())), customer.key, customer.trust, now=NOW)
    assert caught.value.code == CentreErrorCode.BUNDLE_MALFORMED
    assert "見本" not in str(caught.value)


def test_an_oversized_bundle_is_not_even_looked_at(customer: Customer) -> None:
    assert refused(customer, "A" * (BUNDLE_BYTES_MAX + 1)) == CentreErrorCode.BUNDLE_TOO_LARGE


def test_a_finding_opens_for_its_municipality_only() -> None:
    trust = _WORLD.customer("adult").trust
    sealed = seal_finding("見本の証拠".encode(), trust.encryption("99101", NOW))
    secrets = _WORLD.assembled.pki.municipal
    assert bundles.open_finding(sealed, secrets["99101"].encryption).decode() == "見本の証拠"
    with pytest.raises(ValueError, match="cannot be opened"):
        bundles.open_finding(sealed, secrets["99102"].encryption)


def test_a_finding_that_is_too_large_is_not_sealed() -> None:
    key = _WORLD.customer("adult").trust.encryption("99101", NOW)
    with pytest.raises(CentreError) as caught:
        seal_finding(bytes(FINDING_BYTES_MAX + 1), key)
    assert caught.value.code == CentreErrorCode.FINDING_TOO_LARGE


def test_there_is_no_key_for_a_municipality_that_nobody_knows() -> None:
    with pytest.raises(TrustError) as caught:
        _WORLD.customer("adult").trust.encryption("99999", NOW)
    assert caught.value.code == CentreErrorCode.TRUST_NO_KEY
