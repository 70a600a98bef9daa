"""A coin that drops when nobody is asked for money: it is on record as a claim, and never the next customer's (P2, P4)."""

from pathlib import Path

import pytest

from simulator.devices.coins.faults import CoinsFault
from simulator.devices.coins.model import CoinsModel
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.money.catching_up import FOUND_UNCLAIMED
from terminal.money.desk import MoneyDesk
from terminal.money.errors import LedgerError
from terminal.money.following import NOBODY
from terminal.money.movements import AccountClosed, AccountOpened
from tests.cash_kit import (
    CashTerminal,
    cash_terminal,
    changes_mind,
    coin_fault,
    faults,
    insert,
    pays,
    short_yen,
    titles,
)
from tests.ledger_kit import open_ledger
from tests.terminal_kit import FEE_YEN, shopper, the_end

SOMEBODY = "1" * 32


def leave_a_late_coin(inline: CashTerminal) -> None:
    """A customer puts in a coin that takes four seconds, cancels and is gone."""
    coin_fault(inline, CoinsFault.LATE_COIN)
    inline.serve(pays(inline, 100, then=changes_mind(after_s=0.5)))
    inline.clock.advance(5.0)


def test_a_coin_that_drops_after_the_session_is_nobodys_claim_and_not_the_next_customers(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        leave_a_late_coin(inline)
        visit = inline.serve(pays(inline, 100, 100))
        assert the_end(visit).reason is EndReason.COMPLETED
        (claim,) = inline.books.claims
        assert (claim.customer, claim.amount_yen, claim.code) == (NOBODY, 100, FOUND_UNCLAIMED)
        assert inline.world.coins.tray == [], "the second customer paid the whole fee"
        assert short_yen(inline) == FEE_YEN + 100
        opened = [entry for entry in visit.entries if isinstance(entry, e.ClaimOpened)]
        assert [(entry.amount_yen, entry.code) for entry in opened] == [(100, FOUND_UNCLAIMED)]


def test_no_ticket_is_printed_for_nobody_and_staff_pay_it_once_by_its_number(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        leave_a_late_coin(inline)
        inline.serve(pays(inline, 100, 100))
        assert titles(inline) == ["領収書"]
        assert ("payment", "PAYMENT_CLAIM_OPEN") in faults(inline)
        assert inline.situation() is State.IDLE, "a claim is no reason to refuse people"
        assert inline.staff("pay-claim", claim="0000-0001").code == ""
        assert inline.staff("pay-claim", claim="0000-0001").code == "CONTROL_NO_SUCH_CLAIM"
        assert inline.books.claims == ()


def test_a_coin_taken_against_the_inhibit_while_nobody_is_served_is_nobodys(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, CoinsFault.IGNORES_INHIBIT)
        assert insert(inline, 500)
        inline.clock.advance(5.0)
        visit = inline.serve(pays(inline, 100, 100))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert [claim.customer for claim in inline.books.claims] == [NOBODY]
        assert inline.books.totals.change_yen == 0


def test_what_the_reset_finds_of_nobodys_is_a_claim_without_a_ticket(tmp_path: Path) -> None:
    """The customer before never came as far as paying, so there is no account that it could belong to."""
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, CoinsFault.IGNORES_INHIBIT)
        insert(inline, 500)
        visit = inline.serve({**shopper(inline), "confirm": (changes_mind(),)})
        assert the_end(visit).reason is EndReason.CANCELLED
        (claim,) = inline.books.claims
        assert (claim.customer, claim.amount_yen, claim.printed) == (NOBODY, 500, False)
        assert titles(inline) == []
        assert [entry.amount_yen for entry in visit.entries if isinstance(entry, e.ClaimOpened)] == [500]


def test_a_later_claim_of_nobodys_does_not_print_the_earlier_one(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        for coin_yen in (500, 100):
            coin_fault(inline, CoinsFault.IGNORES_INHIBIT)
            insert(inline, coin_yen)
            visit = inline.serve({**shopper(inline), "confirm": (changes_mind(),)})
        assert [claim.amount_yen for claim in inline.books.claims] == [500, 100]
        assert [entry.amount_yen for entry in visit.entries if isinstance(entry, e.ClaimOpened)] == [100]
        assert titles(inline) == []


def test_a_coin_that_drops_while_the_slot_is_still_watched_is_its_customers(tmp_path: Path) -> None:
    """Four seconds late, but the customer is still asked for the rest."""
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, CoinsFault.LATE_COIN)
        inline.serve(pays(inline, 100, then=changes_mind(after_s=5.0)))
        assert inline.books.claims == ()
        assert inline.world.coins.tray == [100]
        assert short_yen(inline) == 0


@pytest.fixture
def desk(tmp_path: Path) -> MoneyDesk:
    return MoneyDesk(open_ledger(tmp_path))


def test_a_customers_process_may_put_away_nobodys_account_and_no_other(desk: MoneyDesk) -> None:
    desk.take(AccountOpened(customer=SOMEBODY, fee_yen=200), SOMEBODY)
    with pytest.raises(LedgerError, match="may not record AccountClosed"):
        desk.take(AccountClosed(), SOMEBODY)


def test_the_kits_books_would_notice_a_coin_that_is_on_no_record(tmp_path: Path) -> None:
    """What every story here rests on: money inside that no account knows is found."""
    with pytest.raises(AssertionError), cash_terminal(tmp_path) as inline:
        coins: CoinsModel = inline.world.coins
        coins.inserted_yen += 100
        coins.acceptor.cashbox.append(100)
