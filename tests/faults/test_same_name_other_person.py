"""Two strangers of one name, a father and a son of one name, and twins: the register answers with the other one.

Source: reference service-and-incidents.md sections 2.4 and 3 (of a million names 350,000 are shared).
"""

import pytest

from simulator.people.residents import resident
from terminal.verification.subject import check_subject, compare_subject
from terminal.verification.verdict import Different, Verdict
from tests.gates_world import seal_record, serve

_PAIRS = [("same-name-1", "same-name-2"), ("father", "son"), ("twin-1", "twin-2"), ("watanabe-1", "watanabe-2")]


@pytest.mark.parametrize(("tapped", "answered"), [*_PAIRS, *((second, first) for first, second in _PAIRS)])
def test_the_other_ones_certificate_is_a_finding(tapped: str, answered: str) -> None:
    served = serve(tapped, seal_record(resident(tapped))).with_bundle(
        applicant=resident(answered).basic_four, record=seal_record(resident(answered))
    )
    result = check_subject(served.bundle, served.subject, served.expected.members)
    assert isinstance(result, Different)


def test_a_namesake_who_shares_the_house_and_the_sex_is_told_by_the_birth_date_alone() -> None:
    result = compare_subject(resident("father").basic_four, resident("son").basic_four)
    assert isinstance(result, Different)
    differing = [finding.field for finding in result.findings if finding.verdict is Verdict.DIFFERENT]
    assert differing == ["birth date"]


def test_twins_at_one_address_are_told_by_the_name_alone() -> None:
    result = compare_subject(resident("twin-1").basic_four, resident("twin-2").basic_four)
    assert isinstance(result, Different)
    differing = [finding.field for finding in result.findings if finding.verdict is Verdict.DIFFERENT]
    assert differing == ["name"]
