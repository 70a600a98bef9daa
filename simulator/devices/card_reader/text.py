"""The text application (券面事項入力補助AP): the basic four and the My Number as text.

Source: reference jpki-card.md section 3.2.
"""

import hashlib
import struct
from functools import lru_cache, partial

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulator.devices.card_reader.card_system import CardSystemKeys, key_identifier, padded, verifiable_certificate
from simulator.devices.card_reader.files import (
    FIXED,
    Access,
    Application,
    ElementaryFile,
    KeyFile,
    LateFile,
    PinFile,
    TransparentFile,
    filled,
)
from simulator.devices.card_reader.jpki import FOUR_DIGITS
from simulator.devices.card_reader.person import CardHolder
from simulator.devices.card_reader.tlv import encode_length, tlv

AID = bytes.fromhex("D3921000310001010408")
PIN = "text/pin"
VERIFICATION_NUMBER_A = "text/number-a"
VERIFICATION_NUMBER_B = "text/number-b"
BLOCKED_REFERENCE = "text/blocked"

_FILLER = 0xFF
_PIN_FILE = 0x0011
_NUMBER_A_FILE = 0x0014
_NUMBER_B_FILE = 0x0015
_BASIC_FOUR_FILE_BYTES = 1024


def build(holder: CardHolder, keys: CardSystemKeys) -> Application:
    """The application of ``holder``'s card."""
    number = my_number_file(holder)
    four = basic_four_file(holder)
    any_secret = Access.after(_PIN_FILE, _NUMBER_A_FILE, _NUMBER_B_FILE)
    files: dict[int, ElementaryFile] = {
        0x0001: TransparentFile(number, Access.after(_PIN_FILE, _NUMBER_A_FILE)),
        0x0002: TransparentFile(filled(four, _BASIC_FOUR_FILE_BYTES, _FILLER), Access.after(_PIN_FILE, _NUMBER_B_FILE)),
        0x0003: LateFile(partial(_integrity_file, number, four, keys.document), any_secret),
        0x0004: TransparentFile(_document_certificate(keys)),
        0x0005: TransparentFile(padded(_basic_information(keys.root))),
        0x0006: TransparentFile(padded(_public_key(keys.card)), any_secret),
        0x0007: TransparentFile(padded(_signed_public_key(keys)), any_secret),
        0x0008: TransparentFile(b"\xff" * 16),
        _PIN_FILE: PinFile(PIN, FOUR_DIGITS),
        0x0012: PinFile(BLOCKED_REFERENCE, FIXED),
        0x0013: KeyFile(keys.card),
        _NUMBER_A_FILE: PinFile(VERIFICATION_NUMBER_A, FIXED),
        _NUMBER_B_FILE: PinFile(VERIFICATION_NUMBER_B, FIXED),
    }
    return Application("text", AID, files)


def my_number_file(holder: CardHolder) -> bytes:
    """EF 0001: ``FF10`` with 12 digits and two bytes of filler, 17 bytes."""
    return tlv(0xFF10, holder.resident.my_number.encode("ascii")) + b"\xff\xff"


def basic_four_file(holder: CardHolder) -> bytes:
    """EF 0002 without filler: ``FF20`` with an offset table counted from the start of the file, then the four."""
    person = holder.resident
    objects = (
        tlv(0xDF22, holder.name_text.encode()),
        tlv(0xDF23, holder.address_text.encode()),
        tlv(0xDF24, f"{person.birth_date:%Y%m%d}".encode()),
        tlv(0xDF25, person.sex.value.encode()),
    )
    table_bytes = 3 + 2 * len(objects)
    start = 2 + len(encode_length(table_bytes + sum(map(len, objects)))) + table_bytes
    offsets = [start + sum(map(len, objects[:index])) for index in range(len(objects))]
    return tlv(0xFF20, tlv(0xDF21, struct.pack(">4H", *offsets)) + b"".join(objects))


def integrity_file(number: bytes, four: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """EF 0003: the hash of the physical EF 0001, the hash of EF 0002's objects after the table, and a signature over both."""
    table_end = 2 + _length_octets(four[2]) + 11
    hashes_of_files = tlv(0xDF31, hashlib.sha256(number).digest()) + tlv(
        0xDF32, hashlib.sha256(four[table_end:]).digest()
    )
    signature = key.sign(hashes_of_files, padding.PKCS1v15(), hashes.SHA256())
    return tlv(0xFF30, hashes_of_files + tlv(0xDF33, signature, 3), 3)


def _integrity_file(number: bytes, four: bytes, key: rsa.RSAPrivateKey) -> bytes:
    return padded(integrity_file(number, four, key))


def _length_octets(first: int) -> int:
    return 1 if first < 0x80 else 1 + (first & 0x7F)


@lru_cache(maxsize=64)
def _document_certificate(keys: CardSystemKeys) -> bytes:
    return padded(verifiable_certificate(keys.document.public_key(), keys.root))


def _basic_information(root: rsa.RSAPrivateKey) -> bytes:
    identifier = key_identifier(root.public_key())
    return tlv(0xFF40, tlv(0xDF41, b"\x01\x03\x0e\x01") + tlv(0xDF42, identifier) + tlv(0xDF43, b"SPECIMEN" * 16))


def _public_key(key: rsa.RSAPrivateKey) -> bytes:
    numbers = key.public_key().public_numbers()
    return tlv(0x90, numbers.e.to_bytes(3, "big")) + tlv(0x91, numbers.n.to_bytes(256, "big"), 3)


@lru_cache(maxsize=64)
def _signed_public_key(keys: CardSystemKeys) -> bytes:
    public = _public_key(keys.card)
    signature = keys.document.sign(public, padding.PKCS1v15(), hashes.SHA256())
    return tlv(0xFF50, tlv(0xDF51, public) + tlv(0xDF52, signature, 3))
