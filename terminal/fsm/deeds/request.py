"""Guards and deeds of the request to the centre, up to the bundle."""

from typing import Any, Protocol

from terminal.fsm.effects import CancelIssuance, RequestIssuance, VerifyBundle
from terminal.fsm.notes import CentreNotTold
from terminal.fsm.values import MachineCode
from terminal.fsm.work import Work


class Coded(Protocol):
    """An event that tells why."""

    @property
    def code(self) -> str:
        """From the centre's catalogue."""
        ...


def request_issuance(work: Work, _event: Any) -> None:
    """The bundle comes first, the money afterwards."""
    work.emit(RequestIssuance(work.customer.generation, work.customer.choice))


def cancel_issuance(work: Work, _event: Any) -> None:
    """The *whole* request, not its place in a queue: Yokohama's accident (reference service-and-incidents.md 2.1)."""
    work.emit(CancelIssuance(work.customer.generation))


def cancel_not_told(work: Work, event: Coded) -> None:
    """The centre may still think the request alive; here it is dead."""
    work.note(CentreNotTold(work.customer.generation, "cancellation", event.code))


def cancel_unanswered(work: Work, _event: Any) -> None:
    """The same, by silence."""
    work.note(CentreNotTold(work.customer.generation, "cancellation", MachineCode.CANCEL_TIMED_OUT))


def report_not_told(work: Work, event: Coded) -> None:
    """The journal knows how the bundle ended, the centre does not."""
    work.note(CentreNotTold(work.customer.generation, "delivery report", event.code))


def verify_bundle(work: Work, _event: Any) -> None:
    """Nothing of it is believed before the gates."""
    session = work.update(bundle=True)
    work.emit(VerifyBundle(session.generation, session.choice))
