"""Who may import whom (docs/architecture.md): the arrows between the rooms, read from the imports themselves."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("honnin", "terminal", "printer_templates", "simulator")
ALLOWED = {
    "printer_templates": {"printer_templates", "terminal.errors"},
    "terminal": {"terminal", "printer_templates"},
    "simulator": {"simulator", "terminal", "printer_templates"},
    "honnin": {"honnin", "simulator", "terminal", "printer_templates"},
}
BENCH_MAY_COMPOSE = "simulator/bench/"


def _imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a thing comes from"
            yield node.module or ""


def _modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def _is_within(name: str, allowed: set[str]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in allowed)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_it_may(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _modules(room)
        for name in _imports(path)
        if name.split(".")[0] in ROOMS
        and not _is_within(name, ALLOWED[room])
        and not (str(path.relative_to(ROOT)).startswith(BENCH_MAY_COMPOSE) and name.split(".")[0] == "honnin")
    ]
    assert wrong == []


def test_the_machine_imports_nothing_but_the_standard_library_transitions_and_itself() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / "terminal" / "fsm").rglob("*.py"))
        for name in _imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not _is_within(name, {"terminal.fsm", "transitions"})
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("package", "user"),
    [
        ("smartcard", "terminal/devices/card_reader/scard.py"),
        ("serial", "terminal/devices/serial_line.py"),
        ("escpos", "terminal/devices/receipt_printer/escpos_library.py"),
    ],
)
def test_only_one_file_imports_a_devices_library(package: str, user: str) -> None:
    users = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in _modules(room)
        if any(name.split(".")[0] == package for name in _imports(path))
    ]
    assert users == [user]


ALONE = {"terminal.clock", "terminal.errors", "terminal.devices.api", "terminal.devices.serial_line"}


@pytest.mark.parametrize(
    ("device", "besides"),
    [
        ("coins", set[str]()),
        ("notes", set[str]()),
        ("pin_pad", {"terminal.devices.card_reader.pin"}),
        ("signal_tower", set[str]()),
        ("receipt_printer", set[str]()),
    ],
)
def test_a_serial_device_is_usable_alone(device: str, besides: set[str]) -> None:
    """A stranger takes ccTalk or ID-003 with a handful of files, and nothing of the terminal around them."""
    allowed = {f"terminal.devices.{device}", *ALONE, *besides}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / "terminal" / "devices" / device).glob("*.py"))
        for name in _imports(path)
        if name.split(".")[0] in ROOMS and not _is_within(name, allowed)
    ]
    assert wrong == []


def test_the_check_sees_a_wrong_arrow(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from simulator.people import residents\n", encoding="utf-8")
    assert [name for name in _imports(bad) if not _is_within(name, ALLOWED["terminal"])] == ["simulator.people"]


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_is_longer_than_a_room_should_be(room: str) -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in _modules(room)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 330
    ]
    assert long == []
