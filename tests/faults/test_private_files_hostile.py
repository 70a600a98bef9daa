"""The private directory has a name that anybody can guess, in a directory that is everybody's; and its user leaves anything."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from terminal.processes.private_files import make_private, wipe
from terminal.reset import forget

STRANGER = 12345


def test_a_link_put_in_its_place_is_not_followed(tmp_path: Path) -> None:
    """Another user of the machine makes the terminal overwrite files of its choice: the oldest trick with /tmp."""
    others = tmp_path / "others"
    others.mkdir()
    (others / "letter").write_text("precious", encoding="utf-8")
    directory = tmp_path / "private"
    directory.symlink_to(others)
    make_private(directory)
    assert (others / "letter").read_text(encoding="utf-8") == "precious"
    assert stat.S_ISDIR(directory.lstat().st_mode)
    assert directory.stat().st_mode & 0o777 == 0o700


def test_a_dangling_link_or_a_file_in_its_place_is_taken_away(tmp_path: Path) -> None:
    directory = tmp_path / "private"
    directory.symlink_to(tmp_path / "nowhere")
    make_private(directory)
    assert not directory.is_symlink()
    wipe(directory)
    directory.write_text("a file", encoding="utf-8")
    make_private(directory)
    assert directory.is_dir()


def test_links_inside_are_removed_not_followed(tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("precious", encoding="utf-8")
    others = tmp_path / "others"
    others.mkdir()
    (others / "book").write_text("precious", encoding="utf-8")
    directory = tmp_path / "private"
    make_private(directory)
    (directory / "file").symlink_to(letter)
    (directory / "folder").symlink_to(others)
    os.mkfifo(directory / "pipe")
    wipe(directory)
    assert not directory.exists()
    assert letter.read_text(encoding="utf-8") == "precious"
    assert (others / "book").read_text(encoding="utf-8") == "precious"


def test_a_second_name_of_a_file_holds_nothing_afterwards(tmp_path: Path) -> None:
    directory = tmp_path / "private"
    make_private(directory)
    (directory / "sheet").write_bytes(b"CANARY" * 1000)
    (tmp_path / "kept").hardlink_to(directory / "sheet")
    wipe(directory)
    assert set((tmp_path / "kept").read_bytes()) == {0}


def test_a_directory_of_another_user_is_not_used(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a directory of another user")
    directory = tmp_path / "private"
    directory.mkdir()
    (directory / "letter").write_text("precious", encoding="utf-8")
    os.chown(directory, STRANGER, STRANGER)
    with pytest.raises(PermissionError):
        make_private(directory)
    assert (directory / "letter").read_text(encoding="utf-8") == "precious"
    (line,) = forget(None, directory)
    assert not line.proved
    assert line.code == "RESET_FILES_NOT_WIPED"


def test_rights_taken_away_do_not_keep_a_file_alive() -> None:
    """As an ordinary user: a file without rights in a folder without rights would keep the terminal out of service for ever."""
    # Not below pytest's own folder, which no other user can enter.
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place) / "private"
        deep = directory / "one" / "two"
        deep.mkdir(parents=True)
        sheet = deep / "sheet"
        sheet.write_bytes(b"CANARY")
        kept = sheet.open("rb")
        for path, rights in ((sheet, 0), (deep, 0), (deep.parent, 0o500), (directory, 0o500)):
            path.chmod(rights)
        if os.geteuid() == 0:
            for path in (sheet, deep, deep.parent, directory, Path(place)):
                os.chown(path, STRANGER, STRANGER)
            _as_a_stranger(lambda: wipe(directory))
        else:
            wipe(directory)
        assert not directory.exists()
        assert set(kept.read()) == {0}
        kept.close()


def _as_a_stranger(deed: Callable[[], None]) -> None:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgid(STRANGER)
            os.setuid(STRANGER)
            deed()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_file_of_holes_costs_no_memory(tmp_path: Path) -> None:
    """A terabyte that is not there: to write it full of zeros would fill the tmpfs, fail, and never be proved."""
    directory = tmp_path / "private"
    make_private(directory)
    with (directory / "holes").open("wb") as file:
        file.write(b"CANARY")
        file.seek(1 << 40)
        file.write(b"CANARY")
    kept = (directory / "holes").open("rb")
    wipe(directory)
    assert not directory.exists()
    assert kept.read(6) == b"\0" * 6
    kept.seek(1 << 40)
    assert kept.read() == b"\0" * 6
