"""What the ledger says now, as one value: the open account, the devices' counters, the open claims, the sums of all time."""

from dataclasses import dataclass, field

from terminal.money.movements import Purpose


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout that was started and has no end on record yet."""

    purpose: Purpose
    source: str
    unit_yen: int
    units: int
    total_before: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Money in yen. At every instant ``inserted + overpaid = kept + change + refunded + owed``, and none is negative.

    ``overpaid_yen`` is what a device paid beyond what was owed: the shop's loss, never the customer's.
    """

    inserted_yen: int = 0
    kept_yen: int = 0
    change_yen: int = 0
    refunded_yen: int = 0
    owed_yen: int = 0
    overpaid_yen: int = 0

    @property
    def balanced(self) -> bool:
        """The invariant."""
        paid = self.kept_yen + self.change_yen + self.refunded_yen + self.owed_yen
        values = (self.inserted_yen, self.kept_yen, self.change_yen, self.refunded_yen, self.owed_yen)
        return self.inserted_yen + self.overpaid_yen == paid and min(*values, self.overpaid_yen) >= 0


@dataclass(frozen=True, slots=True)
class Account:
    """One customer's money. ``escrowed_yen``: a note neither taken nor returned; ``claimed_yen`` is part of what is owed."""

    customer: str
    fee_yen: int = 0
    sums: Sums = field(default_factory=Sums)
    escrowed_yen: int = 0
    claimed_yen: int = 0
    payout: Payout | None = None

    @property
    def at_rest(self) -> bool:
        """Nothing of it hangs between the terminal and its devices."""
        return self.escrowed_yen == 0 and self.payout is None


@dataclass(frozen=True, slots=True)
class Claim:
    """Money that staff pay out. ``printed``: its ticket is out."""

    number: str
    customer: str
    amount_yen: int
    code: str
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """Where the devices' own counters stood when last on record; None and a missing source: never seen."""

    acceptor: int | None = None
    accepted_total: int | None = None
    dispensed: tuple[tuple[str, int], ...] = ()

    def dispensed_by(self, source: str) -> int | None:
        """The life counter of ``source``."""
        return dict(self.dispensed).get(source)


@dataclass(frozen=True, slots=True)
class LedgerState:
    """``totals`` are of all time, the open account included; ``unknown_coins`` wait for staff to count the cash."""

    account: Account | None = None
    totals: Sums = field(default_factory=Sums)
    counters: Counters = field(default_factory=Counters)
    claims: tuple[Claim, ...] = ()
    unknown_coins: int = 0
    claims_opened: int = 0

    @property
    def owed_yen(self) -> int:
        """What the open account's customer has coming."""
        return self.account.sums.owed_yen if self.account else 0

    @property
    def unclaimed_yen(self) -> int:
        """What is owed and stands on no claim."""
        return self.account.sums.owed_yen - self.account.claimed_yen if self.account else 0

    def claim(self, number: str) -> Claim | None:
        """The open claim of that number."""
        return next((claim for claim in self.claims if claim.number == number), None)
