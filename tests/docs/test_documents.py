"""The documents are current and honest: links lead somewhere, no machine path or registry host stands anywhere."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|home/[a-z]|root|Users)/[\w.]")
_REGISTRY = re.compile(
    "|".join(("files\\.python" + "hosted", "py" + "pi\\.org", "registry\\.npm" + "js", "deb\\.deb" + "ian"))
)


def _tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [ROOT / name for name in listed if name.endswith(suffixes) and (ROOT / name).exists()]


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in _tracked(".md")
        for target in _LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []


def test_no_machine_path_and_no_registry_host_stands_in_the_project() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in _tracked(".md", ".py", ".toml", ".txt", "Makefile", "run", "system-packages", ".json")
        for pattern in (_MACHINE_PATH, _REGISTRY)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_readme_quick_start_is_exactly_two_commands() -> None:
    for name in ("README.md", "README.ja.md"):
        block = (ROOT / name).read_text(encoding="utf-8").split("```")[1].strip().splitlines()
        assert block == ["make demo", "make test"]


_ROW = re.compile(r"\| R(\d)\.(\d+) \|")
_TEST = re.compile(r"`(tests/[\w/.]+?\.py)`")


def _requirements() -> list[tuple[int, int, str]]:
    lines = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8").splitlines()
    return [(int(found[1]), int(found[2]), line) for line in lines if (found := _ROW.match(line))]


@pytest.mark.parametrize("promise", range(10))
def test_every_promise_is_held_by_tests_that_exist(promise: int) -> None:
    rows = [line for serves, _, line in _requirements() if serves == promise]
    assert rows, f"promise P{promise} has no requirement"
    for row in rows:
        tests = _TEST.findall(row)
        assert tests, f"no test holds: {row}"
        for test in tests:
            assert (ROOT / test).exists(), f"{test} does not exist: {row}"


def test_requirements_are_numbered_without_gaps_and_say_where_they_come_from() -> None:
    numbers: dict[int, list[int]] = {}
    for promise, number, line in _requirements():
        numbers.setdefault(promise, []).append(number)
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == 4, line
        assert all(cells), line
    for promise, found in numbers.items():
        assert found == list(range(1, len(found) + 1)), f"P{promise} is numbered {found}"


def test_every_fault_that_is_told_holds_a_requirement() -> None:
    named = {name for _, _, line in _requirements() for name in _TEST.findall(line)}
    told = {str(path.relative_to(ROOT)) for path in _tracked(".py") if path.match("tests/faults/test_*.py")}
    assert told - named == set()
