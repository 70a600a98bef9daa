"""One real terminal service in a live run: what is seen of it from outside, and the hands of whoever stands in front.

Implements ``simulator.visiting.Visited``, so that shops, visitors and their habits are those of virtual time. Everything here
runs on one thread, the run's; what emulators tell on theirs comes through ``hear``.
"""

import contextlib
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from honnin.demo.world import World
from honnin.devices import TILL_FILE
from honnin.live.service import LiveService
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.vpcd_frames import SlotError
from simulator.devices.card_reader.wire import NOTICED_ABSENCE_S
from simulator.devices.control_socket import control
from simulator.devices.emulation import ControlRefusedError
from simulator.devices.payment.model import SimulatedPayment, Till
from simulator.devices.printer.tray import Delivery
from simulator.observer import Observer
from simulator.people.script import Rules
from simulator.people.visitor import Visitor
from simulator.scheduler import Scheduler
from simulator.seen import Emptiness
from simulator.seen_terminal import COINS_YEN
from simulator.visiting import Visited, VisitorScreen
from terminal.clock import SystemClock
from terminal.control import StaffCommand, ask, staff_command
from terminal.journal import entries
from terminal.journal.entries import JournalEntry
from terminal.journal.store import Journal
from terminal.loop import StalledError
from terminal.money.ledger import FILE_NAME as LEDGER_FILE
from terminal.money.reading import read_snapshot
from terminal.money.state import LedgerState
from terminal.readiness import JOURNAL_FILE

STAFF: Final = "SPECIMEN-STAFF"
_OVERLOOKED_S: Final = 2.0
"""A card that pcscd has not seen by then it will not see: a person lays it down anew."""
_LAID_ANEW_MAX: Final = 3
_TAKEN_S: Final = 3.0
"""How long a person holds a coin or a note before the slot before they push it in all the same."""
_SESSION_S: Final = 600.0
_LOOK_S: Final = 0.05


class LiveTerminal(LiveService, Visited):
    """``started`` starts the service in ``world``; ``speed`` is how many seconds of the run go by in one of the real clock."""

    look_every_s = 1.0

    def __init__(self, world: World, observer: Observer, scheduler: Scheduler, speed: float) -> None:
        screen = VisitorScreen({}, self._spawn, scheduler.wait, observer=observer, looked_up=self.take_note)
        super().__init__(world, screen)
        self.screen: VisitorScreen | None = screen
        self.observer = observer
        self.visitor: Visitor | None = None
        self.on_walked_away: Callable[[], None] = lambda: None
        self.on_home: Callable[[], None] = lambda: None
        self.deliveries: list[Delivery] = []
        self._lies: Card | None = None
        """What was laid down and not taken off by hand."""
        self._scheduler = scheduler
        self._speed = speed
        self._payment = SimulatedPayment(world.state_dir / TILL_FILE)
        self._till = Till()

    # --- what is seen

    def work(self) -> None:
        """Act on what was taken in: money first, for it went before what the screen says of it."""
        self._look_at_till()
        self.act_on_frames()

    def came_home(self, situation: str, code: str) -> None:
        """See ``LiveService.came_home``."""
        self.observer.service(situation, code, self.emptiness())
        self.on_home()

    def _look_at_till(self) -> None:
        if self.takes_cash:
            return
        with contextlib.suppress(ValueError, TypeError, OSError):
            till, before = self._payment.till, self._till
            self._till = till
            if till.taken_yen > before.taken_yen:
                self.observer.money_in(till.taken_yen - before.taken_yen)
            self.observer.money_out(till.returned_yen - before.returned_yen)

    def delivered(self, delivery: Delivery) -> None:
        """Sheets came out."""
        self.deliveries.append(delivery)
        self.observer.sheets(delivery)

    # --- being visited

    @property
    def takes_cash(self) -> bool:
        """See ``Visited.takes_cash``."""
        return self.fitting.cash

    def serve(self, rules: Rules) -> None:
        """See ``Visited.serve``; raise ``StalledError`` when it never ends."""
        screen, before = self.glass, self.sessions
        until_s = time.monotonic() + _SESSION_S
        screen.hand_over(rules)
        while not self.is_over(before):
            if time.monotonic() > until_s:
                raise StalledError(f"the customer never ended; screens were {' > '.join(screen.screens[-20:])}")
            self._wait(_LOOK_S)
        screen.rules = {}

    # --- hands

    def lay_card(self, profile: str) -> None:
        """See ``Visited.lay_card``."""
        self.lift_card()
        card = self._lies = self.world.card(profile)
        self.observer.card_laid(profile, card)
        self._spawn(partial(self._lay, card, _LAID_ANEW_MAX))

    def _lay(self, card: Card, times: int) -> None:
        slot = self.world.slot
        # Where nobody listens yet, or another card was quicker, it is looked at again below.
        with contextlib.suppress(SlotError, ValueError):
            slot.insert(card, absence_s=NOTICED_ABSENCE_S)
        self._wait(_OVERLOOKED_S)
        overlooked = self._lies is card and not slot.wait_until_seen(0.0) and self.open_to_visitors
        if times > 1 and overlooked:
            slot.remove()
            self._lay(card, times - 1)

    def lift_card(self) -> None:
        """See ``Visited.lift_card``."""
        if self.world.slot.card is None:
            return
        self._lies = None
        self.world.slot.remove()
        self.observer.card_lifted()

    def take_sheets(self, *, by_staff: bool = False) -> None:
        """See ``Visited.take_sheets``."""
        if self.deliveries:
            self.took_sheets = not by_staff
            self.observer.sheets_taken(len(self.deliveries), by_staff=by_staff)
            self.deliveries.clear()

    def pay(self, amount_yen: int) -> None:
        """See ``Visited.pay``; a person waits a moment for the slot's light."""
        coin = amount_yen in COINS_YEN
        device = "coins" if coin else "notes"
        if device not in self.fitting.serial:
            return
        link = self.world.hardware.link(device)
        until_s = time.monotonic() + _TAKEN_S
        while time.monotonic() < until_s and not self._takes(device, amount_yen):
            self._wait(_LOOK_S)
        with contextlib.suppress(ControlRefusedError):
            control(link, "insert", **{"coin_yen" if coin else "note_yen": amount_yen})
            self.observer.money_in(amount_yen)

    def _takes(self, device: str, amount_yen: int) -> bool:
        panel = self.world.hardware.look(device)
        if device == "notes":
            return panel["state"] == "IDLING"
        takes_yen = panel["takes_yen"]
        return isinstance(takes_yen, list) and amount_yen in takes_yen

    def take_money(self) -> None:
        """See ``Visited.take_money``."""
        for amount_yen in self.world.hardware.take_money():
            self.observer.money_out(amount_yen)

    def take_note(self) -> None:
        """See ``Visited.take_note``."""
        if self.observer.person:
            self.observer.money_out(self.world.hardware.take_note())

    def see_slips(self) -> None:
        """See ``Visited.see_slips``."""
        if self.takes_cash:
            self.observer.slips(slip.lines for slip in tuple(self.world.hardware.receipts.slips))

    # --- staff

    def look(self) -> None:
        """See ``Visited.look``: a service looks by itself."""

    def release(self, staff: str) -> None:
        """See ``Visited.release``."""
        self._ask(staff_command("release", staff))

    def settle(self, device: str) -> None:
        """See ``Visited.settle``."""
        self._ask(staff_command("settle", STAFF, device))

    def pay_claims(self, staff: str) -> None:
        """See ``Visited.pay_claims``."""
        if not self.takes_cash:
            return
        for claim in self.books().claims:
            reply = self._ask(staff_command("pay-claim", staff, claim=claim.number))
            if not reply:
                self.observer.staff("paid a claim", claim.amount_yen)

    def _ask(self, command: StaffCommand) -> str:
        return ask(self.world.state_dir, command).code

    # --- looking in

    def emptiness(self) -> Emptiness:
        """What is left of anybody in the devices now."""
        notes, model = self.world.hardware.notes, self.world.printer.model
        return Emptiness(
            sheets=len(self.deliveries),
            jobs=len(model.jobs(ended=False)) + len(model.jobs(ended=True)),
            card=self.world.slot.card is not None,
            escrow_yen=(notes.path_yen or 0) + (notes.mouth_yen or 0) if "notes" in self.fitting.serial else 0,
            names_on_screen=self.observer.named_in(self.glass.glass.words),
        )

    def books(self) -> LedgerState:
        """The ledger as it stands."""
        return read_snapshot(self.world.state_dir / LEDGER_FILE).state

    def read_books(self) -> list[JournalEntry]:
        """After the service's end: its books go into the history; what its journal holds."""
        with Journal(self.world.state_dir / JOURNAL_FILE, SystemClock(), self.fitting.terminal_id) as journal:
            written = [recorded.entry for recorded in journal.entries()]
        if self.takes_cash:
            state = self.books()
            owed_yen = sum(claim.amount_yen for claim in state.claims)
            totals = state.totals
            self.observer.books(totals.kept_yen, owed_yen, totals.overpaid_yen, unknown_coins=state.unknown_coins)
            return written
        owed_yen = sum(entry.amount_yen for entry in written if isinstance(entry, entries.RefundOwed))
        settled_yen = sum(entry.amount_yen for entry in written if isinstance(entry, entries.ClaimSettled))
        self.observer.books(self._payment.till.kept_yen, owed_yen - settled_yen)
        return written

    # --- time

    def _spawn(self, task: Callable[[], None]) -> None:
        self._scheduler.spawn(task)

    def _wait(self, for_real_s: float) -> None:
        self._scheduler.wait(for_real_s * self._speed)
