"""A finding outlives what can go wrong after it: a centre that does not hear, a full disk, a power cut (P6)."""

import os
from pathlib import Path

import pytest

from simulator.centre.faults import HandsOverPreviousSheet
from simulator.terminal_inline import InlineTerminal, Visit
from terminal.centre.api import CentreFailed
from terminal.centre.errors import CentreErrorCode
from terminal.fsm.states import State
from terminal.journal import entries as e
from tests.terminal_kit import RESIDENCE, shopper, terminal


def _struck(inline: InlineTerminal) -> Visit:
    inline.serve(shopper(inline, "adult", kind=RESIDENCE))
    inline.assembled.model.faults.next(HandsOverPreviousSheet())
    return inline.serve(shopper(inline, "head", kind=RESIDENCE))


def _codes(visit: Visit) -> set[str]:
    return {entry.code for entry in visit.of(e.FaultRaised) if isinstance(entry, e.FaultRaised)}


def test_a_centre_that_does_not_take_it_is_on_record_and_the_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(tmp_path) as inline:
        refused = CentreFailed(CentreErrorCode.UNREACHABLE, "the line is cut")
        monkeypatch.setattr(type(inline.line), "report_finding", lambda *_: refused)
        visit = _struck(inline)
        (raised,) = visit.of(e.FindingRaised)
        assert isinstance(raised, e.FindingRaised)
        assert "SERVICE_FINDING_NOT_REPORTED" in _codes(visit)
        assert (tmp_path / "findings" / f"{raised.finding}.jwe").stat().st_size > 100
        assert inline.situation() is State.STOPPED_FOR_FINDING


def test_a_centre_that_took_it_leaves_no_such_entry(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        assert "SERVICE_FINDING_NOT_REPORTED" not in _codes(_struck(inline))


def test_a_full_disk_costs_the_evidence_not_the_stop(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        (tmp_path / "findings").write_text("no folder can be made here", encoding="utf-8")
        visit = _struck(inline)
        assert len(visit.of(e.FindingRaised)) == 1
        assert "SERVICE_FINDING_NOT_SEALED" in _codes(visit)
        assert inline.situation() is State.STOPPED_FOR_FINDING


def test_the_evidence_is_on_the_disk_before_the_journal_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = os.fsync

    def watch(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    with terminal(tmp_path) as inline:
        monkeypatch.setattr(os, "fsync", watch)
        visit = _struck(inline)
        (raised,) = visit.of(e.FindingRaised)
        assert isinstance(raised, e.FindingRaised)
        folder = tmp_path / "findings"
        assert [path for path in synced if path.startswith(str(folder))] == [
            str(folder / f"{raised.finding}.part"),
            str(folder),
        ]
        assert (folder / f"{raised.finding}.jwe").stat().st_mode & 0o777 == 0o600
