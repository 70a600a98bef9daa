"""The JPKI application (公的個人認証AP). Source: reference jpki-card.md section 2."""

import re
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.devices.card_reader.files import (
    FREE,
    Access,
    Application,
    ElementaryFile,
    KeyFile,
    PinFile,
    TransparentFile,
    filled,
)

AID = bytes.fromhex("D392F000260100000001")
CARD_LABEL = "JPKIAPICCTOKEN2"
ANDROID_LABEL = "JPKIAPGPSETOKEN"
AUTHENTICATION_PIN = "jpki/authentication"
SIGNING_PASSWORD = "jpki/signing"  # noqa: S105 - the name of the secret
FOUR_DIGITS = re.compile(rb"[0-9]{4}")
SIGNING_PASSWORD_FORM = re.compile(rb"(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{6,16}")

_CERTIFICATE_FILE_BYTES = 0x76C
_AUTHENTICATION_PIN_FILE = 0x0018
_SIGNING_PASSWORD_FILE = 0x001B


@dataclass(frozen=True, slots=True, repr=False)
class JpkiContents:
    """What personalisation wrote: certificates as DER and the keys; without a signing certificate there is no signing key."""

    authentication_certificate: bytes
    authentication_key: rsa.RSAPrivateKey
    authentication_ca: bytes
    signing_ca: bytes
    token_serial: str
    signing_certificate: bytes | None = None
    signing_key: rsa.RSAPrivateKey | None = None
    token_label: str = CARD_LABEL
    certificate_needs_pin: bool = False
    certificate_file_bytes: int | None = None


def build(contents: JpkiContents) -> Application:
    """The application with every file that is known on real cards."""
    after_pin = Access.after(_AUTHENTICATION_PIN_FILE)
    after_password = Access.after(_SIGNING_PASSWORD_FILE)
    shut = TransparentFile(b"\xff" * 16, Access.after())
    files: dict[int, ElementaryFile] = {
        0x0001: TransparentFile(_certificate_file(contents.signing_certificate or b""), after_password),
        0x0002: TransparentFile(_certificate_file(contents.signing_ca)),
        0x0005: shut,
        0x0006: TransparentFile(token_information(contents.token_label, contents.token_serial)),
        0x0008: TransparentFile(bytes([0x8F if contents.signing_certificate else 0x00, 0x8F, 0x00])),
        0x0009: shut,
        0x000A: TransparentFile(
            _certificate_file(contents.authentication_certificate)[: contents.certificate_file_bytes],
            after_pin if contents.certificate_needs_pin else FREE,
        ),
        0x000B: TransparentFile(_certificate_file(contents.authentication_ca)),
        0x0010: shut,
        0x0016: KeyFile(None, Access.after()),
        0x0017: KeyFile(contents.authentication_key, after_pin),
        _AUTHENTICATION_PIN_FILE: PinFile(AUTHENTICATION_PIN, FOUR_DIGITS),
        0x0019: shut,
        0x001A: KeyFile(contents.signing_key, after_password),
        _SIGNING_PASSWORD_FILE: PinFile(SIGNING_PASSWORD, SIGNING_PASSWORD_FORM),
        0x001C: shut,
        0x001E: shut,
    }
    return Application("JPKI", AID, files)


def token_information(label: str, serial: str) -> bytes:
    """EF 0006, 160 bytes like a PKCS#11 CK_TOKEN_INFO; the model says SPECIMEN. Reference jpki-card.md section 2.2."""
    integers = struct.pack(">I4I2I", 0x0000040D, 1, 0, 1, 0, 16, 6)
    return b"".join(
        (
            label.encode("ascii").ljust(32),
            b"1".rjust(32, b"0"),
            b"SPECIMEN".ljust(16),
            serial.encode("ascii").rjust(16, b"0"),
            integers,
            b"\xff" * 16,
            b"\x03\x00\x01\x00",
            b"9" * 16,
        )
    )


def _certificate_file(der: bytes) -> bytes:
    return filled(der, _CERTIFICATE_FILE_BYTES, 0x00)
