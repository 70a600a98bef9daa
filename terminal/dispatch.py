"""Gives the machine's commands to the devices and the centre, each on the device's own thread, and posts their completions.

Every command carries its session's generation; its completion brings it back, and the machine drops those of another one.
"""

import secrets
from collections.abc import Callable
from typing import TypeAlias, assert_never

from terminal.centre.messages import DeliveryOutcome
from terminal.clock import Clock
from terminal.commands.card import CardCommands
from terminal.commands.centre import CentreCommands
from terminal.commands.money import Collection, collect, pay_change, refund
from terminal.commands.printing import print_document
from terminal.commands.sheets import SheetCommands
from terminal.commands.slips import print_slip
from terminal.devices.card_reader.api import CardError
from terminal.devices.printer.api import PrintDocument
from terminal.errors import HonninError
from terminal.fittings import Fittings, Settings
from terminal.fsm import effects, events
from terminal.fsm.values import Fault, MachineCode
from terminal.journal import entries
from terminal.loop import Commander
from terminal.noting import CustomerNotes
from terminal.person import Person
from terminal.verification.delivery import check_delivery

CardCommand: TypeAlias = (
    effects.ReadCard
    | effects.VerifyPin
    | effects.ReadSubject
    | effects.OpenSession
    | effects.ReleaseCard
    | effects.ForgetPin
)
PaymentCommand: TypeAlias = (
    effects.CollectFee | effects.CancelCollect | effects.PayChange | effects.KeepFee | effects.Refund
)
CentreCommand: TypeAlias = (
    effects.RequestIssuance
    | effects.CancelIssuance
    | effects.ReportDelivery
    | effects.VerifyBundle
    | effects.SealFinding
)
PrinterCommand: TypeAlias = effects.StartPrint | effects.CancelPrint
Command: TypeAlias = CardCommand | PaymentCommand | CentreCommand | PrinterCommand | effects.PrintSlip


class Dispatcher:
    """The commands of one customer; nothing it starts outlives the process.

    ``on_told`` is called, on any thread, each time a report to the centre or a slip has ended; ``telling`` counts those
    under way.
    """

    def __init__(
        self,
        fittings: Fittings,
        settings: Settings,
        person: Person,
        notes: CustomerNotes,
        loop: Commander[events.Event],
        clock: Clock,
        on_told: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_told = on_told
        self._told: list[bool] = []
        self._to_tell = 0
        self._fittings = fittings
        self._settings = settings
        self._person = person
        self._notes = notes
        self._loop = loop
        self._clock = clock
        self._cards = CardCommands(fittings.card_reader, settings.card_trust, clock, person)
        self._centre = CentreCommands(fittings.centre, settings.terminal_id, person, settings.municipality_limit)
        self._sheets = SheetCommands(settings.gates, person, self._centre, settings.terminal_id, clock, notes)
        self._cancelled: set[str] = set()
        self._collection = 0

    @property
    def telling(self) -> int:
        """How many reports to the centre and slips are under way."""
        return self._to_tell - len(self._told)

    def give(self, effect: Command) -> None:
        """Start what the machine asks for; never waits for a device."""
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
            case (
                effects.CollectFee()
                | effects.CancelCollect()
                | effects.PayChange()
                | effects.KeepFee()
                | effects.Refund()
            ):
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
            case effects.PrintSlip():
                self._command_slips(effect)
            case _:
                assert_never(effect)

    def _command_card(self, effect: CardCommand) -> None:
        def start(job: Callable[[], events.Event | None]) -> None:
            self._loop.start("card_reader", job)

        match effect:
            case effects.ReadCard():
                start(lambda: self._read_card(effect.generation))
            case effects.VerifyPin():
                start(lambda: self._verify_pin(effect.generation))
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

    def _verify_pin(self, generation: int) -> events.Event:
        unread = self._person.certificate is None
        event = self._cards.verify_pin(generation)
        if unread and self._person.certificate is not None:
            # A telephone shows its certificate only after the PIN.
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

    def _command_payment(self, effect: PaymentCommand) -> None:
        payment, generation = self._fittings.payment, effect.generation
        match effect:
            case effects.CollectFee():
                self._notes.entry(entries.FeeRequested, amount_yen=effect.fee_yen)
                # A customer may step back from paying and pay after all: the first cancellation is not the second fee's.
                self._collection += 1
                cancelled = self._is_cancelled(f"collect {self._collection}")
                collection = Collection(generation, self._notes.customer, cancelled, self._loop.post)
                self._loop.start("payment", lambda: self._collect(effect.fee_yen, collection))
            case effects.CancelCollect():
                self._cancelled.add(f"collect {self._collection}")
            case effects.PayChange():
                self._notes.entry(entries.ChangeRequested, amount_yen=effect.amount_yen)
                self._loop.start("payment", lambda: pay_change(payment, generation, effect.amount_yen))
            case effects.KeepFee():
                # At once and here: the sheets are out, so the money must be the shop's before anything else happens.
                payment.keep(effect.amount_yen)
            case effects.Refund():
                self._notes.entry(entries.RefundRequested, amount_yen=effect.amount_yen)
                self._loop.start("payment", lambda: refund(payment, generation, effect.amount_yen))
            case _:
                assert_never(effect)

    def _collect(self, fee_yen: int, collection: Collection) -> events.Event:
        event = collect(self._fittings.payment, fee_yen, collection)
        self._notes.collect_ended(event)
        return event

    def _command_centre(self, effect: CentreCommand) -> None:
        match effect:
            case effects.RequestIssuance():
                self._notes.issuance_requested(self._centre.prepare_issuance(effect))
                self._loop.start("centre", lambda: self._issue(effect.generation))
            case effects.CancelIssuance():
                # On a line of its own: the request that is to be cancelled may still hold the first one.
                self._loop.start("centre_cancel", lambda: self._cancel(effect.generation))
            case effects.ReportDelivery():
                # Whoever steps back and asks anew has another request by the time this is told.
                request_id = self._person.request_id
                self._tell("centre_report", lambda: self._report_delivery(effect, request_id))
            case effects.VerifyBundle():
                self._loop.start("gates", lambda: self._sheets.verify(effect.generation))
            case effects.SealFinding():
                self._seal(effect)
            case _:
                assert_never(effect)

    def _issue(self, generation: int) -> events.Event:
        event = self._centre.issue(generation)
        match event:
            case events.IssuanceRefused() | events.IssuanceFailed():
                self._notes.entry(entries.IssuanceRefused, code=event.code)
            case events.IssuanceTimedOut():
                self._notes.entry(entries.IssuanceRefused, code=MachineCode.ISSUANCE_TIMED_OUT.value)
            case events.BundleReceived():
                pass
            case _:
                assert_never(event)
        return event

    def _cancel(self, generation: int) -> events.Event:
        event = self._centre.cancel(generation)
        if isinstance(event, events.RequestCancelled) and self._person.request_id is not None:
            self._notes.issuance_cancelled(confirmed=True)
        return event

    def _tell(self, lane: str, report: Callable[[], events.Event | None]) -> None:
        """Reports and slips have lines of their own, and the session's end waits for them a while."""
        self._to_tell += 1

        def tell() -> None:
            try:
                event = report()
                if event is not None:
                    # Before the end hears that nothing is left to wait for.
                    self._loop.post(event)
            finally:
                self._told.append(True)
                self._on_told()

        self._loop.start(lane, tell)

    def _report_delivery(self, effect: effects.ReportDelivery, request_id: str | None) -> events.Event:
        event = self._centre.report_delivery(effect, request_id)
        accepted = isinstance(event, events.DeliveryReported)
        outcome = DeliveryOutcome(effect.outcome.value)
        self._notes.entry(entries.DeliveryReported, outcome=outcome, accepted=accepted)
        return event

    def _seal(self, effect: effects.SealFinding) -> None:
        """At once and here: the finding must be on record before anything else happens, sealed or not (promise P6)."""
        try:
            finding = self._settings.sealer.seal(effect.code, self._person, self._sheets.evidence, self._clock.wall())
        except (HonninError, OSError):
            self._notes.finding(secrets.token_hex(16), effect.code)
            self._notes.fault(Fault("other", "SERVICE_FINDING_NOT_SEALED", "", blocks_service=False))
            return
        self._notes.finding(finding.finding_id, effect.code)
        self._tell("centre_report", lambda: self._report_finding(finding.finding_id, finding.sealed))

    def _report_finding(self, finding_id: str, sealed: str) -> None:
        if not self._centre.report_finding(finding_id, sealed):
            # The file stays; whoever releases the terminal must know that the municipality has not heard.
            self._notes.fault(Fault("centre", "SERVICE_FINDING_NOT_REPORTED", "", blocks_service=False))

    def _command_slips(self, effect: effects.PrintSlip) -> None:
        slips = self._fittings.slips
        if slips is not None:
            self._tell("receipt_printer", lambda: print_slip(slips, effect))

    def _command_printer(self, effect: PrinterCommand) -> None:
        generation = effect.generation
        if isinstance(effect, effects.CancelPrint):
            self._cancelled.add(f"print {generation}")
            return
        document = self._person.document
        if document is None or document.impressions != effect.impressions:
            raise RuntimeError("the machine started to print what has not passed the gates")
        self._loop.start("printer", lambda: self._print(generation, document))

    def _print(self, generation: int, document: PrintDocument) -> events.Event:
        if code := self._sheets.grown_old():
            return events.PrintFailed(generation, code, impressions=0)
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
            judge=lambda completion: self._notes.gate(check_delivery(document, completion)),
            post=self._loop.post,
            cancelled=self._is_cancelled(f"print {generation}"),
        )
        if started:
            self._notes.print_ended(event, document.impressions)
        return event

    def _is_cancelled(self, command: str) -> Callable[[], bool]:
        return lambda: command in self._cancelled
