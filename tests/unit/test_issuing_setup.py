"""Servers by name, by file and by command line, and what they do in words."""

from dataclasses import fields
from datetime import datetime, time
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from honnin.cli import app
from simulator.centre.command import setups_of
from simulator.centre.issuing.defects import (
    EraTableNotFetched,
    FileNamedByTheSecond,
    SealImageMissing,
    TimeoutReleasesOnlyTheOrderLock,
)
from simulator.centre.issuing.events import FileHandedOver, FileWritten, Happening, RegisterRead, ServerEvent
from simulator.centre.issuing.named import ACCIDENTS, broken
from simulator.centre.issuing.setup import Company, ServerSetup, SyncPlan
from simulator.centre.issuing.setup_file import SetupFileError, read_setups
from simulator.centre.issuing.telling import WORDS, line_of, told
from tests.centre_world import NOW

WHOLE = """
["99101"]
like = "yokohama"
workers = 8
sync = { nightly_at = 02:30:00, continual_every_s = 60 }
company = { residents = ["takahashi"], after_s = [0.5, 1] }

[["99101".defects]]
defect = "SealImageMissing"
since = 2026-04-01T10:00:00+09:00

[["99101".defects]]
defect = "EraTableNotFetched"
servers = [1, 2]

["99102"]
print_s = 2
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "servers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_how_each_municipality_s_server_is_built(tmp_path: Path) -> None:
    assert read_setups(written(tmp_path, WHOLE)) == {
        "99101": ServerSetup(
            workers=8,
            print_s=2,
            print_wait_limit_s=5,
            sync=SyncPlan(time(2, 30), 60.0),
            company=Company(("takahashi",), after_s=(0.5, 1.0)),
            defects=(SealImageMissing(datetime.fromisoformat("2026-04-01T10:00:00+09:00")), EraTableNotFetched((1, 2))),
        ),
        "99102": ServerSetup(print_s=2),
    }


def test_an_accident_can_be_taken_as_it_is(tmp_path: Path) -> None:
    assert read_setups(written(tmp_path, '["99101"]\nlike = "kawasaki"')) == {"99101": broken("kawasaki")}


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        ("[", "expected a TOML file"),
        ('"99101" = 1', r"\[99101\]: expected a table, came int"),
        ('["99101"]\nlike = "kyoto"', "no accident 'kyoto'; known: yokohama"),
        ('["99103"]\nlike = "soja"', "nobody can be served in '99103'"),
        ('["99101"]\nprinters = 2', "expected servers, workers, .* came printers"),
        ('["99101"]\nworkers = "many"', r"\[99101\] workers: .*; came 'many'"),
        ('["99101"]\nworkers = 0', "expected workers of 1 or more, came 0"),
        ('["99101"]\nsync = 5', "sync: expected a table"),
        ('["99101"]\nsync = { hourly = 1 }', "sync: expected nightly_at, .* came hourly"),
        ('["99101"]\ncompany = { residents = [] }', "expected at least one resident"),
        ('["99101"]\ndefects = 1', "expected a list of tables"),
        ('["99101"]\ndefects = [{ defect = "Gremlin" }]', "defect 1: expected defect to be one of .*; came 'Gremlin'"),
        ('["99101"]\ndefects = [{ defect = "FileNamedByTheSecond", key = 1 }]', "expected nothing more; came key"),
        (
            '["99101"]\ndefects = [{ defect = "SealImageMissing" }, { defect = "SealImageMissing" }]',
            "each kind of defect once",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_where_and_what_was_expected(
    tmp_path: Path, text: str, told_as: str
) -> None:
    with pytest.raises(SetupFileError, match=told_as):
        read_setups(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupFileError, match="no-such"):
        read_setups(tmp_path / "no-such.toml")


def test_the_command_line_breaks_one_server_and_takes_the_others_from_a_file(tmp_path: Path) -> None:
    setups = setups_of("osaka", "99102", written(tmp_path, '["99101"]\nprint_s = 1'))
    assert setups == {"99101": ServerSetup(print_s=1), "99102": broken("osaka", "99102")}
    assert setups_of(None, "99101", None) == {}


def test_a_wrong_name_on_the_command_line_is_told_with_the_right_ones(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["sim", "centre", "--defect", "kyoto", "--home", str(tmp_path)])
    assert result.exit_code == 2
    assert "kyoto" in result.output
    assert "yokohama" in result.output


def test_every_accident_has_a_defect_and_its_company_is_of_the_municipality() -> None:
    for name in ACCIDENTS:
        assert broken(name).defects
    assert broken("kawasaki", "99102").company == Company(("outsider-2",), after_s=(0.01,))
    assert broken("yokohama").defects == (TimeoutReleasesOnlyTheOrderLock(),)
    assert broken("kawasaki").defects == (FileNamedByTheSecond(),)


def test_every_event_has_its_sentence_with_what_it_holds() -> None:
    assert set(WORDS) == set(get_args(Happening))
    for kind, sentence in WORDS.items():
        names = {field.name for field in fields(kind)}
        shown = {name for name in names if f"{{{name}" in sentence}
        assert names - shown <= {"request_id"}, kind


def test_a_wrong_paper_is_called_that() -> None:
    right = FileHandedOver(2, "head", (2,), ("head",))
    wrong = FileHandedOver(2, "head", (3,), ("takahashi",))
    assert told(right) == "request 2, of head, is handed the file of request 2, which is about head"
    assert told(wrong).endswith("the file of request 3, which is about takahashi: WRONG")
    assert told(FileWritten(1, "100000", 0)) == "request 1 is written to file 100000"
    assert told(FileWritten(2, "100000", 1)).endswith("over that of request 1")
    event = ServerEvent(1.5, "99101", RegisterRead(1, "head", NOW))
    assert line_of(event).split("  ")[-2:] == [
        "99101",
        "the entry of head is read for request 1; it says it is of 2026-04-01 10:00:00",
    ]
