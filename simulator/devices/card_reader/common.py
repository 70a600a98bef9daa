"""The common application (共通カードAP) and the resident-register application (住基AP). Reference jpki-card.md section 3.4."""

import re

from simulator.devices.card_reader.files import Access, Application, ElementaryFile, KeyFile, PinFile, RecordFile
from simulator.devices.card_reader.jpki import FOUR_DIGITS
from simulator.devices.card_reader.person import CardHolder, digits_from
from simulator.devices.card_reader.tlv import simple_tlv

COMMON_AID = bytes.fromhex("D3921000310001010100")
REGISTER_AID = bytes.fromhex("D3921000310001010401")
COMMON_PIN = "common/pin"
REGISTER_PIN = "register/pin"

_PIN_FILE = 0x001C


def build_common(holder: CardHolder) -> Application:
    """Record 1 holds the card's serial, the municipality's code and the expiry: free for everybody."""
    files: dict[int, ElementaryFile] = {
        0x0001: RecordFile((card_record(holder),)),
        0x0002: KeyFile(None, Access.after()),
        0x0019: KeyFile(None, Access.after()),
        _PIN_FILE: PinFile(COMMON_PIN, FOUR_DIGITS),
    }
    return Application("common", COMMON_AID, files)


def build_register() -> Application:
    """Only its PIN and a shut record file are known publicly; where the resident record code lies is not."""
    files: dict[int, ElementaryFile] = {
        0x0002: RecordFile((simple_tlv(0x01, b"SPECIMEN"),), Access.after(_PIN_FILE)),
        _PIN_FILE: PinFile(REGISTER_PIN, FOUR_DIGITS),
    }
    return Application("register", REGISTER_AID, files)


def card_record(holder: CardHolder) -> bytes:
    """``01 1C`` and 28 digits: serial (15), municipality code (5), expiry YYYYMMDD (8). SIMPLE-TLV."""
    serial = "99" + digits_from(f"card serial {holder.resident.key} {holder.security_code}", 13)
    record = f"{serial}{holder.resident.municipality_code}{holder.card_expires_on:%Y%m%d}"
    if re.fullmatch(r"[0-9]{28}", record) is None:
        raise AssertionError("a card record is 28 digits")
    return simple_tlv(0x01, record.encode("ascii"))
