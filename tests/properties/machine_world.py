"""The world around the machine, as small as it can be and still do everything: who may answer what, and what must never be.

Devices answer only what they were asked, in each of their ways, as late as they like. ``machine_ledger.Ledger`` watches.
"""

from collections.abc import Callable
from typing import Any

from terminal.fsm import effects as fx
from terminal.fsm import events as ev
from terminal.fsm.deeds.service import SHEETS_FORGOTTEN
from terminal.fsm.values import Fault, Offer, Slip

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
CHANGE_LOW = Fault("coins", "COINS_CHANGE_LOW", "Fill the hoppers", blocks_service=False)
PIN_PAD_FAULT = Fault("pin_pad", "PIN_PAD_UNPLUGGED", "Plug it in")

COMMANDS: dict[type[Any], str] = {
    fx.ReadCard: "ReadCard",
    fx.VerifyPin: "VerifyPin",
    fx.ReadSubject: "ReadSubject",
    fx.OpenSession: "OpenSession",
    fx.CollectFee: "CollectFee",
    fx.PayChange: "PayChange",
    fx.Refund: "Refund",
    fx.RequestIssuance: "RequestIssuance",
    fx.CancelIssuance: "CancelIssuance",
    fx.VerifyBundle: "VerifyBundle",
    fx.StartPrint: "StartPrint",
    fx.ReportDelivery: "ReportDelivery",
    fx.PrintSlip: "PrintSlip",
    fx.ResetTerminal: "ResetTerminal",
}
DEVICES = {
    "ReadCard": "card",
    "VerifyPin": "card",
    "ReadSubject": "card",
    "OpenSession": "card",
    "CollectFee": "payment",
    "PayChange": "payment",
    "Refund": "payment",
    "StartPrint": "printer",
    "VerifyBundle": "gates",
    "RequestIssuance": "request",
    "CancelIssuance": "cancellation",
    "ReportDelivery": "report",
    "PrintSlip": "slips",
    "ResetTerminal": "reset",
}
QUEUED = frozenset({"report", "slips"})
"""Lines of their own, in which several may wait: once asked, more may always come."""


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
        ev.FeeCollected(g, 100),
        ev.FeeCollected(g, FEE + 200),
        ev.PaymentFailed(g, "PAYMENT_DECLINED"),
        ev.PaymentFailed(g, "PAYMENT_MONEY_HELD", 100),
        ev.PaymentCanceled(g),
        ev.PaymentCanceled(g, 100),
    )


def _change(g: int, asked_yen: int) -> tuple[ev.Event, ...]:
    asked_yen = asked_yen or 200
    return (
        *(ev.ChangePaid(g, amount) for amount in (asked_yen, asked_yen - 50, asked_yen + 50, 10 * asked_yen)),
        ev.ChangeFailed(g, "COINS_HOPPER_EMPTY", 50),
    )


def _refund(g: int, asked_yen: int) -> tuple[ev.Event, ...]:
    return (
        ev.RefundDone(g, asked_yen or FEE),
        ev.RefundDone(g, 50),
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


def _slip(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (ev.SlipPrinted(g, Slip.RECEIPT), ev.SlipFailed(g, Slip.CLAIM, "RECEIPT_PAPER_OUT"))


def _reset(g: int, _asked_yen: int) -> tuple[ev.Event, ...]:
    return (ev.ResetProved(g), ev.ResetNotProved(g, "PRINTER_JOBS_LEFT"))


ANSWERS: dict[str, Callable[[int, int], tuple[ev.Event, ...]]] = {
    "ReadCard": _card,
    "VerifyPin": _pin,
    "ReadSubject": _subject,
    "OpenSession": _session,
    "CollectFee": _fee,
    "PayChange": _change,
    "Refund": _refund,
    "RequestIssuance": _bundle,
    "CancelIssuance": _cancellation,
    "VerifyBundle": _gates,
    "StartPrint": _job,
    "ReportDelivery": _report,
    "PrintSlip": _slip,
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
    ev.FaultRaised(CHANGE_LOW),
    ev.FaultCleared("printer", PRINTER_FAULT.code),
    ev.FaultCleared("printer", TONER_LOW.code),
    ev.FaultCleared("coins", CHANGE_LOW.code),
    ev.FaultRaised(SHEETS_FORGOTTEN),
    ev.FindingReopened(),
    ev.FindingReleased(),
    ev.CustomerProcessStarted(),
    ev.CustomerProcessEnded(clean=True),
    ev.CustomerProcessEnded(clean=False, finding=True, owed_yen=100),
)
