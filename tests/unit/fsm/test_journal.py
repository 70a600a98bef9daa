"""What is journalled, and the reason every end carries (promise P8; vxsuite #9371: a failed print was not even logged)."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import ForgetPin, ReportDelivery
from terminal.fsm.notes import CentreNotTold, CustomerEnded, GatesJudged, PinJudged
from terminal.fsm.states import State
from terminal.fsm.values import Delivery, EndReason, MachineCode
from tests.unit.fsm.story import Story

UNKNOWN = "unknown"


def end_of(story: Story) -> tuple[EndReason, str]:
    while not story.at(State.ENDING):
        story.time_out()
    (end,) = story.all(CustomerEnded)
    return end.reason, end.code


@pytest.mark.parametrize(
    ("happening", "judged"),
    [
        (ev.PinAccepted, PinJudged(1, "accepted", text=False, tries_left=None)),
        (lambda g: ev.PinRefused(g, 2), PinJudged(1, "refused", text=False, tries_left=2)),
        (ev.PinBlocked, PinJudged(1, "blocked", text=False, tries_left=0)),
        (lambda g: ev.PinOutcomeUnknown(g, 2), PinJudged(1, UNKNOWN, text=False, tries_left=2)),
        (lambda g: ev.PinOutcomeUnknown(g, None), PinJudged(1, UNKNOWN, text=False, tries_left=None)),
    ],
)
def test_what_the_card_said_to_the_pin(happening: type[ev.PinAccepted], judged: PinJudged) -> None:
    story = Story().until_authenticating()
    effects = story.tell(happening)
    assert story.all(PinJudged) == [judged]
    assert (ForgetPin() in effects) == (judged.outcome != "accepted")


def test_a_card_that_never_answered_to_the_pin() -> None:
    story = Story().until_authenticating()
    story.time_out()
    assert story.all(PinJudged) == [PinJudged(1, UNKNOWN, text=False, tries_left=None)]


@pytest.mark.parametrize(
    ("happening", "judged"),
    [
        (lambda g: ev.TextPinRefused(g, 2), PinJudged(1, "refused", text=True, tries_left=2)),
        (ev.TextPinBlocked, PinJudged(1, "blocked", text=True, tries_left=0)),
        (lambda g: ev.PinOutcomeUnknown(g, 2), PinJudged(1, UNKNOWN, text=True, tries_left=2)),
        (lambda g: ev.PinOutcomeUnknown(g, None), PinJudged(1, UNKNOWN, text=True, tries_left=None)),
    ],
)
def test_what_the_card_said_to_the_text_pin(happening: type[ev.TextPinBlocked], judged: PinJudged) -> None:
    story = Story().until_subject()
    effects = story.tell(happening)
    assert story.all(PinJudged)[1:] == [judged]
    assert ForgetPin() in effects
    if story.at(State.AWAITING_TEXT_PIN):
        said = MachineCode.PIN_WRONG if judged.outcome == "refused" else MachineCode.PIN_UNCOUNTED
        assert (story.shown.reason, story.shown.tries_left) == (said, 2)


def test_the_digits_are_forgotten_when_the_card_goes_too_early() -> None:
    story = Story().until_subject()
    assert ForgetPin() in story.tell(ev.CardRemoved())


@pytest.mark.parametrize("cancelled", [False, True])
@pytest.mark.parametrize(
    ("happening", "verdict", "code"),
    [
        (lambda g: ev.GatesUndecided(g, "GATE_NAME_VARIANT"), "undecided", "GATE_NAME_VARIANT"),
        (lambda g: ev.GatesDiffered(g, "GATE_SUBJECT"), "different", "GATE_SUBJECT"),
        (lambda g: ev.GatesPassed(g, 2), "same", ""),
        (None, "undecided", MachineCode.GATES_TIMED_OUT),
    ],
)
def test_what_the_gates_said(
    happening: type[ev.BundleReceived] | None, verdict: str, code: str, cancelled: bool
) -> None:
    story = Story().until_verifying()
    if cancelled:
        story.tell(ev.CancelPressed())
    if happening is None:
        story.time_out()
    else:
        story.tell(happening)
    assert story.all(GatesJudged) == [GatesJudged(1, verdict, code)]


def test_a_job_without_pages_is_undecided() -> None:
    story = Story().until_verifying()
    story.tell(lambda g: ev.GatesPassed(g, 0))
    assert story.all(GatesJudged) == [GatesJudged(1, "undecided", MachineCode.NOTHING_TO_PRINT)]


def test_a_centre_that_does_not_hear_of_a_cancellation_or_a_delivery() -> None:
    story = Story().until_requesting()
    story.tell(ev.CancelPressed(), lambda g: ev.RequestCancelFailed(g, "CENTRE_UNREACHABLE"))
    assert story.all(CentreNotTold) == [CentreNotTold(1, "cancellation", "CENTRE_UNREACHABLE")]
    story = Story().until_presenting()
    story.tell(lambda g: ev.DeliveryReportFailed(g, "CENTRE_UNREACHABLE"))
    assert story.all(CentreNotTold) == [CentreNotTold(1, "delivery report", "CENTRE_UNREACHABLE")]


@pytest.mark.parametrize(
    ("until", "happening", "end"),
    [
        (Story.until_subject, lambda g: ev.CardFailed(g, "CARD_HANGS"), (EndReason.CARD_FAILED, "CARD_HANGS")),
        (Story.until_session, lambda g: ev.SessionFailed(g, "CENTRE_DOWN"), (EndReason.CENTRE_FAILED, "CENTRE_DOWN")),
        (Story.until_session, None, (EndReason.TIMED_OUT, MachineCode.CENTRE_TIMED_OUT)),
        (Story.until_authenticating, None, (EndReason.TIMED_OUT, MachineCode.CARD_TIMED_OUT)),
        (
            Story.until_paying,
            lambda g: ev.PaymentFailed(g, "PAYMENT_MONEY_HELD", 50),
            (EndReason.PAYMENT_FAILED, "PAYMENT_MONEY_HELD"),
        ),
        (
            Story.until_paying,
            lambda g: ev.FeeCollected(g, 50),
            (EndReason.PAYMENT_FAILED, MachineCode.PAYMENT_WRONG_AMOUNT),
        ),
        (
            Story.until_requesting,
            lambda g: ev.IssuanceFailed(g, "CENTRE_DOWN"),
            (EndReason.CENTRE_FAILED, "CENTRE_DOWN"),
        ),
        (Story.until_requesting, ev.IssuanceTimedOut, (EndReason.TIMED_OUT, MachineCode.ISSUANCE_TIMED_OUT)),
        (Story.until_verifying, None, (EndReason.TIMED_OUT, MachineCode.GATES_TIMED_OUT)),
        (
            Story.until_printing,
            lambda g: ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", 0),
            (EndReason.PRINT_FAILED, "PRINTER_PAPER_JAMMED"),
        ),
        (
            Story.until_printing,
            lambda g: ev.PrintCanceled(g, 0),
            (EndReason.PRINT_FAILED, MachineCode.PRINT_CANCELED),
        ),
        (Story.until_printing, None, (EndReason.TIMED_OUT, MachineCode.PRINT_TIMED_OUT)),
    ],
)
def test_every_end_carries_its_reason(
    until: type[Story], happening: type[ev.IssuanceTimedOut] | None, end: tuple[EndReason, str]
) -> None:
    story = until(Story())  # type: ignore[arg-type]
    if happening is None:
        story.time_out()
    else:
        story.tell(happening)
    assert end_of(story) == end


def test_no_sheet_and_no_money_leaves_nothing_to_clear() -> None:
    story = Story().until_confirming(kind=2)
    story.tell(ev.ChoiceConfirmed(), ev.BundleReceived, lambda g: ev.GatesPassed(g, 2))
    story.tell(lambda g: ev.PrintFailed(g, "PRINTER_REFUSED", 0))
    assert story.at(State.APOLOGISING)
    assert story.all(ReportDelivery) == [ReportDelivery(1, Delivery.NOT_DELIVERED, 0, "PRINTER_REFUSED")]


@pytest.mark.parametrize(
    "late", [lambda g: ev.FeeCollected(g, 200), ev.PaymentCanceled, lambda g: ev.PaymentFailed(g, "X", 50)]
)
def test_money_answers_that_settle_no_claim_are_a_fault(late: type[ev.PaymentCanceled]) -> None:
    story = Story().until_pin()
    story.tell(ev.CardRemoved())
    before = story.machine.memory
    story.tell(late)
    assert story.machine.memory == before
