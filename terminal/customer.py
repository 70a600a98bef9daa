"""One customer: joins the machine to the devices, in one loop, and ends with its customer however that comes about.

In a store it runs in a process of its own (``serve``); in a simulation the same class runs inline under virtual time. Effects go
to commands, completions come back as events of the same generation. Design sections 4 and 5.
"""

from dataclasses import dataclass
from typing import TypeAlias

from terminal import reports
from terminal.accessories import Accessories, PollDue
from terminal.clock import Clock
from terminal.devices.card_reader.api import CardInserted, CardReaderEvent, CardRemoved, ReaderFound, ReaderLost
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.screen.api import (
    BackPressed,
    CancelPressed,
    ChoicePressed,
    DigitsEntered,
    OkPressed,
    PersonInput,
)
from terminal.dispatch import Dispatcher
from terminal.fittings import Fittings, Settings
from terminal.fsm import effects, events
from terminal.fsm.machine import Machine
from terminal.fsm.screens import show
from terminal.fsm.states import State
from terminal.fsm.values import Fault
from terminal.keypad import KeysTyped
from terminal.loop import Loop
from terminal.noting import CustomerNotes
from terminal.person import Person
from terminal.presenting.present import Presenter


@dataclass(frozen=True, slots=True)
class CheckDue:
    """Time to ask the devices whether they could still serve somebody; not an event of the machine."""


Happening: TypeAlias = events.Event | PersonInput | CheckDue | PollDue | KeysTyped
Inbox: TypeAlias = Loop[Happening]
_CHECK = "readiness"
_POLL = "serial devices"
_LAST_WORDS = "last reports"
_LAST_WORDS_S = 8.0
"""How long the end waits for reports to the centre and slips that are under way: less than the machine's own bound of Ending."""


class Customer:
    """Serves one customer; ``run`` returns when the machine has ended the session."""

    def __init__(
        self,
        machine: Machine,
        fittings: Fittings,
        settings: Settings,
        loop: Inbox,
        reporter: reports.Reporter,
        clock: Clock,
    ) -> None:
        self._machine = machine
        self._fittings = fittings
        self._settings = settings
        self._loop = loop
        self._clock = clock
        self._person = Person()
        self._notes = CustomerNotes(reporter, self._person)
        self._presenter = Presenter(
            settings.simulated,
            takes=settings.takes,
            slips=fittings.slips is not None,
            pin_pad=fittings.pin_pad is not None,
        )
        self._commands = Dispatcher(
            fittings, settings, self._person, self._notes, loop, clock, on_told=lambda: loop.post(CheckDue())
        )
        self._accessories = Accessories(fittings, loop, lambda: machine.levels.faults)
        self._present = False
        self._end: effects.EndCustomer | None = None
        self._end_by_s = 0.0
        self._ended = False

    def run(self) -> None:
        """Wait for a card, serve its holder, return when the session is over."""
        self._fittings.screen.listen(self._loop.post)
        self._fittings.card_reader.watch(self._take_presence)
        welcome = show(State.IDLE, self._machine.levels, None) or effects.Show(effects.Screen.WELCOME)
        self._show(welcome)
        self._loop.set_timer(_CHECK, self._settings.check_every_s, CheckDue())
        if self._fittings.watched:
            self._loop.set_timer(_POLL, self._settings.poll_every_s, PollDue())
        while not self._ended:
            self._take(self._loop.next())
            self._end_when_all_is_told()
        for timer in (_CHECK, _POLL, _LAST_WORDS):
            self._loop.stop_timer(timer)

    def _take(self, event: Happening) -> None:
        match event:
            case CheckDue():
                self._check_while_idle()
                return
            case PollDue():
                self._poll_while_idle()
                return
            case KeysTyped():
                self._fittings.screen.show(self._presenter.keys_typed(event.count))
                return
            case ChoicePressed() | DigitsEntered() | OkPressed() | BackPressed() | CancelPressed():
                self._take_input(event)
                return
            case events.FaultRaised() | events.FaultCleared():
                self._notes.level(event)
            case _:
                pass
        self._decide(event)

    def _decide(self, event: events.Event) -> None:
        for effect in self._machine.handle(event):
            self._perform(effect)

    def _check_while_idle(self) -> None:
        if self._machine.state is State.IDLE:
            self._notes.waiting()
            printer = self._fittings.printer
            self._loop.start("printer", lambda: self._accessories.compare(printer.readiness()))
            self._loop.set_timer(_CHECK, self._settings.check_every_s, CheckDue())

    def _poll_while_idle(self) -> None:
        if self._machine.state is State.IDLE:
            self._accessories.poll()
            self._loop.set_timer(_POLL, self._settings.poll_every_s, PollDue())

    # --- what comes in

    def _take_presence(self, event: CardReaderEvent) -> None:
        match event:
            case CardInserted():
                self._loop.post(events.CardSwapped() if self._present else events.CardInserted())
                self._present = True
            case CardRemoved():
                self._present = False
                self._loop.post(events.CardRemoved())
            case ReaderLost():
                self._loop.post(
                    events.FaultRaised(Fault("card_reader", event.code.value, "check the card reader's cable"))
                )
            case ReaderFound():
                for fault in self._machine.levels.faults:
                    if fault.device == "card_reader":
                        self._loop.post(events.FaultCleared(fault.device, fault.code))

    def _take_input(self, pressed: PersonInput) -> None:
        meaning = self._presenter.interpret(pressed)
        if meaning.digits is not None:
            self._person.pin.wipe()
            try:
                self._person.pin = PinBuffer.take(meaning.digits)
            except ValueError:
                return
        if meaning.changed:
            self._fittings.screen.show(self._presenter.view_again())
        if meaning.event is not None:
            self._decide(meaning.event)

    # --- what is to be done

    def _perform(self, effect: effects.Effect) -> None:
        match effect:
            case effects.Show():
                self._show(effect)
            case effects.StartTimer() | effects.StopTimer():
                self._time(effect)
            case effects.Note():
                self._notes.write(effect.entry)
            case effects.NoteLateCompletion():
                self._notes.late(effect)
            case effects.RaiseFault():
                self._notes.fault(effect.fault, standing=True)
            case effects.WatchCard() | effects.ResetTerminal():
                # The reader is watched from the start; the reset is the supervisor's.
                pass
            case effects.EndCustomer():
                self._end = effect
                self._end_by_s = self._clock.now_s() + _LAST_WORDS_S
                self._loop.set_timer(_LAST_WORDS, _LAST_WORDS_S, CheckDue())
            case _:
                self._commands.give(effect)

    def _end_when_all_is_told(self) -> None:
        """This process is killed once it has reported the end: what the centre is being told would be cut off."""
        if self._end is None:
            return
        if self._commands.telling == 0 or self._clock.now_s() >= self._end_by_s:
            self._notes.end(self._end)
            self._ended = True

    def _show(self, effect: effects.Show) -> None:
        if self._person.session is not None and not self._presenter.names:
            self._presenter.names = tuple(member.name for member in self._person.session.members)
        self._fittings.screen.show(self._presenter.view_of(effect))
        self._accessories.follow(effect.screen)
        if effect.owed_yen or effect.refunded_yen:
            # A slip is promised here: one that cannot be printed is a level by the time it is read.
            self._accessories.poll("receipt_printer")

    def _time(self, effect: effects.StartTimer | effects.StopTimer) -> None:
        name, warning = f"{effect.timer}", f"{effect.timer} warning"
        if isinstance(effect, effects.StopTimer):
            self._loop.stop_timer(name)
            self._loop.stop_timer(warning)
            return
        self._loop.set_timer(name, effect.expire_after_s, events.TimedOut(effect.timer))
        if effect.warn_after_s is not None:
            self._loop.set_timer(warning, effect.warn_after_s, events.TimeoutWarned(effect.timer))
