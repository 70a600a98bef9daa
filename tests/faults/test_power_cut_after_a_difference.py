"""The power fails between the gate that found another person and the sealing of the finding: it must not be lost (promise P6)."""

from pathlib import Path

import pytest

from terminal.journal import entries as e
from terminal.journal.fields import EndReason, Gate, Verdict
from terminal.journal.recover import recover
from terminal.journal.verify import verify_journal
from tests.journal_kit import ANNA, FINDING, PROVED, STARTED, open_journal

STARTS = (STARTED, PROVED, e.CustomerStarted(customer=ANNA, generation=1))
OTHER = e.GateEnded(customer=ANNA, gate=Gate.SUBJECT, verdict=Verdict.DIFFERENT, code="GATE_OTHER_NAME")
SAME = e.GateEnded(customer=ANNA, gate=Gate.BUNDLE, verdict=Verdict.SAME)
RAISED = e.FindingRaised(finding=FINDING, code="GATE_OTHER_NAME")
RELEASED = e.FindingReleased(finding=FINDING, staff="S-1")
ENDED = e.CustomerEnded(customer=ANNA, reason=EndReason.FINDING, delivered=False)


def _after_a_cut(folder: Path, *written: e.JournalEntry) -> list[str]:
    """The codes of the findings that are open after the next boot, and after the one after it."""
    with open_journal(folder) as journal:
        for entry in (*STARTS, *written):
            journal.append(entry)
    with open_journal(folder) as journal:
        recover(journal)
        once = [finding.code for finding in journal.open_findings()]
        recover(journal)
        assert [finding.code for finding in journal.open_findings()] == once
    report = verify_journal(folder / "journal.sqlite")
    assert report.ok, report.breaches
    return once


@pytest.mark.parametrize("written", [(SAME, OTHER), (OTHER, ENDED)])
def test_a_difference_without_its_finding_is_raised_at_boot(
    tmp_path: Path, written: tuple[e.JournalEntry, ...]
) -> None:
    assert _after_a_cut(tmp_path, *written) == ["GATE_OTHER_NAME"]


def test_an_end_for_a_finding_that_has_no_name_is_one_too(tmp_path: Path) -> None:
    assert _after_a_cut(tmp_path, ENDED) == ["SERVICE_FINDING_UNNAMED"]


def test_a_finding_that_was_raised_is_not_raised_again(tmp_path: Path) -> None:
    assert _after_a_cut(tmp_path, OTHER, RAISED) == ["GATE_OTHER_NAME"]


def test_a_finding_that_was_released_stays_released(tmp_path: Path) -> None:
    assert _after_a_cut(tmp_path, OTHER, RAISED, ENDED, PROVED, RELEASED) == []


def test_without_a_difference_nothing_is_found(tmp_path: Path) -> None:
    assert _after_a_cut(tmp_path, SAME) == []
