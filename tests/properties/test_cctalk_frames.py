"""Any bytes, however they come, end in frames or typed errors, in bounded memory; what is sent is what is understood."""

from hypothesis import given
from hypothesis import strategies as st

from terminal.devices.coins.frames import DATA_BYTES_MAX, BadFrame, Checksum, Decoded, Frame, FrameDecoder, encode

_BYTE = st.integers(0, 255)
_CHECKSUMS = st.sampled_from(Checksum)
_FRAMES = st.builds(Frame, _BYTE, _BYTE, _BYTE, st.binary(max_size=DATA_BYTES_MAX))
_FRAME_BYTES_MAX = DATA_BYTES_MAX + 5


def _feed(decoder: FrameDecoder, chunks: list[bytes]) -> list[Decoded]:
    return [found for chunk in chunks for found in decoder.feed(chunk)]


def _size(found: Decoded) -> int:
    return found.count if isinstance(found, BadFrame) else len(found.data) + 5


@given(_CHECKSUMS, st.lists(st.binary(max_size=600), max_size=6))
def test_every_byte_ends_in_a_frame_or_an_error_whatever_the_chunks(checksum: Checksum, chunks: list[bytes]) -> None:
    decoder, together = FrameDecoder(checksum), FrameDecoder(checksum)
    found = _feed(decoder, chunks)
    left = decoder.flush()
    assert found == list(together.feed(b"".join(chunks)))
    assert sum(map(_size, [*found, *left])) == sum(map(len, chunks))
    assert sum(map(_size, left)) <= _FRAME_BYTES_MAX


@given(_CHECKSUMS, st.lists(_FRAMES, max_size=4), st.integers(1, 300))
def test_what_is_sent_is_understood(checksum: Checksum, frames: list[Frame], step: int) -> None:
    raw = b"".join(encode(frame, checksum) for frame in frames)
    decoder = FrameDecoder(checksum)
    found = _feed(decoder, [raw[at : at + step] for at in range(0, len(raw), step)])
    heard = [
        frame if checksum is Checksum.SIMPLE else Frame(frame.destination, None, frame.header, frame.data)
        for frame in frames
    ]
    assert found == heard
    assert decoder.flush() == ()


@given(_CHECKSUMS, _FRAMES, st.data())
def test_one_bit_turned_over_is_never_one_clean_frame(checksum: Checksum, frame: Frame, data: st.DataObject) -> None:
    raw = bytearray(encode(frame, checksum))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    decoder = FrameDecoder(checksum)
    found = decoder.feed(bytes(raw))
    clean = len(found) == 1 and isinstance(found[0], Frame) and decoder.flush() == ()
    assert not clean
