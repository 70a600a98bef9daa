"""The bench of a fleet measures whole runs, everything in them has its part, and a failed one has no number. Takes 12 s."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from greenlet import gettrace, greenlet

from simulator.bench import __main__ as command
from simulator.bench import fleet, fleet_alone, fleet_scaling, fleet_words, fleet_workers
from simulator.bench.fleet_alone import Alone, FleetFoundError, demand_whole
from simulator.bench.fleet_probes import FLEET_PARTS, GROUPS, fleet_probes
from simulator.bench.fleet_scaling import PROCESSES, scaling_of
from simulator.bench.fleet_workers import WorkersRun, dask_cluster, over_dask, over_processes
from simulator.bench.meter import Probe
from simulator.bench.switching import SwitchingMeter, charge_us
from simulator.checkers.verdict import Reason, Verdict
from simulator.fleet.resume import Asked, RunFolder
from simulator.fleet.shards import Shard, ShardResult, run_shard
from simulator.fleet.tally import Tally
from simulator.processes import descendants
from tests.bench_kit import a_run, a_scaling, an_alone
from tests.terminal_kit import shared_home

CUSTOMERS = 24
SEED = 6
"""A day in which every part has something to do: records and documents, exact fees and cash."""


def home() -> Path:
    return shared_home().root


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Alone:
    return fleet_alone.measure(CUSTOMERS, home(), tmp_path_factory.mktemp("bench"), SEED)


@pytest.fixture(scope="module")
def two(alone: Alone) -> WorkersRun:
    """The ground is there: ``alone`` has made it."""
    return over_processes(CUSTOMERS, 2, home(), 2)


# --- the meter


class Waits:
    """A part that lets another task go on in its middle; the clock goes on by hand."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.hub = greenlet.getcurrent()

    def waits(self) -> None:
        self.now_ns += 2_000_000
        self.hub.switch()
        self.now_ns += 3_000_000

    def works(self) -> None:
        self.now_ns += 10_000_000


WAITING = (Probe(Waits, "waits", "waits"), Probe(Waits, "works", "works"))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Waits:
    world = Waits()
    monkeypatch.setattr("time.process_time_ns", lambda: world.now_ns)
    return world


def test_what_others_do_while_a_part_waits_is_theirs(world: Waits) -> None:
    meter = SwitchingMeter("rest")
    with meter.installed(WAITING):
        meter.start()
        first, second = greenlet(world.waits), greenlet(world.waits)
        first.switch()
        world.works()
        second.switch()
        world.now_ns += 1_000_000
        first.switch()
        second.switch()
        meter.stop()
    assert [meter.spent_ms(part) for part in ("waits", "works", "rest")] == [10.0, 10.0, 1.0]
    assert sum(meter.spent_ns.values()) == world.now_ns


@pytest.mark.parametrize("again", [False, True])
def test_a_task_left_asleep_by_a_run_takes_no_part_of_what_follows(world: Waits, again: bool) -> None:
    meter = SwitchingMeter("rest")
    with meter.installed(WAITING):
        meter.start()
        asleep = greenlet(world.waits)
        asleep.switch()
        meter.stop()
        if again:
            meter.start()
        asleep.throw()
        if not again:
            meter.start()
        world.works()
        world.now_ns += 4_000_000
        meter.stop()
    assert [meter.spent_ms(part) for part in ("waits", "works", "rest")] == [0.0, 10.0, 4.0]


def test_a_meter_can_be_stopped_within_a_part(world: Waits) -> None:
    meter = SwitchingMeter("rest")

    class Stops:
        def stops(self) -> None:
            world.now_ns += 2_000_000
            meter.stop()
            world.now_ns += 5_000_000

    with meter.installed((Probe(Stops, "stops", "stops"),)):
        meter.start()
        Stops().stops()
    assert meter.spent_ns == {"rest": 0, "stops": 2_000_000}


def test_the_tracer_is_put_back(world: Waits) -> None:
    meter = SwitchingMeter("rest")
    meter.start()
    assert gettrace() is not None
    meter.stop()
    assert gettrace() is None
    assert charge_us(100) >= 0.0
    assert gettrace() is None


# --- alone


def test_the_breakdown_is_the_whole(alone: Alone) -> None:
    assert set(alone.spent_ms) == set(FLEET_PARTS)
    assert sum(alone.spent_ms.values()) / 1000 == pytest.approx(alone.probed_cpu_s, rel=0.02)
    assert len(FLEET_PARTS) == len(set(FLEET_PARTS))


def test_every_border_has_a_part_and_every_part_is_entered(alone: Alone) -> None:
    assert {probe.part for probe in fleet_probes()} <= set(FLEET_PARTS)
    assert [part for part in FLEET_PARTS if alone.spent_ms[part] <= 0.0] == []


def test_the_tables_add_up_to_a_hundred_percent(alone: Alone) -> None:
    table = fleet_words.tables(alone, (a_run(),), (a_scaling(),))[1]
    whole = {row[0]: row[-1] for row in table.rows}
    assert whole["**all**"] == "**100.0**"
    groups = [float(whole[f"**{group}**"].strip("*")) for group, _ in GROUPS]
    assert sum(groups) == pytest.approx(100.0, abs=0.5)


def test_the_same_pages_are_drawn_bare(alone: Alone) -> None:
    assert alone.bare.sides >= alone.tally.sides > 0
    assert alone.bare.copies >= alone.tally.certificates > 0
    assert alone.bare.cpu_ms > 0.0
    assert alone.ratio_to_bare == alone.cpu_s * 1000 / alone.bare.cpu_ms


def _borders() -> list[Any]:
    return [getattr(probe.owner, probe.name) for probe in fleet_probes()]


def test_wrappers_are_taken_off_again_after_a_run_and_after_a_failed_one(
    alone: Alone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _borders()
    assert not [border for border in before if hasattr(border, "__wrapped__") and border.__name__ == "measured"]
    runs = 0

    def breaks(shard: Shard) -> ShardResult:
        nonlocal runs
        runs += 1
        if gettrace() is not None:
            raise RuntimeError("broke in the middle")
        return run_shard(shard)

    monkeypatch.setattr(fleet_alone, "run_shard", breaks)
    with pytest.raises(RuntimeError, match="broke in the middle"):
        fleet_alone.measure(2, home(), tmp_path, SEED)
    assert runs >= 2
    assert _borders() == before
    assert gettrace() is None


def test_another_history_with_borders_measured_is_no_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(shard: Shard) -> ShardResult:
        return run_shard(shard if gettrace() is None else replace(shard, seed=shard.seed + 1))

    monkeypatch.setattr(fleet_alone, "run_shard", other)
    monkeypatch.setattr(fleet_alone, "demand_whole", lambda tally, customers: None)
    with pytest.raises(FleetFoundError, match="histories differ"):
        fleet_alone.measure(2, home(), tmp_path, SEED)


# --- a failed run has no number


def test_a_broken_promise_is_no_measurement(alone: Alone) -> None:
    broken = Tally()
    broken.add(alone.tally)
    demand_whole(broken, CUSTOMERS)
    broken.promises["P1"].take(Verdict((Reason("somebody else's sheet"),), (), 1), "d001-m0001-001")
    with pytest.raises(FleetFoundError, match=r"P1 false: .*somebody else's sheet"):
        demand_whole(broken, CUSTOMERS)


def test_who_does_not_come_is_missed(alone: Alone) -> None:
    with pytest.raises(FleetFoundError, match="expected 25 customers"):
        demand_whole(alone.tally, alone.tally.customers + 1)
    with pytest.raises(FleetFoundError, match="for 0"):
        demand_whole(Tally(), 0)


def test_a_failed_run_gives_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*given: Any) -> Any:
        raise FleetFoundError("a promise was broken")

    monkeypatch.setattr(fleet, "over_processes", dead)
    with pytest.raises(FleetFoundError, match="a promise was broken"):
        command.measure_here("fleet", quick=True)


def test_a_run_in_which_something_was_found_is_kept_to_look_into(
    alone: Alone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(tally: Tally, customers: int) -> None:
        raise FleetFoundError("a promise was broken")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(fleet_workers, "demand_whole", found)
    with pytest.raises(FleetFoundError, match=r"a promise was broken; .* --resume$") as caught:
        over_processes(2, 1, home(), 1)
    [kept] = tmp_path.iterdir()
    assert f"--customers 2 --seed {fleet_alone.SEED} --out {kept}" in str(caught.value)
    assert RunFolder(kept, Asked(2, fleet_alone.SEED), resume=True).tally.customers >= 2


def test_a_whole_run_leaves_nothing(alone: Alone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    over_processes(2, 1, home(), 1)
    assert list(tmp_path.iterdir()) == []


def test_runs_that_differ_are_no_scale_out() -> None:
    def run(workers: int) -> WorkersRun:
        tally = Tally(customers=1, certificates=1, digests={"unit": str(workers)})
        return replace(a_run(), tally=tally)

    with pytest.raises(FleetFoundError, match="histories differ"):
        scaling_of(PROCESSES, 2, 1, run)


def test_processes_and_dask_that_differ_are_no_scale_out(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Tally(customers=1, certificates=1, digests={"unit": "other"})
    monkeypatch.setattr(fleet_scaling, "_processes", lambda *given: a_run())
    monkeypatch.setattr(fleet_scaling, "_dask", lambda *given: replace(a_run(), tally=other))
    with pytest.raises(FleetFoundError, match="over processes and over Dask"):
        fleet_scaling.measure_scaling(10, 2, 1, home())


# --- over workers


def test_processes_are_measured_while_they_work(two: WorkersRun) -> None:
    assert two.tally.customers >= CUSTOMERS
    assert 0.0 < two.tally.cpu_s < two.cpu_s
    assert two.memory.peak_rss > 50.0
    assert 0.0 < two.memory.quarter(0) <= two.memory.peak_pss
    assert two.nation_s is None
    assert two.nation_extrapolated_s == two.wall_s * 87_400 / two.tally.certificates


def test_dask_does_the_same_and_its_processes_are_ended(two: WorkersRun) -> None:
    before = set(descendants(os.getpid()))
    with dask_cluster(1, home()) as address:
        assert address.startswith("tcp://127.0.0.1:")
        found = over_dask(CUSTOMERS, 1, home(), address, 2)
    assert found.tally.digest == two.tally.digest
    left = {pid for pid in set(descendants(os.getpid())) - before if b"resource_tracker" not in _command_of(pid)}
    assert left == set()


def _command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_dask_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*given: Any) -> Any:
        raise ImportError("distributed")

    monkeypatch.setattr(fleet_scaling, "_processes", lambda *given: a_run())
    monkeypatch.setattr(fleet_scaling, "dask_cluster", missing)
    here, there = fleet_scaling.measure_scaling(10, 2, 1, home())
    assert here.ratio == 1.0
    assert "not installed" in there.why
    table = fleet_words.tables(an_alone(), (a_run(),), (here, there))[-1]
    assert table.rows[1][-1].startswith("not measured")
    assert [line.verdict for line in fleet_words.budgets((a_run(),), (here, there), 2)][-1] == "not measured"
