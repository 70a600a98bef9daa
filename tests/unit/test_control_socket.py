"""The control channel: orders in, the panel out; what is no order is refused in words, and nobody can make the channel deaf."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.devices import control_socket
from simulator.devices.control_socket import control, socket_path
from simulator.devices.emulation import ControlRefusedError, help_of
from simulator.devices.serial_command import Running, serving
from tests.serial_kit import Parrot, parrot_emulation


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "parrot"


@pytest.fixture
def running(link: Path) -> Iterator[Running]:
    with serving(parrot_emulation(Parrot()), link) as emulator:
        yield emulator


def raw(link: Path, sent: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(str(socket_path(link)))
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        came = b""
        while part := connection.recv(65536):
            came += part
        return came


def test_a_look_says_what_it_is_and_that_it_is_a_specimen(link: Path, running: Running) -> None:
    assert control(link, "look") == {
        "specimen": "SPECIMEN 見本",
        "device": "parrot",
        "plugged": True,
        "faults_armed": [],
        "heard": 0,
    }


def test_what_can_be_done_to_the_device(link: Path, running: Running) -> None:
    control(link, "feed", seeds=3)
    assert control(link, "unplug")["plugged"] is False
    assert control(link, "plug")["plugged"] is True
    control(link, "power-cycle")
    device = running.emulation.device
    assert isinstance(device, Parrot)
    assert device.power_cycles == 1


def test_faults_of_the_device_and_of_its_line_are_armed_and_healed(link: Path, running: Running) -> None:
    control(link, "add-fault", kind="hoarse", after=2)
    armed = control(link, "add-fault", kind="line-noise", until_cleared=True)["faults_armed"]
    assert [fault.split(":")[0] for fault in armed] == ["hoarse", "line-noise"]
    control(link, "unplug")
    healed = control(link, "heal")
    assert healed["faults_armed"] == []
    assert healed["plugged"] is True


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"do": "dance"}, "expected one of the orders of parrot, came 'dance': feed seeds=…"),
        ({}, "expected one of the orders of parrot, came ''"),
        ({"do": "look", "at": "it"}, "at: Extra inputs are not permitted"),
        ({"do": "feed"}, "seeds: Field required"),
        ({"do": "feed", "seeds": 11}, "seeds: Input should be less than or equal to 10"),
        ({"do": "feed", "seeds": 7}, "it does not like sevens"),
        ({"do": "add-fault", "kind": "deaf"}, "expected a fault of parrot (hoarse, line-noise"),
        ({"do": "add-fault", "kind": "hoarse", "after": 1, "ratio": 0.5}, "at most one of"),
        ({"do": "add-fault", "kind": "line-wrong-address"}, "no addresses"),
        ({"do": "add-fault"}, "kind: Field required"),
        ({"do": "feed", "\ud800": 1}, "valid string"),
        ({"do": ["look"]}, "expected one of the orders"),
    ],
)
def test_a_wrong_order_is_refused_in_words(
    link: Path, running: Running, order: dict[str, object], expected: str
) -> None:
    answer = json.loads(raw(link, json.dumps(order).encode() + b"\n"))
    assert answer["ok"] is False
    assert expected in answer["error"]
    assert control(link, "look")["device"] == "parrot"


@pytest.mark.parametrize(
    "sent",
    [b"", b"\n", b"look\n", b"[]\n", b"\xff\xfe\n", b"[" * 30_000 + b"\n", b"x" * 100_000, b'{"do": "look"} {}\n'],
)
def test_what_is_no_order_is_answered_and_the_next_one_is_heard(link: Path, running: Running, sent: bytes) -> None:
    try:
        assert json.loads(raw(link, sent))["ok"] is False
    except ConnectionError:
        assert len(sent) > 65_536, "only what is too long may be cut off"
    assert control(link, "look")["device"] == "parrot"


def test_an_action_that_fails_in_the_system_is_refused_and_heard_of(link: Path, running: Running) -> None:
    control(link, "unplug")
    link.write_text("somebody's")
    with pytest.raises(ControlRefusedError, match="File exists"):
        control(link, "plug")
    assert link.read_text() == "somebody's"
    assert control(link, "look")["plugged"] is False
    link.unlink()
    assert control(link, "plug")["plugged"] is True


def test_whoever_dribbles_holds_the_channel_for_a_bounded_time(
    link: Path, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_socket, "_SLOW_S", 0.2)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as slow:
        slow.connect(str(socket_path(link)))
        slow.sendall(b'{"do"')
        assert control(link, "look")["device"] == "parrot"


def test_a_second_emulator_at_the_same_link_is_refused(link: Path, running: Running) -> None:
    with pytest.raises(FileExistsError, match="another emulator"), serving(parrot_emulation(Parrot()), link):
        pass
    assert control(link, "look")["plugged"] is True
    assert link.is_symlink()


def test_the_socket_that_a_dead_emulator_left_behind_is_taken_over(link: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(str(socket_path(link)))
    with serving(parrot_emulation(Parrot()), link):
        assert control(link, "look")["device"] == "parrot"
    assert not socket_path(link).exists()


def test_a_file_in_the_sockets_place_is_left_alone(link: Path) -> None:
    socket_path(link).write_text("somebody's")
    with pytest.raises(OSError, match="in use"), serving(parrot_emulation(Parrot()), link):
        pass
    assert socket_path(link).read_text() == "somebody's"
    assert not link.is_symlink()


def test_only_its_user_can_give_orders(link: Path, running: Running) -> None:
    assert socket_path(link).stat().st_mode & 0o777 == 0o600


def test_a_folder_however_deep_has_room_for_the_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with serving(parrot_emulation(Parrot()), deep / "parrot"):
        assert control(deep / "parrot", "look")["device"] == "parrot"


def test_nobody_there_is_an_error_of_the_system(link: Path) -> None:
    with pytest.raises(FileNotFoundError):
        control(link, "look")


def test_the_help_has_every_order_every_fault_and_no_wrong_address_where_there_are_none() -> None:
    told = "\n".join(help_of(parrot_emulation(Parrot())))
    for word in ("feed seeds=…", "hoarse: at an answer", "line-noise", "until_cleared=true", "heal · unplug"):
        assert word in told
    assert "line-wrong-address" not in told
    assert "line-wrong-address" in "\n".join(help_of(parrot_emulation(Parrot(), readdress=bytes.upper)))
