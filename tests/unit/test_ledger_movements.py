"""What each movement does to the ledger, and which cannot follow."""

import pytest

from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.following import NOBODY, after, is_balanced
from terminal.money.movements import (
    AcceptorSeen,
    AccountClosed,
    AccountOpened,
    CashCounted,
    ClaimOpened,
    ClaimPaid,
    ClaimTicketPrinted,
    CoinInserted,
    DispenserSeen,
    FeeKept,
    LedgerSalvaged,
    MoneyUnknown,
    Movement,
    NoteEscrowed,
    NoteReturned,
    NoteStacked,
    PayoutEnded,
    PayoutFound,
    Purpose,
)
from terminal.money.state import Account, Claim, Counters, LedgerState, Payout, Sums
from tests.journal_kit import ANNA, BORIS
from tests.ledger_kit import CODE, HOPPER, a_day_of_money, start, told

OPEN = AccountOpened(customer=ANNA, fee_yen=300)
COIN = CoinInserted(coin_yen=500, counter=1)
CLAIM = ClaimOpened(claim="0000-0001", amount_yen=500, code=CODE)
LIFE_END = 1 << 24


def refused(state: LedgerState, movement: Movement, why: str) -> None:
    """``movement`` cannot follow ``state``, because of ``why``."""
    with pytest.raises(LedgerError, match=why) as caught:
        after(state, movement)
    assert caught.value.code == LedgerCode.REFUSED
    assert caught.value.refused


def account_of(state: LedgerState) -> Account:
    assert state.account is not None
    return state.account


def test_a_day_of_money_ends_with_nothing_owed() -> None:
    state = told(*a_day_of_money())
    assert state.account is None
    assert state.claims == ()
    assert state.totals == Sums(inserted_yen=1_600, kept_yen=300, change_yen=300, refunded_yen=1_000)
    assert state.counters == Counters(acceptor=9, accepted_total=1_004, dispensed=((HOPPER, 508),))
    assert state.claims_opened == 1
    assert state.unknown_coins == 0


def test_every_movement_of_the_day_leaves_the_ledger_balanced() -> None:
    state = LedgerState()
    for movement in a_day_of_money():
        state = after(state, movement)
        assert is_balanced(state)


# Accounts


def test_opening_again_sets_a_new_fee() -> None:
    state = told(OPEN, COIN, AccountOpened(customer=ANNA, fee_yen=400))
    assert account_of(state).fee_yen == 400
    assert state.owed_yen == 500


def test_no_account_opens_over_another_customers() -> None:
    refused(told(OPEN), AccountOpened(customer=BORIS, fee_yen=300), "another customer's account")


def test_no_account_opens_over_nobodys_money() -> None:
    refused(told(COIN), OPEN, "another customer's account")


def test_nothing_closes_when_nothing_is_open() -> None:
    refused(LedgerState(), AccountClosed(), "no account is open")


@pytest.mark.parametrize(
    "hanging",
    [
        (COIN,),
        (NoteEscrowed(note_yen=1_000),),
        (COIN, start(5), CLAIM),
        (COIN, ClaimOpened(claim="0000-0001", amount_yen=499, code=CODE)),
    ],
    ids=["owed", "in escrow", "payout under way, all of it claimed", "one yen unclaimed"],
)
def test_an_account_with_money_in_it_does_not_close(hanging: tuple[Movement, ...]) -> None:
    refused(told(OPEN, *hanging), AccountClosed(), "still holds money")


def test_an_account_closes_on_its_claim() -> None:
    state = told(OPEN, COIN, CLAIM, AccountClosed())
    assert state.account is None
    assert state.totals.owed_yen == 500
    assert state.claims == (Claim("0000-0001", ANNA, 500, CODE),)


# Coins


def test_a_coin_is_inserted_and_owed() -> None:
    state = told(AcceptorSeen(counter=4, accepted_total=10), OPEN, CoinInserted(coin_yen=100, counter=5))
    assert account_of(state).sums == state.totals == Sums(inserted_yen=100, owed_yen=100)
    assert state.counters == Counters(acceptor=5, accepted_total=11)


def test_a_coin_while_nobody_is_served_is_nobodys() -> None:
    assert account_of(told(COIN)).customer == NOBODY


def test_a_life_counter_never_seen_stays_unknown() -> None:
    assert told(COIN).counters.accepted_total is None


def test_the_life_counter_of_coins_wraps() -> None:
    state = told(AcceptorSeen(counter=1, accepted_total=LIFE_END - 1), CoinInserted(coin_yen=10, counter=2))
    assert state.counters.accepted_total == 0


@pytest.mark.parametrize(
    ("seen", "counter"),
    [(0, 1), (0, 5), (1, 2), (1, 6), (7, 9), (250, 255), (254, 255), (255, 1), (255, 5), (254, 1), (251, 1)],
)
def test_an_event_after_the_last_one_is_counted(seen: int, counter: int) -> None:
    state = told(AcceptorSeen(counter=seen, accepted_total=0), CoinInserted(coin_yen=10, counter=counter))
    assert state.owed_yen == 10


@pytest.mark.parametrize(
    ("seen", "counter"),
    [(1, 1), (255, 255), (2, 1), (1, 255), (1, 7), (0, 6), (250, 1), (255, 6), (5, 4), (0, 255), (200, 100)],
)
def test_no_event_is_counted_twice_or_out_of_reach(seen: int, counter: int) -> None:
    state = told(AcceptorSeen(counter=seen, accepted_total=0))
    refused(state, CoinInserted(coin_yen=10, counter=counter), f"event {counter} does not follow event {seen}")


@pytest.mark.parametrize("seen", [None, 0, 250, 254, 255])
def test_no_coin_has_the_number_of_power_up(seen: int | None) -> None:
    state = LedgerState(counters=Counters(acceptor=seen))
    refused(state, CoinInserted(coin_yen=10, counter=0), "no event")


def test_unknown_coins_add_up_until_staff_counted_the_cash() -> None:
    state = told(
        MoneyUnknown(coins=2, counter=8, accepted_total=20), MoneyUnknown(coins=3, counter=15, accepted_total=23)
    )
    assert state.unknown_coins == 5
    assert state.counters == Counters(acceptor=15, accepted_total=23)
    assert state.totals == Sums()
    assert told(CashCounted(staff="S-1"), state=state).unknown_coins == 0


# Notes


def test_a_note_in_escrow_is_not_inserted_yet() -> None:
    state = told(OPEN, NoteEscrowed(note_yen=1_000))
    assert account_of(state).escrowed_yen == 1_000
    assert state.totals == Sums()


def test_a_stacked_note_is_inserted_once() -> None:
    state = told(OPEN, NoteEscrowed(note_yen=1_000), NoteStacked())
    assert state.totals == Sums(inserted_yen=1_000, owed_yen=1_000)
    refused(state, NoteStacked(), "no note lies in escrow")


def test_a_returned_note_never_was() -> None:
    state = told(OPEN, NoteEscrowed(note_yen=1_000), NoteReturned())
    assert state == told(OPEN)
    refused(state, NoteReturned(), "no note lies in escrow")


def test_there_is_one_note_in_escrow_at_a_time() -> None:
    refused(told(OPEN, NoteEscrowed(note_yen=1_000)), NoteEscrowed(note_yen=1_000), "in escrow already")


# Payouts


def test_a_started_payout_moves_no_money_yet() -> None:
    state = told(OPEN, COIN, start(2))
    assert account_of(state).payout == Payout(Purpose.REFUND, HOPPER, 100, 2, 500)
    assert state.owed_yen == 500
    assert state.counters.dispensed_by(HOPPER) == 500


@pytest.mark.parametrize(
    ("purpose", "change_yen", "refunded_yen"), [(Purpose.CHANGE, 200, 0), (Purpose.REFUND, 0, 200)]
)
def test_an_ended_payout_is_paid_as_what_it_was_for(purpose: Purpose, change_yen: int, refunded_yen: int) -> None:
    state = told(OPEN, COIN, start(2, purpose=purpose), PayoutEnded(units=2))
    assert state.totals == Sums(inserted_yen=500, change_yen=change_yen, refunded_yen=refunded_yen, owed_yen=300)
    assert account_of(state).payout is None
    assert state.counters.dispensed_by(HOPPER) == 502


def test_what_a_hopper_did_not_pay_is_still_owed() -> None:
    assert told(OPEN, COIN, start(5), PayoutEnded(units=1)).owed_yen == 400
    assert told(OPEN, COIN, start(5), PayoutEnded(units=0)).owed_yen == 500


def test_more_than_was_owed_is_the_shops_loss() -> None:
    state = told(OPEN, COIN, start(5), PayoutEnded(units=7))
    assert state.totals == Sums(inserted_yen=500, refunded_yen=700, overpaid_yen=200)
    assert state.owed_yen == 0


def test_the_life_counter_of_a_hopper_wraps() -> None:
    state = told(OPEN, COIN, start(5, total_before=LIFE_END - 2), PayoutEnded(units=5))
    assert state.counters.dispensed_by(HOPPER) == 3


def test_one_payout_is_under_way_at_a_time() -> None:
    refused(told(OPEN, COIN, start(2)), start(2), "a payout is under way")


def test_a_payout_ends_once() -> None:
    refused(told(OPEN, COIN), PayoutEnded(units=1), "no payout was started")
    refused(told(OPEN, COIN, start(2), PayoutEnded(units=2)), PayoutEnded(units=2), "no payout was started")


def test_no_payout_starts_for_more_than_is_owed() -> None:
    refused(told(OPEN, COIN), start(6), "than is owed")
    refused(told(OPEN), start(1), "than is owed")


def test_what_a_claim_stands_for_is_not_paid_out_as_well() -> None:
    claimed = told(OPEN, COIN, ClaimOpened(claim="0000-0001", amount_yen=300, code=CODE))
    assert claimed.unclaimed_yen == 200
    refused(claimed, start(3), "than is owed")
    assert told(start(2), state=claimed).owed_yen == 500


def test_a_payout_that_was_found_is_a_refund() -> None:
    state = told(OPEN, COIN, PayoutFound(source=HOPPER, unit_yen=100, units=2, total=502))
    assert state.totals == Sums(inserted_yen=500, refunded_yen=200, owed_yen=300)
    assert state.counters.dispensed_by(HOPPER) == 502


def test_a_payout_found_while_nothing_is_owed_is_the_shops_loss() -> None:
    state = told(PayoutFound(source=HOPPER, unit_yen=100, units=2, total=502))
    assert account_of(state).customer == NOBODY
    assert state.totals == Sums(refunded_yen=200, overpaid_yen=200)
    assert told(AccountClosed(), state=state).account is None


def test_each_source_has_its_own_counter() -> None:
    state = told(
        DispenserSeen(source="hopper-4", total=7),
        DispenserSeen(source=HOPPER, total=9),
        DispenserSeen(source="hopper-4", total=8),
    )
    assert state.counters.dispensed == ((HOPPER, 9), ("hopper-4", 8))
    assert state.counters.dispensed_by("hopper-9") is None


# What is kept


def test_a_kept_fee_is_the_shops() -> None:
    state = told(OPEN, COIN, FeeKept(amount_yen=300))
    assert state.totals == Sums(inserted_yen=500, kept_yen=300, owed_yen=200)


def test_no_more_is_kept_than_is_held() -> None:
    refused(told(OPEN), FeeKept(amount_yen=300), "than is held")
    claimed = told(OPEN, COIN, ClaimOpened(claim="0000-0001", amount_yen=300, code=CODE))
    refused(claimed, FeeKept(amount_yen=300), "than is held")


def test_no_more_is_kept_than_the_fee_and_that_once() -> None:
    refused(told(OPEN, COIN), FeeKept(amount_yen=301), "than the fee")
    refused(told(OPEN, COIN, FeeKept(amount_yen=300)), FeeKept(amount_yen=1), "than the fee")


def test_nothing_is_kept_of_nobodys_money() -> None:
    refused(told(COIN), FeeKept(amount_yen=1), "than the fee")


# Claims


def test_a_claim_stands_for_what_is_owed_and_no_more() -> None:
    refused(told(OPEN, COIN), ClaimOpened(claim="0000-0001", amount_yen=501, code=CODE), "than is owed")
    refused(told(OPEN, COIN, CLAIM), ClaimOpened(claim="0000-0002", amount_yen=1, code=CODE), "than is owed")


def test_two_open_claims_have_two_numbers() -> None:
    half = ClaimOpened(claim="0000-0001", amount_yen=250, code=CODE)
    refused(told(OPEN, COIN, half), half, "of this number")


def test_a_ticket_is_printed_for_a_claim_that_is_open() -> None:
    state = told(OPEN, COIN, CLAIM, ClaimTicketPrinted(claim="0000-0001"))
    assert state.claims[0].printed
    refused(state, ClaimTicketPrinted(claim="0000-0002"), "no claim 0000-0002 is open")


def test_a_claim_is_paid_once_and_after_its_customer_left() -> None:
    paid = ClaimPaid(claim="0000-0001", staff="S-1")
    state = told(OPEN, COIN, CLAIM)
    refused(state, paid, "still being served")
    state = told(AccountClosed(), paid, state=state)
    assert state.totals == Sums(inserted_yen=500, refunded_yen=500)
    refused(state, paid, "no claim 0000-0001 is open")


def test_a_claim_is_paid_while_somebody_else_is_served() -> None:
    state = told(OPEN, COIN, CLAIM, AccountClosed(), AccountOpened(customer=BORIS, fee_yen=300))
    state = told(ClaimPaid(claim="0000-0001", staff="S-1"), state=state)
    assert account_of(state).sums == Sums()
    assert state.claims == ()


def test_a_claim_shrinks_by_what_turns_out_to_be_paid() -> None:
    state = told(OPEN, COIN, CLAIM, PayoutFound(source=HOPPER, unit_yen=100, units=2, total=502))
    assert [claim.amount_yen for claim in state.claims] == [300]
    assert account_of(state).claimed_yen == state.owed_yen == 300


def test_a_claim_shrinks_when_a_payout_ends_after_all() -> None:
    state = told(OPEN, COIN, start(5), CLAIM, PayoutEnded(units=5))
    assert state.claims == ()
    assert told(AccountClosed(), state=state).totals == Sums(inserted_yen=500, refunded_yen=500)


def test_the_newest_claim_shrinks_first() -> None:
    first = ClaimOpened(claim="0000-0001", amount_yen=200, code=CODE)
    second = ClaimOpened(claim="0000-0002", amount_yen=300, code=CODE)
    state = told(OPEN, COIN, first, second, ClaimTicketPrinted(claim="0000-0001"))
    state = told(PayoutFound(source=HOPPER, unit_yen=100, units=1, total=501), state=state)
    assert [(claim.number, claim.amount_yen) for claim in state.claims] == [("0000-0001", 200), ("0000-0002", 200)]
    state = told(PayoutFound(source=HOPPER, unit_yen=100, units=3, total=504), state=state)
    assert [(claim.number, claim.amount_yen) for claim in state.claims] == [("0000-0001", 100)]


def test_another_customers_claim_never_shrinks() -> None:
    state = told(OPEN, COIN, CLAIM, AccountClosed(), AccountOpened(customer=BORIS, fee_yen=300))
    coin = CoinInserted(coin_yen=100, counter=2)
    claim = ClaimOpened(claim="0000-0002", amount_yen=100, code=CODE)
    state = told(coin, claim, PayoutFound(source=HOPPER, unit_yen=100, units=3, total=503), state=state)
    assert [(claim.number, claim.amount_yen) for claim in state.claims] == [("0000-0001", 500)]
    assert state.totals.overpaid_yen == 200


def test_nobodys_old_claim_does_not_shrink_for_nobodys_new_account() -> None:
    old = told(COIN, CLAIM, AccountClosed())
    new = told(
        CoinInserted(coin_yen=100, counter=2),
        ClaimOpened(claim="0000-0002", amount_yen=100, code=CODE),
        ClaimTicketPrinted(claim="0000-0001"),
        PayoutFound(source=HOPPER, unit_yen=100, units=1, total=501),
        state=old,
    )
    assert [(claim.number, claim.amount_yen) for claim in new.claims] == [("0000-0001", 500)]


# The whole


def test_a_salvage_changes_nothing_by_itself() -> None:
    state = told(OPEN, COIN)
    assert told(LedgerSalvaged(sound_rows=2), state=state) == state


@pytest.mark.parametrize(
    "state",
    [
        LedgerState(totals=Sums(inserted_yen=100)),
        LedgerState(totals=Sums(inserted_yen=-100, owed_yen=-100)),
        LedgerState(totals=Sums(inserted_yen=100, owed_yen=100)),
        LedgerState(totals=Sums(inserted_yen=100, kept_yen=100), account=Account(ANNA, sums=Sums(inserted_yen=100))),
        LedgerState(claims=(Claim("0000-0001", ANNA, 100, CODE),)),
        LedgerState(
            account=Account(ANNA, sums=Sums(inserted_yen=100, owed_yen=100), claimed_yen=200),
            totals=Sums(inserted_yen=100, owed_yen=100),
            claims=(Claim("0000-0001", ANNA, 200, CODE),),
        ),
    ],
    ids=["a yen gone", "negative", "owed to nobody", "account unbalanced", "claim on nothing", "claims beyond owed"],
)
def test_a_ledger_that_does_not_balance_takes_nothing_more(state: LedgerState) -> None:
    assert not is_balanced(state)
    refused(state, DispenserSeen(source=HOPPER, total=1), "unbalance")
