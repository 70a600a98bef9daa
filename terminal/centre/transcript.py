"""The bytes that the card signs: they bind terminal, challenge, session key and certificate into one (design 3.2).

Each field is preceded by its length as a 32-bit big-endian number, so that no two different inputs give the same bytes.
Described for strangers in docs/protocols/centre.md.
"""

DOMAIN = b"HONNIN centre session transcript v1"


def transcript(
    *, terminal_id: str, challenge: bytes, session_public_key_der: bytes, certificate_sha256: bytes
) -> bytes:
    """The message to sign: domain tag, terminal id (UTF-8), challenge, session key (SubjectPublicKeyInfo DER), SHA-256.

    The card signs SHA-256 of these bytes with RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).

    :raises ValueError: a field is empty or the hash does not have 32 bytes; missing data must never be signed.
    """
    fields = (DOMAIN, terminal_id.encode(), challenge, session_public_key_der, certificate_sha256)
    if not all(fields):
        raise ValueError("every field of a transcript must be present, at least one was empty")
    if len(certificate_sha256) != 32:
        raise ValueError(f"expected the 32 bytes of a SHA-256, {len(certificate_sha256)} came")
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)
