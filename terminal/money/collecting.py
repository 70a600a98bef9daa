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
from terminal.money.catching_up import Trouble, catch_up_coins, record_events
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
        self._silent_since_s: float | None = None
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
            if trouble is not None and self._gave_up():
                self._close()
                return self._failed(trouble)
            if trouble is None:
                self._silent_since_s = None
            self._wait(self._timing.poll_s)

    def _start(self) -> Trouble | None:
        self._till.record(AccountOpened(customer=self._collecting.customer, fee_yen=self._fee_yen))
        if self._devices.coins is not None:
            trouble = catch_up_coins(self._till, self._devices.coins.acceptor)
            if trouble is not None:
                return trouble
        return self._unknown()

    def _turn(self, stocks: tuple[Stock, ...]) -> Trouble | None:
        inserted_yen = self._till.state.owed_yen
        welcome = self._welcome_now(inserted_yen, stocks)
        trouble = self._let_in(welcome) or self._poll_coins()
        if self._notes is not None and trouble is None:
            trouble = self._notes.turn(welcome)
        self._tell()
        return trouble or self._unknown()

    def _welcome_now(self, inserted_yen: int, stocks: tuple[Stock, ...]) -> frozenset[int]:
        coins, notes = self._devices.coins, self._devices.notes
        known = (*(coins.acceptor.denominations_yen if coins else ()), *(notes.denominations_yen if notes else ()))
        return welcome_yen(known, inserted_yen, self._fee_yen, stocks)

    def _let_in(self, welcome: frozenset[int]) -> Trouble | None:
        if welcome == self._welcome:
            return None
        if self._devices.coins is not None:
            acceptor = self._devices.coins.acceptor
            failed = acceptor.accept(welcome & frozenset(acceptor.denominations_yen))
            if failed is not None:
                return Trouble(failed.code, failed.text)
        if self._devices.notes is not None:
            refused = self._devices.notes.accept(welcome & frozenset(self._devices.notes.denominations_yen))
            if refused is not None:
                return Trouble(refused.code, refused.text)
        self._welcome = welcome
        return None

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
        record_events(self._till, poll)
        counters = self._till.state.counters
        if poll.counter != counters.acceptor:
            self._till.record(AcceptorSeen(counter=poll.counter, accepted_total=counters.accepted_total or 0))
        return self._error_of(poll.errors)

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

    def _gave_up(self) -> bool:
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
            trouble = self._let_in(frozenset()) or self._poll_coins()
            if self._notes is not None and trouble is None:
                trouble = self._notes.turn(frozenset())
            self._tell()
            now_s = self._clock.now_s()
            note_moves = self._notes is not None and self._notes.moving
            if now_s >= give_up_s or (now_s >= until_s and trouble is None and not note_moves):
                return trouble or (self._notes.stuck() if self._notes is not None and note_moves else None)
            self._wait(self._timing.poll_s)

    def _failed(self, trouble: Trouble) -> PaymentFailed:
        return PaymentFailed(trouble.code or PaymentCode.UNREACHABLE, trouble.text, self._till.state.owed_yen)
