"""The signed 2D code of every page: what it says, as bytes, and how its Ed25519 signature is checked.

Layout (big endian), version 1: magic ``HN``, version u8, municipality code u24 (five decimal digits), request id 16 bytes, copy
u8, page u8, pages u8, content digest 32 bytes, then three UTF-8 strings with a u16 length each (document number, subject name,
key id), then the 64 bytes of an Ed25519 signature (RFC 8032) over a domain tag and everything before it.
"""

import re
import struct
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from printer_templates.errors import FormError, FormErrorCode

VERSION = 1
SIGNATURE_BYTES = 64
_MAGIC = b"HN"
_DOMAIN = b"honnin page code v1\x00"
_HEAD = struct.Struct(">2sB3s16sBBB32s")
_LENGTH = struct.Struct(">H")
_MUNICIPALITY = re.compile(r"[0-9]{5}")
_REQUEST = re.compile(r"[0-9a-f]{32}")


class PageSigner(Protocol):
    """Signs page codes; the private key stays with whoever implements this."""

    @property
    def key_id(self) -> str:
        """Names the key for readers who hold the public keys."""
        ...

    def sign(self, payload: bytes) -> bytes:
        """The 64 byte Ed25519 signature over ``payload``."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class PageCode:
    """What one page says of itself. ``copy`` and ``page`` count from 1; ``content_digest`` is the SHA-256 of the front's text."""

    version: int
    municipality_code: str
    document_number: str
    request_id: str
    copy: int
    page: int
    pages: int
    subject_name: str
    content_digest: bytes
    key_id: str

    def __repr__(self) -> str:
        return f"PageCode(page {self.page} of {self.pages}, copy {self.copy}, key {self.key_id!r})"


def _bad(why: str) -> FormError:
    return FormError(
        FormErrorCode.PAGE_CODE_BAD, f"a page code of version {VERSION} was expected: {why}; scan the page again"
    )


def _check(code: PageCode) -> None:
    if code.version != VERSION:
        raise _bad("unknown version")
    if not _MUNICIPALITY.fullmatch(code.municipality_code):
        raise _bad("the municipality code is not five digits")
    if not _REQUEST.fullmatch(code.request_id):
        raise _bad("the request id is not 32 lower-case hex characters")
    if not (1 <= code.page <= code.pages <= 255 and 1 <= code.copy <= 255):
        raise _bad("page, pages or copy out of range")
    if len(code.content_digest) != 32:
        raise _bad("the digest is not 32 bytes")
    if not (code.document_number and code.subject_name and code.key_id):
        raise _bad("an empty document number, name or key id")


def _text(value: str) -> bytes:
    try:
        data = value.encode("utf-8")
    except UnicodeEncodeError:
        raise _bad("text that is not Unicode") from None
    if len(data) > 0xFFFF:
        raise _bad("a text over 65535 bytes")
    return _LENGTH.pack(len(data)) + data


def encode(code: PageCode, signer: PageSigner) -> bytes:
    """The code's bytes with the signer's signature; raise ``FormError`` PAGE_CODE_BAD for values that cannot be stated."""
    _check(code)
    if code.key_id != signer.key_id:
        raise ValueError("the code must name the signer's own key")
    payload = _HEAD.pack(
        _MAGIC,
        code.version,
        int(code.municipality_code).to_bytes(3, "big"),
        bytes.fromhex(code.request_id),
        code.copy,
        code.page,
        code.pages,
        code.content_digest,
    ) + b"".join(_text(value) for value in (code.document_number, code.subject_name, code.key_id))
    signature = signer.sign(_DOMAIN + payload)
    if len(signature) != SIGNATURE_BYTES:
        raise ValueError(f"an Ed25519 signature of {SIGNATURE_BYTES} bytes was expected, not {len(signature)}")
    return payload + signature


def _take_text(data: bytes, offset: int) -> tuple[str, int]:
    if offset + _LENGTH.size > len(data):
        raise _bad("cut off")
    (length,) = _LENGTH.unpack_from(data, offset)
    start = offset + _LENGTH.size
    if start + length > len(data):
        raise _bad("cut off")
    try:
        return data[start : start + length].decode("utf-8"), start + length
    except UnicodeDecodeError:
        raise _bad("a text is not UTF-8") from None


def decode(data: bytes) -> tuple[PageCode, bytes, bytes]:
    """(code, payload, signature) of ``data``; raise ``FormError`` PAGE_CODE_BAD for anything else.

    The signature is not checked here; ``payload`` is exactly what it covers, domain tag included.
    """
    if len(data) < _HEAD.size + SIGNATURE_BYTES:
        raise _bad("too short")
    payload, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    magic, version, municipality, request, copy, page, pages, digest = _HEAD.unpack_from(payload)
    if magic != _MAGIC:
        raise _bad("another kind of code")
    if version != VERSION:
        raise _bad("unknown version")
    number, offset = _take_text(payload, _HEAD.size)
    name, offset = _take_text(payload, offset)
    key_id, offset = _take_text(payload, offset)
    if offset != len(payload):
        raise _bad("bytes left over")
    code = PageCode(
        version,
        f"{int.from_bytes(municipality, 'big'):05d}",
        number,
        request.hex(),
        copy,
        page,
        pages,
        name,
        digest,
        key_id,
    )
    _check(code)
    return code, _DOMAIN + payload, signature


def verify(data: bytes, public_key: Ed25519PublicKey) -> PageCode:
    """The code of ``data`` once its signature holds; raise ``FormError`` PAGE_CODE_BAD or PAGE_CODE_NOT_GENUINE."""
    code, payload, signature = decode(data)
    try:
        public_key.verify(signature, payload)
    except InvalidSignature:
        raise FormError(
            FormErrorCode.PAGE_CODE_NOT_GENUINE,
            "a signature by the stated key was expected, but it does not hold; treat the sheet as altered or forged",
        ) from None
    return code
