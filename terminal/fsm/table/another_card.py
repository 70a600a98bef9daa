"""The table, part 7: another card on the reader means another person, so the session that was left open ends.

Public-money accounts, Fukushima and Iwaki, from 2022-07 (reference service-and-incidents.md 2.3): nobody had logged out, and the
next person's account was registered to the one before. It ends as a cancellation does: the request cancelled as a whole, every
yen given back, nothing printed. The reset then demands that the card be lifted.
"""

from terminal.fsm.deeds import money, paper, request
from terminal.fsm.deeds.leaving import end_as
from terminal.fsm.events import CardInserted
from terminal.fsm.rows import Part, on
from terminal.fsm.states import CHOOSING_STATES, State
from terminal.fsm.values import EndReason, MachineCode

BY_ANOTHER_CARD = end_as(EndReason.CARD_SWAPPED, MachineCode.ANOTHER_CARD)

ANOTHER_CARD: tuple[Part, ...] = (
    *on(CHOOSING_STATES, CardInserted, then=State.APOLOGISING, do=(BY_ANOTHER_CARD,)),
    *on(
        State.REQUESTING,
        CardInserted,
        then=State.CANCELLING_REQUEST,
        do=(BY_ANOTHER_CARD, request.cancel_issuance),
    ),
    *on(State.VERIFYING, CardInserted, then=State.CANCELLING_VERIFICATION, do=(BY_ANOTHER_CARD,)),
    *on(State.PAYING, CardInserted, then=State.CANCELLING_PAYMENT, do=(BY_ANOTHER_CARD, money.cancel_collect)),
    # Going a step back is not going away yet; whoever laid the card down must not find the choice again.
    *on(State.CANCELLING_PAYMENT, CardInserted, when=money.going_back, do=(BY_ANOTHER_CARD,)),
    *on(State.GIVING_CHANGE, CardInserted, then=State.CANCELLING_CHANGE, do=(BY_ANOTHER_CARD,)),
    *on(State.STARTING_PRINT, CardInserted, then=State.CANCELLING_PRINT, do=(BY_ANOTHER_CARD, paper.cancel_print)),
)
