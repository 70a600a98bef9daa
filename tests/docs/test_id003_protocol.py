"""docs/protocols/id003.md: its example runs, its frames are sound, and it names every code, status and command that is used."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import cast

from terminal.devices.notes.api import NotesCode
from terminal.devices.notes.codec import Frame, FrameDecoder
from terminal.devices.notes.commands import Command
from tests.notes_kit import Booth, wire_booth

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "protocols" / "id003.md"
ALONE = {"terminal.errors", "terminal.clock", "terminal.devices.serial_line", "terminal.devices.api"}


def test_the_example_takes_a_note_from_the_emulator(tmp_path: Path) -> None:
    example = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    names: dict[str, object] = {}
    exec(compile(example.group(1), str(PAGE), "exec"), names)  # noqa: S102 - the page's own example
    next_note = cast("Callable[[Path], int]", names["next_note"])
    with wire_booth(tmp_path) as booth:
        someone = Timer(0.3, _insert_when_open, [booth])
        someone.start()
        assert next_note(tmp_path / "notes") == 5000
        someone.join()
        assert (booth.model.stacker_yen, booth.model.vends_acknowledged) == ([5000], 1)


def _insert_when_open(booth: Booth) -> None:
    for _ in range(100):
        if booth.insert(5000):
            return
        booth.pause(0.05)


def test_the_frames_on_the_page_are_sound() -> None:
    frames = re.findall(r"`((?:FC)(?: [0-9A-F]{2})+)`", PAGE.read_text(encoding="utf-8"))
    assert len(frames) >= 4
    for text in frames:
        (found,) = FrameDecoder().feed(bytes.fromhex(text))
        assert isinstance(found, Frame), text


def test_every_code_stands_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [code for code in NotesCode if code not in page] == []


def test_every_command_that_the_driver_sends_stands_on_the_page() -> None:
    rooms = (ROOT / "terminal" / "devices" / "notes").glob("*.py")
    sent = {name for path in rooms for name in re.findall(r"Command\.([A-Z_0-9]+)", path.read_text(encoding="utf-8"))}
    numbers = [f"{Command[name].value:02X}" for name in sorted(sent & set(Command.__members__))]
    page = PAGE.read_text(encoding="utf-8")
    assert len(numbers) > 10
    assert [number for number in numbers if not re.search(rf"\b{number}\b", page)] == []


def test_the_drivers_rooms_import_nothing_but_what_a_stranger_gets_with_them() -> None:
    for path in (ROOT / "terminal" / "devices" / "notes").glob("*.py"):
        for name in re.findall(r"^(?:from|import) ([\w.]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            own = name.startswith("terminal.devices.notes.") or name in ALONE
            assert own or name.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {name}"
