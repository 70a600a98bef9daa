"""The pad's identity: an Ed25519 key that stays in the pad; the terminal is configured with its public half, a PEM file."""

from enum import StrEnum, unique
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from terminal.errors import HonninError


@unique
class PinPadKeyCode(StrEnum):
    """Why a configured key cannot be used."""

    UNREADABLE = "PIN_PAD_KEY_UNREADABLE"
    UNFIT = "PIN_PAD_KEY_UNFIT"


class PinPadKeyError(HonninError):
    """The configured identity key cannot be used: a mistake in the configuration, found at the start."""


def load_identity_key(path: Path) -> Ed25519PublicKey:
    """The public key in the PEM file ``path`` (SubjectPublicKeyInfo, RFC 8410); raise ``PinPadKeyError``."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        text = f"expected the PIN pad's public key in {path.name}, got {error.strerror}; name it with key in [pin_pad]"
        raise PinPadKeyError(PinPadKeyCode.UNREADABLE, text) from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        text = (
            f"expected an Ed25519 public key in PEM in {path.name}, found something else; put the pad's own key there"
        )
        raise PinPadKeyError(PinPadKeyCode.UNFIT, text)
    return key
