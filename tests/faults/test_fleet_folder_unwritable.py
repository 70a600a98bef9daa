"""A fleet's folder cannot be written, at the beginning or in the middle: a typed error, and what was kept before stays."""

import errno
from pathlib import Path

import pytest

from simulator.fleet.errors import FleetError, FleetErrorCode
from simulator.fleet.resume import Asked, RunFolder
from simulator.fleet.shards import ShardResult
from simulator.fleet.tally import Tally

ASKED = Asked(5, 1)


def test_a_folder_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FleetError, match="give another --out") as told:
        RunFolder(tmp_path / "file" / "fleet", ASKED, resume=False)
    assert told.value.failure.code == FleetErrorCode.UNWRITABLE


def test_a_full_disk_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder(tmp_path, ASKED, resume=False)

    def full(_path: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = ShardResult(0, b"", Tally(digests={"unit": "0"}))
    with pytest.raises(FleetError, match="No space left on device; make room there and --resume"):
        folder.keep(result)
    assert folder.tally == Tally()
    monkeypatch.undo()
    assert RunFolder(tmp_path, ASKED, resume=True).parts == ()
