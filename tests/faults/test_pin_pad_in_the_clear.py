"""The canary PIN is nowhere: not on the line, not in its rhythm, not in a log, a text or a repr (promise P3)."""

import copy
import logging
import pickle
from collections.abc import Callable
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from simulator.devices.fault_plan import UntilCleared
from simulator.devices.line_faults import LineFault
from simulator.devices.pin_pad.faults import PinPadFault
from terminal.devices.pin_pad.api import PinEntryFailed, PinPadCode, PinTyped
from terminal.devices.pin_pad.frames import Frame, FrameDecoder, FrameType
from terminal.devices.pin_pad.sealing import SessionKeys
from tests.pin_pad_kit import Asking, Desk, model_desk

CANARY = "8462"


def _forms(pin: str) -> dict[str, bytes]:
    digits = bytes(int(digit) for digit in pin)
    packed = bytes.fromhex(pin)
    forms = {
        "ascii": pin.encode(),
        "numbers": digits,
        "UTF-16": pin.encode("utf-16-le"),
        "complement": bytes(255 ^ byte for byte in digits),
    }
    forms |= {f"{name} reversed": form[::-1] for name, form in forms.items()}
    # Two bytes alone come up by chance in random bytes; PIN blocks of ISO 9564 have their length before or filling behind.
    return forms | {"BCD block": b"\x04" + packed, "BCD filled": packed + b"\xff\xff", "BCD zeros": packed + b"\0\0"}


def _entered(desk: Desk) -> None:
    keys = iter("84*462#")
    entry = desk.pin_pad.enter(Asking(on_look=lambda look: desk.model.press(next(keys, "")) if look > 1 else None), 10)
    assert isinstance(entry, PinTyped)
    assert entry.digits == b"8462"


def test_the_line_never_carries_the_digits_in_any_form() -> None:
    desk = model_desk()
    keys = iter("8462#")
    for _ in range(3):
        keys = iter("8462#")
        desk.pin_pad.enter(Asking(on_look=lambda look: desk.model.press(next(keys, "")) if look > 1 else None), 10)  # noqa: B023
    assert len(desk.tap.requests) > 15
    seen = desk.tap.bytes_seen
    assert [name for name, form in _forms(CANARY).items() if form in seen] == []


def test_the_hunt_finds_digits_that_are_there() -> None:
    """The same hunt on a pad that answers in the clear: it must find them, and the driver must refuse them."""
    desk = model_desk()
    desk.plan(PinPadFault.ANSWER_IN_CLEAR, UntilCleared())
    desk.person_types(CANARY + "#")
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinEntryFailed)
    assert entry.code is PinPadCode.FORGED
    assert _forms(CANARY)["ascii"] in desk.tap.bytes_seen
    assert CANARY not in entry.text


def _shape(desk: Desk) -> list[tuple[int, int]]:
    return [(len(request), len(answer)) for request, answer in zip(desk.tap.requests, desk.tap.answers, strict=True)]


def test_the_form_of_what_is_on_the_line_is_the_same_whatever_is_typed_and_when() -> None:
    def typed(keys: str) -> tuple[list[tuple[int, int]], float]:
        desk = model_desk()
        pressed = iter(keys)
        asking = Asking(on_look=lambda look: desk.model.press(next(pressed, "").replace(" ", "")) if look > 1 else None)
        desk.pin_pad.enter(asking, 60)
        return _shape(desk), desk.clock.now_s()

    shapes = {keys: typed(keys) for keys in ("8462     #", "8 4 6  2 #", "8   4*462#", "000*000**#"[:9] + "x")}
    assert all(first == second for first, second in pairwise(shapes.values()))


def test_no_two_sealed_frames_are_alike() -> None:
    desk = model_desk()
    _entered(desk)
    _entered(desk)
    found = (frame for data in (*desk.tap.requests, *desk.tap.answers) for frame in FrameDecoder().feed(data))
    frames = [frame for frame in found if isinstance(frame, Frame)]
    sealed = [frame.payload for frame in frames if frame.kind in (FrameType.REQUEST, FrameType.ANSWER)]
    assert len(sealed) > 20
    assert len({payload[4:] for payload in sealed}) == len(sealed)


def _fails_at_two(desk: Desk, fault: LineFault | None) -> Callable[[int], None]:
    def look(number: int) -> None:
        if number == 2 and fault is not None:
            desk.harm(fault)
        elif number == 2:
            desk.model.press("#")

    return look


def test_no_log_at_any_level_no_text_and_no_repr_has_them(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.NOTSET)
    logging.getLogger().setLevel(logging.NOTSET)
    texts = []
    for fault in (None, LineFault.SILENCE, LineFault.NOISE, LineFault.UNPLUGGED, LineFault.DEVICE_RESET):
        desk = model_desk()
        desk.person_types(CANARY)
        entry = desk.pin_pad.enter(Asking(_fails_at_two(desk, fault)), 10)
        assert isinstance(entry, PinTyped) == (fault is None)
        texts += [repr(entry), str(entry), repr(desk.pin_pad), repr(desk.model), str(desk.pin_pad.readiness())]
    assert CANARY not in caplog.text + "".join(texts)
    assert "8, 4, 6, 2" not in "".join(texts)


def test_a_session_key_is_not_printed_copied_or_pickled() -> None:
    own, other = X25519PrivateKey.generate(), X25519PrivateKey.generate().public_key().public_bytes_raw()
    keys = SessionKeys(own, other, b"")
    assert repr(keys) == "<SessionKeys: redacted>"
    assert repr(keys.answers) == "<Direction: redacted>"
    for take in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            take(keys.answers)
        with pytest.raises(TypeError):
            take(keys)
