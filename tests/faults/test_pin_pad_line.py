"""Every fault of the PIN pad's line: a level while it lasts, none when healed; bounded; never a digit that was not typed."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simulator.devices.fault_plan import After, Ratio, UntilCleared
from simulator.devices.line_faults import LineFault
from simulator.devices.pin_pad.faults import PinPadFault
from simulator.devices.pin_pad.wire import HOLD_S
from terminal.clock import ManualClock
from terminal.devices.api import DeviceStatus
from terminal.devices.pin_pad.api import PinEntryFailed, PinEntryTimedOut, PinPadCode, PinTyped
from terminal.devices.pin_pad.driver import SerialPinPad
from terminal.devices.pin_pad.frames import Frame, FrameType, encode
from terminal.devices.pin_pad.timing import PinPadTiming
from tests.pin_pad_kit import START, Asking, ModelDesk, model_desk
from tests.serial_kit import Babbler

LEVELS = {
    LineFault.NOISE: {PinPadCode.BAD_ANSWER},
    LineFault.BYTE_DROPPED: {PinPadCode.BAD_ANSWER},
    LineFault.BYTE_DOUBLED: {PinPadCode.BAD_ANSWER},
    LineFault.HALF_FRAME: {PinPadCode.BAD_ANSWER},
    LineFault.WRONG_CHECKSUM: {PinPadCode.BAD_ANSWER},
    LineFault.LATE_ANSWER: {PinPadCode.BAD_ANSWER},
    LineFault.BABBLING: {PinPadCode.BAD_ANSWER},
    LineFault.SILENCE: {PinPadCode.SILENT},
    LineFault.UNPLUGGED: {PinPadCode.LINE_GONE},
    LineFault.DEVICE_RESET: {PinPadCode.SILENT},
}
"""WRONG_ADDRESS is missing: the protocol has no addresses."""
_ASK_S = PinPadTiming().answer_s * PinPadTiming().tries


def test_the_table_has_every_fault() -> None:
    assert set(LineFault) - set(LEVELS) == {LineFault.WRONG_ADDRESS}


@pytest.mark.parametrize("fault", LEVELS)
def test_a_lasting_fault_is_a_level_that_blocks_and_clears_when_healed(fault: LineFault) -> None:
    desk = model_desk()
    assert desk.levels() == []
    desk.harm(fault)
    assert set(desk.levels()) <= LEVELS[fault]
    assert not desk.pin_pad.readiness().ready
    assert not desk.pin_pad.prove().proved
    desk.heal()
    assert desk.levels() == []
    assert desk.pin_pad.prove().proved


@pytest.mark.parametrize("fault", LEVELS)
def test_a_lasting_fault_in_the_middle_of_an_entry_ends_it_in_bounded_time(fault: LineFault) -> None:
    desk = model_desk()
    desk.person_types("12")
    entry = desk.pin_pad.enter(Asking(on_look=lambda look: desk.harm(fault) if look == 3 else None), 60)
    if fault is LineFault.LATE_ANSWER:
        # The second try gets the answer to the first: the same sealed bytes, so that nothing is lost.
        assert entry == PinEntryTimedOut()
        assert desk.clock.now_s() < 60 + 3 * _ASK_S
    else:
        assert isinstance(entry, PinEntryFailed)
        assert desk.clock.now_s() < 3 * _ASK_S
    desk.heal()
    desk.person_types("1234#")
    again = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(again, PinTyped)
    assert again.digits == b"1234"


@pytest.mark.parametrize("fault", LEVELS)
def test_a_fault_at_each_answer_of_an_entry_never_makes_other_digits(fault: LineFault) -> None:
    answers = 6
    outcomes = []
    for number in range(answers):
        desk = model_desk()
        desk.harm(fault, After(number))
        keys = iter(["", "90", "", "21#"])
        entry = desk.pin_pad.enter(Asking(on_look=lambda _, desk=desk, keys=keys: desk.model.press(next(keys, ""))), 5)  # type: ignore[misc]
        assert isinstance(entry, PinTyped | PinEntryFailed | PinEntryTimedOut)
        outcomes.append(isinstance(entry, PinTyped))
        if isinstance(entry, PinTyped):
            assert entry.digits == b"9021"
        desk.heal()
        desk.pin_pad.clear()
        assert desk.pin_pad.prove().proved
    lossy = fault in (LineFault.UNPLUGGED, LineFault.DEVICE_RESET)
    assert all(outcomes) or lossy, "one harmed answer is asked for again"


def test_a_line_that_fails_by_chance_never_makes_other_digits() -> None:
    typed = 0
    for seed in range(60):
        desk = model_desk()
        for fault in LEVELS:
            if fault is not LineFault.UNPLUGGED:
                desk.harm(fault, Ratio(0.04, seed))
        desk.person_types("3141#")
        entry = desk.pin_pad.enter(Asking(), 10)
        assert isinstance(entry, PinTyped | PinEntryFailed)
        if isinstance(entry, PinTyped):
            typed += 1
            assert entry.digits == b"3141"
    assert typed > 30


def test_what_waits_on_the_line_before_a_question_is_no_answer_to_it() -> None:
    desk = model_desk()
    desk.line._coming = encode(Frame(FrameType.REFUSED, b"\x01"))
    assert desk.levels() == []
    desk.line._coming = encode(Frame(FrameType.REFUSED, b"\x01"))
    desk.person_types("1234#")
    assert isinstance(desk.pin_pad.enter(Asking(), 10), PinTyped)


def test_half_an_answer_does_not_swallow_the_next_one() -> None:
    desk = model_desk()
    desk.harm(LineFault.HALF_FRAME)
    assert desk.levels() == [PinPadCode.BAD_ANSWER]
    desk.heal()
    before_s = desk.clock.now_s()
    desk.pin_pad.clear()
    assert desk.clock.now_s() == before_s


def test_half_a_question_does_not_swallow_the_next_one_in_the_pad() -> None:
    desk = model_desk()
    state = encode(Frame(FrameType.STATE, bytes(16)))
    assert desk.tap.receive(encode(Frame(FrameType.HELLO, bytes(49)))[:10]) == b""
    assert desk.tap.receive(state) == b""
    desk.clock.advance(0.2)
    assert len(desk.tap.receive(state)) == 86


def test_a_line_that_babbles_without_end_is_not_listened_to_for_ever() -> None:
    clock = ManualClock(START)
    key = Ed25519PrivateKey.generate().public_key()
    pin_pad = SerialPinPad(Babbler(b"\x02\x81rubbish" * 30), clock, clock.advance, key)
    assert [fault.code for fault in pin_pad.readiness().faults] == [PinPadCode.BAD_ANSWER]


def test_the_pad_is_reset_in_the_middle_of_an_entry() -> None:
    desk = model_desk()
    desk.plan(PinPadFault.ENTRY_LOST, After(2))
    desk.person_types("1234#")
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinEntryFailed)
    assert entry.code is PinPadCode.SESSION_LOST
    assert desk.model.count == 0
    assert isinstance(desk.pin_pad.enter(Asking(), 10), PinTyped)


def test_a_stuck_key_is_a_level_until_it_is_free() -> None:
    desk = model_desk()
    desk.plan(PinPadFault.STUCK_KEY)
    desk.person_types("1234#")
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinEntryFailed)
    assert entry.code is PinPadCode.STUCK_KEY
    assert desk.levels() == [PinPadCode.STUCK_KEY]
    assert desk.pin_pad.readiness().status is DeviceStatus.HARDWARE_ERROR
    assert desk.pin_pad.prove().proved
    again = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(again, PinEntryFailed)
    assert again.code is PinPadCode.STUCK_KEY
    desk.heal()
    assert desk.levels() == []


def test_a_pad_that_is_not_cleared_is_not_proved() -> None:
    desk = model_desk()
    desk.plan(PinPadFault.NOT_CLEARED, UntilCleared())
    desk.person_types("12")
    assert desk.pin_pad.enter(Asking(), 0.5) == PinEntryTimedOut()
    assert desk.pin_pad.prove().code == PinPadCode.NOT_CLEARED
    desk.heal()
    desk.pin_pad.clear()
    assert desk.pin_pad.prove().proved


def test_an_entry_whose_terminal_died_is_forgotten_by_the_pad_itself() -> None:
    desk = _died_in_an_entry()
    assert desk.model.count == 2
    desk.clock.advance(HOLD_S + 0.1)
    assert desk.pin_pad.prove().proved
    assert desk.model.count == 0


def test_an_entry_whose_terminal_died_is_not_proved_away_without_a_clear() -> None:
    desk = _died_in_an_entry()
    assert desk.pin_pad.prove().code == PinPadCode.NOT_CLEARED
    desk.pin_pad.clear()
    assert desk.pin_pad.prove().proved


def _died_in_an_entry() -> ModelDesk:
    class Died(BaseException):
        """The process ends here; what it would have sent afterwards it does not send."""

    desk = model_desk()
    desk.person_types("12")

    def die(look: int) -> None:
        if look == 3:
            desk.unplug()
            raise Died

    with pytest.raises(Died):
        desk.pin_pad.enter(Asking(on_look=die), 10)
    desk.plug()
    return desk
