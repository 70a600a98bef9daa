"""A fault strikes when its plan says: next, after n, by ratio, in a window, until cleared; nothing strikes by default (P9)."""

from enum import StrEnum

import pytest
from pydantic import ValidationError

from simulator.devices.fault_orders import FaultOrder
from simulator.devices.fault_plan import After, FaultPlan, Next, PlannedFault, Ratio, UntilCleared, When, Window


class Kind(StrEnum):
    RAIN = "rain"
    HAIL = "hail"


def struck(when: When, occasions: int = 6) -> list[int]:
    """At which occasions, each at its number of seconds, the fault strikes."""
    plan = FaultPlan(PlannedFault(Kind.RAIN, when))
    return [number for number in range(occasions) if plan.strikes(Kind.RAIN, float(number))]


def test_nothing_strikes_by_default() -> None:
    assert not any(FaultPlan[Kind]().strikes(kind, 0.0) for kind in Kind)


@pytest.mark.parametrize(
    ("when", "at"),
    [
        (Next(), [0]),
        (After(0), [0]),
        (After(3), [3]),
        (Window(2, 4), [2, 3]),
        (Window(9, 10), []),
        (UntilCleared(), [0, 1, 2, 3, 4, 5]),
        (Ratio(0.0, 1), []),
        (Ratio(1.0, 1), [0, 1, 2, 3, 4, 5]),
    ],
)
def test_each_way_to_say_when(when: When, at: list[int]) -> None:
    assert struck(when) == at


def test_a_ratio_is_its_seeds_and_near_its_share() -> None:
    assert struck(Ratio(0.3, 5), 1000) == struck(Ratio(0.3, 5), 1000) != struck(Ratio(0.3, 6), 1000)
    assert 250 < len(struck(Ratio(0.3, 5), 1000)) < 350


def test_an_occasion_of_one_kind_is_none_of_another() -> None:
    plan = FaultPlan(PlannedFault(Kind.RAIN), PlannedFault(Kind.HAIL, After(1)))
    assert not plan.strikes(Kind.HAIL, 0)
    assert plan.strikes(Kind.RAIN, 0)
    assert plan.strikes(Kind.HAIL, 0)


def test_every_fault_of_a_kind_counts_the_occasion() -> None:
    plan = FaultPlan(PlannedFault(Kind.RAIN), PlannedFault(Kind.RAIN, After(1)))
    assert [plan.strikes(Kind.RAIN, 0) for _ in range(3)] == [True, True, False]


def test_what_is_spent_no_longer_waits_and_clearing_disarms_the_rest() -> None:
    plan = FaultPlan(PlannedFault(Kind.RAIN), PlannedFault(Kind.HAIL, UntilCleared()))
    assert plan.strikes(Kind.RAIN, 0)
    assert list(plan.waiting) == [PlannedFault(Kind.HAIL, UntilCleared())]
    plan.clear()
    assert not plan.waiting
    assert not plan.strikes(Kind.HAIL, 0)


@pytest.mark.parametrize(
    ("order", "when"),
    [
        ({}, Next()),
        ({"after": 2}, After(2)),
        ({"ratio": 0.5, "seed": 9}, Ratio(0.5, 9)),
        ({"window_s": [1, 2.5]}, Window(1, 2.5)),
        ({"until_cleared": True}, UntilCleared()),
    ],
)
def test_an_order_says_when_in_the_same_words(order: dict[str, object], when: When) -> None:
    assert FaultOrder.model_validate({"kind": "rain", **order}).when() == when


@pytest.mark.parametrize(
    "order",
    [
        {"after": -1},
        {"after": 1.5},
        {"ratio": 1.1},
        {"ratio": float("nan")},
        {"window_s": [1]},
        {"window_s": "soon"},
        {"until_cleared": "perhaps"},
        {"when": "now"},
        {"kind": None},
    ],
)
def test_an_order_out_of_form_is_refused(order: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FaultOrder.model_validate({"kind": "rain", **order})


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"after": 1, "until_cleared": True}, "at most one"),
        ({"ratio": 0.1, "window_s": [0, 1]}, "at most one"),
        ({"window_s": [2, 1]}, "FROM before UNTIL"),
        ({"window_s": [-1, 1]}, "0 or more"),
        ({"window_s": [float("nan"), 1]}, "FROM before UNTIL"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(order: dict[str, object], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        FaultOrder.model_validate({"kind": "rain", **order}).when()
