"""The table, part 3: the choice, step by step and back again, and the word that confirms it."""

from typing import Any

from terminal.fsm.deeds import choosing, request
from terminal.fsm.deeds.choosing import STEPS, Chosen
from terminal.fsm.deeds.leaving import end_as
from terminal.fsm.events import (
    BackPressed,
    CancelPressed,
    ChoiceConfirmed,
    ContinuePressed,
    CopiesChosen,
    ItemsChosen,
    KindChosen,
    MembersChosen,
    ScopeChosen,
    TimedOut,
)
from terminal.fsm.rows import Part, Row, again, on
from terminal.fsm.states import CHOOSING_STATES, State
from terminal.fsm.values import EndReason, MachineCode

CHOOSING_KIND = State.CHOOSING_KIND
CONFIRMING = State.CONFIRMING


def forward(step: State, event: type[Any], chosen: Chosen) -> tuple[Row, ...]:
    """A possible choice leads to the next step that is asked; an impossible one is declined."""
    later = STEPS[STEPS.index(step) + 1 :] if step in STEPS else STEPS
    return tuple(
        row
        for target in (*later, CONFIRMING)
        for row in on(
            step, event, when=choosing.choice_leads(step, chosen, target), then=target, do=(choosing.choose(chosen),)
        )
    )


def backward(step: State) -> tuple[Row, ...]:
    """Back to the step before that was asked; before the first stands the kind."""
    earlier = STEPS[: STEPS.index(step)] if step in STEPS else STEPS
    return (
        *(
            row
            for target in reversed(earlier)
            for row in on(step, BackPressed, when=choosing.back_leads(step, target), then=target)
        ),
        *on(step, BackPressed, then=CHOOSING_KIND, do=(choosing.forget_refusal,)),
    )


CHOOSING: tuple[Part, ...] = (
    *on(
        CHOOSING_KIND,
        KindChosen,
        when=choosing.kind_is_refused,
        then=State.SHOWING_REFUSAL,
        do=(choosing.learn_refusal,),
    ),
    *forward(CHOOSING_KIND, KindChosen, choosing.with_kind),
    *forward(State.CHOOSING_SCOPE, ScopeChosen, choosing.with_scope),
    *forward(State.CHOOSING_MEMBERS, MembersChosen, choosing.with_members),
    *forward(State.CHOOSING_ITEMS, ItemsChosen, choosing.with_items),
    *forward(State.CHOOSING_COPIES, CopiesChosen, choosing.with_copies),
    *(row for step in (*STEPS, CONFIRMING) for row in backward(step)),
    *on(State.SHOWING_REFUSAL, (BackPressed, ContinuePressed), then=CHOOSING_KIND, do=(choosing.forget_refusal,)),
    *again(CHOOSING_STATES - {State.SHOWING_REFUSAL}, ContinuePressed),
    *on(
        CONFIRMING,
        ChoiceConfirmed,
        when=choosing.delivery_is_out_of_order,
        then=State.APOLOGISING,
        do=(choosing.end_out_of_order,),
    ),
    *on(CONFIRMING, ChoiceConfirmed, then=State.REQUESTING, do=(choosing.note_choice, request.request_issuance)),
    *on(
        CHOOSING_STATES,
        CancelPressed,
        then=State.ENDING,
        do=(end_as(EndReason.CANCELLED, MachineCode.CUSTOMER_CANCELLED),),
    ),
    *on(CHOOSING_STATES, TimedOut, then=State.ENDING, do=(end_as(EndReason.LEFT, MachineCode.CUSTOMER_LEFT),)),
)
