"""The keys of one session and what is done with them (docs/protocols/pin-pad.md, Keys and seals).

X25519 (RFC 7748), Ed25519 (RFC 8032), HKDF-SHA256 (RFC 5869) and AES-256-GCM (NIST SP 800-38D), all from ``cryptography``.
Both ends use this module, so that the page's test vectors are what keeps it honest.
"""

import hashlib
from typing import Final, NoReturn

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from terminal.devices.card_reader.pin import wipe
from terminal.devices.pin_pad.frames import BLOCK_BYTES, COUNTER_BYTES, FrameType
from terminal.devices.pin_pad.messages import Held, Hello, HelloAnswer, Sealed

TRANSCRIPT_TAG: Final = b"honnin pin pad v1 transcript\0"
STATE_TAG: Final = b"honnin pin pad v1 state\0"
KEYS_INFO: Final = b"honnin pin pad v1 keys"
COUNTER_MAX: Final = (1 << (8 * COUNTER_BYTES)) - 1
_NONCE_ZEROS: Final = bytes(8)
_AES_KEY_BYTES: Final = 32


class BrokenSealError(ValueError):
    """A block that was not sealed by the other end of this session under this counter. The text holds nothing of it."""


def transcript(hello: Hello, answer: HelloAnswer) -> bytes:
    """What the pad signs: both ephemeral keys, both nonces, the version and the pad's name."""
    return TRANSCRIPT_TAG + hello.frame().payload + answer.unsigned()


def state_statement(nonce: bytes, held: Held) -> bytes:
    """What the pad signs to say what it holds."""
    return STATE_TAG + nonce + bytes((held,))


def is_signed(key: Ed25519PublicKey, signature: bytes, statement: bytes) -> bool:
    """Whether ``key`` signed ``statement``."""
    try:
        key.verify(signature, statement)
    except InvalidSignature:
        return False
    return True


class _Secret:
    """Base of what holds a key: no repr, copy or pickle of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: redacted>"

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a session key is neither copied nor pickled")

    __copy__ = __deepcopy__ = __reduce__ = __getstate__ = _refuse

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        self._refuse()


class Direction(_Secret):
    """One direction of a session: seals or opens blocks of one length, each under a counter that is never used twice."""

    __slots__ = ("_aead", "_kind")

    def __init__(self, key: bytes | bytearray | memoryview, kind: FrameType) -> None:
        self._aead: AESGCM | None = AESGCM(key)
        self._kind = kind

    def seal(self, counter: int, block: bytearray) -> Sealed:
        """Seal ``block`` and wipe it."""
        try:
            return Sealed(counter, self._cipher().encrypt(_nonce(counter), block, self._bound(counter)))
        finally:
            wipe(block)

    def open(self, sealed: Sealed) -> bytearray:
        """The block, in a buffer that the caller wipes; raise ``BrokenSealError``."""
        block = bytearray(BLOCK_BYTES)
        try:
            self._cipher().decrypt_into(
                _nonce(sealed.counter), sealed.ciphertext, self._bound(sealed.counter), memoryview(block)
            )
        except (InvalidTag, ValueError):
            wipe(block)
            raise BrokenSealError("expected a block sealed in this session, came another one") from None
        return block

    def forget(self) -> None:
        """Let go of the key."""
        self._aead = None

    def _cipher(self) -> AESGCM:
        if self._aead is None:
            raise BrokenSealError("the session is forgotten")
        return self._aead

    def _bound(self, counter: int) -> bytes:
        return bytes((self._kind,)) + counter.to_bytes(COUNTER_BYTES, "big")


class SessionKeys(_Secret):
    """Both directions of a session. ``requests`` go to the pad, ``answers`` come from it."""

    __slots__ = ("answers", "requests")

    def __init__(self, own: X25519PrivateKey, other: bytes, spoken: bytes) -> None:
        """``spoken`` is the transcript with the signature; raise ``ValueError`` for a public key that gives no secret."""
        keys = bytearray(2 * _AES_KEY_BYTES)
        shared = bytearray(own.exchange(X25519PublicKey.from_public_bytes(other)))
        try:
            salt = hashlib.sha256(spoken).digest()
            HKDF(SHA256(), len(keys), salt, KEYS_INFO).derive_into(shared, keys)
            with memoryview(keys) as view:
                self.requests = Direction(view[:_AES_KEY_BYTES], FrameType.REQUEST)
                self.answers = Direction(view[_AES_KEY_BYTES:], FrameType.ANSWER)
        finally:
            wipe(shared)
            wipe(keys)

    def forget(self) -> None:
        """Let go of both keys."""
        self.requests.forget()
        self.answers.forget()


def _nonce(counter: int) -> bytes:
    return _NONCE_ZEROS + counter.to_bytes(COUNTER_BYTES, "big")
