"""One collection of a fee in coins and notes: what is let in, when it is enough, and what is left in the way when it ends.

Every poll's credits are on record before the next poll; a note is on record as escrowed before it is stacked, and as stacked
before "vend valid" is acknowledged. After "enough" or a cancellation all is inhibited, and what is still falling is waited for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from terminal.clock import Clock
from terminal.devices.coins.api import KEEPS_MONEY_AWAY, CoinMechanism, CoinsCode, CoinsFailed, HopperLevel
from terminal.devices.notes.api import NoteValidator
from terminal.devices.payment.api import (
    CollectCompletion,
    Collected,
    Collecting,
    PaymentCanceled,
    PaymentCode,
    PaymentFailed,
)
from terminal.money.catching_up import Trouble, catch_up_coins, claim_for_nobody, record_events
from terminal.money.change import Stock, StockLevel, welcome_yen
from terminal.money.movements import AcceptorSeen, AccountOpened
from terminal.money.note_handling import NoteHandler
from terminal.money.till import Till

_LEVELS: Final = {HopperLevel.LOW: StockLevel.LOW, HopperLevel.EMPTY: StockLevel.EMPTY}


@dataclass(frozen=True, slots=True)
class CashTiming:
    """Seconds: between polls; what a coin takes at most from the slot to its credit; how long a silent device is borne with."""

    poll_s: float = 0.2
    falling_s: float = 1.0
    patience_s: float = 2.0
    note_s: float = 12.0
    anew_s: float = 2.0
    """How often an acceptor that has told of nothing since its power-up is told anew what to take."""


@dataclass(frozen=True, slots=True)
class CashDevices:
    """What the terminal has: coins, notes, or both."""

    coins: CoinMechanism | None = None
    notes: NoteValidator | None = None

    def stocks(self) -> tuple[Stock, ...]:
        """What change can be given from, by the hoppers' level sensors now."""
        if self.coins is None:
            return ()
        return tuple(
            Stock(hopper.name, hopper.coin_yen, _LEVELS.get(hopper.level(), StockLevel.PLENTY))
            for hopper in self.coins.hoppers
        )


class Collection:
    """Runs once; ``run`` blocks until the fee is in, the customer cancels, or a device fails."""

    def __init__(
        self,
        devices: CashDevices,
        till: Till,
        clock: Clock,
        wait: Callable[[float], None],
        timing: CashTiming,
        collecting: Collecting,
    ) -> None:
        self._devices = devices
        self._till = till
        self._clock = clock
        self._wait = wait
        self._timing = timing
        self._collecting = collecting
        self._fee_yen = 0
        self._told_yen = 0
        self._welcome: frozenset[int] | None = None
        self._welcome_since_s = 0.0
        self._silent_since_s: float | None = None
        self._notes_code = ""
        self._notes = NoteHandler(devices.notes, till) if devices.notes is not None else None

    def run(self, fee_yen: int) -> CollectCompletion:
        """Take ``fee_yen`` (> 0) or more; what is inside at the end is in the completion, and on record."""
        self._fee_yen = fee_yen
        trouble = self._start()
        if trouble is not None:
            return self._failed(trouble)
        stocks = self._devices.stocks()
        while True:
            if self._collecting.cancelled():
                trouble = self._close()
                return self._failed(trouble) if trouble else PaymentCanceled(self._till.state.owed_yen)
            if self._till.state.owed_yen >= fee_yen:
                trouble = self._close()
                return self._failed(trouble) if trouble else Collected(self._till.state.owed_yen)
            trouble = self._turn(stocks)
            if trouble is not None and self._gave_up(trouble):
                self._close()
                return self._failed(trouble)
            if trouble is None:
                self._silent_since_s = None
            self._wait(self._timing.poll_s)

    def _start(self) -> Trouble | None:
        """What fell while nobody was asked for money is nobody's claim, never this customer's."""
        trouble = None
        if self._devices.coins is not None:
            trouble = catch_up_coins(self._till, self._devices.coins.acceptor)
        claim_for_nobody(self._till)
        self._till.record(AccountOpened(customer=self._collecting.customer, fee_yen=self._fee_yen))
        return trouble or self._unknown()

    def _turn(self, stocks: tuple[Stock, ...]) -> Trouble | None:
        known = self._known_yen()
        welcome = welcome_yen(known, self._till.state.owed_yen, self._fee_yen, stocks)
        if known and not welcome:
            return Trouble(PaymentCode.NO_CHANGE, "the fee can be paid by no coin or note that change can be given for")
        return self._look(welcome) or self._unknown()

    def _look(self, welcome: frozenset[int]) -> Trouble | None:
        """Ask every device, whatever another one said: a coin falls while the validator is silent, and the other way round.

        While coins are in trouble a note goes back: its change could not be paid.
        """
        refused, coins = self._let_in(welcome), self._poll_coins()
        trouble = refused or coins
        notes = self._turn_notes(frozenset() if trouble else welcome)
        self._tell()
        return trouble or notes

    def _known_yen(self) -> tuple[int, ...]:
        """Every coin and note that the devices have told of; empty while they do not answer."""
        coins, notes = self._devices.coins, self._devices.notes
        return (*(coins.acceptor.denominations_yen if coins else ()), *(notes.denominations_yen if notes else ()))

    def _let_in(self, welcome: frozenset[int]) -> Trouble | None:
        if welcome == self._welcome and not self._may_have_forgotten():
            return None
        if self._devices.coins is not None:
            acceptor = self._devices.coins.acceptor
            failed = acceptor.accept(welcome & frozenset(acceptor.denominations_yen))
            if failed is not None:
                return Trouble(failed.code, failed.text)
        if self._devices.notes is not None:
            refused = self._devices.notes.accept(welcome & frozenset(self._devices.notes.denominations_yen))
            if refused is not None and not self._can_do_without_notes():
                return Trouble(refused.code, refused.text)
        self._welcome, self._welcome_since_s = welcome, self._clock.now_s()
        return None

    def _may_have_forgotten(self) -> bool:
        """An acceptor at event 0 powers up anew unseen, with everything inhibited: its events cannot tell."""
        told_nothing = self._devices.coins is not None and not self._till.state.counters.acceptor
        return told_nothing and self._clock.now_s() - self._welcome_since_s >= self._timing.anew_s

    def _can_do_without_notes(self) -> bool:
        """Where coins are taken and no note lies in escrow, a validator in trouble takes nothing from anybody."""
        account = self._till.state.account
        return self._devices.coins is not None and (account is None or not account.escrowed_yen)

    def _turn_notes(self, welcome: frozenset[int]) -> Trouble | None:
        if self._notes is None:
            return None
        was_moving = self._notes.moving
        trouble = self._notes.turn(welcome)
        if was_moving and not self._notes.moving:
            # It may have had to be reset meanwhile, which inhibits it.
            self._welcome = None
        if trouble is not None and self._can_do_without_notes():
            self._notes.moving = False
            self._tell_notes(trouble)
            return None
        if trouble is None:
            self._tell_notes(None)
        return trouble

    def _tell_notes(self, trouble: Trouble | None) -> None:
        """The customer learns while paying that notes are no good; one that works again is told anew what to take."""
        code = trouble.code.value if trouble is not None else ""
        if code == self._notes_code:
            return
        if not code:
            self._welcome = None
        over, self._notes_code = self._notes_code, code
        self._collecting.notes_changed(over, code, trouble.text if trouble is not None else "")

    def _poll_coins(self) -> Trouble | None:
        if self._devices.coins is None:
            return None
        acceptor = self._devices.coins.acceptor
        poll = acceptor.poll(self._till.state.counters.acceptor)
        if isinstance(poll, CoinsFailed):
            return Trouble(poll.code, poll.text)
        if (poll.restarted and self._till.state.counters.acceptor != 0) or poll.lost_events:
            # Powered up anew, it inhibits everything; what it took without telling is found by its life counter.
            self._welcome = None
            return catch_up_coins(self._till, acceptor)
        told_nothing = not self._till.state.counters.acceptor
        record_events(self._till, poll)
        counters = self._till.state.counters
        if poll.counter != counters.acceptor:
            self._till.record(AcceptorSeen(counter=poll.counter, accepted_total=counters.accepted_total or 0))
        # From event 0 a restart cannot be told by the events: a coin that fell just before it, only by the life counter.
        trouble = catch_up_coins(self._till, acceptor) if told_nothing else None
        return trouble or self._error_of(poll.errors)

    def _error_of(self, errors: tuple[CoinsCode, ...]) -> Trouble | None:
        """A jam or a fraud while money is asked for: the device says which codes keep money away."""
        blocking = next((code for code in errors if code in KEEPS_MONEY_AWAY), None)
        return None if blocking is None else Trouble(blocking, "the coin mechanism reports trouble; call the staff")

    def _unknown(self) -> Trouble | None:
        if not self._till.state.unknown_coins:
            return None
        text = f"{self._till.state.unknown_coins} coins of unknown value are inside; count the cash"
        return Trouble(CoinsCode.MONEY_UNKNOWN, text)

    def _tell(self) -> None:
        inserted_yen = self._till.state.owed_yen
        if inserted_yen > self._told_yen:
            self._told_yen = inserted_yen
            self._collecting.inserted(inserted_yen)

    def _gave_up(self, trouble: Trouble) -> bool:
        if trouble.code in KEEPS_MONEY_AWAY:
            return True
        now_s = self._clock.now_s()
        if self._silent_since_s is None:
            self._silent_since_s = now_s
        return self._till.state.unknown_coins > 0 or now_s - self._silent_since_s >= self._timing.patience_s

    def _close(self) -> Trouble | None:
        """Inhibit everything, and wait for what is still falling or being stacked; None when all is told and at rest."""
        until_s = self._clock.now_s() + self._timing.falling_s
        give_up_s = self._clock.now_s() + self._timing.note_s
        trouble: Trouble | None = None
        while True:
            trouble = self._look(frozenset())
            now_s = self._clock.now_s()
            note_moves = self._notes is not None and self._notes.moving
            if now_s >= give_up_s or (now_s >= until_s and trouble is None and not note_moves):
                return trouble or (self._notes.stuck() if self._notes is not None and note_moves else None)
            self._wait(self._timing.poll_s)

    def _failed(self, trouble: Trouble) -> PaymentFailed:
        return PaymentFailed(trouble.code or PaymentCode.UNREACHABLE, trouble.text, self._till.state.owed_yen)
