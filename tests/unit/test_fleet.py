"""A day of an invented country: what comes of it does not depend on how it was divided, and can be taken up again."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from honnin.cli import app
from simulator.fleet.country import units
from simulator.fleet.parquet import history_of, tally_of, write_part
from simulator.fleet.shards import ShardResult, divide, run_shard
from simulator.fleet.tally import added
from simulator.seen import RunEnded, SheetsCame

CUSTOMERS, SEED = 24, 5


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fleet-home")


def live(home: Path, shards: int) -> list[ShardResult]:
    return [run_shard(shard) for shard in divide(tuple(units(SEED, CUSTOMERS)), SEED, home, shards)]


def test_the_number_of_shards_changes_nothing_and_every_promise_is_kept(home: Path, tmp_path: Path) -> None:
    one, several = added(each.tally for each in live(home, 1)), added(each.tally for each in live(home, 3))
    assert one.digest == several.digest
    assert one.digests == several.digests
    assert one.customers == several.customers == CUSTOMERS
    assert one.certificates > CUSTOMERS / 2
    assert one.findings == 0
    assert not {promise: kept.reasons for promise, kept in one.promises.items() if kept.breaches}


def test_a_part_keeps_its_histories_and_what_was_counted(home: Path, tmp_path: Path) -> None:
    (result,) = live(home, 1)
    path = tmp_path / "part.parquet"
    write_part(path, result.part)
    counted = tally_of(path)
    assert counted == result.tally
    histories = [list(history_of([path], unit)) for unit in counted.digests]
    assert all(isinstance(history[-1].seen, RunEnded) for history in histories)
    came = sum(isinstance(line.seen, SheetsCame) for history in histories for line in history)
    assert came == counted.deliveries > 0


def test_what_is_no_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(b"no parquet")
    with pytest.raises(ValueError, match="expected a part of a fleet"):
        tally_of(path)


def test_the_command_writes_a_report_and_goes_on_where_it_stopped(home: Path, tmp_path: Path) -> None:
    command = ["sim", "fleet", "--customers", "12", "--seed", "3", "--jobs", "1", "--home", str(home)]
    command += ["--out", str(tmp_path / "fleet")]
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    pages = list((tmp_path / "fleet").glob("*.html"))
    assert pages
    assert "<svg" in pages[0].read_text(encoding="utf-8")
    again = CliRunner().invoke(app, [*command, "--resume"])
    assert again.exit_code == 0, again.output
