"""A terminal in process that is watched from outside, with the hands of whoever stands in front of it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from simulator.centre.assembly import AssembledCentre
from simulator.devices.payment.unhurried import UnhurriedPayment
from simulator.devices.printer.tray import Delivery, MemoryTray
from simulator.home import Home
from simulator.left_behind import Glass, remnants
from simulator.observer import Observer, PaperReader
from simulator.people.script import Rules, ScriptedScreen
from simulator.people.visitor import Visitor
from simulator.seen import Emptiness
from simulator.terminal_inline import InlineConfig, InlineTerminal
from simulator.visiting import Visited, VisitorScreen
from simulator.world import World
from terminal.devices.payment.api import PaidOut, PayOutCompletion, Purpose
from terminal.devices.screen.api import DigitsEntered, Screen
from terminal.fsm import events
from terminal.fsm.states import State
from terminal.journal import entries
from terminal.journal.entries import JournalEntry

_SITUATIONS: Final = {
    State.IDLE: "ready",
    State.OUT_OF_SERVICE: "out of service",
    State.STOPPED_FOR_FINDING: "stopped for a finding",
}
COINS_YEN: Final = frozenset({10, 50, 100, 500})


class WatchedTray(MemoryTray):
    """Tells the observer of what comes out."""

    def __init__(self, observer: Observer) -> None:
        super().__init__()
        self._observer = observer

    def deliver(self, delivery: Delivery) -> None:
        """See ``Tray.deliver``."""
        super().deliver(delivery)
        self._observer.sheets(delivery)


class WatchedPayment(UnhurriedPayment):
    """The device that takes the exact fee, watched."""

    def __init__(self, path: Path, wait: Callable[[float], None], observer: Observer) -> None:
        super().__init__(path, wait)
        self._observer = observer

    def take(self, amount_yen: int) -> None:
        """See ``SimulatedPayment.take``."""
        super().take(amount_yen)
        if amount_yen > 0:
            self._observer.money_in(amount_yen)

    def pay_out(self, amount_yen: int, purpose: Purpose) -> PayOutCompletion:
        """See ``Payment.pay_out``."""
        outcome = super().pay_out(amount_yen, purpose)
        if isinstance(outcome, PaidOut):
            self._observer.money_out(outcome.amount_yen)
        return outcome


class SeenTerminal(InlineTerminal, Visited):
    """A terminal under virtual time whose ``observer`` writes its history."""

    def __init__(
        self,
        home: Home,
        folder: Path,
        world: World,
        assembled: AssembledCentre,
        config: InlineConfig,
        *,
        names: Mapping[str, tuple[str, ...]],
        read: PaperReader,
    ) -> None:
        super().__init__(home, folder, world.clock.wall(), config, world=world, assembled=assembled)
        self.observer = Observer(world.history, config.terminal_id, names, read)
        self.tray = WatchedTray(self.observer)
        self.screen: VisitorScreen | None = None
        self.glass = Glass()
        self.visitor: Visitor | None = None
        self.on_walked_away: Callable[[], None] = lambda: None

    @property
    def takes_cash(self) -> bool:
        """See ``Visited.takes_cash``."""
        return self.cash is not None

    # --- what people do: ``acting.Hands``

    def lay_card(self, profile: str) -> None:
        """See ``Hands.lay_card``; a card that lies there is taken off first."""
        self.lift_card()
        card = self.card(profile)
        self.observer.card_laid(profile, card)
        self.reader.insert(card)

    def lift_card(self) -> None:
        """See ``Hands.lift_card``."""
        if self.reader.card is None:
            return
        self.reader.remove()
        self.observer.card_lifted()

    def take_sheets(self, *, by_staff: bool = False) -> None:
        """See ``Hands.take_sheets``."""
        if self.tray.deliveries:
            self.took_sheets = not by_staff
            self.observer.sheets_taken(len(self.tray.deliveries), by_staff=by_staff)
            self.tray.deliveries.clear()

    def pay(self, amount_yen: int) -> None:
        """See ``Hands.pay``: a coin that falls through lies in the tray, a note that is not drawn in stays in the hand."""
        if self.cash is None:
            return
        if amount_yen in COINS_YEN:
            self.cash.coins.insert(amount_yen)
            self.observer.money_in(amount_yen)
            return
        if self.cash.notes.insert(amount_yen):
            self.observer.money_in(amount_yen)

    def take_note(self) -> None:
        """See ``Visited.take_note``."""
        if self.cash is not None and self.observer.person:
            self.observer.money_out(self.cash.notes.take() or 0)

    def take_money(self) -> None:
        """Take what lies in the coin tray and in the validator's mouth."""
        if self.cash is None:
            return
        self.observer.money_out(self.cash.coins.take())
        self.observer.money_out(self.cash.notes.take() or 0)

    def pay_claims(self, staff: str) -> None:
        """See ``Visited.pay_claims``."""
        if self.money is not None:
            for claim in self.money.state.claims:
                self.observer.staff("paid a claim", claim.amount_yen)
                self.money.pay_claim(claim.number, staff)

    def see_slips(self) -> None:
        """See ``Visited.see_slips``."""
        if self.cash is not None:
            self.observer.slips(slip.lines for slip in self.cash.receipts.slips)

    def emptiness(self) -> Emptiness:
        """What is left of anybody in the devices now."""
        notes = self.cash.notes if self.cash is not None else None
        return Emptiness(
            sheets=len(self.tray.deliveries),
            jobs=len(self.printer.jobs(ended=False)) + len(self.printer.jobs(ended=True)),
            card=self.reader.card is not None,
            escrow_yen=((notes.path_yen or 0) + (notes.mouth_yen or 0)) if notes is not None else 0,
            pin_digits=self.glass.digits_left(),
            names_on_screen=self.observer.named_in(self.glass.words),
            remnants=remnants(self.folder, self.glass, self.loop.left, self.cash.receipts if self.cash else None),
        )

    def read_books(self, written: Sequence[JournalEntry]) -> None:
        """Look into the terminal's own books: its ledger or, without one, what its journal has ``written``."""
        if self.money is not None:
            state = self.money.state
            owed_yen = sum(claim.amount_yen for claim in state.claims)
            self.observer.books(
                state.totals.kept_yen, owed_yen, state.totals.overpaid_yen, unknown_coins=state.unknown_coins
            )
            return
        owed_yen = sum(entry.amount_yen for entry in written if isinstance(entry, entries.RefundOwed))
        settled_yen = sum(entry.amount_yen for entry in written if isinstance(entry, entries.ClaimSettled))
        self.observer.books(self.payment.till.kept_yen, owed_yen - settled_yen)

    # --- being watched

    def _make_screen(self, rules: Rules) -> ScriptedScreen:
        spawn, wait = self.loop.spawn, self.loop.wait
        screen = VisitorScreen(rules, spawn, wait, observer=self.observer, looked_up=self.take_note, glass=self.glass)
        self.screen = screen
        return screen

    def _make_payment(self) -> UnhurriedPayment:
        return WatchedPayment(self.folder / "till.json", self.loop.wait, self.observer)

    def _cut_off(self, screen: ScriptedScreen) -> None:
        self.glass.forget_untaken([event.digits for event in self.loop.waiting if isinstance(event, DigitsEntered)])
        super()._cut_off(screen)

    def _handle(self, event: events.Event, screen: Screen | None = None) -> None:
        before = self.machine.state
        super()._handle(event, screen)
        after = self.machine.state
        if after in _SITUATIONS and (after is not before or isinstance(event, events.CustomerProcessEnded)):
            code = self.machine.levels.out_of_service_code() if after is State.OUT_OF_SERVICE else ""
            self.observer.service(_SITUATIONS[after], code, self.emptiness())
