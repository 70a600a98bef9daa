"""docs/incidents.md tells of every accident that the simulator has, with the guard and the reason that the code has."""

import re
from pathlib import Path

import pytest

from simulator.incidents.registry import INCIDENTS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "incidents.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `([\w-]+)` \| (P\d) \| (\S+) \| (.+?) \|$", re.MULTILINE)


def test_the_table_is_that_of_the_code() -> None:
    expected = []
    for name, each in INCIDENTS.items():
        guards = ", ".join(f"`{guard}`" for guard in each.guards) or "none"
        refused = f"`{each.refusal.code}`" if each.refusal is not None else "known limit"
        expected.append((name, each.promise, guards, refused))
    assert _ROW.findall(PAGE) == expected


@pytest.mark.parametrize("name", INCIDENTS)
def test_every_accident_is_told(name: str) -> None:
    told = re.search(rf"^### {re.escape(name)}\n+(.+?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert told is not None, f"expected a section {name}"
    if INCIDENTS[name].limit:
        assert told[1].startswith("A known limit")
    else:
        assert "*Mechanism" in told[1]
        assert "*Guard:*" in told[1]
