"""One shop: people who come to its terminal one after another, and staff who look after it when it has stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
    _stepped_up: Arrival | None = None
    _serving: bool = False
    _stopped_since_s: float | None = field(default=None)

    def open(self) -> None:
        """People come from now on."""
        self.scheduler.spawn(self._day)

    def _day(self) -> None:
        for place, arrival in enumerate(self.arrivals):
            if arrival is self._stepped_up:
                continue
            self._await(arrival.at_s)
            later = self.arrivals[place + 1] if place + 1 < len(self.arrivals) else None
            self._come(arrival, later)
        self.done = True

    def _await(self, at_s: float) -> None:
        left_s = self.began_s + at_s - self.scheduler.clock.now_s()
        if left_s > 0:
            self.scheduler.wait(left_s)

    def _come(self, arrival: Arrival, later: Arrival | None) -> None:
        number, terminal, visitor = self.numbers(), self.terminal, arrival.visitor
        open_now = self.until_open(visitor.patience_s)
        waited_s = self.scheduler.clock.now_s() - self.began_s - arrival.at_s
        if not open_now:
            terminal.observer.came(number, visitor.resident, waited_s)
            terminal.observer.left("tired of waiting")
            return
        terminal.on_walked_away = lambda: self._expect(later)
        self._serving = True
        terminal.visit(number, visitor, waited_s)
        self._serving = False
        if later is not None and self._stepped_up is later and self.until_open(later.visitor.patience_s):
            terminal.visit_again(later.visitor)
        terminal.observer.left("sent away")

    # --- a session that was left open

    def _expect(self, later: Arrival | None) -> None:
        """Nobody stands there, and the session is open: whoever comes next finds it so."""
        if later is not None:
            self.scheduler.spawn(lambda: self._step_up(later))

    def _step_up(self, later: Arrival) -> None:
        self._await(later.at_s)
        self.scheduler.wait(STEP_UP_S)
        if not self._serving or self.terminal.observer.person != 0:
            return
        self._stepped_up = later
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
