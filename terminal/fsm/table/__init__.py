"""The whole table: parts 1 to 9 put together and checked. It is the specification; everything else is read from it."""

from functools import cache

from terminal.fsm.rows import Part
from terminal.fsm.table.another_card import ANOTHER_CARD
from terminal.fsm.table.card import CARD
from terminal.fsm.table.choosing import CHOOSING
from terminal.fsm.table.elsewhere import ELSEWHERE
from terminal.fsm.table.leaving import WAY_OUT
from terminal.fsm.table.money import MONEY
from terminal.fsm.table.paper import PAPER
from terminal.fsm.table.request import REQUEST
from terminal.fsm.table.service import SERVICE
from terminal.fsm.tabling import Table, build

PARTS: tuple[Part, ...] = (*SERVICE, *CARD, *CHOOSING, *REQUEST, *PAPER, *MONEY, *ANOTHER_CARD, *WAY_OUT, *ELSEWHERE)


@cache
def table() -> Table:
    """The table of the terminal, built and checked once."""
    return build(PARTS)
