"""From the card on the reader to the open session: what is asked, how often, and on whose word."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.config import Evidence, MachineConfig
from terminal.fsm.effects import ForgetPin, OpenSession, ReadCard, ReadSubject, ReleaseCard, Screen, VerifyPin
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import EndReason, MachineCode
from tests.unit.fsm.story import REFUSED_SEAL, Story


def test_the_tries_left_are_shown_before_the_pin_is_asked_for() -> None:
    story = Story()
    assert ReadCard(1) in story.tell(ev.CardInserted())
    story.tell(lambda g: ev.CardRead(g, 3))
    assert story.at(State.AWAITING_PIN)
    assert (story.shown.screen, story.shown.tries_left) == (Screen.ENTER_PIN, 3)


def test_the_last_try_is_the_customers_own_decision() -> None:
    story = Story().until_pin(tries_left=1)
    assert story.at(State.CONFIRMING_LAST_TRY)
    story.tell(ev.PinEntered())
    assert story.verdict is VerdictKind.DECLINED
    assert story.all(VerifyPin) == []
    story.tell(ev.ContinuePressed(), ev.PinEntered())
    assert story.all(VerifyPin) == [VerifyPin(1, certificate_after=False)]


def test_a_locked_card_is_never_asked_for_a_pin() -> None:
    story = Story().until_pin(tries_left=0)
    assert story.at(State.PIN_LOCKED)
    assert (story.shown.screen, story.shown.reason) == (Screen.PIN_LOCKED, MachineCode.PIN_LOCKED)
    story.tell(ev.PinEntered())
    assert story.all(VerifyPin) == []


@pytest.mark.parametrize(
    ("tries_left", "state"), [(2, State.AWAITING_PIN), (1, State.CONFIRMING_LAST_TRY), (0, State.PIN_LOCKED)]
)
def test_a_wrong_pin_is_forgotten_and_counted(tries_left: int, state: State) -> None:
    story = Story().until_authenticating()
    effects = story.tell(lambda g: ev.PinRefused(g, tries_left))
    assert story.at(state)
    assert ForgetPin() in effects
    if state is not State.PIN_LOCKED:
        assert (story.shown.reason, story.shown.tries_left) == (MachineCode.PIN_WRONG, tries_left)


def test_a_pin_whose_outcome_is_unknown_is_not_sent_again() -> None:
    story = Story().until_authenticating()
    story.tell(lambda g: ev.PinOutcomeUnknown(g, 2))
    assert story.at(State.AWAITING_PIN)
    assert story.shown.reason == MachineCode.PIN_UNCOUNTED
    assert len(story.all(VerifyPin)) == 1


def test_without_a_counter_the_customer_is_not_asked_again() -> None:
    story = Story().until_authenticating()
    story.tell(lambda g: ev.PinOutcomeUnknown(g, None))
    assert story.at(State.RETURNING_CARD)
    assert story.session.end is EndReason.PIN_UNKNOWN


def test_an_android_card_gives_its_certificate_after_the_pin() -> None:
    story = Story()
    story.tell(ev.CardInserted(), lambda g: ev.CardRead(g, 3, pin_before_certificate=True), ev.PinEntered())
    assert story.all(VerifyPin) == [VerifyPin(1, certificate_after=True)]


def test_the_pin_is_kept_for_the_text_application_and_forgotten_after_it() -> None:
    story = Story().until_authenticating()
    accepted = story.tell(ev.PinAccepted)
    assert ForgetPin() not in accepted
    assert ReadSubject(1, same_digits=True) in accepted
    read = story.tell(ev.SubjectRead)
    assert read.index(ForgetPin()) < read.index(OpenSession(1))


def test_the_serial_alone_needs_no_text_application() -> None:
    story = Story(MachineConfig(evidence=Evidence.SERIAL)).until_authenticating()
    effects = story.tell(ev.PinAccepted)
    assert story.at(State.OPENING_SESSION)
    assert ForgetPin() in effects
    assert story.all(ReadSubject) == []


def test_a_text_pin_of_its_own_is_asked_for_with_its_own_counter() -> None:
    story = Story().until_subject()
    story.tell(lambda g: ev.TextPinNeeded(g, 2))
    assert (story.state, story.shown.tries_left) == (State.AWAITING_TEXT_PIN, 2)
    story.tell(ev.PinEntered())
    assert story.all(ReadSubject)[-1] == ReadSubject(1, same_digits=False)
    story.tell(lambda g: ev.TextPinRefused(g, 1))
    assert story.at(State.CONFIRMING_LAST_TEXT_TRY)
    story.tell(ev.ContinuePressed(), ev.PinEntered(), ev.TextPinBlocked)
    assert (story.state, story.session.code) == (State.PIN_LOCKED, MachineCode.TEXT_PIN_LOCKED)


def test_a_subject_that_cannot_be_read_is_no_subject() -> None:
    story = Story().until_subject()
    story.tell(lambda g: ev.SubjectFailed(g, "CARD_BAD_FILE"))
    assert story.at(State.RETURNING_CARD)
    assert (story.session.end, story.session.code) == (EndReason.SUBJECT_FAILED, "CARD_BAD_FILE")


@pytest.mark.parametrize("until", ["until_pin", "until_authenticating", "until_subject", "until_session"])
def test_a_card_that_is_taken_too_early_ends_the_session(until: str) -> None:
    story: Story = getattr(Story(), until)()
    story.tell(ev.CardRemoved())
    assert story.at(State.APOLOGISING)
    assert story.session.end is EndReason.CARD_REMOVED


@pytest.mark.parametrize("until", ["until_pin", "until_authenticating", "until_session", "until_card_removal"])
def test_another_card_put_in_place_ends_the_session(until: str) -> None:
    story: Story = getattr(Story(), until)()
    effects = story.tell(ev.CardSwapped())
    assert story.at(State.RETURNING_CARD)
    assert story.session.end is EndReason.CARD_SWAPPED
    assert ReleaseCard(story.g) in effects


def test_a_person_who_may_have_nothing_is_told_so_and_takes_the_card() -> None:
    story = Story().until_card_removal(offers=(REFUSED_SEAL,))
    assert story.at(State.RETURNING_CARD)
    assert story.shown.offers == (REFUSED_SEAL,)
    story.tell(ev.CardRemoved())
    assert story.at(State.APOLOGISING)


def test_the_choice_begins_only_when_the_card_is_in_the_hand_again() -> None:
    story = Story().until_card_removal()
    assert ReleaseCard(1) in story.effects
    story.tell(ev.KindChosen(0))
    assert story.verdict is VerdictKind.DECLINED
    story.tell(ev.CardRemoved())
    assert story.at(State.CHOOSING_KIND)


def test_a_card_left_on_the_reader_ends_the_session() -> None:
    story = Story().until_card_removal()
    story.time_out()
    assert story.session.end is EndReason.CARD_FORGOTTEN


@pytest.mark.parametrize("code", ["REFUSED_CERTIFICATE_REVOKED", "REFUSED_UNDER_15"])
def test_the_centres_refusal_is_shown_with_its_reason(code: str) -> None:
    story = Story().until_session()
    story.tell(lambda g: ev.SessionRefused(g, code))
    assert (story.shown.screen, story.shown.reason) == (Screen.TAKE_CARD_BACK, code)


def test_a_cancelled_session_waits_for_the_card_to_be_taken() -> None:
    story = Story().until_pin()
    story.tell(ev.CancelPressed())
    assert story.at(State.RETURNING_CARD)
    story.tell(ev.CardRemoved())
    assert story.at(State.ENDING)


def test_a_session_without_its_applicant_or_without_offers_cannot_be_told() -> None:
    with pytest.raises(ValueError, match="expected the applicant"):
        ev.SessionOpened(1, (REFUSED_SEAL,), member_count=1, applicant_index=1)
    with pytest.raises(ValueError, match="at least one offer"):
        ev.SessionOpened(1, (), member_count=1, applicant_index=0)
