"""One writer, durable entries, and boots after good and bad nights."""

import os
from pathlib import Path

import pytest

from terminal.journal import entries as e
from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.fields import Delivered, EndReason, PrintOutcome, Step
from terminal.journal.recover import RecoveryCode, recover, settle_customer
from terminal.journal.store import Journal
from terminal.journal.verify import verify_journal
from tests.journal_kit import ANNA, FINDING, STARTED, a_day, clock, open_journal, write_day

START = e.CustomerStarted(customer=ANNA, generation=1)
FEE_ASKED, FEE = e.FeeRequested(customer=ANNA, amount_yen=300), e.FeeCollected(customer=ANNA, amount_yen=300)
REFUND_ASKED, REFUND = e.RefundRequested(customer=ANNA, amount_yen=300), e.RefundPaid(customer=ANNA, amount_yen=300)
PRINTING = e.PrintStarted(customer=ANNA, impressions=2)
PRINTED = e.PrintEnded(customer=ANNA, outcome=PrintOutcome.COMPLETED, impressions=2)


def test_entries_come_back_in_order_with_their_places(tmp_path: Path) -> None:
    write_day(tmp_path)
    with open_journal(tmp_path) as journal:
        recorded = list(journal.entries())
    assert tuple(r.entry for r in recorded) == a_day()
    assert [r.sequence for r in recorded] == list(range(1, len(a_day()) + 1))
    assert recorded[0].at == clock().wall()


def test_a_second_writer_in_this_process_is_refused(tmp_path: Path) -> None:
    with open_journal(tmp_path), pytest.raises(JournalError) as caught:
        open_journal(tmp_path)
    assert caught.value.code == JournalCode.LOCKED
    open_journal(tmp_path).close()


def test_a_forked_child_cannot_write(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        child = os.fork()
        if child == 0:
            try:
                journal.append(e.ServiceRestored())
                os._exit(1)
            except JournalError as error:
                os._exit(0 if error.code == JournalCode.LOCKED else 2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert list(journal.entries()) == []


def test_another_terminals_journal_is_refused(tmp_path: Path) -> None:
    write_day(tmp_path)
    with pytest.raises(JournalError) as caught:
        Journal(tmp_path / "journal.sqlite", clock(), "T-0002")
    assert caught.value.code == JournalCode.OTHER_TERMINAL


def test_a_removed_journal_is_missed_by_its_head(tmp_path: Path) -> None:
    write_day(tmp_path).unlink()
    with pytest.raises(JournalError) as caught:
        open_journal(tmp_path)
    assert caught.value.code == JournalCode.CORRUPT


def test_findings_are_open_until_a_person_releases_them(tmp_path: Path) -> None:
    raised = e.FindingRaised(finding=FINDING, code="GATE_SUBJECT_DIFFERENT")
    with open_journal(tmp_path) as journal:
        journal.append(raised)
        assert journal.open_findings() == (raised,)
    with open_journal(tmp_path) as journal:
        assert journal.open_findings() == (raised,)
        journal.append(e.FindingReleased(finding=FINDING, staff="S-17"))
        assert journal.open_findings() == ()


def test_a_start_without_recovery_is_refused(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.append(STARTED)
        with pytest.raises(JournalError) as caught:
            journal.append(STARTED)
        assert caught.value.code == JournalCode.NOT_RECOVERED
        recover(journal)
        journal.append(STARTED)


def test_nothing_is_closed_after_an_orderly_stop(tmp_path: Path) -> None:
    write_day(tmp_path)
    with open_journal(tmp_path) as journal:
        assert recover(journal) == ()


@pytest.mark.parametrize(
    ("lived", "owed", "delivered", "last"),
    [
        ([], None, Delivered.NO, Step.CUSTOMER_STARTED),
        ([FEE_ASKED], RecoveryCode.FEE_UNKNOWN, Delivered.NO, Step.FEE_REQUESTED),
        ([FEE_ASKED, FEE], RecoveryCode.NOT_DELIVERED, Delivered.NO, Step.FEE_COLLECTED),
        ([FEE_ASKED, FEE, PRINTING], RecoveryCode.DELIVERY_UNKNOWN, Delivered.UNKNOWN, Step.PRINT_STARTED),
        ([FEE_ASKED, FEE, PRINTING, PRINTED], None, Delivered.YES, Step.PRINT_ENDED),
        ([FEE_ASKED, FEE, REFUND_ASKED], RecoveryCode.REFUND_UNKNOWN, Delivered.NO, Step.REFUND_REQUESTED),
        ([FEE_ASKED, FEE, REFUND_ASKED, REFUND], None, Delivered.NO, Step.REFUND_PAID),
    ],
)
def test_a_power_cut_closes_the_customer_with_what_is_known(
    tmp_path: Path, lived: list[e.JournalEntry], owed: RecoveryCode | None, delivered: Delivered, last: Step
) -> None:
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, START, *lived):
            journal.append(entry)
    with open_journal(tmp_path) as journal:
        written = recover(journal)
        journal.append(STARTED)
    claims = [e.RefundOwed(customer=ANNA, amount_yen=300, code=owed)] if owed else []
    closed = e.CustomerClosedAtBoot(
        customer=ANNA,
        last_step=last,
        delivered=delivered,
        collected_yen=300 if FEE in lived else 0,
        owed_yen=300 if owed else 0,
    )
    assert written == (*claims, closed, e.TerminalClosedAtBoot())
    assert verify_journal(tmp_path / "journal.sqlite").ok


def test_a_power_cut_during_the_recovery_owes_only_once(tmp_path: Path) -> None:
    claim = e.RefundOwed(customer=ANNA, amount_yen=300, code=RecoveryCode.NOT_DELIVERED)
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, START, FEE_ASKED, FEE, claim):
            journal.append(entry)
        written = recover(journal)
    assert [type(entry).__name__ for entry in written] == ["CustomerClosedAtBoot", "TerminalClosedAtBoot"]


def test_a_crashed_process_is_settled_while_the_service_lives_on(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, START, FEE_ASKED, FEE):
            journal.append(entry)
        assert settle_customer(journal, ANNA) == 300
        *_, claim, end = (recorded.entry for recorded in journal.entries())
    assert claim == e.RefundOwed(customer=ANNA, amount_yen=300, code=RecoveryCode.NOT_DELIVERED)
    assert end == e.CustomerEnded(customer=ANNA, reason=EndReason.CRASHED, delivered=False)
