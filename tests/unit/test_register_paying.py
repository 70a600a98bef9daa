"""Paying out: which hopper pays, what becomes of a lost answer, and what stays owed."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from terminal.devices.coins.api import CoinsCode, CoinsFailed, DispenseOutcome
from terminal.devices.payment.api import PaidOut, PaymentFailed, PayOutCompletion, Purpose
from terminal.money.ledger import Ledger
from terminal.money.movements import AccountOpened, CoinInserted
from terminal.money.paying import PayOut
from tests.journal_kit import ANNA, clock
from tests.ledger_kit import Hopper, open_ledger

LOST = CoinsFailed(CoinsCode.SILENT, "no answer")


@dataclass
class Deaf(Hopper):
    """Pays, and its answers are lost: ``answers`` are those of ``settle``, the last one for ever; None: the truth."""

    answers: list[CoinsFailed | None] = field(default_factory=lambda: [None])
    orders: list[int] = field(default_factory=list)
    lost: bool = True

    def dispense(self, coins: int) -> DispenseOutcome | CoinsFailed:
        """See ``CoinHopper.dispense``."""
        self.orders.append(coins)
        outcome = super().dispense(coins)
        return LOST if self.lost else outcome

    def settle(self, total_before: int) -> DispenseOutcome | CoinsFailed:
        """See ``CoinHopper.settle``."""
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer or super().settle(total_before)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path)


def pay(ledger: Ledger, *hoppers: Hopper, owed_yen: tuple[int, ...] = (100, 100)) -> PayOutCompletion:
    """Refund what is owed out of ``hoppers``."""
    ledger.record(AccountOpened(customer=ANNA, fee_yen=200))
    for number, yen in enumerate(owed_yen, 1):
        ledger.record(CoinInserted(coin_yen=yen, counter=number))
    now = clock()
    return PayOut(hoppers, ledger, now, now.advance, 0).run(Purpose.REFUND)


def test_after_a_lost_answer_the_counter_is_read_and_nothing_is_paid_twice(ledger: Ledger) -> None:
    hopper = Deaf(answers=[LOST, LOST, None])
    assert pay(ledger, hopper) == PaidOut(200)
    assert hopper.orders == [2]
    assert hopper.total == 502


def test_a_hopper_that_stays_silent_ends_the_payout_there_and_leaves_it_open_on_record(ledger: Ledger) -> None:
    """Nobody knows what it paid: another hopper must not pay the same money."""
    silent, other = Deaf(answers=[LOST]), Deaf(name="hopper-4", coin_yen=50, lost=False)
    failed = pay(ledger, silent, other)
    assert isinstance(failed, PaymentFailed)
    assert (failed.code, failed.kept_yen) == (CoinsCode.SILENT, 200)
    assert other.orders == []
    account = ledger.state.account
    assert account is not None
    assert account.payout is not None
    assert account.payout.source == silent.name


def test_an_empty_hopper_is_not_even_asked(ledger: Ledger) -> None:
    empty, other = Deaf(coins=0, lost=False), Deaf(name="hopper-4", coin_yen=50, lost=False)
    assert pay(ledger, empty, other) == PaidOut(200)
    assert empty.orders == []
    assert other.orders == [4]


def test_what_the_coins_cannot_make_stays_owed_and_the_rest_is_paid(ledger: Ledger) -> None:
    failed = pay(ledger, Deaf(lost=False), owed_yen=(100, 50))
    assert isinstance(failed, PaymentFailed)
    assert (failed.code, failed.kept_yen) == (CoinsCode.HOPPER_EMPTY, 50)
    assert ledger.state.totals.refunded_yen == 100


def test_a_hopper_that_pays_short_is_left_alone_and_its_rest_comes_from_another(ledger: Ledger) -> None:
    short, other = Deaf(coins=1, lost=False), Deaf(name="hopper-4", coin_yen=50, lost=False)
    assert pay(ledger, short, other) == PaidOut(200)
    assert short.orders == [2]
    assert other.orders == [2]


def test_a_hopper_whose_counter_cannot_be_read_is_not_told_to_pay(ledger: Ledger) -> None:
    unread, other = Deaf(lost=False), Deaf(name="hopper-4", coin_yen=50, lost=False)
    unread.dispensed_total = lambda: LOST  # type: ignore[method-assign]
    assert pay(ledger, unread, other) == PaidOut(200)
    assert unread.orders == []
