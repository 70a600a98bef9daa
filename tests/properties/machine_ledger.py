"""A bystander of the machine: ``possible`` lists every event that can come next, ``after`` checks every promise at every step.

It watches events and effects and knows nothing of the table.
"""

from dataclasses import dataclass, replace

from terminal.fsm import effects as fx
from terminal.fsm import events as ev
from terminal.fsm import notes
from terminal.fsm.memory import Memory
from terminal.fsm.rows import Verdict, VerdictKind
from terminal.fsm.states import CANCELLABLE_STATES, CUSTOMER_STATES, LEAVING_STATES, State
from terminal.fsm.values import EndReason, MachineCode, Slip
from tests.properties.machine_world import COMMANDS, DEVICES, FEE, KEYS, PAGES, QUEUED, answers

PROGRESS = (ev.PrintStarted, ev.PrintProgressed, ev.MoneyInserted)
"""Events with a generation that complete nothing."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a bystander knows who sees only events and effects; ``after`` raises ``AssertionError`` for a broken promise."""

    pending: frozenset[str] = frozenset()
    open: bool = False
    elsewhere: bool = False
    price_yen: int = 0
    taken_yen: int = 0
    back_yen: int = 0
    owed_yen: int = 0
    unknown_yen: int = 0
    kept: bool = False
    claimed: bool = False
    passed: bool = False
    bundle: bool = False
    last_try_agreed: bool = False
    last_text_try_agreed: bool = False

    @property
    def fee_yen(self) -> int:
        """What this terminal takes."""
        return 0 if self.elsewhere else self.price_yen

    @property
    def inside_yen(self) -> int:
        """The customer's money in the terminal, claims aside."""
        return self.taken_yen + self.unknown_yen - self.back_yen - self.owed_yen

    def possible(self, memory: Memory, levels: tuple[ev.Event, ...] = ()) -> tuple[ev.Event, ...]:
        """Every event that can come next."""
        g = memory.levels.generation
        session = memory.session
        asked_yen = session.held_yen or session.owed_yen if session else 0
        events = [*KEYS, *levels]
        for command in sorted(self.pending):
            events += answers(command, g, session.change_yen if session and command == "PayChange" else asked_yen)
        if "CollectFee" in self.pending:
            events += [ev.MoneyInserted(g, amount) for amount in (0, 100, FEE + 200, 1_000_000)]
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
        if not hasattr(event, "generation") or isinstance(event, PROGRESS):
            return self
        done = next((one for one in self.pending if any(type(a) is type(event) for a in answers(one, 0, 0))), None)
        return self if done is None or DEVICES[done] in QUEUED else replace(self, pending=self.pending - {done})

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
            case fx.VerifyBundle():
                assert isinstance(event, ev.BundleReceived)
                return replace(ledger, bundle=True)
            case fx.StartPrint(impressions=impressions):
                just_passed = isinstance(event, ev.GatesPassed) and self.fee_yen == 0
                assert (just_passed or self.passed) and impressions == PAGES and self.bundle, "P1: unverified"
                assert self.inside_yen == self.fee_yen, "P4: printed without the exact fee"
                return replace(ledger, passed=True)
            case fx.Show(screen=fx.Screen.TAKE_SHEETS):
                done = isinstance(event, ev.PrintCompleted) and event.impressions == PAGES and self.passed
                assert done or before.state is State.PRESENTING, "P5: shown as done"
            case fx.EndCustomer():
                assert not self.open, "P8: ended before its end was journalled"
                assert self.claimed or not self.owed_yen, "P4: owed without a claim ticket"
            case fx.Note(entry=entry):
                return ledger._journal(entry)
            case _:
                return ledger._see_money(effect, event)
        return ledger

    def _see_money(self, effect: fx.Effect, event: ev.Event) -> "Ledger":
        match effect:
            case fx.RequestIssuance(choice=choice):
                assert self.inside_yen == 0, "P4: money was taken before the sheets were there"
                assert not self.bundle, "a bundle was never settled"
                return replace(self, price_yen=choice.fee_yen, passed=False)
            case fx.CollectFee(fee_yen=fee_yen):
                assert fee_yen == self.fee_yen > 0, "P4: another fee than was confirmed"
                assert isinstance(event, ev.GatesPassed) and self.bundle, "P4: a fee for unverified sheets"
                return replace(self, passed=event.impressions > 0)
            case fx.KeepFee(amount_yen=amount):
                assert isinstance(event, ev.PrintCompleted) and event.impressions == PAGES, "P4: kept undelivered"
                assert amount == self.fee_yen and not self.kept, "P4: kept twice, or another amount"
                return replace(self, kept=True)
            case fx.PrintSlip(slip=slip, amount_yen=amount):
                return self._slip(slip, amount, event)
            case fx.PayChange(amount_yen=amount):
                assert amount == self.taken_yen - self.fee_yen > 0, "P4: change is what was inserted over the fee"
            case fx.Refund(amount_yen=amount):
                assert 0 < amount == self.inside_yen, "P4: a refund is of all that is inside"
                assert not self.kept, "P4: refunded what was earned"
            case fx.ReportDelivery():
                assert self.bundle, "a bundle is reported exactly once"
                return replace(self, bundle=False, passed=self.passed and isinstance(event, ev.PrintCompleted))
            case _:
                pass
        return self

    def _slip(self, slip: Slip, amount_yen: int, event: ev.Event) -> "Ledger":
        match slip:
            case Slip.RECEIPT:
                assert isinstance(event, ev.PrintCompleted) and amount_yen == self.price_yen, "a receipt for nothing"
            case Slip.REFUND:
                assert 0 < amount_yen <= self.back_yen, "a refund slip for nothing"
            case Slip.CLAIM:
                assert amount_yen == self.owed_yen and not self.claimed, "P4: claimed twice, or another amount"
                return replace(self, claimed=True)
        return self

    def _command(self, effect: fx.Effect) -> "Ledger":
        name = COMMANDS.get(type(effect))
        if name is None:
            return self
        if name == "ResetTerminal":
            assert not self.open, "P8: reset without an end"
            return Ledger(pending=frozenset({name}), elsewhere=self.elsewhere)
        busy = {DEVICES[one] for one in self.pending} - QUEUED
        assert DEVICES[name] not in busy, f"{name} while {sorted(self.pending)} is under way"
        return replace(self, pending=self.pending | {name})

    def _journal(self, entry: notes.Entry) -> "Ledger":
        match entry:
            case notes.CustomerStarted():
                assert not self.open, "P8: started twice"
                return Ledger(pending=self.pending, open=True, elsewhere=self.elsewhere)
            case notes.CustomerEnded(reason=EndReason.CRASHED) if not self.open:
                return self
            case notes.CustomerEnded() as end:
                assert self.open, "P8: ended twice"
                out = end.kept_yen + end.refunded_yen + end.change_yen + end.owed_yen
                assert out == self.taken_yen + self.unknown_yen, "P4: money does not add up"
                assert not self.bundle or end.reason is EndReason.CRASHED, "a bundle was never settled"
                return replace(self, open=False)
            case notes.FeeTaken(amount_yen=amount):
                return replace(self, taken_yen=self.taken_yen + amount)
            case notes.ChangeGiven(amount_yen=amount) | notes.FeeRefunded(amount_yen=amount):
                return replace(self, back_yen=self.back_yen + amount)
            case notes.RefundOwed() if not self.open:
                return self
            case notes.RefundOwed(amount_yen=amount):
                unknown = entry.code == MachineCode.PAYMENT_UNKNOWN and not self.taken_yen
                return replace(
                    self, owed_yen=self.owed_yen + amount, unknown_yen=amount if unknown else self.unknown_yen
                )
            case notes.ClaimSettled(amount_yen=amount):
                return replace(self, owed_yen=self.owed_yen - amount, unknown_yen=0)
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
            back = session.changed_yen + session.refunded_yen
            inside = session.held_yen + session.kept_yen + back + session.owed_yen
            assert inside == self.taken_yen + self.unknown_yen, "P4: money does not add up"
            assert (back, session.owed_yen) == (self.back_yen, self.owed_yen), "P4: the session and its notes differ"
            assert not session.kept_yen or now.state in (State.PRESENTING, State.ENDING), "P4: kept undelivered"
            assert session.kept_yen == (self.fee_yen if self.kept else 0), "P4: kept, and nobody told the device"
