"""The explorer on the terminal's own machine: nothing is broken, everything is visited, every path is a real machine's."""

from dataclasses import replace

import pytest

from simulator.explore.coverage import PAIRS, UNREACHABLE, Coverage, coverage_of
from simulator.explore.exploring import explore
from simulator.explore.graph import Leg
from simulator.explore.liveness import progress_of
from simulator.explore.report import is_whole, report
from simulator.explore.scenario import Scenario, ScenarioError, read, replay, scenario_of
from simulator.explore.search import Search, TooManyStatesError, graph_of
from simulator.explore.settings import CASH, CHOICE, SETTINGS, SUPERVISOR, Setting
from simulator.explore.world import World
from terminal.fsm import events as ev
from terminal.fsm.states import State
from terminal.fsm.table import table
from tests.explore_kit import explored, graphs

IDLE_WITHIN = 10
OVER_AFTER_S = 400


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_no_promise_is_broken_and_a_way_leads_back_to_idle(setting: Setting) -> None:
    graph, findings = explored(setting)
    assert [str(finding.broken) for finding in findings] == []
    progress = progress_of(graph)
    assert progress.trap is None
    assert progress.idle_within <= IDLE_WITHIN
    assert progress.over_after_s <= OVER_AFTER_S


def test_every_pair_of_state_and_event_is_visited_or_its_absence_explained() -> None:
    total = Coverage()
    for graph in graphs():
        total.add(coverage_of(graph))
    assert total.missing_pairs() == []
    assert total.wrongly_listed() == []
    assert total.pairs | UNREACHABLE.keys() == PAIRS
    assert all(UNREACHABLE.values())


def test_situations_that_were_merged_are_a_real_machines() -> None:
    """Told to a machine with its running numbers, a path leads to the situation that the explorer says it leads to."""
    for setting in SETTINGS:
        graph, _ = explored(setting)
        for state in range(graph.states - 1, 0, -max(1, graph.states // 40)):
            at, world = graph.at(state)
            machine = replay(Scenario(_value(setting, graph.legs(state))))
            assert machine.memory.without_counters() == at.memory
            assert isinstance(world, World)


def _value(setting: Setting, legs: tuple[Leg, ...]) -> dict[str, object]:
    from simulator.explore.broken import Broken
    from simulator.explore.graph import Finding

    return scenario_of(Finding(setting, Broken("P7", "nothing is broken"), legs)).value


def test_a_step_that_is_kept_comes_out_the_same_when_it_is_taken_again() -> None:
    for graph in graphs():
        for at in graph.stepper.situations[::7]:
            for told, step in list(at.steps.items())[::3]:
                again = graph.stepper.fresh_step(at, told)
                assert (again.after, again.effects, again.verdict) == (step.after, step.effects, step.verdict)


def test_the_same_world_is_explored_in_the_same_order_every_time() -> None:
    first, second = graph_of(SUPERVISOR), graph_of(SUPERVISOR)
    for graph in (first, second):
        Search(graph, 2).run()
    assert [first.at(state)[1] for state in range(first.states)] == [
        second.at(state)[1] for state in range(second.states)
    ]
    assert first.came_from == second.came_from


def test_one_more_fault_leads_to_more_states_and_forgets_none() -> None:
    fewer, more = graph_of(SUPERVISOR), graph_of(SUPERVISOR)
    Search(fewer, 1).run()
    Search(more, 2).run()
    assert {_place(fewer, state) for state in range(fewer.states)} < {
        _place(more, state) for state in range(more.states)
    }


def _place(graph, state: int) -> tuple[object, World]:  # type: ignore[no-untyped-def]
    at, world = graph.at(state)
    return at.memory, world


def test_a_world_that_is_larger_than_allowed_is_given_up_in_words() -> None:
    with pytest.raises(TooManyStatesError, match="explore fewer faults"):
        Search(graph_of(CASH), 1, states_max=8_000).run()


def test_a_state_in_which_nothing_leads_on_is_told() -> None:
    """A world that ends nowhere near idle: what progress would say of a trap."""
    closed = replace(CHOICE, name="closed", leaves=frozenset())
    graph = graph_of(closed)
    graph.add(graph.key(graph.stepper.start, World()), 0xFFFFFFFF, 0, 0)
    trap = progress_of(graph).trap
    assert trap is not None
    assert trap.broken.promise == "P7"


def test_the_report_says_what_was_explored_and_that_nothing_is_broken() -> None:
    whole = explore(SUPERVISOR.name, 1, quiet=True)
    told = report([whole], 0.1)
    assert f"{whole.states:,} states" in told
    assert "none is broken" in told
    assert "NOT VISITED: Paying, FeeCollected" in told, "the supervisor alone serves nobody"
    assert not is_whole([whole])


def test_a_scenario_that_the_machine_does_not_follow_is_refused_in_words(tmp_path) -> None:  # type: ignore[no-untyped-def]
    graph, _ = explored(SUPERVISOR)
    state = next(state for state in range(graph.states) if graph.at(state)[0].state is State.SERVING)
    scenario = Scenario(_value(SUPERVISOR, graph.legs(state)))
    scenario.write(tmp_path / "path.json")
    again = read(tmp_path / "path.json")
    assert again == scenario
    again.value["steps"][-1]["state"] = State.IDLE.value
    with pytest.raises(ScenarioError, match="expected Idle"):
        replay(again)
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ScenarioError, match="format"):
        read(tmp_path / "other.json")


def test_every_kind_of_event_is_among_those_that_are_tried() -> None:
    from simulator.explore.babbling import everything
    from terminal.fsm.events import EVENT_TYPES

    graph, _ = explored(SUPERVISOR)
    serving = next(at for at in graph.stepper.situations if at.state is State.SERVING)
    assert {told.kind for told in everything(serving)} == set(EVENT_TYPES)
    assert {row.event for row in table().rows} <= set(EVENT_TYPES)
    assert ev.TimedOut in {told.kind for told in everything(serving)}
