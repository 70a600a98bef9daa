"""One customer: joins the machine to the devices, in one loop, and ends with its customer however that comes about.

In a store it runs in a process of its own (``serve``); in a simulation the same class runs inline under virtual time. Effects go
to commands, completions come back as events of the same generation. Design sections 4 and 5.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from terminal import reports
from terminal.clock import Clock
from terminal.commands.card import CardCommands
from terminal.commands.centre import CentreCommands, WholeCentre
from terminal.commands.findings import FindingSealer
from terminal.commands.money import collect, refund
from terminal.commands.printing import print_document
from terminal.commands.sheets import Gates, SheetCommands
from terminal.devices.api import Resettable, faults_of
from terminal.devices.card_reader.api import (
    CardError,
    CardInserted,
    CardReader,
    CardReaderEvent,
    CardRemoved,
    ReaderFound,
    ReaderLost,
)
from terminal.devices.card_reader.certificate import TrustedCas
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.payment.api import Payment
from terminal.devices.printer.api import PrintDocument, Printer
from terminal.devices.screen.api import PersonInput, Screen
from terminal.fsm import effects, events
from terminal.fsm.machine import Machine
from terminal.fsm.states import State
from terminal.fsm.values import Fault
from terminal.journal import entries
from terminal.loop import Loop
from terminal.noting import CustomerNotes
from terminal.person import Person
from terminal.presenting.present import Presenter


@dataclass(frozen=True, slots=True)
class Fittings:
    """The open devices and the centre, in the process that uses them."""

    card_reader: CardReader
    printer: Printer
    payment: Payment
    screen: Screen
    centre: WholeCentre


@dataclass(frozen=True, slots=True)
class Settings:
    """What one customer's process is configured with; nothing here belongs to a person."""

    terminal_id: str
    card_trust: TrustedCas
    gates: Gates
    sealer: FindingSealer
    simulated: bool
    check_every_s: float = 10.0


@dataclass(frozen=True, slots=True)
class CheckDue:
    """Time to ask the devices whether they could still serve somebody; not an event of the machine."""


Inbox: TypeAlias = Loop[events.Event | CheckDue]
_CHECK = "readiness"


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
        self._presenter = Presenter(settings.simulated)
        self._cards = CardCommands(fittings.card_reader, settings.card_trust, clock, self._person)
        self._centre = CentreCommands(fittings.centre, settings.terminal_id, self._person)
        self._sheets = SheetCommands(
            settings.gates, self._person, self._centre, settings.terminal_id, clock, self._notes
        )
        self._cancelled: set[str] = set()
        self._present = False
        self._ended = False

    def run(self) -> None:
        """Wait for a card, serve its holder, return when the session is over."""
        self._fittings.screen.listen(self._take_input)
        self._fittings.card_reader.watch(self._take_presence)
        self._fittings.screen.show(self._presenter.view_of(effects.Show(effects.Screen.WELCOME)))
        self._loop.set_timer(_CHECK, self._settings.check_every_s, CheckDue())
        while not self._ended:
            self._take(self._loop.next())
        self._loop.stop_timer(_CHECK)

    def _take(self, event: events.Event | CheckDue) -> None:
        if isinstance(event, CheckDue):
            if self._machine.state is State.IDLE:
                self._loop.start("printer", lambda: self._check(self._fittings.printer))
                self._loop.set_timer(_CHECK, self._settings.check_every_s, CheckDue())
            return
        if isinstance(event, events.FaultRaised | events.FaultCleared):
            self._notes.level(event)
        for effect in self._machine.handle(event):
            self._perform(effect)

    def _check(self, device: Resettable) -> None:
        """An idle terminal notices an empty paper tray before the next customer has paid."""
        readiness = device.readiness()
        found = {fault.code: fault for fault in faults_of(readiness)}
        up = {fault.code for fault in self._machine.levels.faults if fault.device == readiness.device}
        for code in sorted(up - found.keys()):
            self._loop.post(events.FaultCleared(readiness.device, code))
        for code in sorted(found.keys() - up):
            fault = found[code]
            self._loop.post(events.FaultRaised(Fault(fault.device, code, fault.action, fault.blocks_service)))

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
            self._loop.post(meaning.event)

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
                self._notes.fault(effect.fault)
            case effects.WatchCard() | effects.ResetTerminal():
                # The reader is watched from the start; the reset is the supervisor's.
                pass
            case effects.EndCustomer():
                self._notes.end(effect)
                self._ended = True
            case _:
                self._command(effect)

    def _command(self, effect: "_Command") -> None:
        match effect:
            case (
                effects.ReadCard()
                | effects.VerifyPin()
                | effects.ReadSubject()
                | effects.OpenSession()
                | effects.ReleaseCard()
                | effects.ForgetPin()
            ):
                self._command_card(effect)
            case effects.CollectFee() | effects.CancelCollect() | effects.Refund():
                self._command_payment(effect)
            case (
                effects.RequestIssuance()
                | effects.CancelIssuance()
                | effects.ReportDelivery()
                | effects.VerifyBundle()
                | effects.SealFinding()
            ):
                self._command_centre(effect)
            case effects.StartPrint() | effects.CancelPrint():
                self._command_printer(effect)
            case _:
                assert_never(effect)

    def _show(self, effect: effects.Show) -> None:
        if self._person.session is not None and not self._presenter.names:
            self._presenter.names = tuple(member.name for member in self._person.session.members)
        self._fittings.screen.show(self._presenter.view_of(effect))

    def _time(self, effect: effects.StartTimer | effects.StopTimer) -> None:
        name, warning = f"{effect.timer}", f"{effect.timer} warning"
        if isinstance(effect, effects.StopTimer):
            self._loop.stop_timer(name)
            self._loop.stop_timer(warning)
            return
        self._loop.set_timer(name, effect.expire_after_s, events.TimedOut(effect.timer))
        if effect.warn_after_s is not None:
            self._loop.set_timer(warning, effect.warn_after_s, events.TimeoutWarned(effect.timer))

    def _command_card(self, effect: "_CardCommand") -> None:
        def start(job: Callable[[], events.Event | None]) -> None:
            self._loop.start("card_reader", job)

        match effect:
            case effects.ReadCard():
                start(lambda: self._read_card(effect.generation))
            case effects.VerifyPin():
                start(lambda: self._cards.verify_pin(effect.generation))
            case effects.ReadSubject():
                start(lambda: self._cards.read_subject(effect.generation, same_digits=effect.same_digits))
            case effects.OpenSession():
                start(lambda: self._open_session(effect.generation))
            case effects.ReleaseCard():
                start(self._cards.release)
            case effects.ForgetPin():
                self._person.pin.wipe()
            case _:
                assert_never(effect)

    def _read_card(self, generation: int) -> events.Event:
        event = self._cards.read(generation)
        if self._person.certificate is not None:
            self._notes.card_accepted(self._person.certificate)
        return event

    def _open_session(self, generation: int) -> events.Event:
        try:
            event = self._centre.open_session(generation, self._cards.sign)
        except CardError as error:
            return events.CardFailed(generation, error.code)
        if self._person.session is not None:
            self._notes.session_opened(self._person.session.municipality_code)
        return event

    def _command_payment(self, effect: "_PaymentCommand") -> None:
        payment, generation = self._fittings.payment, effect.generation
        match effect:
            case effects.CollectFee():
                self._notes.entry(entries.FeeRequested, amount_yen=effect.fee_yen)
                cancelled = self._is_cancelled(f"collect {generation}")
                self._loop.start("payment", lambda: self._collect(generation, effect.fee_yen, cancelled))
            case effects.CancelCollect():
                self._cancelled.add(f"collect {generation}")
            case effects.Refund():
                self._notes.entry(entries.RefundRequested, amount_yen=effect.amount_yen)
                self._loop.start("payment", lambda: refund(payment, generation, effect.amount_yen))
            case _:
                assert_never(effect)

    def _collect(self, generation: int, fee_yen: int, cancelled: Callable[[], bool]) -> events.Event:
        event = collect(self._fittings.payment, generation, fee_yen, cancelled)
        self._notes.collect_ended(event)
        return event

    def _command_centre(self, effect: "_CentreCommand") -> None:
        match effect:
            case effects.RequestIssuance():
                self._notes.issuance_requested(self._centre.prepare_issuance(effect))
                self._loop.start("centre", lambda: self._centre.issue(effect.generation))
            case effects.CancelIssuance():
                # On a line of its own: the request that is to be cancelled may still hold the first one.
                self._loop.start("centre_cancel", lambda: self._centre.cancel(effect.generation))
            case effects.ReportDelivery():
                self._loop.start("centre_report", lambda: self._centre.report_delivery(effect))
            case effects.VerifyBundle():
                self._loop.start("gates", lambda: self._sheets.verify(effect.generation))
            case effects.SealFinding():
                self._seal(effect)
            case _:
                assert_never(effect)

    def _seal(self, effect: effects.SealFinding) -> None:
        """At once and here: the finding must be on record before anything else happens."""
        finding = self._settings.sealer.seal(effect.code, self._person, self._sheets.evidence, self._clock.wall())
        self._notes.finding(finding.finding_id, effect.code)
        self._loop.start("centre_report", lambda: self._report_finding(finding.finding_id, finding.sealed))

    def _report_finding(self, finding_id: str, sealed: str) -> None:
        self._centre.report_finding(finding_id, sealed)

    def _command_printer(self, effect: effects.StartPrint | effects.CancelPrint) -> None:
        generation = effect.generation
        if isinstance(effect, effects.CancelPrint):
            self._cancelled.add(f"print {generation}")
            return
        document = self._person.document
        if document is None or document.impressions != effect.impressions:
            raise RuntimeError("the machine started to print what has not passed the gates")
        self._loop.start("printer", lambda: self._print(generation, document))

    def _print(self, generation: int, document: PrintDocument) -> events.Event:
        started = False

        def before_first_byte() -> None:
            nonlocal started
            started = True
            self._notes.entry(entries.PrintStarted, impressions=document.impressions)

        event = print_document(
            self._fittings.printer,
            document,
            generation,
            before_first_byte=before_first_byte,
            post=self._loop.post,
            cancelled=self._is_cancelled(f"print {generation}"),
        )
        if started:
            self._notes.print_ended(event, document.impressions)
        return event

    def _is_cancelled(self, command: str) -> Callable[[], bool]:
        return lambda: command in self._cancelled


_CardCommand = (
    effects.ReadCard
    | effects.VerifyPin
    | effects.ReadSubject
    | effects.OpenSession
    | effects.ReleaseCard
    | effects.ForgetPin
)
_PaymentCommand = effects.CollectFee | effects.CancelCollect | effects.Refund
_CentreCommand = (
    effects.RequestIssuance
    | effects.CancelIssuance
    | effects.ReportDelivery
    | effects.VerifyBundle
    | effects.SealFinding
)
_Command = _CardCommand | _PaymentCommand | _CentreCommand | effects.StartPrint | effects.CancelPrint
