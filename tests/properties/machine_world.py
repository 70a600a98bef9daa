"""The world around the machine, as small as it can be and still do everything: who may answer what, and what must never be.

``possible`` lists every event that can come next; devices answer only what they were asked, in each of their ways, as late as
they like. ``Ledger`` watches the effects and knows nothing of the table.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from terminal.fsm import effects as fx
from terminal.fsm import events as ev
from terminal.fsm import notes
from terminal.fsm.deeds.service import SHEETS_FORGOTTEN
from terminal.fsm.memory import Memory
from terminal.fsm.rows import Verdict, VerdictKind
from terminal.fsm.states import CANCELLABLE_STATES, CUSTOMER_STATES, LEAVING_STATES, State
from terminal.fsm.values import EndReason, Fault, MachineCode, Offer

FEE = 300
PAGES = 2
OFFERS = (
    Offer("residence", None, FEE, ("self", "members"), ("relationship",), 2),
    Offer("seal", "REFUSED_NO_SEAL"),
    Offer("free", None, 0, ("self",), (), 1),
)
ALL_REFUSED = (Offer("seal", "REFUSED_NO_SEAL"),)
PRINTER_FAULT = Fault("printer", "PRINTER_PAPER_OUT", "Put paper in")
TONER_LOW = Fault("printer", "PRINTER_TONER_LOW", "Order toner", blocks_service=False)

COMMANDS: dict[type[Any], str] = {
    fx.ReadCard: "ReadCard",
    fx.VerifyPin: "VerifyPin",
    fx.ReadSubject: "ReadSubject",
    fx.OpenSession: "OpenSession",
    fx.CollectFee: "CollectFee",
    fx.Refund: "Refund",
    fx.RequestIssuance: "RequestIssuance",
    fx.CancelIssuance: "CancelIssuance",
    fx.VerifyBundle: "VerifyBundle",
    fx.StartPrint: "StartPrint",
    fx.ReportDelivery: "ReportDelivery",
    fx.ResetTerminal: "ResetTerminal",
}
DEVICES = {
    "ReadCard": "card",
    "VerifyPin": "card",
    "ReadSubject": "card",
    "OpenSession": "card",
    "CollectFee": "payment",
    "Refund": "payment",
    "StartPrint": "printer",
    "VerifyBundle": "gates",
    "RequestIssuance": "request",
    "CancelIssuance": "cancellation",
    "ReportDelivery": "report",
    "ResetTerminal": "reset",
}


def _card(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (*(ev.CardRead(g, tries) for tries in (0, 1, 3)), ev.CardFailed(g, "CARD_HANGS"))


def _pin(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        ev.PinAccepted(g),
        *(ev.PinRefused(g, tries) for tries in (0, 1, 2)),
        ev.PinBlocked(g),
        *(ev.PinOutcomeUnknown(g, tries) for tries in (None, 0, 1, 2)),
        ev.CardFailed(g, "CARD_HANGS"),
    )


def _subject(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        ev.SubjectRead(g),
        *(ev.TextPinNeeded(g, tries) for tries in (0, 1, 2)),
        *(ev.TextPinRefused(g, tries) for tries in (0, 1, 2)),
        ev.TextPinBlocked(g),
        *(ev.PinOutcomeUnknown(g, tries) for tries in (None, 0, 1, 2)),
        ev.SubjectFailed(g, "CARD_BAD_FILE"),
        ev.CardFailed(g, "CARD_HANGS"),
    )


def _session(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        ev.SessionOpened(g, OFFERS, 2, 0),
        ev.SessionOpened(g, ALL_REFUSED, 1, 0),
        ev.SessionRefused(g, "REFUSED_UNDER_15"),
        ev.SessionFailed(g, "CENTRE_UNREACHABLE"),
        ev.CardFailed(g, "CARD_HANGS"),
    )


def _fee(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        ev.FeeCollected(g, FEE),
        ev.FeeCollected(g, FEE - 100),
        ev.PaymentFailed(g, "PAYMENT_DECLINED"),
        ev.PaymentFailed(g, "PAYMENT_MONEY_HELD", 100),
        ev.PaymentCanceled(g),
    )


def _refund(g: int, asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        ev.RefundDone(g, asked_yen or FEE),
        ev.RefundDone(g, 50),
        ev.RefundFailed(g, "PAYMENT_REFUND_FAILED", asked_yen or FEE),
        ev.RefundFailed(g, "PAYMENT_REFUND_FAILED", 50),
    )


def _bundle(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        ev.BundleReceived(g),
        ev.IssuanceRefused(g, "REFUSED_MAINTENANCE"),
        ev.IssuanceFailed(g, "CENTRE_UNREACHABLE"),
        ev.IssuanceTimedOut(g),
    )


def _cancellation(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (ev.RequestCancelled(g), ev.RequestCancelFailed(g, "CENTRE_UNREACHABLE"))


def _gates(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        ev.GatesPassed(g, PAGES),
        ev.GatesPassed(g, 0),
        ev.GatesUndecided(g, "GATE_NAME_VARIANT"),
        ev.GatesDiffered(g, "GATE_SUBJECT"),
    )


def _job(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        *(ev.PrintCompleted(g, sides) for sides in (0, 1, PAGES, PAGES + 1)),
        *(ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", sides) for sides in (None, 0, 1)),
        *(ev.PrintCanceled(g, sides) for sides in (None, 0, 1)),
        *(ev.PrintTimedOut(g, "PRINTER_JOB_LOST", sides) for sides in (None, 0)),
    )


def _report(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (ev.DeliveryReported(g), ev.DeliveryReportFailed(g, "CENTRE_UNREACHABLE"))


def _reset(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (ev.ResetProved(g), ev.ResetNotProved(g, "PRINTER_JOBS_LEFT"))


ANSWERS: dict[str, Callable[[int, int], tuple[ev.Event, ...]]] = {
    "ReadCard": _card,
    "VerifyPin": _pin,
    "ReadSubject": _subject,
    "OpenSession": _session,
    "CollectFee": _fee,
    "Refund": _refund,
    "RequestIssuance": _bundle,
    "CancelIssuance": _cancellation,
    "VerifyBundle": _gates,
    "StartPrint": _job,
    "ReportDelivery": _report,
    "ResetTerminal": _reset,
}


def answers(command: str, g: int, asked_yen: int) -> tuple[ev.Event, ...]:
    """Every way ``command`` can complete."""
    return ANSWERS[command](g, asked_yen)


KEYS: tuple[ev.Event, ...] = (
    ev.PinEntered(),
    ev.ContinuePressed(),
    ev.BackPressed(),
    ev.CancelPressed(),
    ev.KindChosen(0),
    ev.KindChosen(1),
    ev.KindChosen(2),
    ev.KindChosen(9),
    ev.ScopeChosen("self"),
    ev.ScopeChosen("members"),
    ev.ScopeChosen("everybody"),
    ev.MembersChosen((1,)),
    ev.MembersChosen(()),
    ev.MembersChosen((0, 0)),
    ev.ItemsChosen(()),
    ev.ItemsChosen(("my_number",)),
    ev.CopiesChosen(1),
    ev.CopiesChosen(3),
    ev.ChoiceConfirmed(),
    ev.SheetsTaken(),
    ev.CardInserted(),
    ev.CardRemoved(),
    ev.CardSwapped(),
)
LEVELS: tuple[ev.Event, ...] = (
    ev.BootCompleted(),
    ev.SelfTestFailed("SELF_TEST_FILES"),
    ev.ServiceWithdrawn(),
    ev.ServiceRestored(),
    ev.FaultRaised(PRINTER_FAULT),
    ev.FaultRaised(TONER_LOW),
    ev.FaultCleared("printer", PRINTER_FAULT.code),
    ev.FaultCleared("printer", TONER_LOW.code),
    ev.FaultRaised(SHEETS_FORGOTTEN),
    ev.FindingReopened(),
    ev.FindingReleased(),
    ev.CustomerProcessStarted(),
    ev.CustomerProcessEnded(clean=True),
    ev.CustomerProcessEnded(clean=False, finding=True, owed_yen=100),
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a bystander knows who sees only events and effects; ``after`` raises ``AssertionError`` for a broken promise."""

    pending: frozenset[str] = frozenset()
    open: bool = False
    taken_yen: int = 0
    unknown_yen: int = 0
    passed: bool = False
    bundle: bool = False
    last_try_agreed: bool = False
    last_text_try_agreed: bool = False

    def possible(self, memory: Memory, levels: tuple[ev.Event, ...] = ()) -> tuple[ev.Event, ...]:
        """Every event that can come next."""
        g = memory.levels.generation
        asked_yen = memory.session.held_yen or memory.session.owed_yen if memory.session else 0
        events = [*KEYS, *levels]
        for command in sorted(self.pending):
            events += answers(command, g, asked_yen)
        if "StartPrint" in self.pending:
            events += [ev.PrintStarted(g), ev.PrintProgressed(g, 0, "PRINTER_PAPER_OUT"), ev.PrintProgressed(g, 1)]
        if memory.timer:
            events += [ev.TimeoutWarned(memory.timer), ev.TimedOut(memory.timer)]
        if memory.state is State.ENDING:
            events.append(ev.CustomerProcessEnded(clean=True))
        return tuple(events)

    def after(
        self, before: Memory, event: ev.Event, verdict: Verdict, effects: tuple[fx.Effect, ...], now: Memory
    ) -> "Ledger":
        """The ledger after one event."""
        ledger = self._settle(event)
        if verdict.kind is not VerdictKind.HANDLED:
            assert now == before
            assert all(isinstance(effect, fx.Note | fx.NoteLateCompletion) for effect in effects)
            return ledger
        ledger = ledger._agree(before, event)
        for effect in effects:
            ledger = ledger._see(effect, event, before)
        ledger._check_moves(before, event, now)
        ledger._check_money(now)
        return ledger

    def _settle(self, event: ev.Event) -> "Ledger":
        if not hasattr(event, "generation") or isinstance(event, ev.PrintStarted | ev.PrintProgressed):
            return self
        done = next((one for one in self.pending if any(type(a) is type(event) for a in answers(one, 0, 0))), None)
        return replace(self, pending=self.pending - {done}) if done else self

    def _agree(self, before: Memory, event: ev.Event) -> "Ledger":
        if isinstance(event, ev.ContinuePressed) and before.state is State.CONFIRMING_LAST_TRY:
            return replace(self, last_try_agreed=True)
        if isinstance(event, ev.ContinuePressed) and before.state is State.CONFIRMING_LAST_TEXT_TRY:
            return replace(self, last_text_try_agreed=True)
        return self

    def _see(self, effect: fx.Effect, event: ev.Event, before: Memory) -> "Ledger":
        ledger = self._command(effect)
        match effect:
            case fx.VerifyPin():
                assert isinstance(event, ev.PinEntered)
                assert before.session is not None
                assert before.session.tries_left != 1 or self.last_try_agreed, "P3: the last try was burnt unasked"
                return replace(ledger, last_try_agreed=False)
            case fx.ReadSubject(same_digits=False):
                assert isinstance(event, ev.PinEntered)
                assert before.session is not None
                assert before.session.text_tries_left != 1 or self.last_text_try_agreed, "P3: the last text try"
                return replace(ledger, last_text_try_agreed=False)
            case fx.RequestIssuance(choice=choice):
                assert self.taken_yen == choice.fee_yen, "P4: requested without the exact fee"
                assert not self.bundle
            case fx.VerifyBundle():
                assert isinstance(event, ev.BundleReceived)
                return replace(ledger, bundle=True)
            case fx.StartPrint(impressions=impressions):
                assert isinstance(event, ev.GatesPassed) and event.impressions == impressions > 0, "P1: unverified"
                return replace(ledger, passed=True)
            case fx.ReportDelivery():
                assert self.bundle, "a bundle is reported exactly once"
                return replace(ledger, bundle=False)
            case fx.Show(screen=fx.Screen.TAKE_SHEETS):
                done = isinstance(event, ev.PrintCompleted) and event.impressions == PAGES and self.passed
                assert done or before.state is State.PRESENTING, "P5: shown as done"
            case fx.EndCustomer():
                assert not self.open, "P8: ended before its end was journalled"
            case fx.Note(entry=entry):
                return ledger._journal(entry)
            case _:
                pass
        return ledger

    def _command(self, effect: fx.Effect) -> "Ledger":
        name = COMMANDS.get(type(effect))
        if name is None:
            return self
        if name == "ResetTerminal":
            assert not self.open, "P8: reset without an end"
            return Ledger(pending=frozenset({name}))
        busy = {DEVICES[one] for one in self.pending}
        assert DEVICES[name] not in busy, f"{name} while {sorted(self.pending)} is under way"
        return replace(self, pending=self.pending | {name})

    def _journal(self, entry: notes.Entry) -> "Ledger":
        match entry:
            case notes.CustomerStarted():
                assert not self.open, "P8: started twice"
                return Ledger(pending=self.pending, open=True)
            case notes.CustomerEnded(reason=EndReason.CRASHED) if not self.open:
                return self
            case notes.CustomerEnded() as end:
                assert self.open, "P8: ended twice"
                out = end.kept_yen + end.refunded_yen + end.owed_yen
                assert out == self.taken_yen + self.unknown_yen, "P4: money does not add up"
                assert not self.bundle or end.reason is EndReason.CRASHED, "a bundle was never settled"
                return replace(self, open=False)
            case notes.FeeTaken(amount_yen=amount):
                return replace(self, taken_yen=self.taken_yen + amount)
            case notes.RefundOwed(code=MachineCode.PAYMENT_UNKNOWN, amount_yen=amount) if not self.taken_yen:
                return replace(self, unknown_yen=amount)
            case notes.ClaimSettled() if self.unknown_yen:
                return replace(self, unknown_yen=0)
            case _:
                return self

    def _check_moves(self, before: Memory, event: ev.Event, now: Memory) -> None:
        if now.state is State.PRESENTING and before.state is not State.PRESENTING:
            assert isinstance(event, ev.PrintCompleted) and event.impressions == PAGES and self.passed
        if before.state in LEAVING_STATES:
            assert now.state in LEAVING_STATES | {State.RESETTING}, "resurrected"
        if isinstance(event, ev.CancelPressed) and before.state in CANCELLABLE_STATES:
            assert now.session is not None and now.session.end is EndReason.CANCELLED
        if isinstance(event, ev.GatesDiffered):
            assert now.levels.finding, "P6: forgotten"
        if before.levels.finding and not now.levels.finding:
            assert isinstance(event, ev.FindingReleased), "P6: released by nobody"
        if now.state is State.IDLE:
            assert not now.levels.finding and now.levels.out_of_service_code() == ""
            assert before.state is State.IDLE or isinstance(event, ev.ResetProved), "P2: idle without a proof"
        if now.state in CUSTOMER_STATES and before.state not in CUSTOMER_STATES:
            assert isinstance(event, ev.CardInserted) and before.state is State.IDLE

    def _check_money(self, now: Memory) -> None:
        session = now.session
        if session is not None:
            inside = session.held_yen + session.kept_yen + session.refunded_yen + session.owed_yen
            assert inside == self.taken_yen + self.unknown_yen, "P4: money does not add up"
            assert not session.kept_yen or now.state in (State.PRESENTING, State.ENDING), "P4: kept undelivered"
