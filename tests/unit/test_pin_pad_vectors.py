"""The test vectors of docs/protocols/pin-pad.md: driver and emulated pad speak them, and the page's rules alone give them.

The second half uses nothing of ours: HKDF from ``hmac``, the transcript by slicing frames: both ends cannot be wrong alike.
"""

import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from simulator.devices.pin_pad.model import PinPadModel
from simulator.devices.pin_pad.wire import PinPadWire
from simulator.devices.serial_device import LoopLine
from terminal.clock import ManualClock
from terminal.devices.pin_pad.api import PinTyped
from terminal.devices.pin_pad.driver import SerialPinPad
from terminal.devices.pin_pad.frames import LENGTHS, FrameType
from tests.pin_pad_kit import START, Asking, TappedDevice

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocols" / "pin-pad.md"
IDENTITY = bytes(range(0x01, 0x21))
HOST_PRIVATE = bytes(range(0x21, 0x41))
PAD_PRIVATE = bytes(range(0x41, 0x61))
HOST_NONCE = bytes(range(0x61, 0x71))
PAD_NONCE = bytes(range(0x71, 0x81))
CLEAR_NONCE = bytes(range(0x81, 0x91))
STATE_NONCE = bytes(range(0x91, 0xA1))
FRAMES = (
    "HELLO",
    "HELLO_ANSWER",
    "START",
    "START_ANSWER",
    "POLL",
    "POLL_ANSWER",
    "CLEAR",
    "CLEARED",
    "STATE",
    "STATE_ANSWER",
)


def _in_turn(*values: bytes) -> Callable[[int], bytes]:
    given = iter(values)
    return lambda size: next(value for value in given if len(value) == size)


def spoken() -> dict[str, bytes]:
    """Every frame of an entry of 1234 with the page's keys and nonces, and the frames that clear and prove the pad."""
    clock = ManualClock(START)
    model = PinPadModel(clock)
    identity = Ed25519PrivateKey.from_private_bytes(IDENTITY)
    tap = TappedDevice(PinPadWire(model, clock, identity, _in_turn(PAD_PRIVATE, PAD_NONCE)))
    line = LoopLine(tap, clock, clock.advance)
    host = _in_turn(HOST_PRIVATE, HOST_NONCE, CLEAR_NONCE, STATE_NONCE)
    pin_pad = SerialPinPad(line, clock, clock.advance, identity.public_key(), random_bytes=host)
    entry = pin_pad.enter(Asking(on_look=lambda look: model.press("1234#" if look == 2 else "")), 10)
    assert isinstance(entry, PinTyped)
    assert pin_pad.prove().proved
    in_order = [part for pair in zip(tap.requests, tap.answers, strict=True) for part in pair]
    return dict(zip(FRAMES, in_order, strict=True))


def published() -> dict[str, bytes]:
    """The vectors as the page has them: a name, then hexadecimal lines."""
    text = PAGE.read_text(encoding="utf-8")
    block = re.search(r"```vectors\n(.*?)```", text, re.DOTALL)
    assert block, "the page has its vectors"
    found = re.findall(r"^([a-z A-Z_]+)\n((?:  [0-9a-f ]+\n)+)", block[1], re.MULTILINE)
    return {name: bytes.fromhex("".join(digits.split())) for name, digits in found}


def test_driver_and_pad_speak_the_vectors() -> None:
    frames = spoken()
    assert {name: published()[name].hex() for name in FRAMES} == {name: frame.hex() for name, frame in frames.items()}


def test_the_pages_inputs_are_those() -> None:
    vectors = published()
    inputs = {
        "identity private": IDENTITY,
        "identity public": Ed25519PrivateKey.from_private_bytes(IDENTITY).public_key().public_bytes_raw(),
        "host private": HOST_PRIVATE,
        "pad private": PAD_PRIVATE,
    }
    assert {name: vectors[name] for name in inputs} == inputs


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, sections 2.2 and 2.3."""
    key, block, out = hmac.digest(salt, secret, "sha256"), b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(key, block + info + bytes((number,)), "sha256")
        out += block
    return out[:length]


def test_the_rules_of_the_page_alone_give_the_vectors() -> None:
    vectors = published()
    for name in FRAMES:
        frame = vectors[name]
        assert frame[0] == 0x02
        assert frame[2] == len(frame) - 5
        assert int.from_bytes(frame[-2:], "big") == binascii.crc_hqx(frame[:-2], 0xFFFF)
    hello, answer = vectors["HELLO"][3:-2], vectors["HELLO_ANSWER"][3:-2]
    signed = b"honnin pin pad v1 transcript\0" + hello + answer[:81]
    public = Ed25519PrivateKey.from_private_bytes(IDENTITY).public_key()
    public.verify(answer[81:], signed)
    shared = X25519PrivateKey.from_private_bytes(HOST_PRIVATE).exchange(X25519PublicKey.from_public_bytes(answer[1:33]))
    keys = _hkdf(shared, hashlib.sha256(signed + answer[81:]).digest(), b"honnin pin pad v1 keys", 64)
    assert vectors["key of requests"] + vectors["key of answers"] == keys
    blocks = {
        "START": b"\x01" + bytes(15),
        "POLL": b"\x02" + bytes(15),
        "START_ANSWER": b"\x01" + bytes(15),
        "POLL_ANSWER": b"\x02\x041234" + bytes(10),
    }
    for name, block in blocks.items():
        payload = vectors[name][3:-2]
        key = keys[32:] if name.endswith("ANSWER") else keys[:32]
        nonce, bound = bytes(8) + payload[:4], vectors[name][1:2] + payload[:4]
        assert AESGCM(key).decrypt(nonce, payload[4:], bound) == block
    state = vectors["STATE_ANSWER"][3:-2]
    public.verify(state[17:], b"honnin pin pad v1 state\0" + STATE_NONCE + b"\0")


def test_the_pages_table_of_frames_is_the_codecs() -> None:
    rows = re.findall(r"^\| ([A-Z_]+) \| ([0-9A-F]{2})h \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {(name, int(number, 16), int(length)) for name, number, length in rows} == {
        (kind.name, kind.value, LENGTHS[kind]) for kind in FrameType
    }
