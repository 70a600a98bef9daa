"""Every accident that really happened, twice: it takes its course at a terminal without our guard, and ends at one with it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from simulator.centre.issuing.named import ACCIDENTS
from simulator.checkers.verdict import Truth
from simulator.incidents.assessing import Assessment, Watched, assess, codes, refused, reproduced, watch
from simulator.incidents.incident import Gate, Incident
from simulator.incidents.registry import INCIDENTS, UnknownIncidentError, incident
from simulator.incidents.settings import CITY
from simulator.incidents.steps import afterwards, visitors
from simulator.scenarios import dump, parse
from simulator.seen import CardLaid, MoneyCameOut, PersonCame, SheetsTaken
from simulator.unguarded import GUARDS
from tests.terminal_kit import shared_home

REFUSED = [name for name, each in INCIDENTS.items() if each.refusal is not None]
LIMITS = [name for name, each in INCIDENTS.items() if each.limit]


@cache
def assessed(name: str) -> Assessment:
    return assess(INCIDENTS[name], shared_home())


def without_guards(name: str) -> Watched:
    watched = assessed(name).without_guards
    assert watched is not None
    return watched


# --- both columns


@pytest.mark.parametrize("name", REFUSED)
def test_without_our_guard_it_takes_its_course_and_the_checker_sees_it(name: str) -> None:
    column = assessed(name).reproduced
    assert column.problems == ()
    verdict = without_guards(name).verdicts[INCIDENTS[name].promise]
    assert verdict.truth is Truth.FALSE
    assert verdict.breaches[0].what in column.words


@pytest.mark.parametrize("name", REFUSED)
def test_with_it_the_terminal_refuses_for_that_reason_and_every_promise_is_kept(name: str) -> None:
    column, watched, refusal = assessed(name).refused, assessed(name).with_guards, INCIDENTS[name].refusal
    assert column.problems == ()
    assert refusal is not None
    assert column.words == f"{refusal.gate}: {refusal.code}"
    assert refusal.code in codes(watched)
    assert {promise: verdict.truth for promise, verdict in watched.verdicts.items()} == dict.fromkeys(
        (f"P{number}" for number in range(1, 10)), Truth.TRUE
    )
    assert afterwards(watched) == "served"


@pytest.mark.parametrize("name", LIMITS)
def test_a_known_limit_breaks_its_promise_though_every_guard_is_there(name: str) -> None:
    limit = assessed(name)
    assert limit.holds, (limit.reproduced.problems, limit.refused.problems)
    assert limit.without_guards is None
    assert limit.incident.plan.without == ()
    assert limit.with_guards.verdicts[limit.incident.promise].truth is Truth.FALSE
    assert limit.incident.limit in limit.refused.words


# --- a column that must fail does


@pytest.mark.parametrize("name", REFUSED)
def test_neither_column_can_be_had_from_the_run_of_the_other(name: str) -> None:
    accident = INCIDENTS[name]
    assert any(accident.promise in problem for problem in refused(accident, without_guards(name)).problems)
    assert any("false, came" in problem for problem in reproduced(accident, assessed(name).with_guards).problems)


def test_the_second_column_turns_when_a_guard_is_missing_from_the_terminals() -> None:
    stripped = assess(INCIDENTS["niigata"].at_terminals_without(("bundle",)), shared_home())
    assert stripped.reproduced.holds
    assert not stripped.refused.holds
    assert not stripped.holds
    assert any("GATE_REGISTER_TOO_OLD" in problem for problem in stripped.refused.problems)


def test_what_never_happened_is_neither_reproduced_nor_refused() -> None:
    """The right server hands over the right paper: a row must not pass because nothing went wrong."""
    sound = replace(INCIDENTS["kawasaki"], plan=replace(INCIDENTS["kawasaki"].plan, servers={}))
    watched = watch(sound.plan_with, shared_home())
    for column in (reproduced(sound, watched), refused(sound, watched)):
        assert "it never happened: nobody was handed another's content" in column.problems


def test_a_refusal_under_another_reason_does_not_count() -> None:
    accident = INCIDENTS["soja"]
    assert accident.refusal is not None
    other = replace(accident, refusal=replace(accident.refusal, gate=Gate.SUBJECT, code="GATE_OTHER_NAME"))
    problems = refused(other, assessed("soja").with_guards).problems
    assert any("expected the code GATE_OTHER_NAME" in problem for problem in problems)
    assert any("expected gate B to refuse" in problem for problem in problems)


def test_a_limit_that_is_refused_by_now_has_to_be_struck_out() -> None:
    outgrown = replace(INCIDENTS["wrong-link"], guards=(), refusal=None, limit="nobody can tell")
    problems = refused(outgrown, assessed("wrong-link").with_guards).problems
    assert any("strike the limit out" in problem for problem in problems)
    assert any("the terminal stopped" in problem for problem in problems)


# --- what there is


def test_every_accident_that_was_asked_for_is_there() -> None:
    asked = "yokohama adachi kawasaki tokushima niigata saitama kumamoto munakata takamatsu korea soja osaka izu ushiku"
    assert {*asked.split(), "fukushima", "iwaki", "wrong-link"} <= set(REFUSED)


def test_every_defect_of_a_server_and_every_guard_has_its_accident() -> None:
    defects = {type(defect) for setup in ACCIDENTS.values() for defect in setup.defects}
    shown = {type(defect) for each in INCIDENTS.values() for defect in _defects(each)}
    assert shown == defects
    assert {guard for each in INCIDENTS.values() for guard in each.guards} == set(GUARDS)


def _defects(accident: Incident) -> Iterator[object]:
    if CITY in accident.plan.servers:
        yield from accident.plan.servers[CITY].defects


def test_every_accident_says_what_happened_where_and_what_is_otherwise_here() -> None:
    for each in INCIDENTS.values():
        assert all((each.title_ja, each.title_en, each.when, each.where, each.source, each.happened, each.mechanism))
        assert each.otherwise


def test_a_name_that_is_not_there_is_answered_with_the_nearest() -> None:
    assert incident("Yokohama") is INCIDENTS["yokohama"]
    with pytest.raises(UnknownIncidentError, match=r"did you mean takamatsu.*--list"):
        incident("takamtsu")
    with pytest.raises(UnknownIncidentError, match="came 'xyzzy'; `honnin sim incident --list` shows all"):
        incident("xyzzy")


# --- particulars


def test_another_seed_is_the_same_accident() -> None:
    assert assess(INCIDENTS["takamatsu"].with_seed(77), shared_home()).holds


def test_whoever_was_served_in_anothers_session_goes_and_does_not_come_again() -> None:
    history = [line.seen for line in without_guards("fukushima").history]
    people = visitors(without_guards("fukushima"))
    assert [people[each.person] for each in history if isinstance(each, PersonCame)] == [
        "adult",
        "takahashi",
        "outsider",
    ]
    assert all(each.person for each in history if isinstance(each, CardLaid))


def test_at_osaka_the_paper_of_the_machine_that_has_the_table_comes_out() -> None:
    watched = assessed("osaka").with_guards
    people = visitors(watched)
    taken = [people[line.seen.person] for line in watched.history if isinstance(line.seen, SheetsTaken)]
    assert taken == ["takahashi", "outsider"]


def test_money_that_was_taken_before_a_job_was_given_up_comes_back() -> None:
    watched = assessed("ushiku").with_guards
    back = [line.seen.amount_yen for line in watched.history if isinstance(line.seen, MoneyCameOut)]
    assert back == [200]


@pytest.mark.parametrize("name", INCIDENTS)
def test_every_accident_can_be_written_as_a_scenario_file_and_read_again(name: str) -> None:
    assert parse(dump(INCIDENTS[name].plan_without)).plan == INCIDENTS[name].plan_without
