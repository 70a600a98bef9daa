"""A fleet: what happens depends on seed and customers alone, in whatever shards; nothing that is done is lost."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from honnin.cli import app
from simulator.checkers.registry import check_all
from simulator.checkers.verdict import Reason, Truth, Verdict
from simulator.fleet.country import NATION_CERTIFICATES, SHOPS, Unit, districts, municipalities, units
from simulator.fleet.district import live
from simulator.fleet.errors import FleetError, FleetErrorCode
from simulator.fleet.ground import FOLDER, Ground, ground
from simulator.fleet.parquet import history_of, tally_of
from simulator.fleet.population import household
from simulator.fleet.report import counts, write_report
from simulator.fleet.resume import Asked, RunFolder
from simulator.fleet.running import processes, results
from simulator.fleet.shards import Shard, ShardResult, divide, run_shard
from simulator.fleet.tally import Kept, Tally, added
from simulator.fleet.visitors import DAY_STARTS_MIN
from simulator.history import line_of
from simulator.people.residents import RESIDENTS
from simulator.personal_data import whose_data
from simulator.plan import START
from tests.terminal_kit import shared_home

SEED = 5
CUSTOMERS = 36
ASKED = Asked(CUSTOMERS, SEED)


def home() -> Path:
    return shared_home().root


@pytest.fixture(scope="module")
def keys() -> Ground:
    return ground(home())


@pytest.fixture(scope="module")
def some(keys: Ground) -> tuple[Unit, ...]:
    """A few small districts."""
    return tuple(sorted(units(SEED, 3000), key=lambda unit: (unit.customers, unit.name))[:9])


@pytest.fixture(scope="module")
def alone(some: tuple[Unit, ...]) -> ShardResult:
    """All of them in one shard, in this process."""
    [shard] = divide(some, SEED, home(), 1)
    return run_shard(shard)


def test_the_country_is_as_large_as_the_nation() -> None:
    assert len(municipalities()) == 1300
    assert sum(each.expected for each in districts(SEED)) == pytest.approx(NATION_CERTIFICATES)
    assert sum(each.shops for each in districts(SEED)) == pytest.approx(SHOPS, rel=0.01)
    day = [unit for unit in units(SEED, NATION_CERTIFICATES) if unit.day == 1]
    assert sum(unit.customers for unit in day) == pytest.approx(NATION_CERTIFICATES, rel=0.02)


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(0, 3))
def test_a_larger_run_begins_as_a_smaller_one(some: int, more: int, seed: int) -> None:
    smaller, larger = list(units(seed, some)), list(units(seed, some + more))
    assert sum(unit.customers for unit in smaller) == some
    assert larger[: len(smaller) - 1] == smaller[:-1]
    assert len({unit.name for unit in larger}) == len(larger)


@given(st.integers(0, 10_000))
def test_nobody_of_a_fleet_can_be_taken_for_somebody_real(number: int) -> None:
    people = household(number, number, "99301", "見本県架空第1市", START.date()).members
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    for each in people:
        remainder = sum(int(digit) * weight for digit, weight in zip(each.my_number[:11], weights, strict=True)) % 11
        assert int(each.my_number[11]) != (0 if remainder <= 1 else 11 - remainder)
        assert each.address.startswith("見本県架空")
    assert len({each.name for each in people}) == len(people)
    assert len({each.my_number for each in people}) == len(people)


def test_a_district_keeps_every_promise_and_its_people_get_their_papers(some: tuple[Unit, ...], keys: Ground) -> None:
    history = live(some[-1], SEED, keys)
    assert not {promise: verdict for promise, verdict in check_all(history).items() if verdict.truth is Truth.FALSE}
    assert sum(line_of(at).count('"kind":"PersonCame"') for at in history) >= some[-1].customers


def test_shards_change_no_result(some: tuple[Unit, ...], alone: ShardResult) -> None:
    """2 and 5 shards, each in processes of its own, against one shard in this one."""
    for count in (2, 5):
        shards = divide(some, SEED, home(), count)
        assert len(shards) == count
        assert [unit for shard in shards for unit in shard.units] == list(some)
        whole = added(result.tally for result in results(shards, processes(2, home())))
        assert whole.digests == alone.tally.digests
        assert whole.digest == alone.tally.digest
        assert whole.reasons == alone.tally.reasons
        assert whole.truth is alone.tally.truth is Truth.TRUE


def test_another_seed_is_another_day(some: tuple[Unit, ...], alone: ShardResult) -> None:
    [shard] = divide(some[-1:], SEED + 1, home(), 1)
    assert run_shard(shard).tally.digest != added([alone.tally]).digest


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.integers(1, 12))
def test_every_unit_is_in_one_shard(sizes: list[int], count: int) -> None:
    district = districts(SEED)[0]
    each = tuple(Unit(day, district, size) for day, size in enumerate(sizes, 1))
    shards = divide(each, SEED, None, count)
    assert [unit for shard in shards for unit in shard.units] == list(each)
    assert len(shards) <= count
    assert [shard.number for shard in shards] == list(range(1, len(shards) + 1))


def test_what_is_done_is_not_done_again(some: tuple[Unit, ...], alone: ShardResult, tmp_path: Path) -> None:
    first, second = divide(some, SEED, home(), 2)
    folder = RunFolder(tmp_path, ASKED, resume=False)
    folder.keep(run_shard(first))
    (tmp_path / "history" / ".part-half.parquet.draft").write_bytes(b"half")
    again = RunFolder(tmp_path, ASKED, resume=True)
    assert again.left(some) == second.units
    assert again.tally.customers == first.customers
    [rest] = divide(again.left(some), SEED, home(), 1)
    again.keep(run_shard(rest))
    assert again.left(some) == ()
    assert again.tally.digest == alone.tally.digest
    assert RunFolder(tmp_path, ASKED, resume=True).tally.digest == alone.tally.digest


def test_a_run_is_only_taken_up_as_what_it_was(alone: ShardResult, tmp_path: Path) -> None:
    RunFolder(tmp_path, ASKED, resume=False).keep(alone)
    for asked, resume, code in (
        (ASKED, False, FleetErrorCode.IN_THE_WAY),
        (Asked(CUSTOMERS, SEED + 1), True, FleetErrorCode.OTHER_RUN),
    ):
        with pytest.raises(FleetError) as told:
            RunFolder(tmp_path, asked, resume=resume)
        assert told.value.failure.code == code
    [part] = RunFolder(tmp_path, ASKED, resume=True).parts
    part.write_bytes(part.read_bytes()[:1000])
    with pytest.raises(FleetError, match=part.name) as told:
        RunFolder(tmp_path, ASKED, resume=True)
    assert told.value.failure.code == FleetErrorCode.PART_DAMAGED


def test_the_parquet_history_is_the_history(
    some: tuple[Unit, ...], keys: Ground, alone: ShardResult, tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path, ASKED, resume=False)
    folder.keep(alone)
    assert list(history_of(folder.parts, some[0].name)) == live(some[0], SEED, keys)


def test_the_report_needs_no_network_and_says_what_was_found(alone: ShardResult, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, ASKED, resume=False)
    folder.keep(alone)
    page = write_report(folder, ASKED, 1.0, "1 process").read_text()
    assert "findings: none" in page
    assert page.count("<svg") == 6
    assert not [word for word in ("<script", "<link", "src=", "@import", "url(http") if word in page]
    folder.tally.promises["P1"].take(Verdict((Reason("somebody else's sheet"),), (), 1), "d001-m0001-001")
    broken = write_report(folder, ASKED, 1.0, "1 process").read_text()
    assert "BROKEN" in broken
    assert "somebody else&#x27;s sheet" in broken
    assert counts(folder.tally, ASKED, 1.0)["digest"] == alone.tally.digest


def test_a_broken_promise_anywhere_is_broken_and_silence_proves_nothing() -> None:
    kept = Kept()
    truths = []
    for verdict in (
        Verdict((), (Reason("nothing was seen that this promise is about"),), 0),
        Verdict((), (), 3),
        Verdict((), (Reason("the run did not complete"),), 3),
        Verdict((Reason("wrong"),), (), 3),
    ):
        kept.take(verdict, "d001-m0001-001")
        truths.append(kept.truth)
    assert truths == [Truth.UNKNOWN, Truth.TRUE, Truth.UNKNOWN, Truth.FALSE]
    assert Tally().truth is Truth.UNKNOWN


def _dies_once(shard: Shard) -> ShardResult:
    marker = Path(os.environ["HONNIN_TEST_MARKER"])
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_shard(shard)


def test_a_process_that_dies_has_its_shard_done_again(
    some: tuple[Unit, ...], alone: ShardResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONNIN_TEST_MARKER", str(tmp_path / "died"))
    monkeypatch.setattr("simulator.fleet.running.run_shard", _dies_once)
    shards = divide(some, SEED, home(), 2)
    assert added(result.tally for result in results(shards, processes(1, home()))).digest == alone.tally.digest
    assert (tmp_path / "died").exists()


class _Dead(Executor):
    """Workers that die with whatever they are given."""

    def submit(self, *given: Any, **named: Any) -> Future[Any]:
        from concurrent.futures.process import BrokenProcessPool

        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("killed"))
        return future


def test_a_shard_that_kills_every_worker_is_told_of(some: tuple[Unit, ...]) -> None:
    @contextmanager
    def dead() -> Iterator[Executor]:
        yield _Dead()

    executors: Any = dead
    assert isinstance(dead(), AbstractContextManager)
    with pytest.raises(FleetError) as told:
        list(results(divide(some, SEED, None, 2), executors))
    assert told.value.failure.code == FleetErrorCode.WORKERS_DIE


def test_the_day_begins_before_service_does() -> None:
    assert DAY_STARTS_MIN < 6 * 60 + 30
    assert (home() / FOLDER).is_dir()


@given(
    st.lists(st.sampled_from([b"\x00\xff", b"SELECT 1", b" 12", "見本".encode(), b"\xe8\xa6"]), max_size=8),
    st.lists(st.tuples(st.sampled_from(RESIDENTS), st.sampled_from(["name", "address", "my_number"])), max_size=3),
    st.binary(max_size=12),
)
def test_personal_data_are_found_as_a_search_for_each_would(
    noise: list[bytes], hidden: list[tuple[Any, str]], between: bytes
) -> None:
    parts = [*noise, *(getattr(resident, field).encode() for resident, field in hidden)]
    content = between.join(parts)
    slowly = tuple(
        each.key
        for each in RESIDENTS
        if any(datum.encode() in content for datum in (each.name, each.address, each.my_number))
    )
    assert whose_data(content, RESIDENTS) == slowly


def test_what_is_no_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(b"no parquet")
    with pytest.raises(ValueError, match="expected a part of a fleet"):
        tally_of(path)


def test_the_command_writes_a_report_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    command = ["sim", "fleet", "--customers", "12", "--seed", "3", "--jobs", "1", "--home", str(home())]
    command += ["--out", str(tmp_path / "fleet")]
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    [page] = (tmp_path / "fleet").glob("*.html")
    assert "<svg" in page.read_text(encoding="utf-8")
    again = CliRunner().invoke(app, [*command, "--resume"])
    assert again.exit_code == 0, again.output
