"""One shop: people who come to its terminal one after another, and staff who look after it when it has stopped."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from simulator.people.visitor import GoesOn
from simulator.plan import Arrival, StaffPlan
from simulator.scheduler import Scheduler
from simulator.visiting import Visited
from terminal.fsm.states import State

STAFF: Final = "SPECIMEN-STAFF"
STEP_UP_S: Final = 2.0
"""How long somebody looks at a session that was left open before they step up to it."""


@dataclass(slots=True)
class Shop:
    """``open`` lets the day begin; ``numbers`` gives each visitor of the run a number of their own."""

    terminal: Visited
    arrivals: Sequence[Arrival]
    staff: StaffPlan
    scheduler: Scheduler
    began_s: float
    numbers: Callable[[], int]
    done: bool = False
    _coming: deque[Arrival] = field(default_factory=deque)
    _stepped_up: Arrival | None = None
    _serving: bool = False
    _stopped_since_s: float | None = field(default=None)

    def open(self) -> None:
        """People come from now on."""
        self.scheduler.spawn(self._day)

    def _day(self) -> None:
        self._coming.extend(self.arrivals)
        while self._coming:
            self._await(self._coming[0].at_s)
            self._come(self._coming.popleft())
        self.done = True

    def _await(self, at_s: float) -> None:
        left_s = self.began_s + at_s - self.scheduler.clock.now_s()
        if left_s > 0:
            self.scheduler.wait(left_s)

    def _come(self, arrival: Arrival) -> None:
        number, terminal, visitor = self.numbers(), self.terminal, arrival.visitor
        patience_s = visitor.patience_s - self._late_s(arrival)
        open_now = patience_s >= 0 and self.until_open(patience_s)
        if not open_now:
            terminal.observer.came(number, visitor.resident, self._late_s(arrival))
            terminal.observer.left("tired of waiting")
            return
        terminal.on_walked_away = self._expect
        self._serving = True
        terminal.visit(number, visitor, self._late_s(arrival))
        self._serve_who_stayed()
        self._serving = False
        terminal.observer.left("sent away")

    def _late_s(self, arrival: Arrival) -> float:
        """How long they have waited."""
        return self.scheduler.clock.now_s() - self.began_s - arrival.at_s

    def _serve_who_stayed(self) -> None:
        """Whoever stepped up to another's session, and stands there without having got anything, begins from the beginning."""
        stayed, self._stepped_up = self._stepped_up, None
        if stayed is None or self.terminal.observer.person == 0 or not self.until_open(stayed.visitor.patience_s):
            return
        self.terminal.visit_again(stayed.visitor)

    # --- a session that was left open

    def _expect(self) -> None:
        """Nobody stands there, and the session is open: whoever comes next finds it so."""
        if self._coming:
            self.scheduler.spawn(partial(self._step_up, self._coming[0]))

    def _step_up(self, later: Arrival) -> None:
        self._await(later.at_s)
        self.scheduler.wait(STEP_UP_S)
        if not self._serving or self.terminal.observer.person != 0 or not self._coming or self._coming[0] is not later:
            return
        self._stepped_up = self._coming.popleft()
        self.terminal.step_up(self.numbers(), later.visitor, goes_on=bool(later.visitor.habit(GoesOn)))

    # --- staff

    def until_open(self, patience_s: float) -> bool:
        """Wait for the terminal, which looks at its devices meanwhile, and staff at it; whether it takes customers."""
        until_s = self.scheduler.clock.now_s() + patience_s
        while not self.terminal.open_to_visitors:
            if self.scheduler.clock.now_s() >= until_s:
                return False
            self.scheduler.wait(self.terminal.look_every_s)
            self.look_after()
        self._stopped_since_s = None
        return True

    def look_after(self) -> None:
        """The terminal looks at its devices; staff tidy or release once it has stood long enough."""
        now_s = self.scheduler.clock.now_s()
        if self.terminal.open_to_visitors:
            return
        if self._stopped_since_s is None:
            self._stopped_since_s = now_s
        stood_s = now_s - self._stopped_since_s
        if self.staff.tidy_after_s is not None and stood_s >= self.staff.tidy_after_s:
            self.tidy()
        stopped = self.terminal.situation() is State.STOPPED_FOR_FINDING
        if stopped and self.staff.release_after_s is not None and stood_s >= self.staff.release_after_s:
            self.terminal.observer.staff("released a finding")
            self.terminal.release(STAFF)
        if self.terminal.situation() is State.OUT_OF_SERVICE:
            self.terminal.look()

    def tidy(self) -> None:
        """Staff take out what lies there, give it back at the desk, settle what was on nobody's account, and pay claims."""
        terminal = self.terminal
        terminal.take_sheets(by_staff=True)
        terminal.lift_card()
        terminal.take_money()
        for device in ("tray", "payment"):
            terminal.settle(device)
        terminal.pay_claims(STAFF)
