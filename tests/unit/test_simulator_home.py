"""A home appears whole, once, private, whoever makes it first."""

import subprocess
import sys
from pathlib import Path

import pytest

from simulator import pki
from simulator.home import Home, HomeError, HomeErrorCode

_MAKE = """
import pathlib, sys
from simulator import pki
from simulator.home import Home
print(pki.load_or_create(Home(pathlib.Path(sys.argv[1]))).authentication.key_id.hex())
"""


def test_option_beats_environment_beats_default() -> None:
    assert Home.locate(Path("a"), {"HONNIN_HOME": "b"}).root == Path("a")
    assert Home.locate(None, {"HONNIN_HOME": "b"}).root == Path("b")
    assert Home.locate(None, {}).root == Path("var")


def test_processes_that_set_up_at_the_same_time_end_with_the_same_authorities(tmp_path: Path) -> None:
    commands = [sys.executable, "-c", _MAKE, str(tmp_path / "home")]
    processes = [subprocess.Popen(commands, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = {process.communicate(timeout=120)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(answers) == 1
    assert sorted(entry.name for entry in (tmp_path / "home").iterdir()) == ["pki", "trust"], "no draft is left"


def test_the_loser_of_a_race_uses_what_the_winner_published(tmp_path: Path) -> None:
    home = Home(tmp_path)

    def lose(draft: Path) -> None:
        (draft / "mine").touch()
        (tmp_path / "room").mkdir()
        (tmp_path / "room" / "theirs").touch()

    assert [entry.name for entry in home.publish("room", lose).iterdir()] == ["theirs"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["room"]


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        (draft / "half").touch()
        raise OSError(28, "No space left on device")

    with pytest.raises(HomeError) as caught:
        Home(tmp_path).publish("room", fail)
    assert caught.value.code == HomeErrorCode.UNUSABLE
    assert "No space left" in caught.value.failure.text
    assert not list(tmp_path.iterdir())


def test_everything_in_it_is_private(tmp_path: Path) -> None:
    pki.load_or_create(Home(tmp_path / "home"))
    for path in (tmp_path / "home").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_terminals_trust_is_published_and_repaired(tmp_path: Path) -> None:
    home = Home(tmp_path)
    authorities = pki.load_or_create(home)
    trusted = home.trust / "auth-ca.pem"
    assert trusted.read_bytes() == authorities.authentication.pem
    trusted.write_bytes(b"another home's")
    pki.load_or_create(home)
    assert trusted.read_bytes() == authorities.authentication.pem


@pytest.mark.parametrize("file", ["auth-ca.pem", "auth-ca.key.pem", "card-root.key.pem"])
def test_a_damaged_home_is_named(tmp_path: Path, file: str) -> None:
    pki.load_or_create(Home(tmp_path))
    (tmp_path / "pki" / file).write_bytes(b"garbage")
    with pytest.raises(HomeError) as caught:
        pki.load_or_create(Home(tmp_path))
    assert caught.value.code == HomeErrorCode.DAMAGED
    assert file in caught.value.failure.text


def test_a_file_in_the_place_of_the_home(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(HomeError) as caught:
        pki.load_or_create(Home(tmp_path / "home"))
    assert caught.value.code == HomeErrorCode.UNUSABLE
