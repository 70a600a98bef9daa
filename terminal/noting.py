"""What one customer's process has journalled: the machine's notes and the commands' own, under one pseudonym.

Entries of a customer are written by the supervisor; each call here returns when its entry is durable.
"""

from collections.abc import Callable
from typing import assert_never

from printer_templates.records import CertificateKind, Scope
from terminal import reports
from terminal.commands.money import CollectEvent
from terminal.commands.printing import PrintEvent
from terminal.devices.card_reader.certificate import CardCertificate
from terminal.fsm import effects, events, notes
from terminal.fsm.values import EndReason, Fault, MachineCode
from terminal.journal import entries
from terminal.journal.fields import Gate, Pin, PrintOutcome, Verdict
from terminal.person import Person
from terminal.verification.verdict import Different, Failed, GateResult, Passed, Undecided

_DELIVERED_ENDS = frozenset({EndReason.COMPLETED, EndReason.SHEETS_FORGOTTEN})


class CustomerNotes:
    """Translates and reports; ``person`` gives the pseudonyms."""

    def __init__(self, reporter: reports.Reporter, person: Person) -> None:
        self._reporter = reporter
        self._person = person
        self._customer = person.pseudonyms.customer()
        self._ended: notes.CustomerEnded | None = None
        self._closed = False

    @property
    def customer(self) -> str:
        """The pseudonym under which this customer's entries stand."""
        return self._customer

    def entry(self, kind: Callable[..., entries.CustomerEntry], **fields: object) -> None:
        """Journal an entry of this customer; after the customer's end nothing more is said."""
        if not self._closed:
            self._reporter.entry(kind(customer=self._customer, **fields))

    def write(self, note: notes.Entry) -> None:
        """Journal what the machine notes; what the commands journal themselves is not written twice."""
        match note:
            case notes.CustomerStarted():
                self._reporter.report(reports.CustomerBegan(customer=self._customer, generation=note.generation))
            case notes.CustomerEnded():
                self._ended = note
            case notes.PinJudged():
                self._pin(note)
            case notes.ChoiceMade():
                self._choice(note)
            case notes.CentreNotTold(what="cancellation"):
                self.issuance_cancelled(confirmed=False)
            case notes.UnexpectedEventSeen():
                self.fault(Fault("other", note.code, "", blocks_service=False))
            case notes.ChangeGiven() | notes.FeeRefunded() | notes.RefundOwed() | notes.ClaimSettled():
                self._money(note)
            case notes.SlipNotPrinted():
                self.entry(entries.SlipNotPrinted, slip=note.slip, code=note.code)
            case _:
                _written_elsewhere(note)

    def _money(self, note: notes.ChangeGiven | notes.FeeRefunded | notes.RefundOwed | notes.ClaimSettled) -> None:
        match note:
            case notes.ChangeGiven():
                self.entry(entries.ChangePaid, amount_yen=note.amount_yen)
            case notes.FeeRefunded():
                self.entry(entries.RefundPaid, amount_yen=note.amount_yen)
            case notes.ClaimSettled():
                self.entry(entries.ClaimSettled, amount_yen=note.amount_yen)
            case notes.RefundOwed():
                self.entry(entries.RefundOwed, amount_yen=note.amount_yen, code=note.code)
            case _:
                assert_never(note)

    def _choice(self, note: notes.ChoiceMade) -> None:
        self.entry(
            entries.ChoiceMade,
            certificate=CertificateKind(note.kind),
            scope=Scope(note.scope),
            members=note.member_count,
            items=note.item_count,
            copies=note.copies,
            fee_yen=note.fee_yen,
        )

    def end(self, effect: effects.EndCustomer) -> None:
        """Report the customer's one end."""
        ended, self._closed = self._ended, True
        self._reporter.report(
            reports.CustomerEnded(
                reason=effect.reason.value,
                finding=effect.finding,
                delivered=effect.reason in _DELIVERED_ENDS,
                owed_yen=ended.owed_yen if ended else 0,
            )
        )

    def waiting(self) -> None:
        """Say that this process is alive and nobody has come yet."""
        self._reporter.report(reports.Waiting())

    def late(self, effect: effects.NoteLateCompletion) -> None:
        """Report that a late completion touched nothing."""
        self._reporter.report(reports.LateCompletionSeen(event=effect.event, generation=effect.generation))

    def fault(self, fault: Fault, *, standing: bool = False) -> None:
        """Report a fault level that went up; ``standing`` when only staff can take it back."""
        self._reporter.report(
            reports.FaultReported(
                device=fault.device, code=fault.code, blocks_service=fault.blocks_service, standing=standing
            )
        )

    def level(self, event: events.FaultRaised | events.FaultCleared) -> None:
        """Report a fault level that a device watcher saw go up or down."""
        match event:
            case events.FaultRaised():
                self.fault(event.fault)
            case events.FaultCleared():
                report = reports.FaultReported(device=event.device, code=event.code, blocks_service=False, cleared=True)
                self._reporter.report(report)
            case _:
                assert_never(event)

    def finding(self, finding_id: str, code: str) -> None:
        """Report a sealed finding."""
        self._reporter.report(reports.FindingSealed(finding=finding_id, code=code))

    def card_accepted(self, certificate: CardCertificate) -> None:
        """Journal the card's pseudonym."""
        self.entry(
            entries.CardAccepted, card=self._person.pseudonyms.card(certificate.issuer_key_id, certificate.serial)
        )

    def session_opened(self, municipality_code: str) -> None:
        """Journal that the centre opened a session."""
        self.entry(entries.SessionOpened, municipality_code=municipality_code)

    def issuance_requested(self, request_id: str) -> None:
        """Journal the request's pseudonym before the request leaves."""
        self.entry(entries.IssuanceRequested, request=self._person.pseudonyms.request(request_id))

    def issuance_cancelled(self, *, confirmed: bool) -> None:
        """Journal that the whole request was cancelled, and whether the centre said so."""
        request = self._person.pseudonyms.request(self._person.request_id or "")
        self.entry(entries.IssuanceCancelled, request=request, confirmed=confirmed)

    def bundle_refused(self, code: str) -> None:
        """Journal that a bundle could not be opened."""
        self.entry(entries.BundleRefused, code=code)

    def gate(self, result: GateResult) -> None:
        """Journal one gate's verdict."""
        match result:
            case Passed():
                self._gate(result, Verdict.SAME, None)
            case Undecided() | Failed():
                # Unusable material tells of nobody else: in the journal ``different`` means a finding, and nothing less.
                self._gate(result, Verdict.UNDECIDED, result.code.value)
            case Different():
                self._gate(result, Verdict.DIFFERENT, result.code.value)
            case _:
                assert_never(result)

    def _gate(self, result: GateResult, verdict: Verdict, code: str | None) -> None:
        self.entry(entries.GateEnded, gate=Gate(result.gate.value), verdict=verdict, code=code)

    def collect_ended(self, event: CollectEvent) -> None:
        """Journal what is inside, before the machine hears of it: once, whichever way the collection ended."""
        match event:
            case events.PaymentFailed():
                self.entry(entries.FeeNotCollected, code=event.code, kept_yen=event.kept_yen)
            case events.PaymentCanceled():
                self.entry(entries.FeeNotCollected, code="PAYMENT_CANCELED", kept_yen=event.held_yen)
            case events.FeeCollected():
                self.entry(entries.FeeCollected, amount_yen=event.amount_yen)
            case _:
                assert_never(event)

    def print_ended(self, event: PrintEvent, expected_impressions: int) -> None:
        """Journal the print job's one end; fewer sides than ours is no completion (gate D)."""
        match event:
            case events.PrintCompleted():
                whole = event.impressions == expected_impressions
                outcome = PrintOutcome.COMPLETED if whole else PrintOutcome.FAILED
                self._print(outcome, event.impressions, None if whole else MachineCode.IMPRESSIONS_DIFFER.value)
            case events.PrintCanceled():
                self._print(PrintOutcome.CANCELLED, event.impressions, None)
            case events.PrintFailed():
                self._print(PrintOutcome.FAILED, event.impressions, event.code)
            case events.PrintTimedOut():
                self._print(PrintOutcome.TIMED_OUT, event.impressions, event.code)
            case _:
                assert_never(event)

    def _print(self, outcome: PrintOutcome, impressions: int | None, code: str | None) -> None:
        self.entry(entries.PrintEnded, outcome=outcome, impressions=impressions, code=code)

    def _pin(self, note: notes.PinJudged) -> None:
        pin = Pin.TEXT if note.text else Pin.AUTHENTICATION
        if note.outcome == "refused" and note.tries_left is not None:
            self.entry(entries.PinRefused, pin=pin, tries_left=note.tries_left)
        elif note.outcome == "blocked":
            self.entry(entries.PinLocked, pin=pin)


_Elsewhere = (
    notes.FeeTaken
    | notes.BundleSettled
    | notes.CentreNotTold
    | notes.GatesJudged
    | notes.PointOfNoReturnPassed
    | notes.FindingOpened
    | notes.FindingClosed
    | notes.ServiceChanged
)


def _written_elsewhere(note: _Elsewhere) -> None:
    """Written where they happen: by the command, per gate, before the first byte, with the finding's id, by the supervisor."""
