"""A fault planned for a server's answer is told when it is done: the story shows it, and P6 knows of another's paper."""

import pytest

from simulator.centre.faults import (
    CentreFault,
    Delay,
    HandsOverPreviousSheet,
    RepeatsOldBundle,
    RespellsApplicant,
    SealsToOtherKey,
)
from simulator.centre.issuing.events import AnswerSpoilt, ServerEvent
from simulator.centre.issuing.telling import told
from simulator.checkers.registry import check_all
from simulator.checkers.verdict import Truth
from simulator.people import visitor as v
from simulator.plan import Arrival, CentreMisbehaves, Plan
from simulator.run import run
from simulator.seen import ServerDid
from terminal.centre.api import CentreFailed
from tests.centre_world import SELF_SEAL, fresh_request_id, make_world
from tests.terminal_kit import shared_home


def spoilt(fault: CentreFault, first: str, second: str = "adult") -> list[AnswerSpoilt]:
    """What is told of a planned fault when ``second`` buys after ``first``."""
    events: list[ServerEvent] = []
    world = make_world(listener=events.append)
    world.customer(first).buy(SELF_SEAL)
    world.assembled.model.faults.next(fault)
    customer = world.customer(second)
    reply = world.centre.issue(fresh_request_id(), customer.session.session_id, SELF_SEAL)
    assert not isinstance(reply, CentreFailed)
    return [each.happening for each in events if isinstance(each.happening, AnswerSpoilt)]


@pytest.mark.parametrize(
    ("fault", "other"),
    [
        (HandsOverPreviousSheet(), "watanabe-1"),
        (RepeatsOldBundle(), "watanabe-1"),
        (RepeatsOldBundle(resealed=True), "watanabe-1"),
        (RespellsApplicant("見本 別人"), ""),
        (SealsToOtherKey(), ""),
    ],
)
def test_what_was_done_to_an_answer_is_told_with_whose_content_came_in(fault: CentreFault, other: str) -> None:
    assert spoilt(fault, "watanabe-1") == [AnswerSpoilt(2, "adult", type(fault).__name__, other)]


def test_the_same_persons_old_answer_is_nobody_elses() -> None:
    assert spoilt(RepeatsOldBundle(), "adult") == [AnswerSpoilt(2, "adult", "RepeatsOldBundle", "")]


def test_a_delay_spoils_no_answer() -> None:
    assert spoilt(Delay(1), "watanabe-1") == []


def test_words_name_the_fault_and_call_another_persons_content_wrong() -> None:
    assert told(AnswerSpoilt(2, "adult", "SealsToOtherKey", "")).endswith("of adult: SealsToOtherKey")
    assert told(AnswerSpoilt(2, "adult", "HandsOverPreviousSheet", "head")).endswith("with content of head: WRONG")


def after_another(without: tuple[str, ...]) -> Plan:
    """Two people one after the other; the second one's answer is the first one's record."""
    return Plan(
        arrivals=(Arrival(0, v.Visitor("watanabe-1")), Arrival(120, v.Visitor("adult"))),
        centre_faults=(CentreMisbehaves(60, HandsOverPreviousSheet()),),
        without=without,
    )


def test_without_gates_b_and_c_the_paper_comes_out_and_nobody_stops() -> None:
    verdicts = check_all(run(after_another(("subject", "sheets")), shared_home()))
    assert {promise for promise, each in verdicts.items() if each.truth is Truth.FALSE} == {"P1", "P6"}
    assert "the server handed over watanabe-1's paper for adult, and it came out" in str(verdicts["P6"].breaches[0])


def test_with_them_nothing_comes_out_and_the_terminal_stops() -> None:
    history = list(run(after_another(()), shared_home()))
    assert [
        line.seen.resident for line in history if isinstance(line.seen, ServerDid) and line.seen.due == "adult"
    ] == [
        "adult",
        "watanabe-1",
    ]
    verdicts = check_all(history)
    assert (verdicts["P1"].truth, verdicts["P6"].truth) == (Truth.TRUE, Truth.TRUE)
