"""The transcript and the session's key: what the card signs, and a key that goes nowhere."""

import pickle

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key

from terminal.centre.errors import CentreError, CentreErrorCode
from terminal.centre.messages import PublicJwk
from terminal.centre.session_key import SessionKey, ec_key, thumbprint
from terminal.centre.transcript import DOMAIN, transcript


def test_the_transcript_is_five_fields_each_after_its_length() -> None:
    message = transcript(
        terminal_id="T-1", challenge=b"c" * 32, session_public_key_der=b"k" * 91, certificate_sha256=b"h" * 32
    )
    rest, fields = message, []
    while rest:
        length = int.from_bytes(rest[:4], "big")
        fields.append(rest[4 : 4 + length])
        rest = rest[4 + length :]
    assert fields == [DOMAIN, b"T-1", b"c" * 32, b"k" * 91, b"h" * 32]


@pytest.mark.parametrize("missing", ["terminal_id", "challenge", "session_public_key_der", "certificate_sha256"])
def test_missing_data_is_never_signed(missing: str) -> None:
    fields = {"challenge": b"c", "session_public_key_der": b"k", "certificate_sha256": b"h" * 32}
    fields = {name: b"" if name == missing else value for name, value in fields.items()}
    with pytest.raises(ValueError, match="present"):
        transcript(terminal_id="" if missing == "terminal_id" else "T-1", **fields)


def test_the_certificate_is_named_by_a_whole_hash() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        transcript(terminal_id="T", challenge=b"c", session_public_key_der=b"k", certificate_sha256=b"h" * 31)


def test_the_thumbprint_is_that_of_rfc_7638() -> None:
    # The key of RFC 7517 appendix A.1; its thumbprint computed with sha256sum, apart from the library.
    jwk = PublicJwk(x="MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", y="4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")
    assert thumbprint(jwk) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"


def test_every_session_has_a_key_of_its_own_that_its_jwk_and_der_agree_on() -> None:
    first, second = SessionKey(), SessionKey()
    assert first.thumbprint != second.thumbprint
    assert ec_key(first.jwk).public_key == load_der_public_key(first.public_der)


def test_a_wiped_key_opens_nothing() -> None:
    key = SessionKey()
    key.wipe()
    with pytest.raises(CentreError) as caught:
        key.private_key()
    assert caught.value.code == CentreErrorCode.SESSION_KEY_WIPED


def test_a_key_is_not_shown_and_does_not_travel() -> None:
    key = SessionKey()
    secret = str(key.private_key().as_dict(private=True)["d"])
    assert secret not in repr(key) + str(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_point_off_the_curve_is_no_key() -> None:
    jwk = SessionKey().jwk
    with pytest.raises(ValueError):
        ec_key(jwk.model_copy(update={"y": jwk.x}))
