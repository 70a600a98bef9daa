"""The municipal server hands over the previous customer's certificate under this customer's request (Yokohama, Munakata).

Depending on where the servers mixed things up, more or less of the bundle is already ours; each depth must be found.
"""

import pytest

from simulator.people.residents import resident
from terminal.verification.bundle import check_bundle
from terminal.verification.subject import check_subject
from terminal.verification.verdict import Different, Passed
from tests.gates_world import NOW, OTHER_REQUEST_ID, Served, card_of, residence_record, serve

_PREVIOUS = resident("head")


def _found_by(served: Served) -> str:
    gate_a = check_bundle(served.bundle, served.expected, signer_municipality="99101", now=NOW)
    gate_b = check_subject(served.bundle, served.subject, served.expected.members)
    return "".join(name for name, result in (("A", gate_a), ("B", gate_b)) if isinstance(result, Different))


@pytest.mark.parametrize(
    ("handed_over", "gates"),
    [
        ({"request_id": OTHER_REQUEST_ID, "session_id": "session-of-the-one-before"}, "A"),
        ({"card": card_of(_PREVIOUS)}, "A"),
        ({"applicant": _PREVIOUS.basic_four}, "B"),
        ({"record": residence_record(_PREVIOUS)}, "B"),
        ({"applicant": _PREVIOUS.basic_four, "record": residence_record(_PREVIOUS)}, "B"),
        ({"card": card_of(_PREVIOUS), "applicant": _PREVIOUS.basic_four, "record": residence_record(_PREVIOUS)}, "AB"),
    ],
)
def test_whatever_part_is_the_previous_customers_it_is_found(handed_over: dict[str, object], gates: str) -> None:
    present = serve("twin-1")
    assert _found_by(present) == ""
    assert _found_by(present.with_bundle(**handed_over)) == gates


def test_a_record_that_names_the_applicant_but_prints_the_previous_household_is_found() -> None:
    present = serve("twin-1").with_record(persons=residence_record(_PREVIOUS).persons)
    assert _found_by(present) == "B"
    assert isinstance(check_bundle(present.bundle, present.expected, signer_municipality="99101", now=NOW), Passed)
