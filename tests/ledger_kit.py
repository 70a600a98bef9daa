"""Ledgers for tests: a day's money, movements by hypothesis, fakes of coin devices whose counters no power cut touches."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from terminal.devices.coins.api import CoinPoll, CoinsFailed, Credit, DispenseOutcome, HopperLevel
from terminal.money.following import EVENTS_KEPT, after
from terminal.money.ledger import FILE_NAME, Ledger
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
    PayoutStarted,
    Purpose,
)
from terminal.money.state import LedgerState
from tests.journal_kit import ANNA, BORIS, TERMINAL, clock

CODE = "LEDGER_SESSION_ENDED"
HOPPER = "hopper-3"


def open_ledger(folder: Path) -> Ledger:
    """The ledger in ``folder``."""
    return Ledger(folder / FILE_NAME, clock(), TERMINAL)


def told(*movements: Movement, state: LedgerState | None = None) -> LedgerState:
    """What a ledger says after ``movements``."""
    state = state or LedgerState()
    for movement in movements:
        state = after(state, movement)
    return state


def start(units: int, unit_yen: int = 100, purpose: Purpose = Purpose.REFUND, total_before: int = 500) -> PayoutStarted:
    """A payout out of ``HOPPER``."""
    return PayoutStarted(purpose=purpose, source=HOPPER, unit_yen=unit_yen, units=units, total_before=total_before)


def a_day_of_money() -> tuple[Movement, ...]:
    """Every kind of movement but a salvage, in an order that can be: Anna pays and gets change, Boris gets a claim."""
    return (
        AcceptorSeen(counter=0, accepted_total=1_000),
        DispenserSeen(source=HOPPER, total=500),
        AccountOpened(customer=ANNA, fee_yen=300),
        CoinInserted(coin_yen=100, counter=1),
        NoteEscrowed(note_yen=1_000),
        NoteReturned(),
        CoinInserted(coin_yen=500, counter=3),
        start(3, purpose=Purpose.CHANGE),
        PayoutEnded(units=3),
        FeeKept(amount_yen=300),
        AccountClosed(),
        AccountOpened(customer=BORIS, fee_yen=300),
        NoteEscrowed(note_yen=1_000),
        NoteStacked(),
        start(10, total_before=503),
        PayoutEnded(units=4),
        ClaimOpened(claim="0000-0001", amount_yen=600, code=CODE),
        ClaimTicketPrinted(claim="0000-0001"),
        PayoutFound(source=HOPPER, unit_yen=100, units=1, total=508),
        MoneyUnknown(coins=2, counter=9, accepted_total=1_004),
        AccountClosed(),
        ClaimPaid(claim="0000-0001", staff="S-1"),
        CashCounted(staff="S-1"),
    )


def write_money(folder: Path) -> Path:
    """A ledger with ``a_day_of_money`` in it, closed; its path."""
    with open_ledger(folder) as ledger:
        for movement in a_day_of_money():
            ledger.record(movement)
    return folder / FILE_NAME


def alter(path: Path, statement: str) -> None:
    """Do ``statement`` to the ledger's file behind its back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


@dataclass
class Acceptor:
    """Implements ``CoinAcceptor``: it remembers its last five events, and counts for life."""

    counter: int = 0
    total: int = 1_000
    events: list[Credit] = field(default_factory=list)
    denominations_yen: tuple[int, ...] = (10, 50, 100, 500)

    def drop(self, coin_yen: int) -> None:
        """A coin comes in, whether anybody listens or not."""
        self.counter, self.total = self.counter % 255 + 1, self.total + 1
        self.events = [*self.events, Credit(coin_yen, self.counter)][-EVENTS_KEPT:]

    def poll(self, after: int | None) -> CoinPoll | CoinsFailed:
        """See ``CoinAcceptor.poll``."""
        seen = self.counter if after is None else after
        new = self.counter - seen if seen == 0 else (self.counter - seen) % 255
        told_of = min(new, EVENTS_KEPT)
        return CoinPoll(self.counter, tuple(self.events[len(self.events) - told_of :]), (), new - told_of)

    def accept(self, coins_yen: frozenset[int]) -> CoinsFailed | None:
        """Nothing to do."""
        return None

    def accepted_total(self) -> int | CoinsFailed:
        """See ``CoinAcceptor.accepted_total``."""
        return self.total


@dataclass
class Hopper:
    """Implements ``CoinHopper``: pays ``coins`` and no more, and counts for life."""

    coins: int = 1_000
    total: int = 500
    name: str = HOPPER
    coin_yen: int = 100

    def level(self) -> HopperLevel:
        """By what is in it."""
        return HopperLevel.PLENTY if self.coins else HopperLevel.EMPTY

    def dispensed_total(self) -> int | CoinsFailed:
        """See ``CoinHopper.dispensed_total``."""
        return self.total

    def dispense(self, coins: int) -> DispenseOutcome | CoinsFailed:
        """See ``CoinHopper.dispense``."""
        paid = min(coins, self.coins)
        self.coins, self.total = self.coins - paid, self.total + paid
        return DispenseOutcome(paid)

    def settle(self, total_before: int) -> DispenseOutcome | CoinsFailed:
        """See ``CoinHopper.settle``."""
        return DispenseOutcome(self.total - total_before)


_customers = st.sampled_from([ANNA, BORIS, "c" * 32])
_coins = st.sampled_from([10, 50, 100, 500])
_notes = st.sampled_from([1_000, 5_000, 10_000])
_counters = st.integers(0, 255)
_totals = st.one_of(st.integers(495, 530), st.sampled_from([0, 1, (1 << 24) - 1, (1 << 24) - 2]))
_units = st.integers(1, 12)
_sources = st.sampled_from([HOPPER, "hopper-4", "validator"])
_claims = st.sampled_from([f"0000-000{number}" for number in range(1, 5)])
_yen = st.sampled_from([10, 50, 100, 200, 300, 500, 1_000])
_staff = st.just("S-1")

any_movement: st.SearchStrategy[Movement] = st.one_of(
    st.builds(AccountOpened, customer=_customers, fee_yen=_yen),
    st.builds(CoinInserted, coin_yen=_coins, counter=_counters),
    st.builds(AcceptorSeen, counter=_counters, accepted_total=_totals),
    st.builds(MoneyUnknown, coins=_units, counter=_counters, accepted_total=_totals),
    st.builds(NoteEscrowed, note_yen=_notes),
    st.builds(NoteStacked),
    st.builds(NoteReturned),
    st.builds(
        PayoutStarted,
        purpose=st.sampled_from(Purpose),
        source=_sources,
        unit_yen=_coins,
        units=_units,
        total_before=_totals,
    ),
    st.builds(PayoutEnded, units=st.integers(0, 12)),
    st.builds(PayoutFound, source=_sources, unit_yen=_coins, units=_units, total=_totals),
    st.builds(DispenserSeen, source=_sources, total=_totals),
    st.builds(FeeKept, amount_yen=_yen),
    st.builds(ClaimOpened, claim=_claims, amount_yen=_yen, code=st.just(CODE)),
    st.builds(ClaimTicketPrinted, claim=_claims),
    st.builds(ClaimPaid, claim=_claims, staff=_staff),
    st.builds(AccountClosed),
    st.builds(LedgerSalvaged, sound_rows=st.integers(0, 9)),
    st.builds(CashCounted, staff=_staff),
)


def likely_movement(state: LedgerState) -> st.SearchStrategy[Movement]:
    """Movements that are likely to follow ``state``, and any other."""
    seen = state.counters.acceptor
    ahead = st.integers(1, 5).map(lambda step: ((seen or 0) + step - 1) % 255 + 1)
    likely: list[st.SearchStrategy[Movement]] = [
        any_movement,
        st.builds(CoinInserted, coin_yen=_coins, counter=ahead),
        st.builds(ClaimTicketPrinted, claim=_claims),
    ]
    account = state.account
    if account is None:
        return st.one_of(*likely, st.builds(AccountOpened, customer=_customers, fee_yen=_yen))
    if account.payout is not None:
        likely.append(st.builds(PayoutEnded, units=st.integers(0, account.payout.units + 2)))
    if state.unclaimed_yen:
        part = st.integers(1, state.unclaimed_yen)
        likely += [
            st.builds(ClaimOpened, claim=_claims, amount_yen=part, code=st.just(CODE)),
            st.builds(ClaimOpened, claim=_claims, amount_yen=st.just(state.unclaimed_yen), code=st.just(CODE)),
            st.builds(FeeKept, amount_yen=part),
        ]
    else:
        likely.append(st.builds(AccountClosed))
    return st.one_of(*likely)
