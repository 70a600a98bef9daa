"""What a live run cannot play is refused before anything is started, by name, with what to do."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from honnin.cli import app
from honnin.live.playable import NotPlayableError, demand_playable
from simulator.scenarios import parse
from simulator.scenarios.schema import examples


def refusal(text: str, *, pcscd: bool = True) -> str:
    with pytest.raises(NotPlayableError) as caught:
        demand_playable(parse(text).plan, pcscd=pcscd)
    return str(caught.value)


def test_everything_in_the_way_is_named() -> None:
    said = refusal(
        "start: 2026-04-01T22:50:00+09:00\nwithout: subject\nterminals: [a terminal]\n"
        "faults: [{device: card_reader, fault: held-elsewhere}]"
    )
    for words in ("without: subject", "start: 2026-04-01T22:50", "'a terminal'", "fault 1, held-elsewhere"):
        assert words in said


def test_a_reader_can_only_be_lost_where_there_is_one() -> None:
    text = "faults: [{device: card_reader, fault: reader-lost}]"
    assert "pcscd" in refusal(text, pcscd=False)
    demand_playable(parse(text).plan, pcscd=True)


def test_every_shipped_scenario_but_the_planted_bug_can_be_played() -> None:
    refused = []
    for path in examples():
        try:
            demand_playable(parse(path.read_text(encoding="utf-8")).plan, pcscd=True)
        except NotPlayableError:
            refused.append(path.stem)
    assert refused == ["planted-bug"]


def test_the_command_refuses_with_exit_code_2(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["sim", "run", "planted-bug", "--live", "--home", str(tmp_path / "home")])
    assert (done.exit_code, "cannot be played live" in done.output) == (2, True)
    assert not (tmp_path / "home").exists(), "nothing was started"
    out = str(tmp_path / "out.yaml")
    done = CliRunner().invoke(app, ["sim", "record", "--play", "two-buyers", "--coins", "--out", out])
    assert done.exit_code == 2
