"""A terminal that takes cash, whole and in process: hands that pay, jam and fill, and books that must add up after each story."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from simulator.cash_world import CashWorld
from simulator.devices.coins.faults import CoinsFault
from simulator.devices.fault_plan import Next, PlannedFault, When
from simulator.devices.notes.faults import NotesFault
from simulator.devices.pin_pad.emulator import loop_pin_pad
from simulator.devices.receipt_printer.model import Slip
from simulator.people.script import Answers, Do, Pause
from simulator.terminal_inline import InlineConfig, InlineTerminal, Visit
from terminal.control import StaffCommand, StaffReply
from terminal.devices.payment.none import NoPayment
from terminal.devices.screen.api import CancelPressed, Screen
from terminal.fittings import Fittings, Settings
from terminal.fsm import events
from terminal.fsm.config import MachineConfig
from terminal.fsm.states import State
from terminal.journal import entries as e
from terminal.money.codec import parts_of
from terminal.money.ledger import FILE_NAME
from terminal.money.movements import Movement
from terminal.money.reading import reader
from terminal.money.settling import AccountSettler
from terminal.money.state import LedgerState
from terminal.money.verify import verify_ledger
from terminal.reports import Reporter
from terminal.staff import StaffDesk
from tests.terminal_kit import (
    NOW,
    Rules,
    assert_evidence,
    shared_home,
    shopper,
)

BOTH = ("coins", "notes")
COINS, NOTES, RECEIPTS = 0, 1, 2
"""Places of the lines in ``CashWorld.cables``."""
HOPPERS = {10: 3, 50: 4, 100: 5, 500: 6}
"""Address of the hopper of each coin."""
STAFF = "STAFF-0001"


class CashTerminal(InlineTerminal):
    """A terminal in process with cash, staff, and on request a PIN pad or a shop that takes the fee at its register."""

    def __init__(
        self, folder: Path, cash: tuple[str, ...] = BOTH, *, fee_elsewhere: bool = False, pin_pad: bool = False
    ) -> None:
        super().__init__(shared_home(), folder, NOW, InlineConfig(cash=cash))
        self._fee_elsewhere = fee_elsewhere
        self.pad = loop_pin_pad(self.clock, self.loop.wait) if pin_pad else None
        self.unknown_yen = 0
        """What is in the cashbox and on nobody's account; a story that expects some says how much."""

    @property
    def world(self) -> CashWorld:
        """The money devices."""
        assert self.cash is not None
        return self.cash

    @property
    def books(self) -> LedgerState:
        """What the ledger says now."""
        return self.settler.state

    @property
    def settler(self) -> AccountSettler:
        """Whoever settles accounts."""
        assert self.money is not None
        return self.money

    def staff(self, command: str, **arguments: str) -> StaffReply:
        """What a member of the staff asks of the running terminal."""
        order = StaffCommand.model_validate({"command": command, "staff": STAFF, **arguments})
        return StaffDesk(self._at_the_desk(), self._levels, self.money).obey(order)

    def _at_the_desk(self) -> "_AtTheDesk":
        return _AtTheDesk(self)

    def obey(self, event: events.Event) -> None:
        """Let the supervisor's machine decide, as the staff's desk does."""
        self._handle(event)

    def _machine_config(self) -> MachineConfig:
        return replace(super()._machine_config(), fee_elsewhere=self._fee_elsewhere)

    def _settings(self) -> Settings:
        settings = super()._settings()
        return replace(settings, takes=("elsewhere",)) if self._fee_elsewhere else settings

    def _fittings(self, screen: Screen, reporter: Reporter) -> Fittings:
        fitted = super()._fittings(screen, reporter)
        if self._fee_elsewhere:
            fitted = replace(fitted, payment=NoPayment())
        return fitted if self.pad is None else replace(fitted, pin_pad=self.pad[0])


@dataclass(frozen=True, slots=True)
class _AtTheDesk:
    """Implements ``terminal.staff.Terminal``."""

    inline: CashTerminal

    @property
    def state(self) -> State:
        """Its situation."""
        return self.inline.situation()

    @property
    def out_of_service_code(self) -> str:
        """Nobody asks here."""
        return ""

    def handle(self, event: events.Event) -> None:
        """Let the machine decide."""
        self.inline.obey(event)

    def stop(self) -> None:
        """Not here."""


@contextmanager
def cash_terminal(
    folder: Path, cash: tuple[str, ...] = BOTH, *, fee_elsewhere: bool = False, pin_pad: bool = False
) -> Iterator[CashTerminal]:
    """A terminal in service, and at its end what holds whatever happened to the money."""
    with CashTerminal(folder, cash, fee_elsewhere=fee_elsewhere, pin_pad=pin_pad) as inline:
        yield inline
        assert_books(inline)
        assert_evidence(inline)


def payer(inline: CashTerminal, *deeds: tuple[float, Callable[[], object]], then: Answers = ()) -> Rules:
    """A shopper who, while asked to pay, does each deed after so many seconds, and at last presses ``then``."""
    steps = [step for pause_s, deed in deeds for step in (Pause(pause_s), Do(deed))]
    return {**shopper(inline), "pay": ((*steps, *then),)}


def pays(inline: CashTerminal, *money_yen: int, then: Answers = ()) -> Rules:
    """A shopper who puts these coins and notes in, one a second."""
    return payer(inline, *((1.0, lambda yen=yen: insert(inline, yen)) for yen in money_yen), then=then)


def changes_mind(*, after_s: float = 1.0) -> Answers:
    """Cancels after a moment."""
    return (Pause(after_s), CancelPressed())


def insert(inline: CashTerminal, yen: int) -> bool:
    """Put a coin or a note in; a note that comes back is taken two seconds later."""
    if yen < 1000:
        return inline.world.coins.insert(yen)
    inline.loop.spawn(lambda: _take_what_comes_back(inline))
    return inline.world.notes.insert(yen)


def drop_at_once(inline: CashTerminal, *coins_yen: int) -> None:
    """Tip a purse in: the coins fall onto the credit sensor at one moment, and no poll comes between."""
    for coin_yen in coins_yen:
        assert inline.world.coins.insert(coin_yen)


def _take_what_comes_back(inline: CashTerminal) -> None:
    while True:
        inline.loop.wait(2.0)
        inline.world.notes.take()


def coin_fault(inline: CashTerminal, kind: CoinsFault, when: When | None = None) -> None:
    """Arm a fault of the coin mechanism."""
    inline.world.coins.plan.add(PlannedFault(kind, when or Next()))


def note_fault(inline: CashTerminal, kind: NotesFault, when: When | None = None) -> None:
    """Arm a fault of the note validator."""
    inline.world.notes.plan.add(PlannedFault(kind, when or Next()))


def set_hopper(inline: CashTerminal, coin_yen: int, coins: int) -> None:
    """Staff leave exactly so many coins in a hopper."""
    inline.world.coins.empty(HOPPERS[coin_yen])
    inline.world.coins.fill(HOPPERS[coin_yen], coins)


def heal(inline: CashTerminal) -> None:
    """Everything is plugged in, freed, filled; what lay in the mouth of the validator is taken."""
    inline.printer.plan.clear()
    inline.world.heal()


def until_idle(inline: CashTerminal, bound_s: float = 120.0) -> None:
    """Look at the devices as the supervisor does, every few seconds, until people are served again."""
    until_s = inline.clock.now_s() + bound_s
    while inline.situation() is not State.IDLE:
        assert inline.clock.now_s() < until_s, (inline.situation(), inline.machine.levels.faults)
        inline.clock.advance(5.0)
        inline.world.notes.take()
        inline.look()


def movements(inline: CashTerminal) -> list[Movement]:
    """Everything on record in the ledger, in order."""
    with reader(inline.folder / FILE_NAME) as connection:
        rows = connection.execute("SELECT kind, body FROM movement ORDER BY sequence").fetchall()
    return [parts_of(kind, body)[0] for kind, body in rows]


def faults(inline: CashTerminal) -> set[tuple[str, str]]:
    """The fault levels that are up, as (device, code)."""
    return {(fault.device, fault.code) for fault in inline.machine.levels.faults}


def told(visit: Visit, screen: str) -> str:
    """Everything that was ever shown on ``screen``."""
    return "\n".join(line for view in visit.screen.views if view.screen == screen for line in view.lines)


def slips(inline: CashTerminal) -> list[tuple[str, ...]]:
    """The whole slips that came out, line by line."""
    return [slip.lines for slip in whole_slips(inline)]


def whole_slips(inline: CashTerminal) -> list[Slip]:
    """The slips that the cutter cut."""
    return [slip for slip in inline.world.receipts.slips if slip.whole]


def titles(inline: CashTerminal) -> list[str]:
    """What the slips are, by their second line."""
    return [lines[1].split()[0] for lines in slips(inline)]


def claim_codes(inline: CashTerminal) -> list[str]:
    """The 2D codes of all claim tickets."""
    return [code.decode() for slip in whole_slips(inline) for code in slip.codes]


def inserted_yen(inline: CashTerminal) -> int:
    """What customers put in, coins and notes."""
    return inline.world.coins.inserted_yen + sum(_notes_seen(inline))


def short_yen(inline: CashTerminal) -> int:
    """What customers are short of: put in, and neither in the tray, nor in the validator's mouth, nor taken."""
    coins, notes = inline.world.coins, inline.world.notes
    back_yen = sum(coins.tray) + sum(coins.taken) + sum(notes.taken_yen) + (notes.mouth_yen or 0)
    return inserted_yen(inline) - back_yen


def inside_yen(inline: CashTerminal) -> int:
    """What is in cashbox, hoppers and stacker beyond what staff put there."""
    notes = inline.world.notes
    return inline.world.coins.kept_yen + sum(notes.stacker_yen) + sum(notes.emptied_yen)


def in_the_way_yen(inline: CashTerminal) -> int:
    """What sticks in a path, nobody's yet."""
    return inline.world.coins.acceptor.falling_yen + (inline.world.notes.path_yen or 0)


def _notes_seen(inline: CashTerminal) -> tuple[int, ...]:
    notes = inline.world.notes
    inside = (notes.path_yen or 0, notes.mouth_yen or 0)
    return (*notes.stacker_yen, *notes.emptied_yen, *notes.taken_yen, *inside)


def assert_books(inline: CashTerminal) -> None:
    """Promise P4: nothing lost, nothing counted twice, and a fee is kept for a delivered sheet only."""
    world, books, sums = inline.world, inline.books, inline.books.totals
    world.coins.work()
    world.notes.work()
    assert world.coins.balanced
    assert short_yen(inline) == inside_yen(inline) + in_the_way_yen(inline)
    assert sums.balanced
    by_machine_yen = sums.refunded_yen - claims_paid_yen(inline)
    on_record_yen = sums.inserted_yen - sums.change_yen - by_machine_yen
    assert inside_yen(inline) == on_record_yen + inline.unknown_yen, (books, inside_yen(inline), inline.unknown_yen)
    delivered = [delivery for delivery in inline.tray.deliveries if delivery.sides == delivery.sides_asked]
    assert sums.kept_yen == 0 or sums.kept_yen <= fee_of(inline) * len(delivered), (sums, inline.tray.deliveries)
    report = verify_ledger(inline.folder / FILE_NAME, inline.folder / "journal.sqlite")
    assert report.ok, report.breaches


def fee_of(inline: CashTerminal) -> int:
    """The fee of one delivered job: the dearest that was asked for."""
    asked = [
        recorded.entry.amount_yen for recorded in inline.journal.entries() if isinstance(recorded.entry, e.FeeRequested)
    ]
    return max(asked, default=0)


def claims_paid_yen(inline: CashTerminal) -> int:
    """What staff paid out of the shop's own till."""
    entries = [recorded.entry for recorded in inline.journal.entries()]
    return sum(entry.amount_yen for entry in entries if isinstance(entry, e.ClaimPaid))
