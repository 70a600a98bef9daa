"""SIGN (80 2A) in all its modes. Source: reference jpki-card.md section 2.3; RFC 8017 sections 8.1 and 8.2."""

import hashlib
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo, Prehashed

from simulator.devices.card_reader.apdu import Answer, CommandApdu, StatusWord
from simulator.devices.card_reader.files import KeyFile
from simulator.devices.card_reader.session import CardSession

_BLOCK_LIMIT_BYTES = 245
_HASH_BYTES = 32


def sign(session: CardSession, command: CommandApdu) -> Answer:
    """Sign with the current key file or the one named by P2 = 80|sfi; the answer is always 256 bytes."""
    mode = _MODES.get(command.p1)
    if mode is None:
        return Answer(StatusWord.WRONG_PARAMETERS)
    wrong = session.choose_by_reference(command.p2)
    if wrong is not None:
        return Answer(wrong)
    match session.file:
        case KeyFile(key, access):
            if not access.granted(session.verified_here()):
                return Answer(StatusWord.SECURITY_STATUS)
            if key is None:
                return Answer(StatusWord.CONDITIONS_OF_USE)
            return mode(key, command.data)
        case _:
            return Answer(StatusWord.WRONG_FILE_STRUCTURE)


def _raw(key: rsa.RSAPrivateKey, data: bytes) -> Answer:
    """PKCS#1 v1.5 block type 1 around the caller's bytes, whatever they are."""
    if not 1 <= len(data) <= _BLOCK_LIMIT_BYTES:
        return Answer(StatusWord.WRONG_LENGTH)
    return Answer(StatusWord.DONE, key.sign(data, padding.PKCS1v15(), NoDigestInfo()))


def _bare_hash(key: rsa.RSAPrivateKey, data: bytes) -> Answer:
    """The card hashes and pads the bare hash, without DigestInfo."""
    if not data:
        return Answer(StatusWord.WRONG_LENGTH)
    return _raw(key, hashlib.sha256(data).digest())


def _given_hash(key: rsa.RSAPrivateKey, data: bytes) -> Answer:
    """The caller gives the hash, the card adds DigestInfo."""
    if len(data) != _HASH_BYTES:
        return Answer(StatusWord.CONDITIONS_OF_USE)
    return Answer(StatusWord.DONE, key.sign(data, padding.PKCS1v15(), Prehashed(hashes.SHA256())))


def _hashed(key: rsa.RSAPrivateKey, data: bytes) -> Answer:
    """The card hashes and adds DigestInfo."""
    if not data:
        return Answer(StatusWord.WRONG_LENGTH)
    return Answer(StatusWord.DONE, key.sign(data, padding.PKCS1v15(), hashes.SHA256()))


def _pss_given_hash(key: rsa.RSAPrivateKey, data: bytes) -> Answer:
    """PSS over a hash of the caller."""
    if len(data) != _HASH_BYTES:
        return Answer(StatusWord.CONDITIONS_OF_USE)
    return Answer(StatusWord.DONE, key.sign(data, _pss(), Prehashed(hashes.SHA256())))


def _pss_hashed(key: rsa.RSAPrivateKey, data: bytes) -> Answer:
    """PSS, the card hashes."""
    if not data:
        return Answer(StatusWord.WRONG_LENGTH)
    return Answer(StatusWord.DONE, key.sign(data, _pss(), hashes.SHA256()))


def _pss() -> padding.PSS:
    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=_HASH_BYTES)


_MODES: Mapping[int, Callable[[rsa.RSAPrivateKey, bytes], Answer]] = {
    0x00: _raw,
    0x01: _bare_hash,
    0x02: _given_hash,
    0x03: _hashed,
    0x04: _pss_given_hash,
    0x05: _pss_hashed,
}
