"""Any bytes, however they come, end in frames or in stray bytes, in bounded memory; what is sent is what is understood."""

from hypothesis import given
from hypothesis import strategies as st

from terminal.devices.notes.codec import (
    DATA_MAX,
    FRAME_MAX,
    SYNC,
    Frame,
    FrameDecoder,
    Garbled,
    Received,
    crc_kermit,
    encode,
)

_FRAMES = st.builds(Frame, st.integers(0, 255), st.binary(max_size=DATA_MAX))


def _feed(decoder: FrameDecoder, chunks: list[bytes]) -> list[Received]:
    return [found for chunk in chunks for found in decoder.feed(chunk)]


def _bytes_of(found: Received) -> bytes:
    return bytes([found.byte]) if isinstance(found, Garbled) else encode(found)


@given(
    st.lists(st.binary(max_size=600) | st.builds(lambda tail: bytes([SYNC]) + tail, st.binary(max_size=9)), max_size=6)
)
def test_every_byte_comes_out_in_order_whatever_the_chunks(chunks: list[bytes]) -> None:
    decoder = FrameDecoder()
    found = _feed(decoder, chunks)
    left = decoder.reset()
    assert found == list(FrameDecoder().feed(b"".join(chunks)))
    assert b"".join(map(_bytes_of, found)) + left == b"".join(chunks)
    assert len(left) < FRAME_MAX
    assert not decoder.pending


@given(st.lists(_FRAMES, max_size=4), st.integers(1, 300))
def test_what_is_sent_is_understood(frames: list[Frame], step: int) -> None:
    raw = b"".join(map(encode, frames))
    decoder = FrameDecoder()
    assert _feed(decoder, [raw[at : at + step] for at in range(0, len(raw), step)]) == frames
    assert not decoder.pending


@given(st.binary(max_size=40).filter(lambda noise: SYNC not in noise), _FRAMES)
def test_a_frame_is_found_behind_rubbish(noise: bytes, frame: Frame) -> None:
    assert FrameDecoder().feed(noise + encode(frame)) == (*map(Garbled, noise), frame)


@given(_FRAMES, st.data())
def test_one_bit_turned_over_is_never_one_clean_frame(frame: Frame, data: st.DataObject) -> None:
    raw = bytearray(encode(frame))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    decoder = FrameDecoder()
    found = decoder.feed(bytes(raw))
    assert not (len(found) == 1 and isinstance(found[0], Frame) and not decoder.pending)


@given(st.binary(max_size=60))
def test_the_checksum_is_the_catalogues(data: bytes) -> None:
    register = 0
    for byte in data:
        for place in range(8):
            carry = (register ^ byte >> place) & 1
            register = register >> 1 ^ carry * 0x8408
    assert crc_kermit(data) == register
    assert crc_kermit(b"123456789") == 0x2189
