"""One suite over model, wire and a real PIN pad (HONNIN_REAL_PIN_PAD and …_KEY): four digits, and every other end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.devices.control_socket import control
from simulator.devices.emulation import ControlRefusedError
from simulator.devices.fault_plan import Next, UntilCleared
from simulator.devices.line_faults import LineFault
from simulator.devices.pin_pad.faults import PinPadFault
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.pin_pad.api import PinEntryCanceled, PinEntryFailed, PinEntryTimedOut, PinPadCode, PinTyped
from tests.pin_pad_kit import Asking, Desk, desk_at, real_pin_pad, wire_desk


@pytest.fixture(params=["model", "wire"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with desk_at(request.param, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("keys", "digits"),
    [
        ("1234#", b"1234"),
        ("0000#", b"0000"),
        ("12*34*49#", b"1349"),
        ("123#4#", b"1234"),
        ("12345#", b"1234"),
        ("*5678#", b"5678"),
    ],
)
def test_four_digits_and_ok_come_out(desk: Desk, keys: str, digits: bytes) -> None:
    desk.person_types(keys)
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinTyped)
    assert entry.digits == digits


def test_the_digits_move_on_into_the_pin_buffer_and_are_wiped_behind(desk: Desk) -> None:
    desk.person_types("4711#")
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinTyped)
    with PinBuffer.take(entry.digits) as pin:
        assert pin.complete
    assert entry.digits == bytes(4)


def test_the_screen_hears_how_many_digits_there_are(desk: Desk) -> None:
    keys = iter("12*34" + "5#")
    asking = Asking(on_look=lambda look: desk.model.press(next(keys, "")) if look > 1 else None)
    assert isinstance(desk.pin_pad.enter(asking, 10), PinTyped)
    assert asking.counts == [1, 2, 1, 2, 3, 4]


def test_the_cancel_key_ends_the_entry(desk: Desk) -> None:
    desk.person_types("12x")
    assert desk.pin_pad.enter(Asking(), 10) == PinEntryCanceled()
    assert desk.model.count == 0


def test_nobody_types(desk: Desk) -> None:
    desk.person_types("123")
    assert desk.pin_pad.enter(Asking(), 0.2) == PinEntryTimedOut()
    assert desk.model.count == 0
    assert desk.pin_pad.prove().proved


def test_whoever_asked_does_not_want_it_any_more(desk: Desk) -> None:
    asking = Asking()
    asking.on_look = lambda look: setattr(asking, "over", look == 3)
    desk.person_types("12")
    assert desk.pin_pad.enter(asking, 10) == PinEntryCanceled()
    assert desk.pin_pad.prove().proved


def test_an_entry_that_is_complete_when_it_is_cancelled_is_not_handed_out(desk: Desk) -> None:
    asking = Asking()
    asking.on_look = lambda look: setattr(asking, "over", look == 2)
    desk.person_types("1234#")
    assert desk.pin_pad.enter(asking, 10) == PinEntryCanceled()


def test_keys_outside_an_entry_are_not_kept(desk: Desk) -> None:
    desk.model.press("99")
    desk.person_types("12")
    desk.pin_pad.enter(Asking(), 0.1)
    desk.model.press("9#")
    desk.person_types("1234#")
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinTyped)
    assert entry.digits == b"1234"


def test_after_every_entry_the_pad_proves_that_it_holds_nothing(desk: Desk) -> None:
    for keys in ("1234#", "x", "12"):
        desk.person_types(keys)
        desk.pin_pad.enter(Asking(), 0.1)
        assert desk.pin_pad.prove().proved
    assert desk.pin_pad.pad_name.startswith("SPECIMEN")


@pytest.mark.parametrize("fault", [kind for kind in LineFault if kind is not LineFault.WRONG_ADDRESS])
def test_a_line_that_fails_once_never_hands_out_other_digits_and_the_next_entry_works(
    desk: Desk, fault: LineFault
) -> None:
    desk.harm(fault, Next())
    desk.person_types("1234#")
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinTyped | PinEntryFailed)
    if isinstance(entry, PinTyped):
        assert entry.digits == b"1234"
    desk.heal()
    again = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(again, PinTyped)
    assert desk.levels() == []


def test_the_cable_is_pulled_during_an_entry_and_the_next_one_works(desk: Desk) -> None:
    asking = Asking(on_look=lambda look: desk.unplug() if look == 3 else None)
    desk.person_types("12")
    entry = desk.pin_pad.enter(asking, 10)
    assert isinstance(entry, PinEntryFailed)
    assert entry.code is PinPadCode.LINE_GONE
    assert desk.levels() == [PinPadCode.LINE_GONE]
    assert desk.pin_pad.prove().code == PinPadCode.LINE_GONE
    desk.plug()
    assert desk.levels() == []
    desk.person_types("1234#")
    assert isinstance(desk.pin_pad.enter(Asking(), 10), PinTyped)


@pytest.mark.parametrize("fault", PinPadFault)
def test_each_fault_of_the_pad_is_found_and_heals(desk: Desk, fault: PinPadFault) -> None:
    desk.person_types("1234#")
    assert isinstance(desk.pin_pad.enter(Asking(), 10), PinTyped)
    desk.plan(fault, UntilCleared())
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinEntryFailed) or fault is PinPadFault.NOT_CLEARED
    assert not isinstance(entry, PinTyped) or not desk.pin_pad.prove().proved
    desk.heal()
    desk.pin_pad.clear()
    assert desk.pin_pad.prove().proved
    assert desk.levels() == []
    assert isinstance(desk.pin_pad.enter(Asking(), 10), PinTyped)


def test_a_person_presses_the_emulators_keys_from_outside(tmp_path: Path) -> None:
    with wire_desk(tmp_path) as desk:
        link = tmp_path / "pin-pad"

        def press(look: int) -> None:
            if look == 2:
                control(link, "press", keys="1234#")

        entry = desk.pin_pad.enter(Asking(press), 10)
        assert isinstance(entry, PinTyped)
        with pytest.raises(ControlRefusedError) as refused:
            control(link, "press", keys="4812A")
        assert "4812" not in str(refused.value)
        panel = control(link, "look")
        assert "SPECIMEN" in str(panel["name"])
        assert "1234" not in str(panel)


if real_pin_pad() is not None:

    def test_a_real_pad_is_the_one_that_is_configured_and_holds_nothing() -> None:
        pin_pad = real_pin_pad()
        assert pin_pad is not None
        assert pin_pad.readiness().ready
        pin_pad.clear()
        assert pin_pad.prove().proved
        assert pin_pad.enter(Asking(), 1) == PinEntryTimedOut()
