"""A fleet on a machine where only Honnin itself is installed, without its extra: told what to install, and no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from simulator.fleet.errors import LIBRARIES

_WITHOUT = """
import importlib.machinery, sys
there = importlib.machinery.PathFinder.find_spec
hidden = sys.argv.pop(1).split(",")
def found(name, path=None, target=None):
    return None if name.partition(".")[0] in hidden else there(name, path, target)
importlib.machinery.PathFinder.find_spec = found
from honnin.cli import main
sys.argv[0] = "honnin"
main()
"""


@pytest.mark.parametrize("missing", [*LIBRARIES, ",".join(LIBRARIES)])
def test_it_is_said_what_to_install_and_nothing_is_begun(missing: str, tmp_path: Path) -> None:
    out = tmp_path / "fleet"
    command = [sys.executable, "-c", _WITHOUT, missing, "sim", "fleet", "--quick", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert f"not installed: {missing.replace(',', ', ')}; pip install 'honnin[fleet]'" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_every_library_of_the_extra_is_asked_for() -> None:
    project = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    [line] = [line for line in project.splitlines() if line.startswith("fleet = ")]
    assert [part.partition(">=")[0].strip('" [') for part in line.removeprefix("fleet = ").split(",")] == list(
        LIBRARIES
    )
