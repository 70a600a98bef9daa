"""The throw-away identity of an emulated PIN pad, kept in a folder so that a terminal can be configured with its public half."""

from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from simulator.home import damaged, unusable, write_private

PRIVATE_FILE: Final = "identity.pem"
PUBLIC_FILE: Final = "identity-public.pem"
"""What a terminal's ``[pin_pad] key`` names."""


def throw_away_identity(folder: Path) -> Ed25519PrivateKey:
    """The key in ``folder``, made with its public half on first use; raise ``HomeError``."""
    path = folder / PRIVATE_FILE
    try:
        if not path.exists():
            write_private(path, _private_pem(Ed25519PrivateKey.generate()))
        content = path.read_bytes()
        key = load_pem_private_key(content, None)
        if not isinstance(key, Ed25519PrivateKey):
            raise damaged(path, "an Ed25519 key")
        write_private(folder / PUBLIC_FILE, public_pem(key.public_key()))
    except OSError as error:
        raise unusable(path, error) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise damaged(path, "an Ed25519 key") from None
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """As ``terminal.devices.pin_pad.identity.load_identity_key`` reads it."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
