"""The cash register: the payment port on coins and notes, every yen of it on record in the ledger (promise P4)."""

from collections.abc import Callable
from typing import Final

from terminal.clock import Clock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness, faults_of
from terminal.devices.coins.api import KEEPS_MONEY_AWAY, CoinsCode
from terminal.devices.notes.api import NotesCode
from terminal.devices.payment.api import CollectCompletion, Collecting, PaymentFailed, PayOutCompletion, Purpose
from terminal.money.catching_up import Trouble, catch_up_coins, catch_up_hoppers
from terminal.money.collecting import CashDevices, CashTiming, Collection
from terminal.money.movements import FeeKept
from terminal.money.note_handling import catch_up_notes
from terminal.money.paying import PayOut
from terminal.money.till import Till

DEVICE: Final = "payment"
COUNT_THE_CASH: Final = "count the cash against `honnin ledger show`, then `honnin terminal settle payment`"

NOTHING_INSIDE: Final = frozenset({NotesCode.STACKER_FULL, NotesCode.STACKER_OPEN, NotesCode.CHEATED})
"""Faults of a validator that say nothing of a note; one in escrow on record keeps the register from proving anyway."""

CLAIM_OPEN: Final = "PAYMENT_CLAIM_OPEN"
"""A warning: somebody has money coming."""


class CashRegister:
    """Implements ``Payment`` for the fitted ``devices``; coins and notes are cleared by their own lines of the reset."""

    def __init__(
        self,
        devices: CashDevices,
        till: Till,
        clock: Clock,
        wait: Callable[[float], None],
        timing: CashTiming | None = None,
    ) -> None:
        self._devices = devices
        self._till = till
        self._clock = clock
        self._wait = wait
        self._timing = timing or CashTiming()
        self._trouble: Trouble | None = None
        self._was_blocked = False

    def collect(self, fee_yen: int, collecting: Collecting) -> CollectCompletion:
        """See ``Payment.collect``."""
        blocked = self._still_blocked()
        if blocked is not None:
            return PaymentFailed(blocked.code, blocked.text, self._till.state.unclaimed_yen)
        collection = Collection(self._devices, self._till, self._clock, self._wait, self._timing, collecting)
        completion = collection.run(fee_yen)
        self._was_blocked = isinstance(completion, PaymentFailed) and completion.code in KEEPS_MONEY_AWAY
        return completion

    def _still_blocked(self) -> Trouble | None:
        """Whether what ended the last collection is still so: an acceptor tells of a jam once, by an event."""
        coins = self._devices.coins
        if coins is None or not self._was_blocked:
            return None
        fault = next((fault for fault in faults_of(coins.readiness()) if fault.code in KEEPS_MONEY_AWAY), None)
        return None if fault is None else Trouble(CoinsCode(fault.code), fault.action)

    def pay_out(self, amount_yen: int, purpose: Purpose) -> PayOutCompletion:
        """See ``Payment.pay_out``. The ledger, not ``amount_yen``, says what is due: a coin may have come in since."""
        coins, account = self._devices.coins, self._till.state.account
        stay_yen = account.fee_yen if account is not None and purpose is Purpose.CHANGE else 0
        hoppers = coins.hoppers if coins is not None else ()
        return PayOut(hoppers, self._till, self._clock, self._wait, stay_yen).run(purpose)

    def keep(self, fee_yen: int) -> None:
        """See ``Payment.keep``."""
        kept_yen = min(fee_yen, self._till.state.unclaimed_yen)
        if kept_yen:
            self._till.record(FeeKept(amount_yen=kept_yen))

    def readiness(self) -> Readiness:
        """The ledger's own levels; the devices answer for theirs."""
        unknown = self._till.state.unknown_coins
        if unknown:
            fault = Fault(DEVICE, CoinsCode.MONEY_UNKNOWN.value, COUNT_THE_CASH)
            detail = f"{unknown} coins of unknown value are inside"
            return Readiness(DEVICE, DeviceStatus.ONLINE, detail, (fault,))
        claims = self._till.state.claims
        if claims:
            action = f"pay it from the shop's till: `honnin terminal pay-claim --claim {claims[0].number}`"
            fault = Fault(DEVICE, CLAIM_OPEN, action, blocks_service=False)
            owed_yen = sum(claim.amount_yen for claim in claims)
            detail = f"{len(claims)} claims over {owed_yen} yen are open"
            return Readiness(DEVICE, DeviceStatus.ONLINE, detail, (fault,))
        return Readiness(DEVICE, DeviceStatus.ONLINE, "the ledger balances")

    def clear(self) -> None:
        """Bring the ledger up to what the devices know, and what hangs in them to rest; after coins and notes are cleared."""
        coins, notes = self._devices.coins, self._devices.notes
        trouble = None
        if notes is not None:
            trouble = self._money_in(catch_up_notes(self._till, notes, self._clock, self._wait, self._timing.note_s))
        if coins is not None:
            trouble = catch_up_hoppers(self._till, coins.hoppers) or trouble
            trouble = catch_up_coins(self._till, coins.acceptor) or trouble
        self._trouble = trouble

    def _money_in(self, trouble: Trouble | None) -> Trouble | None:
        """A validator that only reports a fault of its own has told where the money is; it proves itself on its own line."""
        return None if trouble is not None and trouble.code in NOTHING_INSIDE else trouble

    def prove(self) -> ProofLine:
        """Ledger and devices agree, and no money hangs between them; what is owed stands on record."""
        account = self._till.state.account
        if self._trouble is None and (account is None or account.at_rest):
            return ProofLine(DEVICE, True, "ledger and devices agree; nothing is in escrow, no payout is under way")
        if self._trouble is None:
            return ProofLine(DEVICE, False, "money hangs in a device", CoinsCode.MONEY_UNKNOWN.value, COUNT_THE_CASH)
        return ProofLine(
            DEVICE, False, self._trouble.text, self._trouble.code.value, "free and plug in the money devices"
        )
