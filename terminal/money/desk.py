"""The supervisor's side of the ledger: what a customer's process may record, and what becomes of an account when it is over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.following import NOBODY
from terminal.money.ledger import Ledger
from terminal.money.movements import (
    BY_SUPERVISOR,
    AccountClosed,
    AccountOpened,
    CashCounted,
    ClaimOpened,
    ClaimPaid,
    FeeKept,
    Movement,
)
from terminal.money.state import Claim, LedgerState


class ClaimCode(StrEnum):
    """Why a claim was opened by the supervisor and not by the customer's own session."""

    SESSION_ENDED = "LEDGER_SESSION_ENDED"
    """The session was over, or cut off, while money was still owed."""


_CLAIMS_MAX: Final = 99_999_999


@dataclass(frozen=True, slots=True)
class Closed:
    """How an account ended: ``at_rest`` False when it had to stay open, because money hangs in a device."""

    at_rest: bool
    claims: tuple[Claim, ...] = ()


def claim_number(state: LedgerState) -> str:
    """The number of the next claim of this terminal."""
    number = f"{(state.claims_opened + 1) % (_CLAIMS_MAX + 1):08d}"
    return f"{number[:4]}-{number[4:]}"


class MoneyDesk:
    """Guards ``ledger``."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @property
    def state(self) -> LedgerState:
        """What the ledger says now."""
        return self._ledger.state

    def take(self, movement: Movement, customer: str) -> None:
        """Record what ``customer``'s process says; raise ``LedgerError`` for what it may not say."""
        if isinstance(movement, BY_SUPERVISOR) and not self._closes_nobodys(movement):
            raise LedgerError(LedgerCode.REFUSED, f"a customer's process may not record {type(movement).__name__}")
        if isinstance(movement, AccountOpened) and movement.customer != customer:
            raise LedgerError(LedgerCode.REFUSED, "a customer's process speaks for its own customer only")
        self._ledger.record(movement)

    def _closes_nobodys(self, movement: Movement) -> bool:
        """What was found before a customer's own account begins is put away by their process."""
        account = self.state.account
        return isinstance(movement, AccountClosed) and account is not None and account.customer == NOBODY

    def record(self, movement: Movement) -> LedgerState:
        """See ``Till.record``: for the reset's own process, which finds what a customer's could not say."""
        return self._ledger.record(movement)

    def keep_delivered(self, customer: str) -> None:
        """The journal says that ``customer``'s sheet came out: the fee is earned, if that is not on record yet."""
        account = self.state.account
        if account is None or account.customer != customer:
            return
        kept_yen = min(account.fee_yen - account.sums.kept_yen, self.state.unclaimed_yen)
        if kept_yen > 0:
            self._ledger.record(FeeKept(amount_yen=kept_yen))

    def close(self) -> Closed:
        """Nobody is being served any more: what is still owed becomes a claim, and the account is closed."""
        account = self.state.account
        if account is None:
            return Closed(True)
        if not account.at_rest:
            return Closed(False)
        if self.state.unclaimed_yen:
            number, amount_yen = claim_number(self.state), self.state.unclaimed_yen
            self._ledger.record(ClaimOpened(claim=number, amount_yen=amount_yen, code=ClaimCode.SESSION_ENDED.value))
        claims = tuple(claim for claim in self.state.claims if claim.customer == account.customer)
        self._ledger.record(AccountClosed())
        return Closed(True, claims)

    def pay_claim(self, number: str, staff: str) -> Claim:
        """Staff paid a claim out of the shop's till; raise ``LedgerError`` for a number that is not open."""
        claim = self.state.claim(number)
        self._ledger.record(ClaimPaid(claim=number, staff=staff))
        if claim is None:
            raise LedgerError(LedgerCode.REFUSED, f"no claim {number} is open")
        return claim

    def count_cash(self, staff: str) -> bool:
        """Staff counted the cash; whether there was anything unknown."""
        if not self.state.unknown_coins:
            return False
        self._ledger.record(CashCounted(staff=staff))
        return True
