"""What a customer's process reports: under one pseudonym, and nothing after its end."""

from dataclasses import dataclass, field

import pytest

from terminal.commands.money import CollectEvent
from terminal.fsm import effects, events, notes
from terminal.fsm.values import EndReason, Slip
from terminal.journal import entries as e
from terminal.journal.entries import CustomerEntry
from terminal.noting import CustomerNotes
from terminal.person import Person
from terminal.reports import CustomerBegan, CustomerEnded, Report


@dataclass(slots=True)
class Heard:
    """Keeps what it is told."""

    entries: list[CustomerEntry] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    def entry(self, entry: CustomerEntry) -> None:
        """See ``Reporter.entry``."""
        self.entries.append(entry)

    def report(self, report: Report) -> None:
        """See ``Reporter.report``."""
        self.reports.append(report)


def test_nothing_is_said_of_a_customer_after_the_end() -> None:
    """A slow report to the centre may come back later on its own thread; it must not look like a second customer's."""
    heard = Heard()
    customer = CustomerNotes(heard, Person())
    customer.write(notes.CustomerStarted(1))
    customer.entry(e.FeeRequested, amount_yen=200)
    customer.end(effects.EndCustomer(1, EndReason.COMPLETED, finding=False))
    customer.entry(e.FeeCollected, amount_yen=200)
    assert [type(entry).__name__ for entry in heard.entries] == ["FeeRequested"]
    assert [type(report) for report in heard.reports] == [CustomerBegan, CustomerEnded]


def test_everything_is_under_the_pseudonym_that_was_begun() -> None:
    heard = Heard()
    customer = CustomerNotes(heard, Person())
    customer.write(notes.CustomerStarted(1))
    customer.entry(e.FeeRequested, amount_yen=200)
    (begun,) = heard.reports
    assert isinstance(begun, CustomerBegan)
    assert heard.entries[0].customer == begun.customer


def test_what_is_owed_is_told_with_the_end() -> None:
    heard = Heard()
    customer = CustomerNotes(heard, Person())
    customer.write(notes.CustomerStarted(1))
    customer.write(notes.CustomerEnded(1, EndReason.PAYMENT_FAILED, "", 0, 0, 200, 0))
    customer.end(effects.EndCustomer(1, EndReason.PAYMENT_FAILED, finding=False))
    ended = heard.reports[-1]
    assert isinstance(ended, CustomerEnded)
    assert (ended.owed_yen, ended.delivered) == (200, False)


@pytest.mark.parametrize(
    ("event", "kind", "inside_yen"),
    [
        (events.FeeCollected(1, 500), e.FeeCollected, 500),
        (events.PaymentFailed(1, "PAYMENT_MONEY_HELD", 100), e.FeeNotCollected, 100),
        (events.PaymentCanceled(1, 150), e.FeeNotCollected, 150),
    ],
)
def test_what_came_in_is_on_record_once_whichever_way_the_collection_ended(
    event: CollectEvent, kind: type[e.FeeCollected | e.FeeNotCollected], inside_yen: int
) -> None:
    heard = Heard()
    customer = CustomerNotes(heard, Person())
    customer.collect_ended(event)
    customer.write(notes.FeeTaken(1, inside_yen))
    (entry,) = heard.entries
    assert isinstance(entry, kind)
    assert (entry.amount_yen if isinstance(entry, e.FeeCollected) else entry.kept_yen) == inside_yen


def test_change_and_missing_slips_are_on_record() -> None:
    heard = Heard()
    customer = CustomerNotes(heard, Person())
    customer.write(notes.ChangeGiven(1, 300))
    customer.write(notes.SlipNotPrinted(1, Slip.CLAIM, "RECEIPT_PAPER_OUT"))
    change, slip = heard.entries
    assert change == e.ChangePaid(customer=customer.customer, amount_yen=300)
    assert slip == e.SlipNotPrinted(customer=customer.customer, slip=Slip.CLAIM, code="RECEIPT_PAPER_OUT")
