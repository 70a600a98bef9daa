"""Everything that can happen to money in the terminal: frozen movements, past tense, a closed union. Amounts in yen.

A movement is on record before what follows from it is done: a payout before the hopper turns, a stacked note before its
"vend valid" is acknowledged. So whatever is cut short can be told from the devices' own counters.
No field can hold a name: the customer is a pseudonym, as in the journal.
"""

from enum import StrEnum
from typing import Annotated, Final, TypeAlias, get_args

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from terminal.journal.fields import Code, Pseudonym, StaffId

CONFIG: Final = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)
Amount = Annotated[int, Field(ge=1, le=1_000_000)]
Counter = Annotated[int, Field(ge=0, le=255)]
"""A ccTalk event counter: 1 to 255, 0 only after power-up."""
Total = Annotated[int, Field(ge=0, lt=1 << 24)]
"""A device's life counter of three bytes."""
Units = Annotated[int, Field(ge=0, le=1_000)]
Source = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
"""What pays out: ``hopper-3``, ``validator``."""
ClaimNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{4}$")]


class Purpose(StrEnum):
    """What money is paid out as."""

    CHANGE = "change"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, config=CONFIG)
class AccountOpened:
    """``customer`` is asked for a fee. A second time for the same customer sets a new fee."""

    customer: Pseudonym
    fee_yen: Amount


@dataclass(frozen=True, slots=True, config=CONFIG)
class CoinInserted:
    """The acceptor credited a coin with the event number ``counter``."""

    coin_yen: Amount
    counter: Counter


@dataclass(frozen=True, slots=True, config=CONFIG)
class AcceptorSeen:
    """Where the acceptor's counters stand: no money moved that is not on record."""

    counter: Counter
    accepted_total: Total


@dataclass(frozen=True, slots=True, config=CONFIG)
class MoneyUnknown:
    """The acceptor took ``coins`` of which no event tells the value; its counters stand as given. Staff must count."""

    coins: Annotated[int, Field(ge=1, le=10_000)]
    counter: Counter
    accepted_total: Total


@dataclass(frozen=True, slots=True, config=CONFIG)
class NoteEscrowed:
    """A note lies in escrow: still the customer's, not yet inserted."""

    note_yen: Amount


@dataclass(frozen=True, slots=True, config=CONFIG)
class NoteStacked:
    """The note in escrow is in the stacker: inserted. Written before "vend valid" is acknowledged."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class NoteReturned:
    """The note in escrow went back to the customer."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class PayoutStarted:
    """``source`` is about to be told to pay ``units`` of ``unit_yen``; its life counter stood at ``total_before``."""

    purpose: Purpose
    source: Source
    unit_yen: Amount
    units: Annotated[int, Field(ge=1, le=1_000)]
    total_before: Total


@dataclass(frozen=True, slots=True, config=CONFIG)
class PayoutEnded:
    """By its life counter, ``source`` paid ``units``."""

    units: Units


@dataclass(frozen=True, slots=True, config=CONFIG)
class PayoutFound:
    """``source``'s life counter stands ``units`` further than is on record: paid, and the start of it was lost."""

    source: Source
    unit_yen: Amount
    units: Annotated[int, Field(ge=1, le=1_000)]
    total: Total


@dataclass(frozen=True, slots=True, config=CONFIG)
class DispenserSeen:
    """Where ``source``'s life counter stands, first seen or after service: no money moved."""

    source: Source
    total: Total


@dataclass(frozen=True, slots=True, config=CONFIG)
class FeeKept:
    """The sheet is delivered: this much is the shop's."""

    amount_yen: Amount


@dataclass(frozen=True, slots=True, config=CONFIG)
class ClaimOpened:
    """What is owed cannot be paid out here and now: the customer has a claim under ``claim``."""

    claim: ClaimNumber
    amount_yen: Amount
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class ClaimTicketPrinted:
    """The claim is on paper in the customer's hand, or at least in the receipt printer's slot."""

    claim: ClaimNumber


@dataclass(frozen=True, slots=True, config=CONFIG)
class ClaimPaid:
    """Staff paid the claim out of the shop's till."""

    claim: ClaimNumber
    staff: StaffId


@dataclass(frozen=True, slots=True, config=CONFIG)
class AccountClosed:
    """Nothing of this customer's is in the terminal but what claims stand for."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class LedgerSalvaged:
    """The ledger before this one was damaged after ``sound_rows``; what they say was taken over."""

    sound_rows: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True, config=CONFIG)
class CashCounted:
    """Staff counted the cash: what was unknown is settled outside of this ledger."""

    staff: StaffId


Movement: TypeAlias = (
    AccountOpened
    | CoinInserted
    | AcceptorSeen
    | MoneyUnknown
    | NoteEscrowed
    | NoteStacked
    | NoteReturned
    | PayoutStarted
    | PayoutEnded
    | PayoutFound
    | DispenserSeen
    | FeeKept
    | ClaimOpened
    | ClaimTicketPrinted
    | ClaimPaid
    | AccountClosed
    | LedgerSalvaged
    | CashCounted
)

MOVEMENTS: Final[dict[str, type[Movement]]] = {kind.__name__: kind for kind in get_args(Movement)}

BY_SUPERVISOR: Final = (ClaimPaid, AccountClosed, LedgerSalvaged, CashCounted)
"""What a customer's process may not record."""
