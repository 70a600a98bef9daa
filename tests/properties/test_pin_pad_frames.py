"""The PIN pad's frames: any bytes end in frames or noise, in bounded memory; what is encoded comes back; turned bits show."""

from binascii import crc_hqx
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.devices.pin_pad.emulator import build
from terminal.clock import ManualClock
from terminal.devices.pin_pad.api import PinEntryFailed, PinEntryTimedOut
from terminal.devices.pin_pad.frames import FRAME_BYTES_MAX, LENGTHS, Frame, FrameDecoder, FrameType, Noise, encode
from tests.pin_pad_kit import START, Asking, model_desk


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """A frame of any type with any payload."""
    kind = draw(st.sampled_from(FrameType))
    return Frame(kind, draw(st.binary(min_size=LENGTHS[kind], max_size=LENGTHS[kind])))


def _chunked(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]


_CUTS = st.lists(st.integers(min_value=0, max_value=10_000), max_size=20)


@given(st.binary(max_size=2000), _CUTS)
def test_any_bytes_in_any_chunks_end_in_frames_or_noise_in_bounded_memory(data: bytes, cuts: list[int]) -> None:
    decoder = FrameDecoder()
    covered = 0
    for chunk in _chunked(data, cuts):
        for found in decoder.feed(chunk):
            covered += found.count if isinstance(found, Noise) else len(encode(found))
        assert decoder.held < FRAME_BYTES_MAX
    assert covered + decoder.held == len(data)


@given(st.lists(frames(), max_size=5), _CUTS)
def test_what_is_encoded_comes_back_in_any_chunks(sent: list[Frame], cuts: list[int]) -> None:
    decoder = FrameDecoder()
    data = b"".join(encode(frame) for frame in sent)
    assert [found for chunk in _chunked(data, cuts) for found in decoder.feed(chunk)] == sent
    assert decoder.held == 0


@given(frames(), st.data())
def test_a_turned_bit_is_no_frame(frame: Frame, data: st.DataObject) -> None:
    good = encode(frame)
    bit = data.draw(st.integers(min_value=0, max_value=8 * len(good) - 1))
    bad = bytearray(good)
    bad[bit // 8] ^= 1 << (bit % 8)
    assert frame not in FrameDecoder().feed(bytes(bad))
    assert not any(isinstance(found, Frame) for found in FrameDecoder().feed(bytes(bad)))


@given(frames(), st.integers(min_value=0, max_value=255))
def test_a_frame_with_another_length_is_none_even_if_its_check_is_right(frame: Frame, length: int) -> None:
    body = bytearray(encode(frame)[:-2])
    assume(body[2] != length)
    body[2] = length
    sent = bytes(body) + crc_hqx(bytes(body), 0xFFFF).to_bytes(2, "big")
    assert not any(isinstance(found, Frame) for found in FrameDecoder().feed(sent))


@given(frames(), st.binary(max_size=40))
def test_a_frame_after_rubbish_is_found_when_enough_has_come(frame: Frame, rubbish: bytes) -> None:
    decoder = FrameDecoder()
    found = decoder.feed(rubbish + encode(frame)) + decoder.feed(bytes(FRAME_BYTES_MAX))
    assert frame in found


@given(st.lists(st.binary(max_size=200), max_size=6))
def test_any_bytes_into_the_emulated_pad_never_break_it(pieces: list[bytes]) -> None:
    clock = ManualClock(START)
    device = build(clock).device
    for piece in pieces:
        device.receive(piece)
        clock.advance(0.2)
        device.tick()
    state = encode(Frame(FrameType.STATE, bytes(16)))
    assert any(isinstance(found, Frame) for found in FrameDecoder().feed(device.receive(state)))


@given(st.lists(st.one_of(st.binary(max_size=300), frames().map(encode)), min_size=1, max_size=8))
def test_any_answers_into_the_driver_end_an_entry_without_digits(answers: list[bytes]) -> None:
    desk = model_desk()
    given_answers = iter(answers)
    honest = desk.tap.receive
    desk.tap.receive = lambda data: (honest(data), next(given_answers, b""))[1]  # type: ignore[method-assign]
    entry = desk.pin_pad.enter(Asking(), 1)
    assert isinstance(entry, PinEntryFailed | PinEntryTimedOut)
    assert desk.clock.now_s() < 10
