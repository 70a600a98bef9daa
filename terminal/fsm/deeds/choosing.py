"""Guards and deeds of the choice: each step is skipped where there is nothing to choose, forwards and backwards alike."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from terminal.fsm.events import CopiesChosen, ItemsChosen, KindChosen, MembersChosen, ScopeChosen
from terminal.fsm.memory import Session
from terminal.fsm.notes import ChoiceMade
from terminal.fsm.states import State
from terminal.fsm.values import MEMBERS_SCOPE, Choice, EndReason, Offer
from terminal.fsm.work import Guard, Work

STEPS = (State.CHOOSING_SCOPE, State.CHOOSING_MEMBERS, State.CHOOSING_ITEMS, State.CHOOSING_COPIES)
"""After the kind, in this order, each only where there is a choice."""


def is_asked(step: State, offer: Offer, choice: Choice) -> bool:
    """Whether ``step`` leaves the customer anything to choose."""
    if step is State.CHOOSING_SCOPE:
        return len(offer.scopes) > 1
    if step is State.CHOOSING_MEMBERS:
        return choice.scope == MEMBERS_SCOPE
    if step is State.CHOOSING_ITEMS:
        return bool(offer.items)
    return offer.copies_max > 1


def step_after(step: State, offer: Offer, choice: Choice) -> State:
    """The next step that is asked, ``CONFIRMING`` after the last."""
    start = STEPS.index(step) + 1 if step in STEPS else 0
    return next((later for later in STEPS[start:] if is_asked(later, offer, choice)), State.CONFIRMING)


def step_before(step: State, offer: Offer, choice: Choice) -> State:
    """The step before that was asked, ``CHOOSING_KIND`` before the first."""
    end = STEPS.index(step) if step in STEPS else len(STEPS)
    return next((earlier for earlier in reversed(STEPS[:end]) if is_asked(earlier, offer, choice)), State.CHOOSING_KIND)


# --- the offer's index and the choice that an event makes of a session; None where it cannot be chosen

Picked: TypeAlias = tuple[int, Choice] | None
Chosen: TypeAlias = Callable[[Session, Any], Picked]


def with_kind(session: Session, event: KindChosen) -> Picked:
    """A kind that is offered; what there is only one of is chosen with it."""
    if not 0 <= event.offer < len(session.offers) or session.offers[event.offer].refusal is not None:
        return None
    offer = session.offers[event.offer]
    choice = Choice(
        kind=offer.kind,
        scope=offer.scopes[0] if len(offer.scopes) == 1 else "",
        copies=1 if offer.copies_max == 1 else 0,
        fee_yen=offer.fee_yen if offer.copies_max == 1 else 0,
    )
    return event.offer, choice


def with_scope(session: Session, event: ScopeChosen) -> Picked:
    """One of the offer's scopes; members chosen under another scope are forgotten."""
    if event.scope not in session.chosen_offer.scopes:
        return None
    return session.chosen_index, replace(session.choice, scope=event.scope, members=())


def with_members(session: Session, event: MembersChosen) -> Picked:
    """Someone, each once, all of this household."""
    members = event.members
    if not members or len(set(members)) != len(members) or not all(0 <= one < session.member_count for one in members):
        return None
    return session.chosen_index, replace(session.choice, members=tuple(sorted(members)))


def with_items(session: Session, event: ItemsChosen) -> Picked:
    """Some of the offer's items, in the offer's order."""
    offered = session.chosen_offer.items
    if len(set(event.items)) != len(event.items) or not set(event.items) <= set(offered):
        return None
    return session.chosen_index, replace(session.choice, items=tuple(one for one in offered if one in event.items))


def with_copies(session: Session, event: CopiesChosen) -> Picked:
    """As many as the offer allows; the fee is known now."""
    offer = session.chosen_offer
    if not 1 <= event.copies <= offer.copies_max:
        return None
    return session.chosen_index, replace(session.choice, copies=event.copies, fee_yen=offer.fee_yen * event.copies)


# --- guards


def choice_leads(step: State, chosen: Chosen, target: State) -> Guard:
    """The choice is possible and ``target`` is the next step that is asked."""

    def guard(work: Work, event: Any) -> bool:
        session = work.customer
        picked = chosen(session, event)
        return picked is not None and step_after(step, session.offers[picked[0]], picked[1]) is target

    guard.__name__ = f"next_is_{target}"
    return guard


def back_leads(step: State, target: State) -> Guard:
    """``target`` is the step before that was asked."""

    def guard(work: Work, _event: Any) -> bool:
        session = work.customer
        return step_before(step, session.chosen_offer, session.choice) is target

    guard.__name__ = f"before_was_{target}"
    return guard


def kind_is_refused(work: Work, event: KindChosen) -> bool:
    """The centre told why not."""
    offers = work.customer.offers
    return 0 <= event.offer < len(offers) and offers[event.offer].refusal is not None


def delivery_is_out_of_order(work: Work, _event: Any) -> bool:
    """A device that is needed to deliver has a blocking fault: no money is taken."""
    return _delivery_fault_code(work) != ""


# --- deeds


def choose(chosen: Chosen) -> Callable[[Work, Any], None]:
    """Remember the choice."""

    def deed(work: Work, event: Any) -> None:
        picked = chosen(work.customer, event)
        if picked is not None:
            work.update(offer=picked[0], choice=picked[1], notice="")

    deed.__name__ = f"choose_{chosen.__name__.removeprefix('with_')}"
    return deed


def learn_refusal(work: Work, event: KindChosen) -> None:
    """The reason is shown; the customer chooses again."""
    work.update(offer=event.offer, notice=work.customer.offers[event.offer].refusal or "")


def forget_refusal(work: Work, _event: Any) -> None:
    """Back among the kinds."""
    work.update(offer=None, notice="")


def note_choice(work: Work, _event: Any) -> None:
    """What was agreed to, persons as a number."""
    session = work.forget_notice()
    choice = session.choice
    work.note(
        ChoiceMade(
            session.generation,
            choice.kind,
            choice.scope,
            len(choice.members),
            len(choice.items),
            choice.copies,
            choice.fee_yen,
        )
    )


def end_out_of_order(work: Work, _event: Any) -> None:
    """Better before the money than after."""
    work.update(end=EndReason.OUT_OF_ORDER, code=_delivery_fault_code(work))


def _delivery_fault_code(work: Work) -> str:
    needed = work.config.delivery_devices
    return next((up.code for up in work.levels.faults if up.blocks_service and up.device in needed), "")
