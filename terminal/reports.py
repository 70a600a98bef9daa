"""What a customer's process tells its supervisor: closed types with checked fields, and nothing that could hold a name.

The supervisor is the journal's one writer. It answers each report with one byte after the entry is durable, so that nothing
is done before it is on record (promise P8). Whatever else comes over the channel ends the sender.
"""

import threading
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from terminal.errors import HonninError
from terminal.fsm.values import EndReason
from terminal.journal.codec import decode_from_customer, encode
from terminal.journal.entries import CustomerEntry
from terminal.journal.errors import JournalError
from terminal.journal.fields import Code, Effect, FindingId, Generation, Pseudonym, Yen
from terminal.processes.channel import Channel

ACKNOWLEDGED = b"\x06"
_ENTRY = b"J"
_REPORT = b"R"


class RefusedError(HonninError):
    """A customer's process said something that it may not say: ``REPORT_UNFIT``, ``REPORT_OUT_OF_ORDER``, ``JOURNAL_…``."""


class _Report(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Waiting(_Report):
    """Nobody has come yet, and this process is alive: said every few seconds until a card is laid down."""

    type: Literal["waiting"] = "waiting"


class CustomerBegan(_Report):
    """A card was laid on the reader; ``customer`` is the pseudonym under which this customer's entries stand."""

    type: Literal["began"] = "began"
    customer: Pseudonym
    generation: Generation


class CustomerEnded(_Report):
    """The session is over; the process exits next."""

    type: Literal["ended"] = "ended"
    reason: Annotated[str, Field(pattern=r"^[a-z_]{2,30}$")]
    finding: bool
    delivered: bool
    owed_yen: Yen

    @property
    def end_reason(self) -> EndReason:
        """The machine's word for the reason; ``CRASHED`` when it is none."""
        return EndReason(self.reason) if self.reason in EndReason._value2member_map_ else EndReason.CRASHED


class FindingSealed(_Report):
    """A wrong-person finding was sealed for the municipality under ``finding``."""

    type: Literal["finding"] = "finding"
    finding: FindingId
    code: Code


class FaultReported(_Report):
    """A fault level went up (or, ``cleared``, down) while this process held the devices.

    ``standing``: the machine raised it and no device can take it back (forgotten sheets, money unaccounted for); staff settle it.
    """

    type: Literal["fault"] = "fault"
    device: Annotated[str, Field(pattern=r"^[a-z_]{2,20}$")]
    code: Code
    blocks_service: bool
    cleared: bool = False
    standing: bool = False


class LateCompletionSeen(_Report):
    """A completion of a dead generation came and touched nothing; ``event`` is its type's name."""

    type: Literal["late"] = "late"
    event: Annotated[str, Field(pattern=r"^[A-Za-z]{2,40}$")]
    generation: Generation


class MoneyMoved(_Report):
    """A movement for the ledger (``terminal.money.codec.frame_of``); acknowledged when it is durable there."""

    type: Literal["money"] = "money"
    movement: Annotated[str, Field(max_length=4096)]


Report: TypeAlias = (
    Waiting | CustomerBegan | CustomerEnded | FindingSealed | FaultReported | LateCompletionSeen | MoneyMoved
)
_REPORTS: TypeAdapter[Report] = TypeAdapter(Annotated[Report, Field(discriminator="type")])


_EFFECTS = {
    "CardRead": Effect.READ_CARD,
    "CardFailed": Effect.READ_CARD,
    "PinAccepted": Effect.AUTHENTICATE,
    "PinRefused": Effect.AUTHENTICATE,
    "BundleReceived": Effect.REQUEST,
    "IssuanceTimedOut": Effect.REQUEST,
    "IssuanceFailed": Effect.REQUEST,
    "IssuanceRefused": Effect.REQUEST,
    "GatesPassed": Effect.VERIFY,
    "GatesUndecided": Effect.VERIFY,
    "GatesDiffered": Effect.VERIFY,
    "MoneyInserted": Effect.COLLECT,
    "FeeCollected": Effect.COLLECT,
    "PaymentFailed": Effect.COLLECT,
    "PaymentCanceled": Effect.COLLECT,
    "ChangePaid": Effect.CHANGE,
    "ChangeFailed": Effect.CHANGE,
    "SlipPrinted": Effect.SLIP,
    "SlipFailed": Effect.SLIP,
    "RefundDone": Effect.REFUND,
    "RefundFailed": Effect.REFUND,
    "PrintCompleted": Effect.PRINT,
    "PrintFailed": Effect.PRINT,
    "PrintCanceled": Effect.PRINT,
    "PrintTimedOut": Effect.PRINT,
}


def effect_of(event: str) -> Effect:
    """The command whose late completion ``event`` (a type's name) is; ``OTHER`` for one that has no word of its own."""
    return _EFFECTS.get(event, Effect.OTHER)


class Reporter(Protocol):
    """Where a customer's loop reports to: over the channel in a process of its own, directly when inline."""

    def entry(self, entry: CustomerEntry) -> None:
        """Have ``entry`` journalled; returns when it is durable."""
        ...

    def report(self, report: Report) -> None:
        """Tell the supervisor; returns when it has acted on it."""
        ...


@dataclass(frozen=True, slots=True)
class Received:
    """One frame of a customer's process: either an entry or a report."""

    entry: CustomerEntry | None
    report: Report | None


def entry_frame(entry: CustomerEntry) -> bytes:
    """The frame that carries a journal entry."""
    return _ENTRY + encode(entry)


def report_frame(report: Report) -> bytes:
    """The frame that carries a report."""
    return _REPORT + report.model_dump_json().encode()


def read_frame(frame: bytes, customer: str) -> Received:
    """Take a frame apart; ``customer`` is the pseudonym this process gave itself ("" before it did).

    Raise ``RefusedError`` (``REPORT_UNFIT`` or the journal's codes) for anything that is neither.
    """
    kind, body = frame[:1], frame[1:]
    if kind == _ENTRY:
        try:
            return Received(decode_from_customer(body, customer), None)
        except JournalError as error:
            raise RefusedError(error.code, error.failure.text) from None
    if kind == _REPORT:
        try:
            return Received(None, _REPORTS.validate_json(body))
        except ValidationError:
            raise RefusedError(
                "REPORT_UNFIT", "expected a report of a known type, something else came; end the sender"
            ) from None
    raise RefusedError("REPORT_UNFIT", "expected an entry or a report, something else came; end the sender")


class ChannelReporter:
    """Reports over the channel to the supervisor and waits for its acknowledgement; usable on any thread, one at a time."""

    def __init__(self, channel: Channel) -> None:

        self._channel = channel
        self._lock = threading.Lock()

    def entry(self, entry: CustomerEntry) -> None:
        """See ``Reporter.entry``; raise ``ChannelError`` when the supervisor is gone."""
        self._exchange(entry_frame(entry))

    def report(self, report: Report) -> None:
        """See ``Reporter.report``."""
        self._exchange(report_frame(report))

    def _exchange(self, frame: bytes) -> None:
        with self._lock:
            self._channel.send(frame)
            if self._channel.receive() != ACKNOWLEDGED:
                raise RefusedError("REPORT_REFUSED", "the supervisor refused a report; this process ends")
