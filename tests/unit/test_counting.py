"""What is printed has its nouns in the right number."""

import pytest

from simulator.counting import many
from simulator.explore.mutants import Outcome
from simulator.explore.mutants_page import counts


@pytest.mark.parametrize(
    ("count", "noun", "plural", "told"),
    [
        (0, "mutant", "", "0 mutants"),
        (1, "mutant", "", "1 mutant"),
        (2, "entry", "", "2 entries"),
        (1, "entry", "", "1 entry"),
        (3, "day", "", "3 days"),
        (87_400, "customer", "", "87,400 customers"),
        (2, "byte or act", "bytes or acts", "2 bytes or acts"),
    ],
)
def test_one_and_many(count: int, noun: str, plural: str, told: str) -> None:
    assert many(count, noun, plural) == told


def test_one_mutant_is_one_mutant() -> None:
    one = Outcome("a", "entry", by="P1")
    assert counts([one]) == "1 mutant: 1 caught, 0 equivalent, 0 survive."
    assert counts([one, Outcome("b", "entry")]) == "2 mutants: 1 caught, 0 equivalent, 1 survives."
