"""The PIN pad's identity: the terminal's half in a PEM file, the emulator's throw-away one in its folder."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulator.devices.pin_pad.emulator import build
from simulator.devices.pin_pad.identity import PRIVATE_FILE, PUBLIC_FILE, throw_away_identity
from simulator.home import HomeError
from terminal.clock import ManualClock
from terminal.devices.pin_pad.identity import PinPadKeyCode, PinPadKeyError, load_identity_key
from tests.pin_pad_kit import START


def test_the_emulators_key_is_kept_private_and_its_public_half_is_what_a_terminal_reads(tmp_path: Path) -> None:
    made = throw_away_identity(tmp_path / "pad")
    again = throw_away_identity(tmp_path / "pad")
    assert made.private_bytes_raw() == again.private_bytes_raw()
    assert stat.S_IMODE((tmp_path / "pad" / PRIVATE_FILE).stat().st_mode) == 0o600
    read = load_identity_key(tmp_path / "pad" / PUBLIC_FILE)
    assert read.public_bytes_raw() == made.public_key().public_bytes_raw()


def test_the_emulator_says_where_the_key_is_and_keeps_none_without_a_folder(tmp_path: Path) -> None:
    told = build(ManualClock(START), key_folder=tmp_path / "pad").lines
    assert any(str(tmp_path / "pad" / PUBLIC_FILE) in line for line in told)
    assert any("SPECIMEN" in line for line in told)
    before = sorted(tmp_path.rglob("*"))
    build(ManualClock(START))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_key_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PinPadKeyError) as refused:
        load_identity_key(tmp_path / "missing.pem")
    assert refused.value.code == PinPadKeyCode.UNREADABLE
    assert str(tmp_path) not in str(refused.value)


def test_a_key_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    other = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content in (b"", b"not a key", other):
        path.write_bytes(content)
        with pytest.raises(PinPadKeyError) as refused:
            load_identity_key(path)
        assert refused.value.code == PinPadKeyCode.UNFIT


def test_a_folder_with_something_else_in_it(tmp_path: Path) -> None:
    (tmp_path / PRIVATE_FILE).write_bytes(b"something else")
    with pytest.raises(HomeError):
        throw_away_identity(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HomeError):
        throw_away_identity(tmp_path / "file")
