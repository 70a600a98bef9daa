"""One writer, durable entries, and boots after good and bad nights."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from terminal.journal import entries as e
from terminal.journal.chain import link
from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.fields import Delivered, EndReason, Part, PrintOutcome, Step
from terminal.journal.head import head_path, read_head
from terminal.journal.recover import RecoveryCode, recover, settle_customer
from terminal.journal.store import Journal
from terminal.journal.verify import verify_journal
from tests.journal_kit import ANNA, FINDING, STARTED, a_day, clock, open_journal, write_day

START = e.CustomerStarted(customer=ANNA, generation=1)
FEE_ASKED, FEE = e.FeeRequested(customer=ANNA, amount_yen=300), e.FeeCollected(customer=ANNA, amount_yen=300)
REFUND_ASKED, REFUND = e.RefundRequested(customer=ANNA, amount_yen=300), e.RefundPaid(customer=ANNA, amount_yen=300)
PRINTING = e.PrintStarted(customer=ANNA, impressions=2)
PRINTED = e.PrintEnded(customer=ANNA, outcome=PrintOutcome.COMPLETED, impressions=2)
FAILED_AT_NOTHING, FAILED_SOMEHOW = (
    e.PrintEnded(customer=ANNA, outcome=PrintOutcome.FAILED, impressions=sides) for sides in (0, None)
)


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
    assert "was removed" in str(caught.value)


def test_an_entry_is_synced_before_append_returns(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        assert journal._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert journal._connection.execute("PRAGMA synchronous").fetchone() == (2,)


LAST = len(a_day())


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            f"UPDATE entry SET wall = replace(wall, '09', '10') WHERE sequence = {LAST}",  # noqa: S608
            f"last entry, {LAST}, does not have",
        ),
        (f"DELETE FROM entry WHERE sequence = {LAST}", f"head knows entry {LAST}"),  # noqa: S608
        ("CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN DELETE FROM entry; END", "tables are not a journal's"),
        ("DELETE FROM journal", "genesis row"),
    ],
)
def test_a_journal_that_was_touched_is_not_written_on(tmp_path: Path, statement: str, said: str) -> None:
    tamper(write_day(tmp_path), statement)
    with pytest.raises(JournalError) as caught:
        open_journal(tmp_path)
    assert caught.value.code == JournalCode.CORRUPT
    assert said in str(caught.value)


def test_a_journal_without_its_head_is_not_written_on(tmp_path: Path) -> None:
    head_path(write_day(tmp_path)).unlink()
    with pytest.raises(JournalError, match="head file is missing"):
        open_journal(tmp_path)


@pytest.mark.parametrize("forged", [1, 2])
def test_entries_added_beside_the_writer_are_noticed_at_opening(tmp_path: Path, forged: int) -> None:
    """One entry more than the head is what a power cut leaves, so a forged one passes here; two never do."""
    path = write_day(tmp_path)
    head = read_head(head_path(path))
    assert head is not None
    previous = head.hash
    with closing(sqlite3.connect(path)) as connection:
        for number in range(1, forged + 1):
            row = link(previous, head.sequence + number, clock().wall().isoformat(), "ServiceRestored", "{}")
            values = (row.sequence, row.wall, row.kind, row.body, row.previous, row.hash)
            connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", values)
            previous = row.hash
        connection.commit()
    if forged == 1:
        open_journal(tmp_path).close()
    else:
        with pytest.raises(JournalError, match="does not belong to the last entry"):
            open_journal(tmp_path)


def test_an_altered_finding_is_not_read_as_released(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.append(e.FindingRaised(finding=FINDING, code="GATE_SUBJECT"))
        journal.append(e.ServiceRestored())
    tamper(tmp_path / "journal.sqlite", f"UPDATE entry SET body = replace(body, '{FINDING}', '{'0' * 32}')")  # noqa: S608
    with open_journal(tmp_path) as journal, pytest.raises(JournalError, match="entry 1 does not have its own hash"):
        journal.open_findings()


def tamper(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


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
    sheets = [e.FaultRaised(part=Part.TRAY, code="MACHINE_SHEETS_FORGOTTEN")] if PRINTING in lived else []
    assert written == (*sheets, *claims, closed, e.TerminalClosedAtBoot())
    assert verify_journal(tmp_path / "journal.sqlite").ok


@pytest.mark.parametrize(
    ("ended", "stands"), [([], True), ([PRINTED], True), ([FAILED_AT_NOTHING], False), ([FAILED_SOMEHOW], True)]
)
def test_sheets_that_a_power_cut_left_in_the_tray_keep_the_next_customer_away(
    tmp_path: Path, ended: list[e.JournalEntry], stands: bool
) -> None:
    """The next customer found them; found by the explorer."""
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, START, FEE_ASKED, FEE, PRINTING, *ended):
            journal.append(entry)
    with open_journal(tmp_path) as journal:
        recover(journal)
        assert bool(journal.standing_faults()) is stands
        assert recover(journal) == ()


MUCH = e.FeeCollected(customer=ANNA, amount_yen=1000)
CHANGE_ASKED, CHANGE = (kind(customer=ANNA, amount_yen=700) for kind in (e.ChangeRequested, e.ChangePaid))
SHORT = e.ChangePaid(customer=ANNA, amount_yen=500)
OWED = e.RefundOwed(customer=ANNA, amount_yen=200, code="COINS_HOPPER_EMPTY")
CANCELED = e.FeeNotCollected(customer=ANNA, code="PAYMENT_CANCELED", kept_yen=100)


@pytest.mark.parametrize(
    ("lived", "owed_yen", "reason"),
    [
        ([MUCH], 1000, RecoveryCode.NOT_DELIVERED),
        ([MUCH, CHANGE_ASKED], 1000, RecoveryCode.CHANGE_UNKNOWN),
        ([MUCH, CHANGE_ASKED, CHANGE], 300, RecoveryCode.NOT_DELIVERED),
        ([MUCH, CHANGE_ASKED, CHANGE, PRINTING], 300, RecoveryCode.DELIVERY_UNKNOWN),
        ([MUCH, CHANGE_ASKED, CHANGE, PRINTING, PRINTED], 0, None),
        ([MUCH, CHANGE_ASKED, SHORT, OWED, PRINTING, PRINTED], 0, None),
        ([MUCH, CHANGE_ASKED, SHORT, PRINTING, PRINTED], 200, RecoveryCode.NOT_DELIVERED),
        ([MUCH, PRINTING, PRINTED], 700, RecoveryCode.NOT_DELIVERED),
        ([CANCELED], 100, RecoveryCode.NOT_DELIVERED),
        ([CANCELED, e.RefundPaid(customer=ANNA, amount_yen=100)], 0, None),
    ],
)
def test_a_power_cut_owes_what_is_neither_earned_nor_given_back(
    tmp_path: Path, lived: list[e.JournalEntry], owed_yen: int, reason: RecoveryCode | None
) -> None:
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, START, FEE_ASKED, *lived):
            journal.append(entry)
    with open_journal(tmp_path) as journal:
        claims = [entry for entry in recover(journal) if isinstance(entry, e.RefundOwed)]
    assert [(claim.amount_yen, claim.code) for claim in claims] == ([(owed_yen, reason)] if owed_yen else [])
    assert verify_journal(tmp_path / "journal.sqlite").ok


def test_change_that_was_never_given_back_is_a_breach(tmp_path: Path) -> None:
    end = e.CustomerEnded(customer=ANNA, reason=EndReason.COMPLETED, delivered=True)
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, START, FEE_ASKED, MUCH, PRINTING, PRINTED, end):
            journal.append(entry)
    (breach,) = verify_journal(tmp_path / "journal.sqlite").breaches
    assert "700 yen" in breach.text


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


@pytest.mark.parametrize(
    ("part", "code", "stands"),
    [
        (Part.TRAY, "MACHINE_SHEETS_FORGOTTEN", True),
        (Part.PAYMENT, "MACHINE_REFUND_WRONG_AMOUNT", True),
        (Part.PAYMENT, "MACHINE_CHANGE_TIMED_OUT", True),
        (Part.PAYMENT, "PAYMENT_CHANGE_FAILED", True),
        (Part.PAYMENT, "PAYMENT_REFUND_FAILED", True),
        (Part.PAYMENT, "PAYMENT_UNREACHABLE", False),
        (Part.PRINTER, "PRINTER_PAPER_OUT", False),
    ],
)
def test_levels_that_no_device_can_take_back_stand_until_staff_do(
    tmp_path: Path, part: Part, code: str, stands: bool
) -> None:
    with open_journal(tmp_path) as journal:
        journal.append(e.FaultRaised(part=part, code=code))
        assert bool(journal.standing_faults()) is stands
        journal.append(e.FaultCleared(part=part, code=code))
        assert journal.standing_faults() == ()
