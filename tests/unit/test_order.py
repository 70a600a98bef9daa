"""The longest test files come first, and all of them are there."""

from pathlib import Path

import pytest

from tests.order import LONGEST, TESTS, longest_first


def test_every_file_that_is_named_is_there_once() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []
    assert len(set(LONGEST)) == len(LONGEST)


def test_the_longest_come_first_and_the_rest_stays_as_it_was() -> None:
    first, second = (TESTS / name for name in LONGEST[:2])
    others = [TESTS / "unit" / "b.py", TESTS / "unit" / "a.py"]
    came: list[tuple[Path, int]] = [(others[0], 1), (second, 1), (first, 1), (others[1], 1), (second, 2), (first, 2)]
    assert longest_first(came, lambda item: item[0]) == [
        (first, 1),
        (first, 2),
        (second, 1),
        (second, 2),
        (others[0], 1),
        (others[1], 1),
    ]


def test_pytest_collects_in_this_order(request: pytest.FixtureRequest) -> None:
    items = request.session.items
    assert items == longest_first(items, lambda item: item.path)
    assert request.config.getoption("loadscopereorder") is False
