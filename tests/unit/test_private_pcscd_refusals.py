"""Where no private pcscd can be had, the error says what is missing and what to do, and nothing is left behind."""

import os
import tempfile
from pathlib import Path

import pytest

from simulator.devices.card_reader import pcscd
from simulator.devices.card_reader.pcscd import PcscdError, PcscdErrorCode, PrivatePcscd
from tests.system import require


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the daemon's directory would lie."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def refusal(daemon: PrivatePcscd) -> PcscdError:
    with pytest.raises(PcscdError) as caught:
        daemon.start()
    return caught.value


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.setattr(pcscd, "_DRIVER", temporary / "libifdvpcd.so")
    error = refusal(PrivatePcscd())
    assert error.code == PcscdErrorCode.NOT_INSTALLED
    assert "vsmartcard-vpcd" in error.failure.text
    assert not list(temporary.iterdir())


def test_without_root(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    require("pcscd", "unshare", "setpriv")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    error = refusal(PrivatePcscd())
    assert error.code == PcscdErrorCode.NOT_ROOT
    assert "sudo" in error.failure.text
    assert not list(temporary.iterdir())


@pytest.mark.system
def test_a_daemon_that_does_not_start_is_quoted(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    require("pcscd", "unshare", "setpriv")
    monkeypatch.setattr(pcscd, "_START", "echo the reason >&2; exit 3")
    daemon = PrivatePcscd()
    error = refusal(daemon)
    assert error.code == PcscdErrorCode.DID_NOT_START
    assert "the reason" in error.failure.text
    assert not list(temporary.iterdir())


def test_before_the_start_there_is_neither_socket_nor_process() -> None:
    daemon = PrivatePcscd()
    for ask in (lambda: daemon.socket_path, lambda: daemon.pid, daemon.restart):
        with pytest.raises(ValueError, match="context manager"):
            ask()
    with pytest.raises(ValueError, match="slot 0 or 1"):
        daemon.port(2)
