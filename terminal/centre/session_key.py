"""The fresh key pair of one session: what the centre sends back can be opened with it and with nothing else."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey

from terminal.centre.errors import CentreError, CentreErrorCode
from terminal.centre.messages import PublicJwk


class SessionKey:
    """A P-256 private key that belongs to one customer's session and is never written anywhere."""

    __slots__ = ("_key", "_public")

    def __init__(self) -> None:
        self._key: ECKey | None = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES"})
        self._public = self._key.public_key

    @property
    def public_der(self) -> bytes:
        """The public key as SubjectPublicKeyInfo DER, as it goes into the transcript."""
        return self._public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def jwk(self) -> PublicJwk:
        """The public key as it goes to the centre (RFC 7518 section 6.2)."""
        return public_jwk(self._public)

    @property
    def thumbprint(self) -> str:
        """RFC 7638 SHA-256 thumbprint, base64url: bundles name the session key by it."""
        return thumbprint(self.jwk)

    def private_key(self) -> ECKey:
        """The key that opens a bundle; raise ``CentreError`` (``CENTRE_SESSION_KEY_WIPED``) after ``wipe``."""
        if self._key is None:
            raise CentreError(
                CentreErrorCode.SESSION_KEY_WIPED,
                "expected the key of a running session, it was wiped; open a new session",
            )
        return self._key

    def wipe(self) -> None:
        """Let go of the private key. Python cannot overwrite OpenSSL's copy: the end of the process does (design 4)."""
        self._key = None

    def __repr__(self) -> str:
        return f"SessionKey({'wiped' if self._key is None else 'live'})"

    def __reduce__(self) -> str:
        raise TypeError("a session key never leaves its process")


def public_jwk(key: ec.EllipticCurvePublicKey) -> PublicJwk:
    """A P-256 public key as the protocol's JWK."""
    members = ECKey.import_key(key).as_dict(private=False)
    return PublicJwk(x=str(members["x"]), y=str(members["y"]))


def thumbprint(jwk: PublicJwk) -> str:
    """RFC 7638 SHA-256 thumbprint of ``jwk``, base64url without padding (43 characters)."""
    return ec_key(jwk).thumbprint()


def ec_key(jwk: PublicJwk) -> ECKey:
    """The key that ``jwk`` stands for; raise ``ValueError`` when the point is not on the curve."""
    return ECKey.import_key({"kty": jwk.kty, "crv": jwk.crv, "x": jwk.x, "y": jwk.y})
