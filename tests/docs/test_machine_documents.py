"""docs/machine is generated from the table; whoever changes the table writes it anew."""

import re
from pathlib import Path

import pytest

from terminal.fsm.events import EVENT_TYPES
from terminal.fsm.render import diagram, documents, matrix
from terminal.fsm.states import State
from terminal.fsm.table import table

FOLDER = Path(__file__).parents[2] / "docs" / "machine"


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_machines_documents_are_current(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == documents()[name], (
        "run: python -m terminal.fsm.render --write docs/machine"
    )


def test_the_matrix_says_something_of_every_event_in_every_state() -> None:
    sections = re.split(r"^### ", matrix(), flags=re.MULTILINE)[1:]
    assert [section.split("\n", 1)[0] for section in sections] == [
        state for phase in re.findall(r"^### (\w+)$", matrix(), flags=re.MULTILINE) for state in [State(phase)]
    ]
    assert len(sections) == len(State)
    for section in sections:
        words = set(re.findall(r"\w+", section))
        assert not [event.__name__ for event in EVENT_TYPES if event.__name__ not in words]


def test_the_matrix_gives_the_reason_of_every_verdict_that_is_not_handled() -> None:
    text = matrix()
    for cell in table().cells.values():
        if cell.otherwise is not None:
            assert cell.otherwise.reason in text


def test_the_diagram_has_every_state_and_only_known_ones() -> None:
    arrows = re.findall(r"^    (\w+) --> (\w+):", diagram(), flags=re.MULTILINE)
    assert {end for arrow in arrows for end in arrow} == set(State)
    for start, end in arrows:
        assert any(row.state == start and row.then == end for row in table().rows)
