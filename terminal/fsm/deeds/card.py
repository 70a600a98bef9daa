"""Guards and deeds between the card on the reader and the open session."""

from typing import Any, Protocol

from terminal.fsm.config import Evidence
from terminal.fsm.effects import ForgetPin, OpenSession, ReadCard, ReadSubject, VerifyPin
from terminal.fsm.events import CardRead, FaultRaised, PinOutcomeUnknown, SessionOpened
from terminal.fsm.notes import PinJudged
from terminal.fsm.values import EndReason, MachineCode
from terminal.fsm.work import Work


class Counted(Protocol):
    """An event that tells the tries left."""

    @property
    def tries_left(self) -> int | None:
        """None: the counter could not be read."""
        ...


PIN_PAD = "pin_pad"

# --- guards


def pin_pad_is_gone(_work: Work, event: FaultRaised) -> bool:
    """Nobody can type a PIN any more."""
    return event.fault.device == PIN_PAD and event.fault.blocks_service


def tries_unknown(_work: Work, event: Counted) -> bool:
    """Nobody knows how many tries are left."""
    return event.tries_left is None


def no_tries_left(_work: Work, event: Counted) -> bool:
    """The PIN is locked."""
    return event.tries_left is not None and event.tries_left <= 0


def one_try_left(_work: Work, event: Counted) -> bool:
    """The last try is burnt only on the customer's word (promise P3)."""
    return event.tries_left == 1


def serial_is_enough(work: Work, _event: Any) -> bool:
    """The terminal is configured to demand no more than the certificate's serial."""
    return work.config.evidence is Evidence.SERIAL


def everything_refused(_work: Work, event: SessionOpened) -> bool:
    """There is nothing this person may have."""
    return all(offer.refusal is not None for offer in event.offers)


# --- deeds


def end_without_pin_pad(work: Work, event: FaultRaised) -> None:
    """The session ends for the fault of the PIN pad."""
    work.update(end=EndReason.OUT_OF_ORDER, code=event.fault.code)


def read_card(work: Work, _event: Any) -> None:
    """Ask for the tries left before anything else."""
    work.emit(ReadCard(work.customer.generation))


def learn_card(work: Work, event: CardRead) -> None:
    """The counter and the kind of card."""
    work.update(tries_left=event.tries_left, certificate_after=event.pin_before_certificate, notice="")


def verify_pin(work: Work, _event: Any) -> None:
    """Once for each entry: a try is never repeated by the machine."""
    session = work.forget_notice()
    work.emit(VerifyPin(session.generation, session.certificate_after))


def pin_accepted(work: Work, _event: Any) -> None:
    """The authentication PIN was right."""
    work.note(PinJudged(work.customer.generation, "accepted", text=False, tries_left=None))


def pin_refused(work: Work, event: Counted) -> None:
    """The authentication PIN was wrong."""
    session = work.update(tries_left=event.tries_left, notice=MachineCode.PIN_WRONG)
    work.emit(ForgetPin())
    work.note(PinJudged(session.generation, "refused", text=False, tries_left=event.tries_left))


def pin_blocked(work: Work, _event: Any) -> None:
    """The authentication PIN is locked."""
    session = work.update(tries_left=0)
    work.emit(ForgetPin())
    work.note(PinJudged(session.generation, "blocked", text=False, tries_left=0))


def pin_unknown(work: Work, event: PinOutcomeUnknown) -> None:
    """The line broke: the counter decides what comes next, and the customer is told."""
    session = work.update(tries_left=event.tries_left, notice=MachineCode.PIN_UNCOUNTED)
    work.emit(ForgetPin())
    work.note(PinJudged(session.generation, "unknown", text=False, tries_left=event.tries_left))


def pin_unanswered(work: Work, _event: Any) -> None:
    """The card never answered to a PIN."""
    work.note(PinJudged(work.customer.generation, "unknown", text=False, tries_left=None))


def read_subject(work: Work, _event: Any) -> None:
    """The same digits are offered, if all tries of the text PIN are left (design section 3.3)."""
    work.emit(ReadSubject(work.customer.generation, same_digits=True))


def read_subject_with_own_pin(work: Work, _event: Any) -> None:
    """With the digits just entered for the text application."""
    session = work.forget_notice()
    work.emit(ReadSubject(session.generation, same_digits=False))


def text_pin_needed(work: Work, event: Counted) -> None:
    """The text application's PIN is asked for."""
    work.update(text_tries_left=event.tries_left, notice="")
    work.emit(ForgetPin())


def text_pin_refused(work: Work, event: Counted) -> None:
    """The text application's PIN was wrong."""
    session = work.update(text_tries_left=event.tries_left, notice=MachineCode.PIN_WRONG)
    work.emit(ForgetPin())
    work.note(PinJudged(session.generation, "refused", text=True, tries_left=event.tries_left))


def text_pin_blocked(work: Work, _event: Any) -> None:
    """The text application's PIN is locked."""
    session = work.update(text_tries_left=0)
    work.emit(ForgetPin())
    work.note(PinJudged(session.generation, "blocked", text=True, tries_left=0))


def text_pin_unknown(work: Work, event: PinOutcomeUnknown) -> None:
    """The line broke while the card judged the text application's PIN."""
    session = work.update(text_tries_left=event.tries_left, notice=MachineCode.PIN_UNCOUNTED)
    work.emit(ForgetPin())
    work.note(PinJudged(session.generation, "unknown", text=True, tries_left=event.tries_left))


def open_session(work: Work, _event: Any) -> None:
    """Every PIN has done its work by now."""
    work.emit(ForgetPin())
    work.emit(OpenSession(work.customer.generation))


def learn_offers(work: Work, event: SessionOpened) -> None:
    """What this person may have; the card's counters have done their work."""
    work.update(
        offers=event.offers,
        member_count=event.member_count,
        applicant_index=event.applicant_index,
        tries_left=None,
        text_tries_left=None,
        notice="",
    )
