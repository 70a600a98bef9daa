"""``honnin sim coins|notes|pinpad|lamp|receipt`` and ``control`` as processes of their own, for anybody's software."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from honnin.cli import app
from simulator.devices.coins.faults import CoinsFault
from simulator.devices.control_socket import control, socket_path
from simulator.devices.line_faults import LineFault
from simulator.devices.notes.faults import NotesFault
from simulator.devices.pin_pad.faults import PinPadFault
from simulator.devices.receipt_printer.faults import ReceiptFault
from simulator.devices.signal_tower.model import SignalTowerFault
from terminal.devices.serial_line import LineSettings, PortLine
from tests.serial_kit import PATIENCE_S, eventually

HONNIN = (sys.executable, "-m", "honnin", "sim")
DEVICES = {
    "coins": "coin mechanism",
    "notes": "note validator",
    "pinpad": "PIN pad",
    "lamp": "signal tower",
    "receipt": "receipt printer",
}
FAULTS = {
    "coins": CoinsFault,
    "notes": NotesFault,
    "pinpad": PinPadFault,
    "lamp": SignalTowerFault,
    "receipt": ReceiptFault,
}
OPTIONS = {"pinpad": ("--home", "home"), "receipt": ("--out", "slips")}


@pytest.fixture(autouse=True)
def _our_own_signals() -> Iterator[None]:
    """A command that is run in this process takes its signals."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@dataclass
class Emulator:
    """A running ``honnin sim …`` in ``folder``; ``told`` is what its console says once it serves."""

    process: subprocess.Popen[str]
    folder: Path
    link: Path
    told: str


@contextmanager
def started(name: str, folder: Path, *, deaf: bool = False) -> Iterator[Emulator]:
    """Start it and wait until it serves; ``deaf`` as a shell starts background jobs, with Ctrl-C ignored."""
    command = [*HONNIN, name, "--pty", "port", *OPTIONS.get(name, ())]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN if deaf else signal.default_int_handler)
    try:
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, restore_signals=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            assert process.stdout is not None
            told = ""
            while "control" not in told:
                line = process.stdout.readline()
                assert line, f"it ended: {process.stderr.read() if process.stderr else ''}"
                told += line
            yield Emulator(process, folder, folder / "port", told)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.mark.parametrize("name", DEVICES)
def test_it_says_specimen_serves_its_line_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    with started(name, tmp_path) as emulator:
        assert emulator.told.splitlines()[0] == f"SPECIMEN 見本 {DEVICES[name]}"
        assert emulator.link.readlink().parent == Path("/dev/pts")
        panel = control(emulator.link, "look")
        assert (panel["specimen"], panel["device"]) == ("SPECIMEN 見本", DEVICES[name])
        line = PortLine(LineSettings(emulator.link, 9600))
        line.write(b"\x00\xff garbage")
        line.close()
        emulator.process.send_signal(signal.SIGTERM)
        assert emulator.process.wait(PATIENCE_S) == 0
        assert emulator.process.stderr is not None
        assert emulator.process.stderr.read() == ""
    assert not emulator.link.is_symlink()
    assert not socket_path(emulator.link).exists()


@pytest.mark.parametrize("deaf", [False, True], ids=["in a shell", "in the background"])
def test_ctrl_c_takes_the_link_away(tmp_path: Path, deaf: bool) -> None:
    with started("lamp", tmp_path, deaf=deaf) as emulator:
        emulator.process.send_signal(signal.SIGINT)
        assert emulator.process.wait(PATIENCE_S) == 0
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_behind_is_taken_over(tmp_path: Path) -> None:
    with started("lamp", tmp_path) as emulator:
        emulator.process.kill()
        emulator.process.wait(PATIENCE_S)
        assert emulator.link.is_symlink()
    with started("lamp", tmp_path) as emulator:
        assert control(emulator.link, "look")["plugged"] is True


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*HONNIN, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_orders_from_a_shell_and_a_second_emulator_at_the_link(tmp_path: Path) -> None:
    with started("coins", tmp_path) as emulator:
        done = run(tmp_path, "control", "port", "insert", "coin_yen=100")
        assert done.returncode == 0
        assert json.loads(done.stdout)["tray_yen"] == 100, "everything is inhibited: the coin comes straight back"
        second = run(tmp_path, "lamp", "--pty", "port")
        assert second.returncode == 1
        assert "another emulator runs there" in second.stderr
        assert control(emulator.link, "look")["device"] == "coin mechanism"
        control(emulator.link, "unplug")
        eventually(lambda: not emulator.link.is_symlink(), "the cable is out")
        control(emulator.link, "heal")
        assert emulator.link.is_symlink()


@pytest.fixture(scope="module")
def coins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with started("coins", tmp_path_factory.mktemp("coins")) as emulator:
        yield emulator


def told_by(*arguments: Any) -> tuple[int, str]:
    ended = CliRunner().invoke(
        app, ["sim", *map(str, arguments)], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    )
    return ended.exit_code, ended.output


@pytest.mark.parametrize(
    ("order", "code", "expected"),
    [
        (("dance",), 1, "expected one of the orders of coin mechanism, came 'dance'"),
        (("insert",), 1, "coin_yen: Field required"),
        (("insert", "coin_yen=banana"), 1, "coin_yen: Input should be a valid integer"),
        (("insert", "coin_yen=-100"), 1, "coin_yen: Input should be greater than 0"),
        (("insert", "coin_yen=100", "times=3"), 1, "times: Extra inputs"),
        (("insert", "100"), 2, "expected KEY=VALUE, came '100'"),
        (("insert", "=100"), 2, "expected KEY=VALUE"),
        (("fill", "hopper=9", "coins=1"), 1, "refused: "),
        (("add-fault",), 1, "kind: Field required"),
        (("add-fault", "kind=paper-out"), 1, "expected a fault of coin mechanism (jam, "),
        (("add-fault", "kind=jam", "after=1", "until_cleared=true"), 1, "at most one of"),
        (("add-fault", "kind=jam", "window_s=[2,1]"), 1, "FROM before UNTIL"),
        (("look", "closely=true"), 1, "closely: Extra inputs"),
    ],
)
def test_a_wrong_order_is_refused_in_words(coins: Emulator, order: tuple[str, ...], code: int, expected: str) -> None:
    ended, said = told_by("control", coins.link, *order)
    assert (ended, expected in said) == (code, True), said
    assert "Traceback" not in said
    assert control(coins.link, "look")["faults_armed"] == []


def test_every_way_to_say_when(coins: Emulator) -> None:
    for when in ((), ("after=2",), ("ratio=0.5", "seed=7"), ("window_s=[0,60]",), ("until_cleared=true",)):
        code, said = told_by("control", coins.link, "add-fault", "kind=self-check", *when)
        assert code == 0, said
    assert len(control(coins.link, "look")["faults_armed"]) == 5
    assert control(coins.link, "heal")["faults_armed"] == []


def test_nobody_there_is_said(tmp_path: Path) -> None:
    for link in (tmp_path / "none", tmp_path / "none" / "none"):
        code, said = told_by("control", link, "look")
        assert code == 1
        assert "expected a running emulator at" in said


@pytest.mark.parametrize("name", DEVICES)
def test_a_link_that_is_a_file_is_refused_and_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("somebody's")
    options = [str(tmp_path / word) if not word.startswith("--") else word for word in OPTIONS.get(name, ())]
    code, said = told_by(name, "--pty", tmp_path / "port", *options)
    assert code == 1
    assert "something else than a link is there; choose another with --pty" in said
    assert (tmp_path / "port").read_text() == "somebody's"


@pytest.mark.parametrize("place", ["none/port", "file/port", "/proc/port"])
def test_a_place_that_cannot_hold_a_link_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    code, said = told_by("lamp", "--pty", tmp_path / place)
    assert code == 1
    assert "expected to make the link" in said


def test_a_folder_that_cannot_hold_slips_is_refused(tmp_path: Path) -> None:
    (tmp_path / "slips").touch()
    code, said = told_by("receipt", "--pty", tmp_path / "port", "--out", tmp_path / "slips" / "deep")
    assert code == 1
    assert "--out" in said


@pytest.mark.parametrize("name", DEVICES)
def test_the_link_is_demanded(name: str) -> None:
    assert told_by(name)[0] == 2


@pytest.mark.parametrize("name", DEVICES)
def test_the_help_lists_orders_and_every_fault(name: str) -> None:
    code, said = told_by(name, "--help")
    assert code == 0
    missing = [kind.value for kind in FAULTS[name] if f"{kind.value}:" not in said]
    of_the_line = [kind for kind in LineFault if name == "coins" or kind is not LineFault.WRONG_ADDRESS]
    missing += [kind.value for kind in of_the_line if kind.value not in said]
    assert missing == []
    assert "honnin sim control LINK ORDER" in said
    for word in ("heal", "unplug", "plug", "power-cycle", "look", "until_cleared=true"):
        assert word in said


def test_a_pads_key_stays_from_one_start_to_the_next(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        with started("pinpad", tmp_path) as emulator:
            assert emulator.process.stdout is not None
            rest = [emulator.process.stdout.readline() for _ in range(2)]
            path = tmp_path / rest[1].split()[-1]
            keys.append(path.read_bytes())
            assert path.with_name("identity.pem").stat().st_mode & 0o077 == 0
    assert keys[0] == keys[1]
    assert b"PUBLIC KEY" in keys[0]
