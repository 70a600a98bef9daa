"""The readiness report: one line a part, and ready only when nothing keeps customers away."""

import base64
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from terminal import readiness
from terminal.centre.api import CentreFailed, CentreTimedOut, ChallengeOutcome
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import Challenge
from terminal.config import Config, ConfigCode, load_config
from terminal.config.disguise import Observed
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness, Resettable
from terminal.devices.payment.none import NoPayment
from terminal.integrity import IntegrityCode, IntegrityReport, record_hashes
from terminal.journal import entries as e
from terminal.readiness import PartState, check, self_test
from tests.config_kit import example_with, install
from tests.journal_kit import FINDING, TERMINAL, clock, open_journal, write_day

CHALLENGE = Challenge(
    challenge_id="c" * 16,
    challenge=base64.urlsafe_b64encode(bytes(32)),
    expires_at=clock().wall() + timedelta(minutes=1),
)


class Told:
    """A device, and a centre, that answer what they are told to."""

    def __init__(self, answer: Readiness | None = None, centre: ChallengeOutcome = CHALLENGE) -> None:
        self._answer, self._centre = answer, centre

    def readiness(self) -> Readiness:
        assert self._answer is not None
        return self._answer

    def clear(self) -> None:
        raise AssertionError("a check clears nothing")

    def prove(self) -> ProofLine:
        raise AssertionError("a check proves nothing")

    def challenge(self) -> ChallengeOutcome:
        return self._centre


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The simulated example, its files recorded as they are, and nobody at its printer's and centre's ports."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    text = example_with("terminal-simulated.toml", "127.0.0.1:8631", f"127.0.0.1:{port}").replace(
        "localhost:8443", f"localhost:{port}"
    )
    loaded = load_config(install(tmp_path, "terminal-simulated.toml", text))
    monkeypatch.setattr(
        readiness, "check_installation", lambda _: record_hashes(tmp_path / "recorded", ("printer_templates",))
    )
    return loaded


def parts_of(
    config: Config, devices: dict[str, Resettable], centre: Told | None = None
) -> dict[str, readiness.PartReadiness]:
    return {part.part: part for part in check(config, devices, centre or Told(), clock()).parts}


def test_a_terminal_of_which_every_part_is_ready_is_ready(config: Config) -> None:
    report = check(config, {"payment": NoPayment()}, Told(), clock())
    assert report.ready
    text = report.render_text()
    assert "見本 / SPECIMEN" in text
    assert text.endswith("\nREADY\n")
    assert {part.state for part in report.parts} == {PartState.READY}


def test_a_fault_that_blocks_is_named_with_what_to_do(config: Config) -> None:
    fault = Fault("printer", "PRINTER_PAPER_OUT", "Load A4 paper.")
    printer = Told(Readiness("printer", DeviceStatus.ONLINE, "idle", (fault,)))
    report = check(config, {"printer": printer}, Told(), clock())
    assert not report.ready
    text = report.render_text()
    for word in ("PRINTER_PAPER_OUT", "Load A4 paper.", "NOT READY"):
        assert word in text


def test_a_device_that_is_not_online_is_not_ready_even_if_it_names_no_fault(config: Config) -> None:
    part = parts_of(config, {"printer": Told(Readiness("printer", DeviceStatus.OFFLINE, "no answer"))})["printer"]
    assert (part.state, part.code) == (PartState.NOT_READY, "PRINTER_OFFLINE")


def test_a_fault_that_does_not_block_only_warns(config: Config) -> None:
    fault = Fault("printer", "PRINTER_TONER_LOW", "Have a toner cartridge at hand.", blocks_service=False)
    printer = Told(Readiness("printer", DeviceStatus.ONLINE, "idle", (fault,)))
    report = check(config, {"printer": printer}, Told(), clock())
    assert report.ready
    assert report.parts[0].state is PartState.WARNING


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (CentreTimedOut(10.0), "CENTRE_TIMED_OUT"),
        (
            CentreFailed(next(iter(CentreErrorCode)), "expected an answer, none came; check the line"),
            next(iter(CentreErrorCode)).value,
        ),
    ],
)
def test_a_centre_that_does_not_answer_keeps_customers_away(
    config: Config, outcome: ChallengeOutcome, code: str
) -> None:
    part = parts_of(config, {}, Told(centre=outcome))["centre"]
    assert (part.state, part.code) == (PartState.NOT_READY, code)


def test_a_tampered_journal_and_an_open_finding_keep_customers_away(config: Config) -> None:
    config.terminal.state_dir.mkdir()
    with open_journal(config.terminal.state_dir) as journal:
        journal.append(e.FindingRaised(finding=FINDING, code="GATE_SUBJECT"))
    assert parts_of(config, {})["journal"].code == "MACHINE_FINDING_OPEN"
    for file in config.terminal.state_dir.iterdir():
        file.unlink()
    path = write_day(config.terminal.state_dir)
    assert parts_of(config, {})["journal"].state is PartState.READY
    path.with_name("journal.sqlite.head").unlink()
    assert parts_of(config, {})["journal"].code == "JOURNAL_HEAD_MISSING"
    assert TERMINAL


def test_a_device_cannot_draw_on_the_operators_screen(config: Config) -> None:
    printer = Told(Readiness("printer", DeviceStatus.ONLINE, "idle\x1b[2J\n[red]x"))
    text = check(config, {"printer": printer}, Told(), clock()).render_text()
    assert "\x1b" not in text
    assert "[red]x" in text


def test_a_report_without_parts_is_not_ready() -> None:
    assert not readiness.ReadinessReport("T", False, "0", ()).ready


def test_the_self_test_names_wrong_files_first_and_then_what_is_in_disguise(config: Config) -> None:
    right, wrong = IntegrityReport(1, "0", "wheel"), IntegrityReport(1, "0", "", (), IntegrityCode.NOT_RECORDED)
    real = Observed(printer=("Brother",))
    found = self_test(config, wrong, real)
    assert found is not None
    assert found.code == IntegrityCode.NOT_RECORDED
    found = self_test(config, right, real)
    assert found is not None
    assert found.code == ConfigCode.REAL_DEVICE
    assert self_test(config, right) is None


def test_swap_and_a_missing_tmpfs_are_warned_of_but_keep_nobody_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "swap_in_use", lambda: True)
    swapping = readiness._memory()
    monkeypatch.setattr(readiness, "swap_in_use", lambda: False)
    monkeypatch.setattr(readiness, "tmpfs_root", lambda: None)
    on_disk = readiness._memory()
    assert {swapping.state, on_disk.state} == {readiness.PartState.WARNING}
    assert "swap off" in swapping.action
    assert "tmpfs" in on_disk.action
