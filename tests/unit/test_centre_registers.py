"""The registers and the centre's keys when several look at once: nobody sees half a change, everybody gets the same keys."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from simulator.centre.pki import load_or_create
from simulator.centre.registers import Registers
from simulator.centre.seed import MUNICIPALITY_CODES, seed
from simulator.home import Home
from terminal.centre.sheet_keys import load_sheet_keys


class _GoneWrongError(Exception):
    pass


def test_in_memory_nobody_reads_what_is_not_committed() -> None:
    registers = Registers()
    seed(registers, [], date(2026, 4, 1))
    seen: list[bool] = []
    reader = threading.Thread(target=lambda: seen.append(registers.person("adult").moving_out))
    with pytest.raises(_GoneWrongError), registers.transaction():
        registers.change_person("adult", moving_out=True)
        reader.start()
        reader.join(0.2)
        assert reader.is_alive()
        raise _GoneWrongError
    reader.join(5)
    assert seen == [False]


def test_an_unknown_resident_or_field_is_named() -> None:
    registers = Registers()
    seed(registers, [], date(2026, 4, 1))
    with pytest.raises(KeyError, match="nobody"):
        registers.person("nobody")
    with pytest.raises(TypeError, match="moving_owt"):
        registers.change_person("adult", moving_owt=True)
    with pytest.raises(KeyError, match="no seal"):
        registers.cancel_seal("no-seal")


def test_everybody_who_sets_a_home_up_at_once_gets_the_same_keys(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")

    def set_up(_: int) -> tuple[object, ...]:
        pki = load_or_create(home, MUNICIPALITY_CODES)
        files = pki.terminal_tls("SPECIMEN-0001")
        files.context()
        keys = sorted(str(secrets.signing.kid) for secrets in pki.municipal.values())
        sheet = pki.terminal_sheet_key("SPECIMEN-0001").sign(b"page")
        return pki.scramble_master, files.certificate.read_bytes(), sheet, *keys

    with ThreadPoolExecutor(6) as pool:
        results = set(pool.map(set_up, range(6)))
    assert len(results) == 1
    expected = {"terminal-SPECIMEN-0001", *(f"municipality-{code}" for code in MUNICIPALITY_CODES)}
    assert set(load_sheet_keys(home.trust / "sheet-keys.json")) == expected


def test_private_files_are_for_their_owner_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    pki = load_or_create(home, ("99101",))
    pki.terminal_tls("SPECIMEN-0001")
    pki.terminal_sheet_key("SPECIMEN-0001")
    secret = [path for path in pki.directory.rglob("*") if path.is_file() and path.name != ".lock"]
    assert secret
    assert [path.name for path in secret if path.stat().st_mode & 0o077] == []
