"""The signal tower's codec: any bytes end in answers or noise, in bounded memory; what is encoded comes back."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from simulator.devices.signal_tower.emulator import build
from terminal.clock import ManualClock
from terminal.devices.signal_tower.codec import (
    ACK,
    NAK,
    STATUS_BYTES,
    Acknowledged,
    AnswerDecoder,
    Buzzer,
    Lamps,
    Light,
    Noise,
    Refused,
    Status,
    clear_command,
    show_command,
    status_command,
)

_LAMPS = st.builds(
    Lamps, st.sampled_from(Light), st.sampled_from(Light), st.sampled_from(Light), st.sampled_from(Buzzer)
)


def test_the_published_frames() -> None:
    """PHE-3FB3-RYG manual: sections 3.2.2.5 (G and its answer) and 3.2.2.6 (C); S in the form of that answer."""
    assert status_command() == bytes.fromhex("40 3F 3F 47 21")
    assert clear_command() == bytes.fromhex("40 3F 3F 43 21")
    shown = Lamps(Light.OFF, Light.ON, Light.FLASHING_2, Buzzer.PATTERN_3)
    assert AnswerDecoder().feed(bytes.fromhex("30 31 33 30 30 33")) == (Status(shown),)
    assert show_command(shown) == b"@??S013003!"
    assert AnswerDecoder().feed(bytes.fromhex("06 15")) == (Acknowledged(), Refused())


@given(st.lists(st.binary(max_size=100), max_size=20))
def test_any_bytes_end_in_answers_or_noise_in_bounded_memory(chunks: list[bytes]) -> None:
    decoder = AnswerDecoder()
    covered = 0
    for chunk in chunks:
        for found in decoder.feed(chunk):
            covered += found.count if isinstance(found, Noise) else STATUS_BYTES if isinstance(found, Status) else 1
        assert decoder.held < STATUS_BYTES
    covered += sum(noise.count for noise in decoder.give_up())
    assert covered == sum(map(len, chunks))


@given(_LAMPS)
def test_lamps_come_back(lamps: Lamps) -> None:
    assert Lamps.parse(lamps.data()) == lamps
    assert AnswerDecoder().feed(lamps.data()) == (Status(lamps),)


@given(_LAMPS, st.integers(min_value=0, max_value=8 * STATUS_BYTES - 1))
def test_a_turned_bit_never_confirms_the_lamps(lamps: Lamps, bit: int) -> None:
    bad = bytearray(lamps.data())
    bad[bit // 8] ^= 1 << (bit % 8)
    assert Status(lamps) not in AnswerDecoder().feed(bytes(bad))


@given(st.integers(min_value=0, max_value=7))
def test_a_turned_bit_makes_no_acknowledgement_of_a_refusal(bit: int) -> None:
    assert Acknowledged() not in AnswerDecoder().feed(bytes((NAK ^ (1 << bit),)))
    assert Acknowledged() not in AnswerDecoder().feed(bytes((ACK ^ (1 << bit),)))


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_any_bytes_into_the_emulated_tower_never_break_it(pieces: list[bytes]) -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    device = build(clock).device
    for piece in pieces:
        device.receive(piece)
    clock.advance(6)
    device.tick()
    assert device.receive(show_command(Lamps(red=Light.ON))) == bytes((ACK,))
    assert device.receive(status_command()) == Lamps(red=Light.ON).data()


def test_a_command_that_stops_half_way_is_refused_after_five_seconds() -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    device = build(clock).device
    assert device.receive(b"@??S00") == b""
    clock.advance(5.1)
    assert device.tick() == bytes((NAK,))
    for wrong in (b"@??S001!", b"@??S00900!", b"@??S001000000!", b"@AAG!", b"@??X!", b"@??G1!", b"@??S777000!"):
        assert bytes((NAK,)) in device.receive(wrong)
    assert device.receive(b"@??M!")[:2] == b"\0\0"
