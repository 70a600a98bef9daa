"""A port of the system: exclusive, bounded, and a typed error that heals for whatever happens to it."""

import os
import pty
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import serial

from terminal.devices.serial_line import LineCode, LineError, LineSettings, PortLine


@dataclass
class Cable:
    """A pty whose other end the test holds."""

    master: int
    slave: int

    @property
    def port(self) -> Path:
        return Path(os.ttyname(self.slave))


@pytest.fixture
def cable() -> Iterator[Cable]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    held = Cable(master, slave)
    yield held
    for end in (held.master, held.slave):
        if end >= 0:
            os.close(end)


def line_on(port: Path) -> PortLine:
    return PortLine(LineSettings(port, 9600))


def test_bytes_go_out_and_come_in(cable: Cable) -> None:
    line = line_on(cable.port)
    line.write(b"\x00\x11\x13\xff")
    assert os.read(cable.master, 9) == b"\x00\x11\x13\xff"
    os.write(cable.master, b"\x03\x04\r\n")
    assert line.read(1.0) == b"\x03\x04\r\n"
    assert line.read(0.0) == b""
    line.close()


def test_what_came_late_is_thrown_away(cable: Cable) -> None:
    line = line_on(cable.port)
    line.write(b"a")
    os.write(cable.master, b"late")
    line.discard()
    assert line.read(0.0) == b""
    line.close()


def test_two_lines_never_talk_on_one_port(cable: Cable) -> None:
    first, second = line_on(cable.port), line_on(cable.port)
    first.write(b"a")
    assert os.read(cable.master, 9) == b"a"
    with pytest.raises(LineError) as caught:
        second.write(b"b")
    assert caught.value.code == LineCode.BUSY
    assert "stop the other program" in str(caught.value)
    first.close()
    second.write(b"c")
    assert os.read(cable.master, 9) == b"c"
    second.close()


def test_no_such_port_is_said_and_heals(tmp_path: Path, cable: Cable) -> None:
    link = tmp_path / "ttyUSB0"
    line = line_on(link)
    for act in (lambda: line.write(b"a"), lambda: line.read(0.0), line.discard):
        with pytest.raises(LineError) as caught:
            act()
        assert caught.value.code == LineCode.GONE
        assert "ttyUSB0" in str(caught.value)
        assert "cable" in str(caught.value)
        assert str(tmp_path) not in str(caught.value)
    link.symlink_to(cable.port)
    line.write(b"a")
    assert os.read(cable.master, 9) == b"a"
    line.close()


@pytest.mark.parametrize("odd", ["file", "folder", "pipe"])
def test_what_is_no_port_is_a_line_that_is_gone(tmp_path: Path, odd: str) -> None:
    path = tmp_path / odd
    if odd == "file":
        path.touch()
    elif odd == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    with pytest.raises(LineError) as caught:
        line_on(path).read(0.0)
    assert caught.value.code == LineCode.GONE


def test_a_device_that_hangs_up_is_gone_and_nothing_else_is_raised(cable: Cable) -> None:
    line = line_on(cable.port)
    line.write(b"a")
    os.close(cable.master)
    cable.master = -1
    for act in (lambda: line.read(0.5), lambda: line.write(b"b"), line.discard):
        with pytest.raises(LineError) as caught:
            act()
        assert caught.value.code == LineCode.GONE


def test_a_port_that_takes_no_bytes_is_stalled_within_its_bound(cable: Cable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terminal.devices.serial_line._WRITE_S", 0.1)
    line = line_on(cable.port)
    with pytest.raises(LineError) as caught:
        line.write(b"x" * 1_000_000)
    assert caught.value.code == LineCode.STALLED


def test_closing_twice_or_unopened_is_nothing(cable: Cable) -> None:
    line = line_on(cable.port)
    line.close()
    line.write(b"a")
    line.close()
    line.close()


def test_the_port_is_set_up_as_it_was_configured(cable: Cable, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    class Recorded(serial.Serial):
        def __init__(self, *arguments: object, **settings: object) -> None:
            asked.update(settings, port=arguments[0], baud=arguments[1])
            raise serial.SerialException(2, "not there")

    monkeypatch.setattr(serial, "Serial", Recorded)
    with pytest.raises(LineError):
        PortLine(LineSettings(Path("/dev/ttyS9"), 19200, "E", 2)).write(b"a")
    assert (asked["port"], asked["baud"], asked["parity"], asked["stopbits"]) == ("/dev/ttyS9", 19200, "E", 2)
    assert asked["exclusive"] is True
    with pytest.raises(LineError):
        PortLine(LineSettings(cable.port, 9600, "E")).write(b"a")
    assert asked["parity"] == "N", "a pty has no parity"
