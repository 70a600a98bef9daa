"""The choice: what is asked, what is skipped, and one step back everywhere."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import CollectFee, ReportDelivery, RequestIssuance, Screen
from terminal.fsm.notes import ChoiceMade
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import CHOOSING_STATES, State
from terminal.fsm.values import Choice, Delivery, EndReason, Fault, Offer
from tests.unit.fsm.story import OFFERS, Story

EVERY_STEP = (ev.KindChosen(0), ev.ScopeChosen("members"), ev.MembersChosen((2, 0)), ev.ItemsChosen(("my_number",)))


def test_every_step_is_asked_where_there_is_a_choice() -> None:
    story = Story().until_choosing()
    states = []
    for event in (*EVERY_STEP, ev.CopiesChosen(2)):
        story.tell(event)
        states.append(story.state)
    assert states == [
        State.CHOOSING_SCOPE,
        State.CHOOSING_MEMBERS,
        State.CHOOSING_ITEMS,
        State.CHOOSING_COPIES,
        State.CONFIRMING,
    ]
    assert story.session.choice == Choice("residence", "members", (0, 2), ("my_number",), 2, 600)
    assert (story.shown.screen, story.shown.fee_yen) == (Screen.CONFIRM, 600)


def test_what_leaves_no_choice_is_not_asked() -> None:
    story = Story().until_choosing()
    story.tell(ev.KindChosen(1))
    assert story.at(State.CONFIRMING)
    assert story.session.choice == Choice("seal", "self", (), (), 1, 200)


def test_back_goes_one_asked_step_back_everywhere() -> None:
    story = Story().until_choosing()
    story.tell(*EVERY_STEP, ev.CopiesChosen(2))
    states = []
    for _ in range(5):
        story.tell(ev.BackPressed())
        states.append(story.state)
    assert states == [
        State.CHOOSING_COPIES,
        State.CHOOSING_ITEMS,
        State.CHOOSING_MEMBERS,
        State.CHOOSING_SCOPE,
        State.CHOOSING_KIND,
    ]
    story.tell(ev.BackPressed())
    assert story.verdict is VerdictKind.DECLINED


@pytest.mark.parametrize("scopes", [("self",), ("members",), ("self", "household")])
@pytest.mark.parametrize("items", [(), ("my_number",)])
@pytest.mark.parametrize("copies_max", [1, 2])
def test_back_skips_what_was_not_asked(scopes: tuple[str, ...], items: tuple[str, ...], copies_max: int) -> None:
    story = Story().until_choosing((Offer("residence", None, 300, scopes, items, copies_max),))
    answers: dict[State, ev.Event] = {
        State.CHOOSING_KIND: ev.KindChosen(0),
        State.CHOOSING_SCOPE: ev.ScopeChosen(scopes[0]),
        State.CHOOSING_MEMBERS: ev.MembersChosen((0,)),
        State.CHOOSING_ITEMS: ev.ItemsChosen(items),
        State.CHOOSING_COPIES: ev.CopiesChosen(copies_max),
    }
    forward = []
    while not story.at(State.CONFIRMING):
        forward.append(story.state)
        story.tell(answers[story.state])
    backward = []
    while not story.at(State.CHOOSING_KIND):
        story.tell(ev.BackPressed())
        backward.append(story.state)
    assert backward == forward[::-1]


def test_another_scope_forgets_the_members_of_the_former_one() -> None:
    story = Story().until_choosing()
    story.tell(*EVERY_STEP, ev.BackPressed(), ev.BackPressed(), ev.BackPressed(), ev.ScopeChosen("self"))
    assert story.at(State.CHOOSING_ITEMS)
    assert story.session.choice.members == ()


def test_a_refused_kind_gives_its_reason_and_the_choice_again() -> None:
    story = Story().until_choosing()
    story.tell(ev.KindChosen(3))
    assert story.at(State.SHOWING_REFUSAL)
    assert (story.shown.screen, story.shown.reason) == (Screen.KIND_REFUSED, "REFUSED_SEAL_CANCELLED")
    story.tell(ev.ContinuePressed())
    assert (story.state, story.shown.reason) == (State.CHOOSING_KIND, "")


@pytest.mark.parametrize(
    ("so_far", "impossible"),
    [
        ((), ev.KindChosen(-1)),
        ((), ev.KindChosen(len(OFFERS))),
        (EVERY_STEP[:1], ev.ScopeChosen("everybody")),
        (EVERY_STEP[:2], ev.MembersChosen(())),
        (EVERY_STEP[:2], ev.MembersChosen((0, 0))),
        (EVERY_STEP[:2], ev.MembersChosen((3,))),
        (EVERY_STEP[:2], ev.MembersChosen((-1,))),
        (EVERY_STEP[:3], ev.ItemsChosen(("former_name",))),
        (EVERY_STEP[:3], ev.ItemsChosen(("my_number", "my_number"))),
        (EVERY_STEP, ev.CopiesChosen(0)),
        (EVERY_STEP, ev.CopiesChosen(6)),
    ],
)
def test_what_is_not_offered_cannot_be_chosen(so_far: tuple[ev.Event, ...], impossible: ev.Event) -> None:
    story = Story().until_choosing()
    story.tell(*so_far)
    before = story.machine.memory
    assert story.tell(impossible) == ()
    assert story.verdict is VerdictKind.DECLINED
    assert story.machine.memory == before


def test_confirming_asks_for_the_sheets_takes_nothing_and_journals_no_person() -> None:
    story = Story().until_choosing()
    story.tell(*EVERY_STEP, ev.CopiesChosen(3), ev.ChoiceConfirmed())
    assert story.at(State.REQUESTING)
    assert len(story.all(RequestIssuance)) == 1
    assert story.all(CollectFee) == []
    assert story.all(ChoiceMade) == [ChoiceMade(1, "residence", "members", 2, 1, 3, 900)]


def test_what_is_free_is_not_paid_for() -> None:
    story = Story().until_confirming(kind=2)
    story.tell(ev.ChoiceConfirmed(), ev.BundleReceived, lambda g: ev.GatesPassed(g, 2))
    assert story.at(State.STARTING_PRINT)
    assert story.all(CollectFee) == []
    assert len(story.all(RequestIssuance)) == 1


@pytest.mark.parametrize("device", ["printer", "payment"])
def test_no_money_is_taken_when_the_sheets_could_not_be_delivered(device: str) -> None:
    story = Story().until_confirming()
    story.tell(ev.FaultRaised(Fault(device, "BROKEN", "Call service")), ev.ChoiceConfirmed())
    assert story.at(State.APOLOGISING)
    assert (story.session.end, story.session.code) == (EndReason.OUT_OF_ORDER, "BROKEN")
    assert story.all(RequestIssuance) == []


@pytest.mark.parametrize("device", ["printer", "payment"])
def test_a_device_that_breaks_while_the_sheets_are_fetched_takes_no_money_either(device: str) -> None:
    story = Story().until_verifying()
    story.tell(ev.FaultRaised(Fault(device, "BROKEN", "Call service")), lambda g: ev.GatesPassed(g, 2))
    assert story.at(State.APOLOGISING)
    assert (story.session.end, story.session.code) == (EndReason.OUT_OF_ORDER, "BROKEN")
    assert story.all(CollectFee) == []
    assert story.all(ReportDelivery) == [ReportDelivery(1, Delivery.NOT_DELIVERED, 0, "BROKEN")]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("card_reader", "CARD_READER_UNAVAILABLE", "Plug it in"),
        Fault("printer", "PRINTER_TONER_LOW", "Order", False),
    ],
)
def test_a_fault_that_cannot_hinder_delivery_does_not_stop_the_customer(fault: Fault) -> None:
    story = Story().until_confirming()
    story.tell(ev.FaultRaised(fault), ev.ChoiceConfirmed(), ev.BundleReceived, lambda g: ev.GatesPassed(g, 2))
    assert story.at(State.PAYING)


@pytest.mark.parametrize("state", sorted(CHOOSING_STATES))
def test_whoever_cancels_or_walks_away_while_choosing_is_forgotten(state: State) -> None:
    steps: dict[State, tuple[ev.Event, ...]] = {
        State.CHOOSING_KIND: (),
        State.SHOWING_REFUSAL: (ev.KindChosen(3),),
        State.CHOOSING_SCOPE: EVERY_STEP[:1],
        State.CHOOSING_MEMBERS: EVERY_STEP[:2],
        State.CHOOSING_ITEMS: EVERY_STEP[:3],
        State.CHOOSING_COPIES: EVERY_STEP,
        State.CONFIRMING: (ev.KindChosen(1),),
    }
    cancelling, leaving = Story().until_choosing(), Story().until_choosing()
    for story in (cancelling, leaving):
        story.tell(*steps[state])
        assert story.at(state)
    cancelling.tell(ev.CancelPressed())
    leaving.warn()
    assert leaving.shown.warning
    leaving.time_out()
    assert (cancelling.state, cancelling.session.end) == (State.ENDING, EndReason.CANCELLED)
    assert (leaving.state, leaving.session.end) == (State.ENDING, EndReason.LEFT)


def test_an_offer_is_either_something_or_a_reason() -> None:
    with pytest.raises(ValueError, match="refusal code"):
        Offer("residence")
    with pytest.raises(ValueError, match="fee"):
        Offer("residence", None, -1, ("self",), (), 1)
