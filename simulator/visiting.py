"""What people do at one terminal from coming to going, on whatever terminal: under virtual time or on a real service.

A terminal gives the primitives (a card laid down, a session served); who comes, steps up, walks away and leaves is here once.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from simulator.left_behind import Glass
from simulator.observer import Observer
from simulator.people.acting import Actor
from simulator.people.script import Answer, Answers, Digits, Pause, Rules, ScriptedScreen
from simulator.people.visitor import ForgetsCard, GoesOn, TakesWhatLiesThere, Visitor
from terminal.devices.screen.api import DigitsEntered, PersonInput, View
from terminal.fsm.states import State

LOOK_EVERY_S: Final = 10.0
"""How often the terminal itself looks at its devices while it is out of service."""


@dataclass(slots=True)
class VisitorScreen(ScriptedScreen):
    """A screen with a visitor in front, who looks before they press: what came up meanwhile is not what they meant."""

    observer: Observer | None = None
    looked_up: Callable[[], None] = lambda: None
    glass: Glass = field(default_factory=Glass)

    def show(self, view: View) -> None:
        """See ``Screen.show``."""
        if self.observer is not None and (not self.screens or self.screens[-1] != view.screen):
            self.observer.shown(view)
            self.looked_up()
        self.glass.view = view
        ScriptedScreen.show(self, view)

    def clear(self) -> None:
        """See ``Resettable.clear``."""
        self.glass.view = None
        ScriptedScreen.clear(self)

    def hand_over(self, rules: Rules) -> None:
        """Somebody else stands here now, and acts on what is on the screen."""
        self.rules = rules
        self._shown.clear()
        if self.views:
            self._answer(self.views[-1].screen, self.views[-1])

    def _press_all(self, answers: Answers, view: View) -> None:
        screen, rules = self.screens[-1], self.rules
        for place, answer in enumerate(answers):
            if self.screens[-1] != screen or self.rules is not rules:
                return
            if isinstance(answer, Pause):
                self.spawn(partial(self._press_if_still, screen, answer.for_s, answers[place + 1 :], rules))
                return
            self._press(answer, view)

    def _press_if_still(self, screen: str, pause_s: float, answers: Answers, rules: Rules) -> None:
        self.wait(pause_s)
        if self.screens[-1] == screen and self.rules is rules:
            self._press_all(answers, self.views[-1])

    def _give(self, pressed: PersonInput) -> None:
        if self.observer is not None and self.views:
            self.observer.on_pressed(self.views[-1], pressed)
        if isinstance(pressed, DigitsEntered) and self._listener is not None:
            self.glass.given_out.append(pressed.digits)
        ScriptedScreen._give(self, pressed)

    def _press(self, answer: Answer, view: View) -> None:
        if isinstance(answer, Digits) and self.observer is not None:
            self.observer.pin_typed()
        ScriptedScreen._press(self, answer, view)


class Visited(ABC):
    """A terminal with somebody in front; implements ``acting.Hands`` for them, and what staff do for ``shop.Shop``."""

    observer: Observer
    screen: VisitorScreen | None
    visitor: Visitor | None
    on_walked_away: Callable[[], None]
    look_every_s: float = LOOK_EVERY_S
    took_sheets: bool = False
    """Whoever stands there took what lay in the tray; ``take_sheets`` says so."""

    @property
    @abstractmethod
    def takes_cash(self) -> bool:
        """Whether people put coins or notes in here."""

    @property
    def open_to_visitors(self) -> bool:
        """Whether it takes customers."""
        return self.situation() is State.IDLE

    @abstractmethod
    def situation(self) -> State:
        """What is the case now, between customers."""

    @abstractmethod
    def serve(self, rules: Rules) -> object:
        """Let whoever acts by ``rules`` be served until the session is over."""

    # --- what people do: ``acting.Hands``

    @abstractmethod
    def lay_card(self, profile: str) -> None:
        """See ``Hands.lay_card``; a card that lies there is taken off first."""

    @abstractmethod
    def lift_card(self) -> None:
        """See ``Hands.lift_card``."""

    @abstractmethod
    def take_sheets(self, *, by_staff: bool = False) -> None:
        """See ``Hands.take_sheets``."""

    @abstractmethod
    def pay(self, amount_yen: int) -> None:
        """See ``Hands.pay``: a coin that falls through lies in the tray, a note that is not drawn in stays in the hand."""

    @abstractmethod
    def take_money(self) -> None:
        """Take what lies in the coin tray and in the validator's mouth."""

    @abstractmethod
    def take_note(self) -> None:
        """Whoever stands there takes a note that sticks out of the mouth, at the next screen; nobody leaves one hanging."""

    @abstractmethod
    def see_slips(self) -> None:
        """Have the observer look at the slips."""

    # --- what staff do

    @abstractmethod
    def look(self) -> None:
        """Have the terminal look at its devices, where it does not do so by itself."""

    @abstractmethod
    def release(self, staff: str) -> None:
        """A person of the staff releases a finding."""

    @abstractmethod
    def settle(self, device: str) -> None:
        """Staff have looked: the tray is empty, or the money is accounted for."""

    @abstractmethod
    def pay_claims(self, staff: str) -> None:
        """Staff pay what is owed on claims."""

    # --- a visit

    def visit(self, number: int, visitor: Visitor, waited_s: float = 0.0) -> None:
        """Let ``visitor`` come, be served and go; somebody who stepped up meanwhile may stand there afterwards."""
        self.observer.came(number, visitor.resident, waited_s)
        self.visitor = visitor
        if visitor.habit(TakesWhatLiesThere):
            self.take_sheets()
        sheets_before = self.observer.deliveries
        self.serve(self.rules_of(visitor))
        self._leave(sheets_before, stays=self.visitor is not visitor)

    def step_up(self, number: int, visitor: Visitor, *, goes_on: bool) -> None:
        """Somebody comes to a session that another left open: lays the own card down and, if ``goes_on``, presses on."""
        self.observer.came(number, visitor.resident)
        self.visitor, self.took_sheets = visitor, False
        if all(habit.lays_card for habit in visitor.habits if isinstance(habit, GoesOn)):
            self.lay_card(visitor.card_profile)
        if goes_on and self.screen is not None:
            self.screen.hand_over(self.rules_of(visitor))

    def visit_again(self, visitor: Visitor) -> None:
        """Whoever stands there already is served from the beginning."""
        sheets_before = self.observer.deliveries
        self.serve(self.rules_of(visitor))
        self._leave(sheets_before)

    def rules_of(self, visitor: Visitor) -> Rules:
        """What ``visitor`` does here, screen by screen."""
        return Actor(visitor, self, self.observer.names, self.walk_away, cash=self.takes_cash).rules()

    def walk_away(self) -> None:
        """Whoever stands there goes, with the session open."""
        if self.screen is not None:
            self.screen.rules = {}
        self.visitor = None
        self.observer.left("walked away")
        self.on_walked_away()

    def _leave(self, sheets_before: int, *, stays: bool = False) -> None:
        """The visit is over: take what is one's own, and go, unless somebody ``stays`` who wants a session of their own."""
        visitor = self.visitor
        if self.observer.person == 0 or visitor is None:
            return
        if not visitor.habit(ForgetsCard):
            self.lift_card()
        self.take_money()
        self.see_slips()
        served = self.took_sheets if stays else self.observer.deliveries > sheets_before
        if served or not stays:
            self.observer.left("served" if served else "sent away")
            self.visitor = None
