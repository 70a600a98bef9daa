"""docs/simulator.md and every documented command: what stands there exists (Klipper #862, #2125: the docs' command rots)."""

import ast
import importlib
import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import TypeAdapter
from typer.testing import CliRunner

from honnin.cli import app
from honnin.cli.serial import _argument
from simulator.centre.faults import ContentFault, EnvelopeFault, TimingFault
from simulator.devices.card_reader.profiles import PROFILES
from simulator.devices.coins.emulator import build as build_coins
from simulator.devices.emulation import Emulation
from simulator.devices.fault_orders import FaultOrder
from simulator.devices.line_faults import LineFault
from simulator.devices.notes.emulator import build as build_notes
from simulator.devices.payment.model import PaymentFault
from simulator.devices.pin_pad.emulator import build as build_pin_pad
from simulator.devices.printer.control import Command
from simulator.devices.printer.faults import FaultKind
from simulator.devices.receipt_printer.emulator import build as build_receipt_printer
from simulator.devices.signal_tower.emulator import build as build_signal_tower
from terminal.clock import SystemClock
from terminal.config import load_config

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
_COMMAND = re.compile(r"(?:^|`)(?:\.venv/bin/)?(honnin [a-z](?!\w+ v\d)[^`\n]*)", re.MULTILINE)
"""A command line; ``honnin front v1`` and its like are tags of signed bytes."""
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _documented() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pages = {*listed.split(), "docs/simulator.md"}
    return sorted(
        (name, command.strip())
        for name in pages
        if (ROOT / name).exists()
        for command in _COMMAND.findall((ROOT / name).read_text(encoding="utf-8"))
    )


def _resolve(line: str) -> tuple[list[str], list[str]]:
    """The subcommands and the options of a documented command line; raise ``AssertionError`` for one that is not there."""
    words = [word.strip("[]") for word in shlex.split(line.split(" → ")[0], comments=True)[1:]]
    command: Any = typer.main.get_command(app)
    path: list[str] = []
    while (commands := getattr(command, "commands", None)) and words and words[0] != "…":
        assert words[0] in commands, f"honnin {' '.join([*path, words[0]])} does not exist"
        path.append(words.pop(0))
        command = commands[path[-1]]
    known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    options = [word.split("=")[0] for word in words if word.startswith("--")]
    for option in options:
        assert option in known, f"honnin {' '.join(path)} has no {option}; it has {sorted(known)}"
    return path, options


@pytest.mark.parametrize(("page", "line"), _documented())
def test_every_documented_command_and_option_exists(page: str, line: str) -> None:
    path, options = _resolve(line)
    told = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    assert told.exit_code == 0, page
    for option in options:
        assert option in told.output


def test_a_wrong_command_or_option_would_be_noticed() -> None:
    for wrong in ("honnin sim plotter", "honnin sim card --colour red", "honnin terminal run --conf x"):
        with pytest.raises(AssertionError):
            _resolve(wrong)
    assert len(_documented()) > 40


def test_the_table_of_profiles_is_what_the_command_lists() -> None:
    rows = dict(
        re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", PAGE.split("| profile |")[1].split("\n\n")[0], re.MULTILINE)
    )
    assert rows == {profile.name: profile.summary for profile in PROFILES.values()}
    listed = CliRunner().invoke(app, ["sim", "card", "--list"]).output
    for name, summary in rows.items():
        assert re.search(rf"^  {re.escape(name)} +{re.escape(summary)}", listed, re.MULTILINE)


def test_every_fault_is_named() -> None:
    centre = {kind.__name__ for family in (ContentFault, EnvelopeFault, TimingFault) for kind in get_args(family)}
    assert {name for name in centre if f"`{name}`" not in PAGE} == set()
    assert {kind.value for kind in FaultKind if f"`{kind.value}`" not in PAGE} == set()
    assert {fault.name for fault in PaymentFault if fault.name not in PAGE} == set()


@pytest.mark.parametrize("name", ["docs/simulator.md", "docs/protocols/ipp.md"])
def test_every_control_command_is_understood(name: str) -> None:
    commands = re.findall(r"\{\"do\":[^}]*\}", (ROOT / name).read_text(encoding="utf-8"))
    assert commands
    for command in commands:
        TypeAdapter(Command).validate_python(json.loads(command))


EMULATIONS: dict[str, Emulation] = {
    "coins": build_coins(SystemClock()),
    "notes": build_notes(SystemClock()),
    "pinpad": build_pin_pad(SystemClock()),
    "lamp": build_signal_tower(SystemClock()),
    "receipt": build_receipt_printer(SystemClock()),
}
_SHARED = {"look", "add-fault", "heal", "unplug", "plug", "power-cycle"}


def _rows(heading: str) -> dict[str, str]:
    """The two columns of the table under ``heading``."""
    table = PAGE.split(heading)[1].split("\n\n")[0]
    return dict(re.findall(r"^\| ([^|]+?) \| (.+) \|$", table, re.MULTILINE))


@pytest.mark.parametrize("name", EMULATIONS)
def test_the_faults_of_each_serial_emulator_are_all_there_and_no_other(name: str) -> None:
    row = _rows("| of | faults |")[f"`{name}`"]
    assert set(re.findall(r"`([a-z-]+)`", row)) == {kind.value for kind in EMULATIONS[name].faults}


def test_the_faults_of_every_line_are_all_there_and_no_other() -> None:
    row = _rows("| of | faults |")["every line, at an answer"]
    assert set(re.findall(r"`([a-z-]+)`", row)) == {kind.value for kind in LineFault}


@pytest.mark.parametrize("name", EMULATIONS)
def test_the_orders_of_each_serial_emulator_are_all_there_and_are_understood(name: str) -> None:
    rows = _rows("| emulator | orders of its own |")
    actions = EMULATIONS[name].actions
    orders = [part.split() for part in re.findall(r"`([a-z][^`]*)`", rows[f"`{name}`"]) if part not in ("x", "look")]
    assert {order[0] for order in orders} == set(actions)
    for order, *arguments in orders:
        actions[order].arguments.model_validate(dict(map(_argument, arguments)))
    assert {order.split()[0] for order in re.findall(r"`([^`]+)`", rows["each"])} == _SHARED


_LINKS = {
    "dev/coins": "coins",
    "dev/notes": "notes",
    "dev/pin_pad": "pinpad",
    "dev/signal_tower": "lamp",
    "dev/receipt_printer": "receipt",
}


def test_the_orders_from_a_shell_are_orders_of_the_emulator_behind_their_link() -> None:
    given = [shlex.split(line) for _, line in _documented() if line.startswith("honnin sim control dev/")]
    assert len(given) > 8
    for _, _, _, link, order, *arguments in given:
        emulation = EMULATIONS[_LINKS[link]]
        assert order in {*emulation.actions, *_SHARED}, (link, order)
        values = dict(map(_argument, arguments))
        if order in emulation.actions:
            emulation.actions[order].arguments.model_validate(values)
        if order == "add-fault":
            FaultOrder.model_validate(values).when()
            assert values["kind"] in {*map(str, emulation.faults), *map(str, LineFault)}


def test_python_on_the_page_imports_what_exists() -> None:
    blocks = [text for language, text in _BLOCK.findall(PAGE) if language == "python"]
    assert len(blocks) >= 4
    for block in blocks:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom):
                module = importlib.import_module(str(node.module))
                assert all(hasattr(module, alias.name) for alias in node.names), ast.unparse(node)


def test_the_configuration_loads_with_the_keys_that_the_page_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = _BLOCK.findall(PAGE)
    (configuration,) = (text for language, text in blocks if language == "toml")
    (makes_keys,) = (text for language, text in blocks if "terminal_sheet_key" in text)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["sim", "setup", "--home", "var"]).exit_code == 0
    exec(compile(makes_keys, "docs/simulator.md", "exec"), {})  # noqa: S102 - our own page, read from this checkout
    path = tmp_path / "terminal.toml"
    path.write_text(configuration, encoding="utf-8")
    assert load_config(path).terminal.simulated
    without_pcscd = configuration.replace('driver = "pcsc"\nname = "Virtual PCD 00 00"', 'driver = "simulated"')
    path.write_text(without_pcscd.replace('home = "var"', 'home = "var"\ncard_port = 35963'), encoding="utf-8")
    assert load_config(path).card_reader.driver == "simulated"
