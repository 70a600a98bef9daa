"""The cash register by itself: what it keeps, what it tells of its ledger, and what it proves after a reset."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from terminal.clock import ManualClock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.coins.api import CoinPoll, CoinsCode, CoinsFailed
from terminal.devices.notes.api import (
    NoteCommand,
    NotesCode,
    NotesDisabled,
    NotesFailed,
    NotesFaulty,
    NoteState,
)
from terminal.devices.payment.api import Collected, PaidOut, PaymentFailed, Purpose
from terminal.money.collecting import CashDevices, CashTiming
from terminal.money.ledger import Ledger
from terminal.money.movements import AccountOpened, ClaimOpened, CoinInserted, MoneyUnknown, NoteEscrowed
from terminal.money.register import CLAIM_OPEN, CashRegister
from tests.journal_kit import ANNA, clock
from tests.ledger_kit import Acceptor, Hopper, open_ledger, start


@dataclass
class Mechanism:
    """Implements ``CoinMechanism`` over the kit's acceptor and hopper; ``fault`` is what its readiness tells."""

    acceptor: Acceptor = field(default_factory=Acceptor)
    hoppers: tuple[Hopper, ...] = field(default_factory=lambda: (Hopper(),))
    fault: Fault | None = None

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``."""
        return Readiness("coins", DeviceStatus.ONLINE, "", (self.fault,) if self.fault else ())

    def clear(self) -> None:
        """Has its own line of the reset."""

    def prove(self) -> ProofLine:
        """Has its own line of the reset."""
        return ProofLine("coins", True, "")


@dataclass
class Validator:
    """Implements ``NoteValidator``; always says ``state``."""

    state: NoteState | NotesFailed = field(default_factory=NotesDisabled)
    denominations_yen: tuple[int, ...] = (1000,)

    def poll(self) -> NoteState | NotesFailed:
        """See ``NoteValidator.poll``."""
        return self.state

    def accept(self, notes_yen: frozenset[int]) -> NotesFailed | None:
        """Nothing to do."""
        return None

    def command(self, command: NoteCommand) -> NotesFailed | None:
        """Nothing to do."""
        return None


@dataclass
class Asking:
    """Implements ``Collecting``: cancels after so many looks, and does something at each."""

    looks: int = 50
    at: dict[int, object] = field(default_factory=dict)
    told: list[int] = field(default_factory=list)
    customer: str = ANNA
    seen: int = 0

    def cancelled(self) -> bool:
        """See ``Collecting.cancelled``."""
        self.seen += 1
        deed = self.at.get(self.seen)
        if callable(deed):
            deed()
        return self.seen > self.looks

    def inserted(self, total_yen: int) -> None:
        """See ``Collecting.inserted``."""
        self.told.append(total_yen)

    def notes_changed(self, over: str, code: str, text: str) -> None:
        """See ``Collecting.notes_changed``."""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path)


def made(ledger: Ledger, coins: Mechanism | None = None, notes: Validator | None = None) -> CashRegister:
    now: ManualClock = clock()
    return CashRegister(CashDevices(coins, notes), ledger, now, now.advance, CashTiming())  # type: ignore[arg-type]


def pay_in(ledger: Ledger, *coins_yen: int) -> None:
    ledger.record(AccountOpened(customer=ANNA, fee_yen=200))
    for number, yen in enumerate(coins_yen, 1):
        ledger.record(CoinInserted(coin_yen=yen, counter=number))


def test_no_more_is_kept_than_is_inside_and_nothing_when_nothing_is(ledger: Ledger) -> None:
    pay_in(ledger, 100)
    register = made(ledger)
    register.keep(200)
    assert ledger.state.totals.kept_yen == 100
    register.keep(200)
    assert ledger.state.totals.kept_yen == 100


def test_unknown_coins_block_and_an_open_claim_only_warns(ledger: Ledger) -> None:
    register = made(ledger)
    assert register.readiness().faults == ()
    pay_in(ledger, 100)
    ledger.record(ClaimOpened(claim="0000-0001", amount_yen=100, code="LEDGER_SESSION_ENDED"))
    (warning,) = register.readiness().faults
    assert (warning.code, warning.blocks_service) == (CLAIM_OPEN, False)
    assert "--claim 0000-0001" in warning.action
    ledger.record(MoneyUnknown(coins=2, counter=3, accepted_total=5))
    (fault,) = register.readiness().faults
    assert (fault.code, fault.blocks_service) == (CoinsCode.MONEY_UNKNOWN.value, True)


def test_a_payout_that_has_no_end_on_record_is_not_proved_and_then_settled_by_the_hopper(ledger: Ledger) -> None:
    pay_in(ledger, 100, 100)
    ledger.record(start(2))
    coins = Mechanism(hoppers=(Hopper(total=501),))
    register = made(ledger, coins)
    assert not register.prove().proved
    register.clear()
    assert register.prove().proved
    assert ledger.state.totals.refunded_yen == 100
    assert ledger.state.owed_yen == 100


def test_a_note_in_escrow_is_not_proved_while_the_validator_is_in_trouble(ledger: Ledger) -> None:
    pay_in(ledger)
    ledger.record(NoteEscrowed(note_yen=1000))
    register = made(ledger, notes=Validator(NotesFaulty(NotesCode.JAMMED_STACKER)))
    register.clear()
    line = register.prove()
    assert (line.proved, line.code) == (False, NotesCode.JAMMED_STACKER)


@pytest.mark.parametrize("code", [NotesCode.STACKER_FULL, NotesCode.STACKER_OPEN, NotesCode.CHEATED])
def test_a_fault_that_says_nothing_of_a_note_proves_the_ledger_unless_one_lies_in_escrow(
    ledger: Ledger, code: NotesCode
) -> None:
    register = made(ledger, Mechanism(), Validator(NotesFaulty(code)))
    register.clear()
    assert register.prove().proved
    pay_in(ledger)
    ledger.record(NoteEscrowed(note_yen=1000))
    register.clear()
    assert not register.prove().proved


@pytest.mark.parametrize("state", [NotesFaulty(NotesCode.JAMMED_ACCEPTOR), NotesFailed(NotesCode.SILENT, "silent")])
def test_a_validator_that_may_hold_a_note_is_trouble(ledger: Ledger, state: NoteState | NotesFailed) -> None:
    register = made(ledger, Mechanism(), Validator(state))
    register.clear()
    assert not register.prove().proved


def test_a_silent_acceptor_is_not_proved_even_when_the_hoppers_are(ledger: Ledger) -> None:
    coins = Mechanism()
    coins.acceptor.poll = lambda after: CoinsFailed(CoinsCode.SILENT, "silent")  # type: ignore[method-assign]
    register = made(ledger, coins)
    register.clear()
    assert register.prove().code == CoinsCode.SILENT


def test_the_ledger_says_what_is_due_not_whoever_asks(ledger: Ledger) -> None:
    pay_in(ledger, 100, 100, 100)
    coins = Mechanism()
    paid = made(ledger, coins).pay_out(1, Purpose.CHANGE)
    assert paid == PaidOut(100)
    assert coins.hoppers[0].total == 501
    assert made(ledger, coins).pay_out(1, Purpose.REFUND) == PaidOut(200)


def test_without_hoppers_nothing_is_paid_and_everything_stays_owed(ledger: Ledger) -> None:
    pay_in(ledger, 100)
    failed = made(ledger, notes=Validator()).pay_out(100, Purpose.REFUND)
    assert isinstance(failed, PaymentFailed)
    assert (failed.code, failed.kept_yen) == (CoinsCode.HOPPER_EMPTY, 100)


def test_a_jam_is_looked_for_again_before_the_next_collection_only(ledger: Ledger) -> None:
    coins = Mechanism()
    jam = Fault("coins", CoinsCode.JAMMED.value, "free it")
    usual, events = coins.acceptor.poll, [CoinPoll(0, (), (CoinsCode.JAMMED,))]
    coins.acceptor.poll = lambda after: events.pop() if events and ledger.state.account else usual(after)  # type: ignore[method-assign]
    register = made(ledger, coins)
    first = register.collect(200, Asking())
    assert isinstance(first, PaymentFailed)
    assert first.code is CoinsCode.JAMMED
    coins.fault = jam
    asked = Asking()
    assert isinstance(register.collect(200, asked), PaymentFailed)
    assert asked.seen == 0, "nothing was let in"
    coins.fault = None
    paying = Asking(at={2: lambda: coins.acceptor.drop(100), 3: lambda: coins.acceptor.drop(100)})
    assert register.collect(200, paying) == Collected(200)
    assert paying.told == [100, 200]
    coins.fault = jam
    assert isinstance(register.collect(200, Asking(looks=1)), Collected), "what is inside already is enough"


def test_with_unknown_coins_inside_nothing_is_let_in(ledger: Ledger) -> None:
    ledger.record(MoneyUnknown(coins=1, counter=0, accepted_total=1_000))
    coins, opened = Mechanism(), []
    coins.acceptor.accept = lambda coins_yen: opened.append(coins_yen)  # type: ignore[method-assign]
    failed = made(ledger, coins).collect(200, Asking())
    assert isinstance(failed, PaymentFailed)
    assert failed.code is CoinsCode.MONEY_UNKNOWN
    assert not any(opened)


def test_a_coin_between_the_two_questions_is_found_at_the_next_look_and_is_not_unknown(ledger: Ledger) -> None:
    """The acceptor is asked for its events, a coin falls, and it is asked for its life counter."""
    coins = Mechanism()
    made(ledger, coins).clear()
    usual, falling = coins.acceptor.accepted_total, [100]

    def total() -> int | CoinsFailed:
        while falling:
            coins.acceptor.drop(falling.pop())
        return usual()

    coins.acceptor.accepted_total = total  # type: ignore[method-assign]
    made(ledger, coins).clear()
    assert ledger.state.unknown_coins == 0
    assert ledger.state.totals.inserted_yen == 100


def test_each_coin_is_told_once_and_after_it_is_on_record(ledger: Ledger) -> None:
    coins = Mechanism()
    asked = Asking(at={3: lambda: coins.acceptor.drop(50), 6: lambda: coins.acceptor.drop(500)})
    assert made(ledger, coins).collect(200, asked) == Collected(550)
    assert asked.told == [50, 550]
    assert ledger.state.totals.inserted_yen == 550
