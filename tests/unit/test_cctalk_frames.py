"""ccTalk frames against published ones, and what is no frame (generic specification issue 4.7, part 1, section 7)."""

import pytest

from terminal.devices.coins.frames import (
    DATA_BYTES_MAX,
    BadFrame,
    BadFrameReason,
    Checksum,
    Frame,
    FrameDecoder,
    encode,
)

SIMPLE_POLL = bytes.fromhex("02 00 01 FE FF")
POLL_ANSWER = bytes.fromhex("01 00 02 00 FD")
SERIAL_ANSWER = bytes([1, 3, 2, 0, 78, 97, 188, 143])
"""The specification's example: serial number 12,345,678."""
TEST_HOPPER = bytes.fromhex("03 00 01 A3 59")
ENABLE_HOPPER = bytes.fromhex("03 01 01 A4 A5 B2")
ACKNOWLEDGED = bytes.fromhex("01 00 03 00 FC")
PAY_ONE = bytes.fromhex("03 04 01 A7 DF D7 0A 01 90")
PAID_EVENT = bytes.fromhex("01 01 03 00 01 FA")
EMERGENCY_STOP = bytes.fromhex("03 00 01 AC 50")
"""SuzoHapp Flow manual 18-ccTalk 0.6, section 7.3. Its answer to the test, 01 01 03 00 80 BA, does not sum to 0: a misprint."""
HOPPER_STATUS = bytes.fromhex("01 04 03 00 00 00 07 03 EE")
"""Alberici Aventador manual, 2.1.4b: cut off by a power cut after seven of ten coins."""


@pytest.mark.parametrize(
    ("raw", "frame"),
    [
        (SIMPLE_POLL, Frame(2, 1, 254)),
        (POLL_ANSWER, Frame(1, 2, 0)),
        (SERIAL_ANSWER, Frame(1, 2, 0, bytes([78, 97, 188]))),
        (TEST_HOPPER, Frame(3, 1, 163)),
        (ENABLE_HOPPER, Frame(3, 1, 164, b"\xa5")),
        (ACKNOWLEDGED, Frame(1, 3, 0)),
        (PAY_ONE, Frame(3, 1, 167, bytes([0xDF, 0xD7, 0x0A, 1]))),
        (PAID_EVENT, Frame(1, 3, 0, b"\x01")),
        (EMERGENCY_STOP, Frame(3, 1, 172)),
        (HOPPER_STATUS, Frame(1, 3, 0, bytes([0, 0, 7, 3]))),
    ],
)
def test_published_frames_are_spoken_and_understood(raw: bytes, frame: Frame) -> None:
    assert encode(frame, Checksum.SIMPLE) == raw
    assert FrameDecoder(Checksum.SIMPLE).feed(raw) == (frame,)


def test_the_crc_has_its_low_byte_in_the_sources_place_and_its_high_byte_at_the_end() -> None:
    crc = _crc_by_hand(bytes([40, 0, 1]))
    raw = encode(Frame(40, 1, 1), Checksum.CRC)
    assert raw == bytes([40, 0, crc & 0xFF, 1, crc >> 8]) == bytes([40, 0, 0x46, 1, 0x3F])
    assert FrameDecoder(Checksum.CRC).feed(raw) == (Frame(40, None, 1),)


def _crc_by_hand(data: bytes) -> int:
    register = 0
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ (0x1021 if register & 0x8000 else 0)
            register &= 0xFFFF
    return register


def test_one_variants_frame_is_none_in_the_other() -> None:
    frame = Frame(2, 1, 229, b"\x01\x02")
    assert FrameDecoder(Checksum.CRC).feed(encode(frame, Checksum.SIMPLE)) == (BadFrame(BadFrameReason.CHECKSUM, 7),)
    assert FrameDecoder(Checksum.SIMPLE).feed(encode(frame, Checksum.CRC)) == (BadFrame(BadFrameReason.CHECKSUM, 7),)


def test_the_flow_manuals_printed_answer_to_the_test_is_no_sound_frame() -> None:
    printed = bytes.fromhex("01 01 03 00 80 BA")
    assert FrameDecoder(Checksum.SIMPLE).feed(printed) == (BadFrame(BadFrameReason.CHECKSUM, 6),)


def test_a_wrong_checksum_an_impossible_length_and_half_a_frame_are_said() -> None:
    decoder = FrameDecoder(Checksum.SIMPLE)
    assert decoder.feed(SIMPLE_POLL[:-1] + b"\x00") == (BadFrame(BadFrameReason.CHECKSUM, 5),)
    assert decoder.feed(bytes([1, DATA_BYTES_MAX + 1])) == (BadFrame(BadFrameReason.TOO_LONG, 2),)
    assert decoder.feed(SERIAL_ANSWER[:4]) == ()
    assert decoder.flush() == (BadFrame(BadFrameReason.CUT_SHORT, 4),)
    assert decoder.flush() == ()
    assert decoder.feed(POLL_ANSWER) == (Frame(1, 2, 0),)


@pytest.mark.parametrize(("destination", "source", "header"), [(256, 1, 0), (2, 256, 0), (2, 1, -1)])
def test_what_does_not_fit_into_a_byte_is_a_programmers_error(destination: int, source: int, header: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 255"):
        Frame(destination, source, header)


def test_too_much_data_is_a_programmers_error() -> None:
    with pytest.raises(ValueError, match="at most"):
        Frame(2, 1, 0, bytes(DATA_BYTES_MAX + 1))
