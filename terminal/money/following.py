"""Which movement may follow, and what the ledger says after it: pure, and refused when money would come from nowhere."""

from dataclasses import replace
from typing import Final, NoReturn, assert_never

from terminal.money.errors import LedgerCode, LedgerError
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
from terminal.money.state import Account, Claim, Counters, LedgerState, Payout, Sums

NOBODY: Final = "0" * 32
"""The pseudonym of money that comes in while nobody is being served."""
EVENTS_KEPT: Final = 5
"""A ccTalk acceptor keeps its last five events (header 229)."""
_TOTAL_END: Final = 1 << 24


def after(state: LedgerState, movement: Movement) -> LedgerState:
    """The ledger after ``movement``; raise ``LedgerError`` (``LEDGER_REFUSED``) for one that cannot follow."""
    match movement:
        case AccountOpened() | AccountClosed():
            following = _account(state, movement)
        case CoinInserted() | AcceptorSeen() | MoneyUnknown() | DispenserSeen() | CashCounted() | LedgerSalvaged():
            following = _counted(state, movement)
        case NoteEscrowed() | NoteStacked() | NoteReturned():
            following = _note(state, movement)
        case PayoutStarted() | PayoutEnded() | PayoutFound():
            following = _payout(state, movement)
        case FeeKept() | ClaimOpened() | ClaimTicketPrinted() | ClaimPaid():
            following = _owed(state, movement)
        case _:
            assert_never(movement)
    if not is_balanced(following):
        _refuse(f"{type(movement).__name__} would unbalance the ledger")
    return following


def is_balanced(state: LedgerState) -> bool:
    """The invariant whole: both sums balance, and every yen owed is the open account's or stands on an open claim."""
    account, claimed_yen = state.account, sum(claim.amount_yen for claim in state.claims)
    if account is not None and not (account.sums.balanced and 0 <= account.claimed_yen <= account.sums.owed_yen):
        return False
    return state.totals.balanced and state.totals.owed_yen == claimed_yen + state.unclaimed_yen


def _refuse(text: str) -> NoReturn:
    raise LedgerError(LedgerCode.REFUSED, f"expected a movement that can follow, {text}; call the maintenance service")


def _open(state: LedgerState) -> Account:
    return state.account or Account(NOBODY)


def _add(state: LedgerState, account: Account, **amounts_yen: int) -> LedgerState:
    """Put ``amounts_yen`` on the account's sums and on those of all time alike."""
    return replace(
        state,
        account=replace(account, sums=_sum(account.sums, amounts_yen)),
        totals=_sum(state.totals, amounts_yen),
    )


def _sum(sums: Sums, amounts_yen: dict[str, int]) -> Sums:
    return replace(sums, **{name: getattr(sums, name) + amount for name, amount in amounts_yen.items()})


def _account(state: LedgerState, movement: AccountOpened | AccountClosed) -> LedgerState:
    account = state.account
    if isinstance(movement, AccountOpened):
        if account is not None and account.customer != movement.customer:
            _refuse("another customer's account is still open")
        return replace(state, account=replace(account or Account(movement.customer), fee_yen=movement.fee_yen))
    if account is None:
        _refuse("no account is open")
    if not account.at_rest or account.sums.owed_yen != account.claimed_yen:
        _refuse("the account still holds money that no claim stands for")
    return replace(state, account=None)


def _counted(
    state: LedgerState,
    movement: CoinInserted | AcceptorSeen | MoneyUnknown | DispenserSeen | CashCounted | LedgerSalvaged,
) -> LedgerState:
    counters = state.counters
    match movement:
        case CoinInserted():
            _demand_next(counters.acceptor, movement.counter)
            known = counters.accepted_total
            total = None if known is None else (known + 1) % _TOTAL_END
            moved = replace(counters, acceptor=movement.counter, accepted_total=total)
            coin_yen = movement.coin_yen
            return _add(replace(state, counters=moved), _open(state), inserted_yen=coin_yen, owed_yen=coin_yen)
        case AcceptorSeen():
            seen = replace(counters, acceptor=movement.counter, accepted_total=movement.accepted_total)
            return replace(state, counters=seen)
        case MoneyUnknown():
            seen = replace(counters, acceptor=movement.counter, accepted_total=movement.accepted_total)
            return replace(state, counters=seen, unknown_coins=state.unknown_coins + movement.coins)
        case DispenserSeen():
            return replace(state, counters=_dispensed(counters, movement.source, movement.total))
        case CashCounted():
            return replace(state, unknown_coins=0)
        case LedgerSalvaged():
            return state
        case _:
            assert_never(movement)


def _demand_next(seen: int | None, counter: int) -> None:
    """An event is counted once: its number lies after the last one on record, by no more than the acceptor keeps."""
    if counter == 0:
        _refuse("0 is where a counter stands after power-up, no event")
    if seen is None:
        return
    ahead = counter if seen == 0 else (counter - seen) % 255
    if not 0 < ahead <= EVENTS_KEPT:
        _refuse(f"event {counter} does not follow event {seen}")


def _note(state: LedgerState, movement: NoteEscrowed | NoteStacked | NoteReturned) -> LedgerState:
    account = _open(state)
    if isinstance(movement, NoteEscrowed):
        if account.escrowed_yen:
            _refuse("a note lies in escrow already")
        return replace(state, account=replace(account, escrowed_yen=movement.note_yen))
    if not account.escrowed_yen:
        _refuse("no note lies in escrow")
    note_yen, account = account.escrowed_yen, replace(account, escrowed_yen=0)
    if isinstance(movement, NoteReturned):
        return replace(state, account=account)
    return _add(state, account, inserted_yen=note_yen, owed_yen=note_yen)


def _payout(state: LedgerState, movement: PayoutStarted | PayoutEnded | PayoutFound) -> LedgerState:
    account = _open(state)
    if isinstance(movement, PayoutFound):
        counters = _dispensed(state.counters, movement.source, movement.total)
        paid = replace(state, counters=counters)
        return _paid(paid, account, Purpose.REFUND, movement.units * movement.unit_yen)
    if isinstance(movement, PayoutStarted):
        return _start(state, account, movement)
    payout = account.payout
    if payout is None:
        _refuse("no payout was started")
    total = (payout.total_before + movement.units) % _TOTAL_END
    counters = _dispensed(state.counters, payout.source, total)
    ended = replace(state, counters=counters)
    return _paid(ended, replace(account, payout=None), payout.purpose, movement.units * payout.unit_yen)


def _start(state: LedgerState, account: Account, movement: PayoutStarted) -> LedgerState:
    if account.payout is not None:
        _refuse("a payout is under way already")
    if movement.units * movement.unit_yen > account.sums.owed_yen - account.claimed_yen:
        _refuse("more would be paid out than is owed")
    payout = Payout(movement.purpose, movement.source, movement.unit_yen, movement.units, movement.total_before)
    counters = _dispensed(state.counters, movement.source, movement.total_before)
    return replace(state, account=replace(account, payout=payout), counters=counters)


def _paid(state: LedgerState, account: Account, purpose: Purpose, paid_yen: int) -> LedgerState:
    owed_yen = account.sums.owed_yen
    beyond_yen = max(0, paid_yen - owed_yen)
    field = "change_yen" if purpose is Purpose.CHANGE else "refunded_yen"
    paid = _add(state, account, **{field: paid_yen, "owed_yen": beyond_yen - paid_yen, "overpaid_yen": beyond_yen})
    return _without_paid_claims(paid)


def _without_paid_claims(state: LedgerState) -> LedgerState:
    """A claim never stands for more than is owed: what turned out to be paid is taken off, the newest claim first.

    The newest are the open account's: nobody (``NOBODY``) may have claims of an account that was closed long ago.
    """
    account = state.account
    if account is None or account.claimed_yen <= account.sums.owed_yen:
        return state
    paid_yen, claims = account.claimed_yen - account.sums.owed_yen, []
    for claim in reversed(state.claims):
        taken_yen = min(claim.amount_yen, paid_yen) if claim.customer == account.customer else 0
        paid_yen -= taken_yen
        claims.append(replace(claim, amount_yen=claim.amount_yen - taken_yen))
    left = tuple(claim for claim in reversed(claims) if claim.amount_yen)
    return replace(state, account=replace(account, claimed_yen=account.sums.owed_yen), claims=left)


def _owed(state: LedgerState, movement: FeeKept | ClaimOpened | ClaimTicketPrinted | ClaimPaid) -> LedgerState:
    match movement:
        case FeeKept():
            return _keep(state, movement)
        case ClaimOpened():
            return _claim(state, movement)
        case ClaimTicketPrinted():
            claim = _known(state, movement.claim)
            printed = replace(claim, printed=True)
            return replace(state, claims=tuple(printed if other is claim else other for other in state.claims))
        case ClaimPaid():
            claim = _known(state, movement.claim)
            if state.account is not None and state.account.customer == claim.customer:
                _refuse("its customer is still being served")
            left = tuple(other for other in state.claims if other is not claim)
            paid = {"refunded_yen": claim.amount_yen, "owed_yen": -claim.amount_yen}
            return replace(state, claims=left, totals=_sum(state.totals, paid))
        case _:
            assert_never(movement)


def _keep(state: LedgerState, movement: FeeKept) -> LedgerState:
    account = _open(state)
    if movement.amount_yen > account.sums.owed_yen - account.claimed_yen:
        _refuse("more would be kept than is held")
    if account.sums.kept_yen + movement.amount_yen > account.fee_yen:
        _refuse("more would be kept than the fee")
    return _add(state, account, kept_yen=movement.amount_yen, owed_yen=-movement.amount_yen)


def _claim(state: LedgerState, movement: ClaimOpened) -> LedgerState:
    account = _open(state)
    # A payout that nobody knows the end of may be under way: what it turns out to have paid is taken off the claim.
    if movement.amount_yen > account.sums.owed_yen - account.claimed_yen:
        _refuse("a claim would stand for more than is owed")
    if state.claim(movement.claim) is not None:
        _refuse("a claim of this number is open")
    claim = Claim(movement.claim, account.customer, movement.amount_yen, movement.code)
    return replace(
        state,
        account=replace(account, claimed_yen=account.claimed_yen + movement.amount_yen),
        claims=(*state.claims, claim),
        claims_opened=state.claims_opened + 1,
    )


def _known(state: LedgerState, number: str) -> Claim:
    claim = state.claim(number)
    if claim is None:
        _refuse(f"no claim {number} is open")
    return claim


def _dispensed(counters: Counters, source: str, total: int) -> Counters:
    others = {name: seen for name, seen in counters.dispensed if name != source}
    return replace(counters, dispensed=tuple(sorted({**others, source: total}.items())))
