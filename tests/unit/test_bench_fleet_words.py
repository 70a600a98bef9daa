"""What the bench of a fleet says of its numbers: extrapolated or measured, within the budget or over, which sizes were run."""

import pytest

from simulator.bench import __main__ as command
from simulator.bench import fleet, fleet_words
from tests.bench_kit import a_run, a_scaling


def test_a_nation_s_day_that_was_not_run_is_called_extrapolated() -> None:
    flat = (a_run(), a_run(4_000, 40.0))
    _, nation, scaling = fleet_words.budgets(flat, (a_scaling(),), 2)
    assert nation.measured.startswith("874.0 s (extrapolated from 4,000 certificates")
    assert (nation.bound, nation.verdict) == ("≤ 600 s", "over")
    assert (scaling.bound, scaling.verdict) == ("≥ 1.8 ×", "within")


def test_a_nation_s_day_that_was_run_is_called_measured() -> None:
    flat = (a_run(), a_run(100_000, 700.0, nation_s=599.0))
    flatness, nation, _ = fleet_words.budgets(flat, (a_scaling(),), 2)
    assert nation.measured == "599.0 s (measured in a run of 100,000 customers)"
    assert nation.verdict == "within"
    assert "not run" not in flatness.measured


def test_sizes_that_were_not_run_are_said() -> None:
    flatness = fleet_words.budgets((a_run(), a_run(4_000, 45.0)), (a_scaling(),), 2)[0]
    assert flatness.what.endswith("from 1,000 to 4,000 customers")
    assert flatness.measured.startswith("12.5 % (20.0 ms, then 22.5 ms; 100,000 not run")
    assert flatness.verdict == "over"


def test_cheaper_customers_in_a_larger_run_are_a_change_too() -> None:
    assert fleet_words.budgets((a_run(), a_run(4_000, 35.0)), (a_scaling(),), 2)[0].measured.startswith("12.5 %")


def test_a_second_worker_that_brings_too_little_is_over_budget() -> None:
    assert fleet_words.budgets((a_run(),), (a_scaling(1.79),), 2)[-1].verdict == "over"
    assert fleet_words.budgets((a_run(),), (a_scaling(1.8),), 2)[-1].verdict == "within"


def test_one_core_cannot_tell_of_two() -> None:
    _, nation, scaling = fleet_words.budgets((a_run(),), (a_scaling(),), 1)
    assert (nation.verdict, scaling.verdict) == ("not measured", "not measured")


def test_the_full_sizes_hold_a_nation_s_day() -> None:
    assert fleet.FULL.flat[-1] == fleet_words.FLAT_TO == 100_000
    assert fleet.USUAL.flat[0] == fleet.FULL.flat[0] == 1_000


def test_full_is_for_measurements_that_have_such_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[fleet.Sizes] = []
    monkeypatch.setattr(fleet, "_findings", asked.append)
    command.measure_here("fleet", quick=False, full=True)
    command.measure_here("fleet", quick=False)
    command.measure_here("fleet", quick=True)
    assert asked == [fleet.FULL, fleet.USUAL, fleet.QUICK]
    assert command.measure_here("events", quick=True, full=False).title
    with pytest.raises(SystemExit):
        command.main(["--quick", "--full"])
