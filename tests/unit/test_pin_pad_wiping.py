"""What the terminal holds of an entry is overwritten where Python lets it, and what the pad seals is checked, too."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from terminal.devices.card_reader.pin import wipe
from terminal.devices.pin_pad import sealing
from terminal.devices.pin_pad.api import PinEntryCanceled, PinEntryFailed, PinPadCode, PinTyped
from terminal.devices.pin_pad.frames import BLOCK_BYTES, FrameType
from terminal.devices.pin_pad.messages import Ask, Sealed
from terminal.devices.pin_pad.sealing import BrokenSealError, Direction, SessionKeys
from terminal.devices.pin_pad.session import HostSession, PadLook
from tests.pin_pad_kit import Asking, model_desk


def test_a_block_is_wiped_when_it_is_sealed() -> None:
    block = bytearray(b"\x02\x041234".ljust(BLOCK_BYTES, b"\0"))
    Direction(bytes(32), FrameType.ANSWER).seal(1, block)
    assert block == bytes(BLOCK_BYTES)


def test_a_forgotten_key_opens_nothing() -> None:
    direction = Direction(bytes(32), FrameType.ANSWER)
    sealed = direction.seal(1, bytearray(BLOCK_BYTES))
    assert direction.open(sealed) == bytes(BLOCK_BYTES)
    direction.forget()
    with pytest.raises(BrokenSealError):
        direction.open(sealed)


def test_the_shared_secret_and_the_keys_are_wiped_when_they_have_been_used(monkeypatch: pytest.MonkeyPatch) -> None:
    wiped: list[bytearray] = []

    def look(buffer: bytearray) -> None:
        assert any(buffer)
        wipe(buffer)
        wiped.append(buffer)

    monkeypatch.setattr(sealing, "wipe", look)
    SessionKeys(X25519PrivateKey.generate(), X25519PrivateKey.generate().public_key().public_bytes_raw(), b"")
    assert sorted(len(buffer) for buffer in wiped) == [32, 64]
    assert not any(any(buffer) for buffer in wiped)


def test_each_opened_block_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bytearray] = []
    honest = Direction.open

    def keep(self: Direction, sealed: Sealed) -> bytearray:
        block = honest(self, sealed)
        if self._kind is FrameType.ANSWER:
            opened.append(block)
        return block

    monkeypatch.setattr(Direction, "open", keep)
    desk = model_desk()
    desk.person_types("1234#")
    assert isinstance(desk.pin_pad.enter(Asking(), 10), PinTyped)
    assert len(opened) == 1
    assert not any(any(block) for block in opened)


def test_digits_that_nobody_wants_any_more_are_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[PadLook] = []
    honest = HostSession.request

    def keep(self: HostSession, ask: Ask) -> PadLook:
        looks.append(honest(self, ask))
        return looks[-1]

    monkeypatch.setattr(HostSession, "request", keep)
    desk = model_desk()
    desk.person_types("1234#")
    asking = Asking()
    asking.on_look = lambda look: setattr(asking, "over", look == 2)
    assert desk.pin_pad.enter(asking, 10) == PinEntryCanceled()
    assert looks[-1].digits == bytes(4)


@pytest.mark.parametrize(
    "block",
    [
        b"\x02\x031234",
        b"\x02\x04123",
        b"\x02\x04123x",
        b"\x02\x0412345",
        b"\x02\x05" + b"1234",
        b"\x01\x041234",
        b"\x01\x05",
        b"\x05\x00",
        b"\x00" * 15 + b"\x01",
    ],
)
def test_a_sealed_block_that_says_nothing_known_is_refused(monkeypatch: pytest.MonkeyPatch, block: bytes) -> None:
    """Sealed by the right pad, and nonsense all the same: a fault of its firmware makes no entry."""
    monkeypatch.setattr(
        "simulator.devices.pin_pad.wire.answer_block", lambda *_: bytearray(block.ljust(BLOCK_BYTES, b"\0"))
    )
    desk = model_desk()
    entry = desk.pin_pad.enter(Asking(), 10)
    assert isinstance(entry, PinEntryFailed)
    assert entry.code is PinPadCode.BAD_ANSWER
    assert "1234" not in entry.text
