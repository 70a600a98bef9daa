"""The customer cancels between typing the PIN and its being sent: no try is spent, nothing crashes, no copy of it stays (P3)."""

from pathlib import Path
from typing import ClassVar

import pytest

from simulator.terminal_inline import InlineTerminal
from terminal.commands.card import PIN_TAKEN_BACK, CardCommands
from terminal.devices.card_reader.pin import PinBuffer, PinGoneError
from terminal.fsm import events
from terminal.person import Person
from tests.terminal_kit import terminal


def _with_card_read(inline: InlineTerminal) -> tuple[CardCommands, Person]:
    person = Person()
    inline.reader.insert(inline.card("adult"))
    commands = CardCommands(inline.reader, inline.settings.card_trust, inline.clock, person)
    assert isinstance(commands.read(1), events.CardRead)
    return commands, person


def test_a_pin_wiped_before_it_is_sent_spends_no_try(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        commands, person = _with_card_read(inline)
        person.pin = PinBuffer.take(bytearray(b"9999"))
        person.pin.wipe()
        assert commands.verify_pin(1) == events.CardFailed(1, PIN_TAKEN_BACK)
        person.pin = PinBuffer.take(bytearray(b"1234"))
        assert commands.verify_pin(1) == events.PinAccepted(1)
        person.pin.wipe()
        answer = commands.read_subject(1, same_digits=True)
        assert answer == events.CardFailed(1, PIN_TAKEN_BACK)
        commands.release()
        counted = commands.read(1)
        assert isinstance(counted, events.CardRead)
        assert counted.tries_left == 3
        inline.reader.remove()


def test_releasing_the_card_wipes_the_pin_kept_for_signing(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        commands, person = _with_card_read(inline)
        person.pin = PinBuffer.take(bytearray(b"1234"))
        assert commands.verify_pin(1) == events.PinAccepted(1)
        kept = person.accepted_pin
        assert kept is not None and kept.complete
        commands.release()
        assert person.accepted_pin is None
        assert len(kept) == 0 and not any(kept._digits)
        inline.reader.remove()


@pytest.mark.parametrize("copy", [PinBuffer.verify_apdu, PinBuffer.twin])
def test_a_pin_wiped_while_it_is_copied_is_not_sent_as_zeros(copy: object, monkeypatch: pytest.MonkeyPatch) -> None:
    pin = PinBuffer.take(bytearray(b"1234"))
    monkeypatch.setattr(PinBuffer, "__len__", lambda self: 0)
    with pytest.raises(PinGoneError, match="while it was copied"):
        copy(pin)  # type: ignore[operator]


def test_a_wipe_empties_before_it_overwrites() -> None:
    """The order on which the copy's second look relies."""

    class Watched(bytearray):
        seen: ClassVar[list[int]] = []

        def __setitem__(self, index, value):  # type: ignore[no-untyped-def]
            Watched.seen.append(len(pin))
            super().__setitem__(index, value)

    pin = PinBuffer.take(bytearray(b"1234"))
    pin._digits = Watched(b"1234")
    pin.wipe()
    assert Watched.seen == [0, 0, 0, 0]
