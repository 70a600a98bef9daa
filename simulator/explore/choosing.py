"""The choice, said a second time: which questions are open for an offer, and what an answer makes of the choice.

P1: what is asked for is what this person chose, question by question, and nothing that was not asked. Worked out here from the
offer alone, not by the deeds of the machine.
"""

from collections.abc import Sequence
from dataclasses import replace

from simulator.explore.broken import hold
from simulator.explore.stepping import Step
from terminal.fsm import effects as fx
from terminal.fsm import events as ev
from terminal.fsm.memory import Session
from terminal.fsm.states import CHOOSING_STATES, State
from terminal.fsm.values import Choice, Offer


def questions(offer: Offer, choice: Choice) -> tuple[State, ...]:
    """Every situation that the choice goes through, from the kind to the word that confirms it."""
    asked = [State.CHOOSING_KIND]
    asked += [State.CHOOSING_SCOPE] * (len(offer.scopes) >= 2)
    asked += [State.CHOOSING_MEMBERS] * (choice.scope == "members")
    asked += [State.CHOOSING_ITEMS] * (len(offer.items) >= 1)
    asked += [State.CHOOSING_COPIES] * (offer.copies_max >= 2)
    return (*asked, State.CONFIRMING)


def answered(session: Session, event: ev.Event) -> Choice | None:
    """The choice after ``event``, None when it answers nothing that was asked."""
    match event:
        case ev.KindChosen(offer=place):
            return _kind(session, place)
        case ev.ScopeChosen(scope=scope):
            return replace(session.choice, scope=scope, members=()) if scope in _offer(session).scopes else None
        case ev.MembersChosen(members=members):
            household = range(session.member_count)
            fits = bool(members) and sorted(members) == sorted(set(members)) and set(members) <= set(household)
            return replace(session.choice, members=tuple(sorted(members))) if fits else None
        case ev.ItemsChosen(items=items):
            fits = len(items) == len(set(items)) and set(items) <= set(_offer(session).items)
            return replace(session.choice, items=_in_order(items, _offer(session).items)) if fits else None
        case ev.CopiesChosen(copies=copies):
            fee_yen = _offer(session).fee_yen * copies
            fits = 0 < copies <= _offer(session).copies_max
            return replace(session.choice, copies=copies, fee_yen=fee_yen) if fits else None
        case _:
            return None


_ANSWERS = (ev.KindChosen, ev.ScopeChosen, ev.MembersChosen, ev.ItemsChosen, ev.CopiesChosen)


def watch_choice(step: Step) -> None:
    """Hold a step among the questions to what was asked and answered, and a request to a whole choice."""
    before, after = step.before.memory.session, step.after.memory.session
    if before is None or after is None:
        return
    event = step.told.event
    if isinstance(event, ev.SessionOpened):
        hold(after.offers == event.offers, "P1", "what the centre offers is not what can be chosen")
    if step.before.state in CHOOSING_STATES and isinstance(event, _ANSWERS):
        _watch_answer(step, before, after)
    elif step.before.state in CHOOSING_STATES and isinstance(event, ev.BackPressed):
        _watch_back(step, before)
    if isinstance(event, ev.BackPressed | ev.ContinuePressed) and step.after.state is State.CHOOSING_KIND:
        fresh = step.before.state is State.CHOOSING_KIND or (after.offer is None and not after.notice)
        hold(fresh, "P1", f"back from {step.before.state} among the kinds, and the former one is still chosen")
    if any(isinstance(effect, fx.RequestIssuance) for effect in step.effects):
        hold(is_whole(after), "P1", "the request is not what was chosen")


def _watch_answer(step: Step, before: Session, after: Session) -> None:
    event = step.told.event
    if isinstance(event, ev.KindChosen) and _refusal(before, event.offer) is not None:
        shown = step.after.state is State.SHOWING_REFUSAL and after.notice == _refusal(before, event.offer)
        hold(shown, "P5", "a refused kind is chosen, and the reason is not shown")
        return
    due = answered(before, event)
    hold(due is not None, "P1", f"{step.told.kind.__name__} answers nothing that was asked, and is taken")
    if due is not None:
        hold(after.choice == due, "P1", f"the choice is not what was answered by {step.told.kind.__name__}")
        asked = questions(_offer(after), due)
        following = asked[asked.index(step.before.state) + 1]
        hold(
            step.after.state is following, "P1", f"after {step.before.state} comes {step.after.state}, not {following}"
        )


def _watch_back(step: Step, before: Session) -> None:
    if step.before.state is State.SHOWING_REFUSAL:
        return
    asked = questions(_offer(before), before.choice)
    former = asked[asked.index(step.before.state) - 1]
    hold(step.after.state is former, "P1", f"before {step.before.state} stood {former}, not {step.after.state}")


def is_whole(session: Session) -> bool:
    """Whether every question is answered, and none that was not asked."""
    offer, choice = _offer(session), session.choice
    members_fit = bool(choice.members) == (choice.scope == "members")
    counted = 1 <= choice.copies <= offer.copies_max and choice.fee_yen == offer.fee_yen * choice.copies
    offered = choice.kind == offer.kind and choice.scope in offer.scopes and set(choice.items) <= set(offer.items)
    return offer.refusal is None and members_fit and counted and offered


def _offer(session: Session) -> Offer:
    hold(session.offer is not None, "P1", "the choice goes on without a kind")
    return session.offers[session.offer or 0]


def _refusal(session: Session, place: int) -> str | None:
    return session.offers[place].refusal if 0 <= place < len(session.offers) else None


def _kind(session: Session, place: int) -> Choice | None:
    if not 0 <= place < len(session.offers) or session.offers[place].refusal is not None:
        return None
    offer = session.offers[place]
    single = offer.copies_max == 1
    scope = offer.scopes[0] if len(offer.scopes) == 1 else ""
    return Choice(offer.kind, scope, copies=1 if single else 0, fee_yen=offer.fee_yen if single else 0)


def _in_order(chosen: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    return tuple(item for item in offered if item in chosen)
