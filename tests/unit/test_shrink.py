"""A failing plan is made as short as it can be: it still fails, and no single part of it can go."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.centre.issuing.defects import FileNamedByTheSecond
from simulator.centre.issuing.setup import ServerSetup
from simulator.judging import findings_of
from simulator.people import visitor as v
from simulator.plan import Arrival, DeviceFault, ForeignJob, Plan, TerminalPlan
from simulator.run import run
from simulator.shrink import NothingToShrinkError, shrink, without_each_part
from tests.terminal_kit import shared_home

WHO = ("adult", "head", "father", "son", "twin-1", "twin-2")


def crowd(*who: str) -> Plan:
    return Plan(arrivals=tuple(Arrival(7.3 * place, v.Visitor(each)) for place, each in enumerate(who)))


@given(st.lists(st.sampled_from(WHO), min_size=1, max_size=12), st.sets(st.sampled_from(WHO), min_size=1, max_size=3))
@settings(max_examples=50, deadline=None)
def test_what_is_left_fails_and_every_part_of_it_is_needed(who: list[str], culprits: set[str]) -> None:
    def fails(plan: Plan) -> bool:
        return culprits <= {each.visitor.resident for each in plan.arrivals}

    plan = crowd(*who, *sorted(culprits))
    done = shrink(plan, fails)
    assert done.shortest
    assert fails(done.plan)
    assert not any(fails(shorter) for shorter in without_each_part(done.plan))
    assert len(done.plan.arrivals) == len(culprits)


def test_a_plan_that_does_not_fail_is_not_shrunk() -> None:
    with pytest.raises(NothingToShrinkError, match="expected a plan that fails"):
        shrink(crowd("adult"), lambda plan: False)


def test_a_job_from_elsewhere_can_go_and_keeps_its_terminal_until_then() -> None:
    job = ForeignJob(3.0, "head", "SPECIMEN-2")
    plan = Plan(
        terminals=(TerminalPlan(), TerminalPlan("SPECIMEN-2")), arrivals=crowd("adult").arrivals, foreign_jobs=(job,)
    )
    assert all(
        {each.terminal for each in made.foreign_jobs} <= {each.terminal for each in made.terminals}
        for made in without_each_part(plan)
    )
    done = shrink(plan, lambda made: bool(made.arrivals))
    assert (done.plan.foreign_jobs, len(done.plan.terminals)) == ((), 1)


def test_the_limit_of_runs_is_kept_and_said() -> None:
    done = shrink(crowd(*WHO), lambda plan: bool(plan.arrivals), runs_max=2)
    assert (done.runs, done.shortest) == (2, False)
    assert done.plan.arrivals


def test_a_planted_bug_is_brought_down_to_two_people_and_the_defect() -> None:
    """Kawasaki at terminals without gates B and C, among people, habits and faults that have nothing to do with it."""
    plan = Plan(
        terminals=(TerminalPlan("SPECIMEN-1"), TerminalPlan("SPECIMEN-2")),
        servers={"99101": ServerSetup(render_s=0.4, print_s=0.4, defects=(FileNamedByTheSecond(),))},
        arrivals=(
            Arrival(0, v.Visitor("adult", habits=(v.TakesWhatLiesThere(),))),
            Arrival(
                0.1, v.Visitor("father", habits=(v.TakesWhatLiesThere(), v.WalksAway("take_sheets"))), "SPECIMEN-2"
            ),
            Arrival(0.1, v.Visitor("son"), "SPECIMEN-2"),
            Arrival(90, v.Visitor("twin-1", habits=(v.Mistypes(1),))),
        ),
        faults=(DeviceFault(200, "printer", "toner-low"), DeviceFault(210, "card_reader", "card-torn")),
        without=("subject", "sheets"),
    )

    def fails(each: Plan) -> bool:
        return "P1" in findings_of(run(each, shared_home()))

    done = shrink(plan, fails)
    assert done.shortest
    assert fails(done.plan)
    assert len(done.plan.arrivals) == 2
    assert done.plan.faults == ()
    assert done.plan.servers["99101"].defects == (FileNamedByTheSecond(),)
    assert done.plan.without == plan.without
    assert not any(fails(shorter) for shorter in without_each_part(done.plan))
