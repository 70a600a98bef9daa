"""docs/configuration.md knows every section, key and code there is, and no other."""

import re
from pathlib import Path

import pytest

from terminal.config.section import Section
from terminal.config.sections import ConfigFile

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")


def sections() -> dict[str, type[Section]]:
    found: dict[str, type[Section]] = {}
    for name, field in ConfigFile.model_fields.items():
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, Section):
                found[name] = kind
    return found


def documented() -> dict[str, set[str]]:
    keys: dict[str, set[str]] = {}
    section = ""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) != 4:
            continue
        if heading := re.fullmatch(r"`\[(\w+)\]`", cells[0]):
            section = heading[1]
        if section:
            keys.setdefault(section, set()).update(re.findall(r"`(\w+)`", cells[1]))
    return keys


@pytest.mark.parametrize("name", sorted(sections().keys() - {"timeouts"}))
def test_every_key_is_documented_and_none_besides(name: str) -> None:
    assert documented()[name] == set(sections()[name].model_fields)


def test_no_section_is_documented_that_is_not_there() -> None:
    assert documented().keys() == set(ConfigFile.model_fields)
