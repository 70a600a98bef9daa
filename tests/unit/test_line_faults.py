"""What each fault of a line makes of an answer, in whatever company; and what ``LoopLine`` lets a driver see of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.devices.fault_plan import After, Next, PlannedFault, Ratio, UntilCleared, When
from simulator.devices.line_faults import LineFault, LineFaults
from simulator.devices.serial_device import LoopLine
from terminal.clock import ManualClock
from terminal.devices.serial_line import LineCode, LineError
from tests.serial_kit import Parrot

ANSWER = b"answer"


def faults(*kinds: LineFault, when: When = Next(), seed: int = 0) -> LineFaults:  # noqa: B008 - frozen
    made = LineFaults(seed, readdress=bytes.upper)
    for kind in kinds:
        made.add(PlannedFault(kind, when))
    return made


def test_a_sound_line_changes_nothing() -> None:
    line = LineFaults()
    assert line.before_answer(0.0) is None
    assert [line.mangle(ANSWER, 0.0) for _ in range(50)] == [ANSWER] * 50


def test_noise_turns_one_bit() -> None:
    for seed in range(50):
        came = faults(LineFault.NOISE, seed=seed).mangle(ANSWER, 0.0)
        turned = [was ^ now for was, now in zip(ANSWER, came, strict=True) if was != now]
        assert len(turned) == 1
        assert turned[0].bit_count() == 1


def test_a_byte_is_dropped_or_doubled() -> None:
    shorter = {ANSWER[:place] + ANSWER[place + 1 :] for place in range(len(ANSWER))}
    longer = {ANSWER[: place + 1] + ANSWER[place:] for place in range(len(ANSWER))}
    dropped = {faults(LineFault.BYTE_DROPPED, seed=seed).mangle(ANSWER, 0.0) for seed in range(60)}
    assert dropped == shorter
    assert {faults(LineFault.BYTE_DOUBLED, seed=seed).mangle(ANSWER, 0.0) for seed in range(60)} == longer


def test_half_a_frame_a_wrong_checksum_silence_and_another_address() -> None:
    assert faults(LineFault.HALF_FRAME).mangle(ANSWER, 0.0) == b"ans"
    came = faults(LineFault.WRONG_CHECKSUM).mangle(ANSWER, 0.0)
    assert came[:-1] == ANSWER[:-1]
    assert came[-1] != ANSWER[-1]
    assert faults(LineFault.SILENCE).mangle(ANSWER, 0.0) == b""
    assert faults(LineFault.WRONG_ADDRESS).mangle(ANSWER, 0.0) == b"ANSWER"


def test_babbling_goes_on_at_every_answer_until_it_is_healed() -> None:
    line = faults(LineFault.BABBLING, when=UntilCleared())
    assert all(len(line.mangle(ANSWER, 0.0)) > 500 for _ in range(3))
    line.heal()
    assert line.mangle(ANSWER, 0.0) == ANSWER


def test_a_late_answer_comes_before_the_next_one() -> None:
    line = faults(LineFault.LATE_ANSWER)
    assert line.mangle(b"first", 0.0) == b""
    assert line.mangle(b"", 0.0) == b"first"
    line = faults(LineFault.LATE_ANSWER)
    assert line.mangle(b"first", 0.0) == b""
    assert line.mangle(b"second", 0.0) == b"firstsecond"
    assert line.mangle(b"third", 0.0) == b"third"


def test_a_late_answer_is_forgotten_when_the_line_is_healed() -> None:
    line = faults(LineFault.LATE_ANSWER)
    line.mangle(b"first", 0.0)
    line.heal()
    assert line.mangle(b"second", 0.0) == b"second"


def test_an_answer_that_is_none_is_no_occasion() -> None:
    line = faults(LineFault.SILENCE)
    assert line.mangle(b"", 0.0) == b""
    assert line.mangle(ANSWER, 0.0) == b""


def test_a_line_without_addresses_has_no_wrong_ones() -> None:
    with pytest.raises(ValueError, match="no addresses"):
        LineFaults().add(PlannedFault(LineFault.WRONG_ADDRESS))


@given(st.binary(max_size=40), st.sets(st.sampled_from(LineFault)), st.integers(0, 50))
def test_any_faults_at_once_on_any_answer(answer: bytes, kinds: set[LineFault], seed: int) -> None:
    line = faults(*kinds, when=UntilCleared(), seed=seed)
    assert all(len(line.mangle(answer, 0.0)) <= 2 * 512 + 2 * len(answer) + 2 for _ in range(3))


def loop(*planned: PlannedFault[LineFault], echo: bool = False) -> tuple[LoopLine, Parrot, ManualClock]:
    clock, parrot, made = ManualClock(datetime(2026, 4, 1, tzinfo=UTC)), Parrot(), LineFaults()
    for fault in planned:
        made.add(fault)
    return LoopLine(parrot, clock, clock.advance, made, echo=echo), parrot, clock


def test_time_passes_on_a_loop_only_while_nothing_is_there() -> None:
    line, _, clock = loop()
    line.write(b"a")
    assert line.read(5.0) == b"[a]"
    assert clock.now_s() == 0.0
    assert line.read(5.0) == b""
    assert clock.now_s() == 5.0


def test_a_single_wire_hears_itself_whatever_becomes_of_the_answer() -> None:
    line, _, _ = loop(PlannedFault(LineFault.SILENCE), echo=True)
    line.write(b"a")
    assert line.read(0.0) == b"a"
    line.write(b"b")
    assert line.read(0.0) == b"b[b]"


def test_what_was_not_read_can_be_thrown_away() -> None:
    line, _, _ = loop()
    line.write(b"old")
    line.discard()
    line.write(b"new")
    assert line.read(0.0) == b"[new]"


def test_a_cable_pulled_at_an_answer_stays_pulled_until_it_is_put_back() -> None:
    line, parrot, _ = loop(PlannedFault(LineFault.UNPLUGGED, After(1)))
    line.write(b"a")
    line.write(b"b")
    assert parrot.heard == b"ab"
    for act in (lambda: line.write(b"c"), lambda: line.read(1.0), line.discard):
        with pytest.raises(LineError) as caught:
            act()
        assert caught.value.code == LineCode.GONE
    line.plug()
    line.write(b"d")
    assert line.read(0.0) == b"[d]"


def test_a_device_that_loses_its_power_heard_the_question_and_does_not_answer() -> None:
    line, parrot, _ = loop(PlannedFault(LineFault.DEVICE_RESET))
    line.write(b"a")
    assert (parrot.heard, parrot.power_cycles) == (b"a", 1)
    assert line.read(0.1) == b""
    line.write(b"b")
    assert line.read(0.1) == b"[b]"


def test_faults_by_chance_are_the_same_at_every_run() -> None:
    def run() -> list[bytes]:
        line, _, _ = loop(PlannedFault(LineFault.NOISE, Ratio(0.5, 3)))
        answers = []
        for _ in range(40):
            line.write(b"abc")
            answers.append(line.read(0.0))
        return answers

    assert run() == run()
    assert 10 < sum(answer != b"[abc]" for answer in run()) < 30
