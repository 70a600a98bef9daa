"""The surface application (券面事項確認AP): what is printed on the card, as images. Reference jpki-card.md section 3.3."""

import struct
from collections.abc import Sequence

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulator.devices.card_reader import images
from simulator.devices.card_reader.card_system import CardSystemKeys, key_identifier, padded, verifiable_certificate
from simulator.devices.card_reader.files import FIXED, Access, Application, ElementaryFile, PinFile, TransparentFile
from simulator.devices.card_reader.person import CardHolder
from simulator.devices.card_reader.tlv import encode_length, tlv

AID = bytes.fromhex("D3921000310001010402")
BIRTH_DATE_KEY = "surface/birth-date"
VERIFICATION_NUMBER_A = "surface/number-a"
VERIFICATION_NUMBER_B = "surface/number-b"

_BIRTH_FILE = 0x0011
_NUMBER_B_FILE = 0x0012
_NUMBER_A_FILE = 0x0013


def build(holder: CardHolder, keys: CardSystemKeys) -> Application:
    """The application of ``holder``'s card."""
    files: dict[int, ElementaryFile] = {
        0x0001: TransparentFile(padded(age_file(holder, keys)), Access.after(_BIRTH_FILE)),
        0x0002: TransparentFile(padded(face_file(holder, keys)), Access.after(_NUMBER_A_FILE, _NUMBER_B_FILE)),
        0x0003: TransparentFile(padded(_basic_information(holder, keys))),
        0x0004: TransparentFile(padded(verifiable_certificate(keys.document.public_key(), keys.root))),
        0x0005: TransparentFile(padded(number_image_file(holder, keys)), Access.after(_NUMBER_A_FILE)),
        0x0006: TransparentFile(b"\xff" * 16),
        _BIRTH_FILE: PinFile(BIRTH_DATE_KEY, FIXED),
        _NUMBER_B_FILE: PinFile(VERIFICATION_NUMBER_B, FIXED),
        _NUMBER_A_FILE: PinFile(VERIFICATION_NUMBER_A, FIXED),
    }
    return Application("surface", AID, files)


def age_file(holder: CardHolder, keys: CardSystemKeys) -> bytes:
    """EF 0001: birth date, public key, signature."""
    birth = tlv(0xDF11, f"{holder.resident.birth_date:%Y%m%d}".encode())
    public = tlv(0xDF12, _modulus(keys.document))
    return tlv(0xFF10, birth + public + tlv(0xDF13, _signature(keys.document, birth + public)))


def face_file(holder: CardHolder, keys: CardSystemKeys) -> bytes:
    """EF 0002: offsets (from the start of the file), birth, sex, key, name, address and photo images, signature, expiry, code.

    Name and address are the truth here: they show the registered glyphs, which the text application may have replaced.
    """
    person = holder.resident
    signed = [
        tlv(0xDF22, f"{person.birth_date:%Y%m%d}".encode()),
        tlv(0xDF23, person.sex.value.encode()),
        tlv(0xDF24, _modulus(keys.document)),
        tlv(0xDF25, images.text_png(person.name)),
        tlv(0xDF26, images.text_png(person.address)),
        tlv(0xDF27, images.photo_jp2()),
    ]
    rest = [
        tlv(0xDF28, _signature(keys.document, b"".join(signed))),
        tlv(0xDF29, f"{holder.card_expires_on:%Y%m%d}".encode()),
        tlv(0xDF2A, images.digits_png(holder.security_code, 24, 12)),
    ]
    return _with_offsets([*signed, *rest])


def number_image_file(holder: CardHolder, keys: CardSystemKeys) -> bytes:
    """EF 0005: the My Number as an image, public key, signature."""
    image = tlv(0xDF41, images.digits_png(holder.resident.my_number, 72, 12))
    public = tlv(0xDF42, _modulus(keys.document))
    return tlv(0xFF40, image + public + tlv(0xDF43, _signature(keys.document, image + public)))


def _with_offsets(objects: Sequence[bytes]) -> bytes:
    table_bytes = 3 + 2 * len(objects)
    total = table_bytes + sum(map(len, objects))
    start = 2 + len(encode_length(total)) + table_bytes
    offsets = [start + sum(map(len, objects[:index])) for index in range(len(objects))]
    return tlv(0xFF20, tlv(0xDF21, struct.pack(f">{len(offsets)}H", *offsets)) + b"".join(objects))


def _basic_information(holder: CardHolder, keys: CardSystemKeys) -> bytes:
    return tlv(
        0xFF30,
        tlv(0xDF31, b"\x06\x03\x0e\x01")
        + tlv(0xDF32, key_identifier(keys.root.public_key()))
        + tlv(0xDF33, b"\x01")
        + tlv(0xDF34, holder.resident.municipality_code.encode("ascii"))
        + tlv(0xDF35, b"SPECIMEN" * 34),
    )


def _modulus(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_numbers().n.to_bytes(256, "big")


def _signature(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
