"""A pty stands for a serial port: drivers come and go, the cable is pulled and put back, and no file of others is touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.devices.fault_plan import After, PlannedFault
from simulator.devices.line_faults import LineFault
from simulator.devices.pty_wire import PtyWire
from terminal.devices.serial_line import LineCode, LineError, LineSettings, PortLine
from tests.serial_kit import Parrot, eventually


def read_until(line: PortLine, wanted: bytes) -> bytes:
    came = b""

    def complete() -> bool:
        nonlocal came
        came += line.read(0.05)
        return wanted in came

    eventually(complete, f"{wanted!r}")
    return came


def is_gone(line: PortLine) -> bool:
    try:
        line.write(b"?")
    except LineError as error:
        return error.code == LineCode.GONE
    return False


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "parrot"


@pytest.fixture
def line(link: Path) -> Iterator[PortLine]:
    port = PortLine(LineSettings(link, 9600))
    yield port
    port.close()


def test_a_driver_talks_over_it_as_over_a_port(link: Path, line: PortLine) -> None:
    everything = bytes(range(256))
    with PtyWire(Parrot(), link):
        line.write(everything)
        assert read_until(line, b"]") == b"[" + everything + b"]"


def test_a_driver_may_come_and_go(link: Path) -> None:
    parrot = Parrot()
    with PtyWire(parrot, link):
        for number in range(3):
            line = PortLine(LineSettings(link, 9600))
            line.write(b"%d" % number)
            assert read_until(line, b"]") == b"[%d]" % number
            line.close()


def test_the_device_speaks_by_itself(link: Path, line: PortLine) -> None:
    parrot = Parrot()
    with PtyWire(parrot, link) as wire:
        line.discard()
        with wire.lock:
            parrot.by_itself = b"hello"
        assert read_until(line, b"hello") == b"hello"


def test_a_single_wire_hears_itself(link: Path, line: PortLine) -> None:
    with PtyWire(Parrot(), link, echo=True):
        line.write(b"a")
        assert read_until(line, b"]") == b"a[a]"


def test_what_nobody_reads_is_lost_and_holds_nobody_up(link: Path, line: PortLine) -> None:
    parrot = Parrot()
    with PtyWire(parrot, link) as wire:
        with wire.lock:
            parrot.by_itself = b"x" * 1_000_000
        eventually(lambda: not parrot.by_itself, "the device has said it all")
        line.discard()
        line.write(b"a")
        assert read_until(line, b"[a]").endswith(b"[a]")


def test_a_pulled_cable_takes_the_port_away_and_a_new_one_heals_the_same_line(link: Path, line: PortLine) -> None:
    with PtyWire(Parrot(), link) as wire:
        line.write(b"a")
        read_until(line, b"]")
        wire.unplug()
        assert not wire.plugged
        assert not link.is_symlink()
        for _ in range(2):
            eventually(lambda: is_gone(line), "the port hangs up, and is not there any more")
        wire.unplug()
        wire.plug()
        wire.plug()
        line.write(b"c")
        assert read_until(line, b"]") == b"[c]"


def test_a_cable_pulled_by_a_fault_and_a_device_that_loses_its_power(link: Path, line: PortLine) -> None:
    parrot = Parrot()
    with PtyWire(parrot, link) as wire:
        wire.faults.add(PlannedFault(LineFault.DEVICE_RESET))
        wire.faults.add(PlannedFault(LineFault.UNPLUGGED, After(2)))
        line.write(b"a")
        eventually(lambda: parrot.power_cycles == 1, "the device has lost its power")
        assert line.read(0.0) == b""
        line.write(b"b")
        read_until(line, b"]")
        line.write(b"c")
        eventually(lambda: not wire.plugged, "the cable is out")
        eventually(lambda: is_gone(line), "the port hangs up")
        assert parrot.heard.startswith(b"abc")


def test_the_link_is_gone_at_the_end_and_no_descriptor_stays_open(link: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with PtyWire(Parrot(), link) as wire:
        wire.unplug()
        wire.plug()
        assert link.readlink().parent == Path("/dev/pts")
    assert not link.is_symlink()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_link_that_a_dead_emulator_left_behind_is_taken_over(link: Path, line: PortLine) -> None:
    link.symlink_to("/dev/pts/999999")
    with PtyWire(Parrot(), link):
        line.write(b"a")
        assert read_until(line, b"]") == b"[a]"


def test_a_file_in_its_place_is_left_alone(link: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    link.write_text("somebody's")
    with pytest.raises(FileExistsError), PtyWire(Parrot(), link):
        pass
    assert link.read_text() == "somebody's"
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("target", ["/dev/ttyUSB0", "elsewhere"])
def test_a_link_to_something_else_is_left_alone(link: Path, target: str) -> None:
    link.symlink_to(target)
    with pytest.raises(FileExistsError, match="something else than a pty"), PtyWire(Parrot(), link):
        pass
    assert str(link.readlink()) == target


def test_a_link_that_others_made_meanwhile_is_not_removed(link: Path) -> None:
    with PtyWire(Parrot(), link):
        link.unlink()
        link.symlink_to("/dev/pts/999999")
    assert link.is_symlink()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), PtyWire(Parrot(), tmp_path / "none" / "parrot"):
        pass
