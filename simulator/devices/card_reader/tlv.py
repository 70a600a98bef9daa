"""BER-TLV writing for the card's data objects. Source: ITU-T X.690 sections 8.1.2-8.1.3; reference jpki-card.md section 3."""


def tlv(tag: int, value: bytes, length_octets: int | None = None) -> bytes:
    """One data object. ``length_octets`` forces the size of the length field (1: short or 81 form decided by value)."""
    return _number(tag) + encode_length(len(value), length_octets) + value


def encode_length(length: int, octets: int | None = None) -> bytes:
    """A definite length field: shortest form, or ``82 hh ll`` when ``octets`` is 3."""
    if octets is None:
        octets = 1 if length < 0x80 else 2 if length < 0x100 else 3
    if octets == 1:
        return bytes([length])
    return bytes([0x80 | (octets - 1)]) + length.to_bytes(octets - 1, "big")


def simple_tlv(tag: int, value: bytes) -> bytes:
    """One SIMPLE-TLV object: 1-byte length, or ``FF`` and two bytes. ISO/IEC 7816-4 section 5.2.1."""
    length = bytes([len(value)]) if len(value) < 0xFF else b"\xff" + len(value).to_bytes(2, "big")
    return bytes([tag]) + length + value


def _number(tag: int) -> bytes:
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
