"""Whatever is given to the command line: one clear text, exit code 1 or 2, no traceback, and no waiting for what never comes."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from honnin import cli
from honnin.demo.world import World
from simulator.home import Home
from tests.emulated_card_kit import shared_home


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended: exit code, and all it printed."""

    code: int
    text: str


@dataclass
class Prompt:
    """A shell in a folder with odd things in it."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def honnin(self, *arguments: str | Path) -> Said:
        """Run the command here."""
        self.patch.setattr(sys, "argv", ["honnin", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = self.capture.readouterr()
        return Said(int(ended.value.code or 0), printed.out + printed.err)


@pytest.fixture
def prompt(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Prompt:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "garbage").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "empty").touch()
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(20 << 30)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HONNIN_HOME", str(shared_home().root))
    return Prompt(tmp_path, capsys, monkeypatch)


ODD = ["missing", "folder", "pipe", "garbage", "empty", "huge", "/dev/zero", "/dev/null"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("command", [("sheet", "verify"), ("journal", "verify"), ("terminal", "check", "--config")])
def test_a_file_that_is_none_is_refused(prompt: Prompt, command: tuple[str, ...], odd: str) -> None:
    said = prompt.honnin(*command, odd)
    assert said.code in (1, 2)
    assert any(word in said.text for word in ("expected", "NOT SHOWN", "NOT GOOD"))
    assert "Traceback" not in said.text


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("command", ["verify", "show", "claims"])
def test_a_ledger_that_is_none_is_refused(prompt: Prompt, command: str, odd: str) -> None:
    said = prompt.honnin("ledger", command, odd)
    assert said.code in (1, 2)
    assert any(word in said.text for word in ("expected", "NOT GOOD", "LEDGER_"))
    assert "Traceback" not in said.text


@pytest.mark.parametrize("odd", ["folder", "pipe", "garbage", "empty", "none/port", "/dev/null"])
@pytest.mark.parametrize("emulator", ["coins", "notes", "pinpad", "lamp"])
def test_a_place_that_is_no_link_is_refused(prompt: Prompt, emulator: str, odd: str) -> None:
    said = prompt.honnin("sim", emulator, "--pty", odd)
    assert said.code == 1
    assert f"expected to make the link {odd}" in said.text
    assert "--pty" in said.text
    assert "Traceback" not in said.text


@pytest.mark.parametrize("odd", ODD)
def test_an_order_to_what_is_no_emulator_is_refused(prompt: Prompt, odd: str) -> None:
    said = prompt.honnin("sim", "control", odd, "look")
    assert said.code == 1
    assert "expected a running emulator" in said.text


def test_an_order_to_a_socket_that_is_somebody_elses_is_refused(prompt: Prompt) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.bind("port.control")
        said = prompt.honnin("sim", "control", "port", "look")
    assert said.code == 1
    assert "expected a running emulator" in said.text


@pytest.mark.parametrize(
    "answer", [b"", b"[]\n", b"{}\n", b"hello\n", b'{"ok": true}\n', b'{"ok": false, "error": 7}\n']
)
def test_an_answer_that_is_no_panel_is_refused(prompt: Prompt, answer: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.bind("port.control")
        stranger.listen()

        def serve() -> None:
            connection, _ = stranger.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        server = Thread(target=serve)
        server.start()
        said = prompt.honnin("sim", "control", "port", "look")
        server.join()
    assert said.code == 1
    assert "Traceback" not in said.text


def test_a_pads_home_and_a_slips_folder_that_are_files_are_refused(prompt: Prompt) -> None:
    said = prompt.honnin("sim", "pinpad", "--pty", "port", "--home", "garbage")
    assert said.code == 2
    assert "Traceback" not in said.text
    assert prompt.honnin("sim", "receipt", "--pty", "port", "--out", "garbage").code in (1, 2)


@pytest.mark.parametrize("claim", ["", "1", "0000-00001", "abcd-efgh", "0000 0001"])
def test_a_claim_number_that_cannot_be_is_refused(prompt: Prompt, claim: str) -> None:
    said = prompt.honnin("terminal", "pay-claim", "--config", "empty", "--staff", "S-1", "--claim", claim)
    assert said.code == 2
    assert "CONTROL_BAD_REQUEST" in said.text


@contextmanager
def _taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_named(prompt: Prompt) -> None:
    with _taken_port() as port:
        for command in (("printer", "--spool", "folder"), ("centre",)):
            said = prompt.honnin("sim", *command, "--port", str(port))
            assert said.code == 1
            assert str(port) in said.text


@pytest.mark.parametrize("port", ["-1", "70000", "x", "1.5"])
@pytest.mark.parametrize("command", [("printer", "--spool", "folder"), ("centre",), ("card",)])
def test_a_port_that_cannot_be_is_refused(prompt: Prompt, command: tuple[str, ...], port: str) -> None:
    said = prompt.honnin("sim", *command, "--port", port)
    assert said.code == 2
    assert "--port" in said.text


def test_an_unusable_spool_is_named_as_such(prompt: Prompt) -> None:
    said = prompt.honnin("sim", "printer", "--spool", "garbage", "--port", "0")
    assert said.code == 1
    assert "--spool" in said.text


def test_an_unknown_profile_is_answered_with_the_known_ones(prompt: Prompt) -> None:
    said = prompt.honnin("sim", "card", "--profile", "nobody")
    assert said.code == 2
    assert "adult" in said.text


def test_a_home_or_an_out_that_is_a_file_is_refused(prompt: Prompt) -> None:
    assert prompt.honnin("sim", "setup", "--home", "garbage").code == 2
    assert prompt.honnin("demo", "--out", "garbage").code == 2


def _config(folder: Path, **changes: str) -> Path:
    """The configuration of an emulated world that is not running, with some keys changed."""
    with World(folder / "world", Home(shared_home().root)) as world:
        lines = world.config_path.read_text(encoding="utf-8").splitlines()
    path = folder / "terminal.toml"
    path.write_text(
        "\n".join(f"{key} = {changes[key]}" if (key := line.split(" =")[0]) in changes else line for line in lines),
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("options", [("--staff", "a b"), ("--staff", ""), ("--staff", "S-1", "--device", "X!")])
def test_codes_that_cannot_be_are_refused(prompt: Prompt, options: tuple[str, ...]) -> None:
    said = prompt.honnin("terminal", "settle", "--config", "empty", "--device", "tray", *options)
    assert said.code == 2
    assert "CONTROL_BAD_REQUEST" in said.text


def test_no_service_to_ask_is_said(prompt: Prompt) -> None:
    said = prompt.honnin("terminal", "status", "--config", _config(prompt.folder))
    assert said.code == 2
    assert "CONTROL_NO_SERVICE" in said.text


@pytest.mark.parametrize("command", ["check", "record-hashes"])
def test_a_state_folder_that_is_a_file_is_refused(prompt: Prompt, command: str) -> None:
    config = _config(prompt.folder, state_dir=f'"{prompt.folder / "empty"}"')
    said = prompt.honnin("terminal", command, "--config", config)
    assert said.code == 2
    assert "CONFIG_STATE_DIR_UNUSABLE" in said.text


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("card_cas", '["garbage"]', "CONFIG_TRUST_UNUSABLE"),
        ("sheet_key", '"garbage"', "CONFIG_TRUST_UNUSABLE"),
        ("municipalities", '"garbage"', "CENTRE_TRUST_MALFORMED"),
        ("sheet_keys", '"garbage"', "CENTRE_TRUST_MALFORMED"),
        ("state_dir", f'"{"d" * 120}"', "CONTROL_NO_SOCKET"),
    ],
)
def test_a_service_that_cannot_start_says_why(prompt: Prompt, key: str, value: str, code: str) -> None:
    (prompt.folder / "garbage").chmod(0o600)
    prompt.patch.setattr("honnin.compose.open_terminal_mode", lambda descriptor: lambda: None)
    prompt.patch.setattr("honnin.compose.forbid_dumps_and_tracing", lambda: None)
    said = prompt.honnin("terminal", "run", "--config", _config(prompt.folder, **{key: value}))
    assert said.code == 2
    assert code in said.text


def test_a_service_without_any_console_says_so(prompt: Prompt) -> None:
    reading, writing = os.pipe()
    kept = os.dup(0)
    try:
        os.dup2(reading, 0)
        said = prompt.honnin("terminal", "run", "--config", _config(prompt.folder))
    finally:
        os.dup2(kept, 0)
        for descriptor in (reading, writing, kept):
            os.close(descriptor)
    assert said.code == 2
    assert "SCREEN_NO_TERMINAL" in said.text
