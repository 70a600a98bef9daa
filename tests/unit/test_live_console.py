"""What a live run reads off a console is what the console was told to show, and the keys mean there what they mean here."""

import os
import pty
import queue
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from honnin.live.frames import FrameReader, KeyReader, keys_of
from terminal.devices.screen.api import (
    ChoicePressed,
    DigitsEntered,
    InputKind,
    OkPressed,
    PersonInput,
    View,
    ViewChoice,
)
from terminal.devices.screen.console import ConsoleScreen, open_terminal_mode
from tests.console_kit import shown_on

BANNER = "見本 — これは模擬端末です。証明書は使えません。\nSPECIMEN - simulated terminal, papers are not valid"
LONG = "MIHON " * 15 + "KAKUU"
PIN = View("enter_pin", "暗証番号", lines=("番号 / Code MACHINE_PIN_WRONG",), waits_for=InputKind.DIGITS, banner=BANNER)
MEMBERS = View(
    "choose_members",
    "記載する人を選んでください\nChoose the persons",
    lines=("選び終えたら「次へ」を押してください。",),
    choices=(ViewChoice("1", f"{LONG}（ご本人） / (you)", selected=True), ViewChoice("2", "見本 花子")),
    waits_for=InputKind.SELECTION,
    ok_label="次へ",
    back_label="戻る",
    cancel_label="取消",
    warning="まだ操作中です。\nAre you still there?",
    banner=BANNER,
)
WORKING = View("requesting", "証明書を請求しています", cancel_label="取消", banner=BANNER)


@dataclass
class Console:
    screen: ConsoleScreen
    person: int
    heard: "queue.SimpleQueue[PersonInput]"

    def read(self, view: View) -> View:
        self.screen.show(view)
        (read,) = FrameReader().feed(shown_on(self.person, 0.05).encode())
        return read


@pytest.fixture
def console() -> Iterator[Console]:
    person, terminal = pty.openpty()
    restore = open_terminal_mode(terminal)
    screen = ConsoleScreen(terminal, terminal)
    heard: queue.SimpleQueue[PersonInput] = queue.SimpleQueue()
    screen.listen(heard.put)
    yield Console(screen, person, heard)
    restore()
    screen.close()
    os.close(person)
    os.close(terminal)


def test_a_frame_is_read_as_the_view_that_was_shown(console: Console) -> None:
    read = console.read(MEMBERS)
    assert (read.screen, read.title, read.banner, read.lines) == (MEMBERS.screen, MEMBERS.title, BANNER, MEMBERS.lines)
    assert [(each.key, each.label, each.selected) for each in read.choices] == [
        (each.key, each.label, each.selected) for each in MEMBERS.choices
    ]
    assert (read.warning, read.waits_for) == (MEMBERS.warning, InputKind.SELECTION)
    assert (bool(read.back_label), bool(read.cancel_label)) == (True, True)
    assert console.read(PIN).lines == PIN.lines


def test_frames_that_come_in_pieces_are_read_whole_and_each_once(console: Console) -> None:
    console.screen.show(MEMBERS)
    console.screen.show(PIN)
    drawn, reader = shown_on(console.person, 0.05).encode(), FrameReader()
    pieces = [drawn[start : start + 7] for start in range(0, len(drawn), 7)]
    assert [view.screen for piece in pieces for view in reader.feed(piece)] == ["choose_members", "enter_pin"]


@pytest.mark.parametrize("view", [PIN, MEMBERS, WORKING], ids=lambda view: view.screen)
@pytest.mark.parametrize("keys", ["1", "2", "b", "x", "\n", "1234\n", "12\x7f345\n", "9"])
def test_keys_mean_what_the_console_takes_them_for(console: Console, view: View, keys: str) -> None:
    read, meant = console.read(view), KeyReader()
    known = [each for key in keys if (each := meant.pressed(key, read)) is not None]
    os.write(console.person, keys.encode())
    taken: list[PersonInput] = []
    while len(taken) < len(known):
        taken.append(console.heard.get(timeout=5.0))
    assert [type(each) for each in known] == [type(each) for each in taken]
    assert [each for each in known if isinstance(each, ChoicePressed)] == [
        each for each in taken if isinstance(each, ChoicePressed)
    ]
    os.write(console.person, b"\n" if view is not PIN else b"1234\n")
    if view is not WORKING:
        assert isinstance(console.heard.get(timeout=5.0), OkPressed | DigitsEntered), "nothing else was pressed"


def test_digits_are_wiped_where_they_came_from_and_never_kept() -> None:
    digits = bytearray(b"1234")
    assert keys_of(DigitsEntered(digits)) == "1234\n"
    assert digits == bytearray(4)
    meant = KeyReader()
    assert [meant.pressed(key, PIN) for key in "1234"] == [None] * 4
    assert "1234" not in repr(vars(meant))
