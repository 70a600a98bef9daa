"""The small worlds that are explored: each a configuration of the terminal and what centre, people and devices can do in it.

Together they reach every state, every row of the table and every kind of shop; each is closed, so that any number of customers
in a row are explored in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from simulator.explore.telling import LIVE, Told, told
from terminal.fsm import events as ev
from terminal.fsm.config import Evidence, MachineConfig
from terminal.fsm.memory import Memory
from terminal.fsm.states import CHOOSING_STATES, State
from terminal.fsm.table import table
from terminal.fsm.values import Fault as Level
from terminal.fsm.values import Offer

FEE_YEN: Final = 300
OVER_YEN: Final = 200
"""What the customer may insert over the fee."""

PRINTER_OUT: Final = Level("printer", "PRINTER_PAPER_OUT", "Put paper in")
CHANGE_LOW: Final = Level("coins", "COINS_CHANGE_LOW", "Fill the hoppers", blocks_service=False)
PIN_PAD_GONE: Final = Level("pin_pad", "PIN_PAD_UNPLUGGED", "Plug it in")

_PAID: Final = Offer("seal", None, FEE_YEN, ("self",), (), 1)
_FREE: Final = Offer("free", None, 0, ("self",), (), 1)
_REFUSED: Final = Offer("residence", "REFUSED_MOVING_OUT")
_CHOICES: Final = tuple(
    Offer("residence", None, FEE_YEN, scopes, items, copies_max)
    for scopes in (("self",), ("members",), ("self", "members"))
    for items in ((), ("relationship",))
    for copies_max in (1, 2)
)
_MEMBERS: Final = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """``config`` of the machine; ``opened`` is what the centre offers; ``breakable`` levels may go up and down; ``keys`` is what
    people can press. ``leaves`` are states where this world ends: another one goes on from there.

    ``supervised``: the supervisor's machine, whose customers are processes.
    """

    name: str
    config: MachineConfig
    opened: tuple[Told, ...] = ()
    keys: tuple[Told, ...] = ()
    breakable: tuple[Level, ...] = ()
    leaves: frozenset[State] = frozenset()
    android: bool = False
    supervised: bool = False

    @property
    def start(self) -> Memory:
        """Before the boot."""
        return Memory()

    def keys_in(self, state: State) -> tuple[Told, ...]:
        """What can be pressed in ``state`` to any effect."""
        return _keys_in(self.keys, state)


@cache
def _keys_in(keys: tuple[Told, ...], state: State) -> tuple[Told, ...]:
    return tuple(key for key in keys if table().cells[state, key.kind].rows)


def _opened(*offers: Offer) -> Told:
    return told(ev.SessionOpened(LIVE, offers, _MEMBERS, 0))


def _keys(kinds: Iterable[int], *choices: ev.Event) -> tuple[Told, ...]:
    plain = (
        ev.PinEntered(),
        ev.ContinuePressed(),
        ev.BackPressed(),
        ev.CancelPressed(),
        ev.ChoiceConfirmed(),
        ev.SheetsTaken(),
    )
    return tuple(told(event) for event in (*plain, *(ev.KindChosen(kind) for kind in kinds), *choices))


CASH: Final = Setting(
    "cash",
    MachineConfig(),
    opened=(_opened(_PAID, _FREE, _REFUSED), _opened(_REFUSED)),
    keys=_keys(range(3)),
    breakable=(PRINTER_OUT, CHANGE_LOW, PIN_PAD_GONE),
)
"""One customer after another who pay in cash; evidence ``serial+basic-four``."""

CASHLESS: Final = Setting(
    "cashless",
    MachineConfig(evidence=Evidence.SERIAL, fee_elsewhere=True),
    opened=(_opened(_PAID, _FREE),),
    keys=_keys(range(2)),
    breakable=(PRINTER_OUT, PIN_PAD_GONE),
    android=True,
)
"""The fee is paid at the shop's register; evidence ``serial``; some of the cards are telephones."""

CHOICE: Final = Setting(
    "choice",
    MachineConfig(),
    opened=(_opened(*_CHOICES, _REFUSED),),
    keys=_keys(
        (*range(len(_CHOICES) + 1), 99),
        *(ev.ScopeChosen(scope) for scope in ("self", "members", "everybody")),
        *(ev.MembersChosen(members) for members in ((1,), (0, 1), (), (0, 0), (0, 5))),
        *(ev.ItemsChosen(items) for items in ((), ("relationship",), ("my_number",))),
        *(ev.CopiesChosen(copies) for copies in (1, 2, 3)),
    ),
    breakable=(PRINTER_OUT, CHANGE_LOW),
    leaves=frozenset({State.REQUESTING}),
)
"""The choice alone, for offers that leave every combination of questions open or not; it ends with the request."""

SUPERVISOR: Final = Setting(
    "supervisor",
    MachineConfig(),
    keys=(told(ev.SheetsTaken()),),
    breakable=(PRINTER_OUT, CHANGE_LOW),
    supervised=True,
)
"""The supervisor's machine: customers are processes that live, end, die, hang and find."""

SETTINGS: Final = (CASH, CASHLESS, CHOICE, SUPERVISOR)
CHOOSING: Final = CHOOSING_STATES


def setting(name: str) -> Setting:
    """The setting called ``name``; ``KeyError`` otherwise."""
    return {each.name: each for each in SETTINGS}[name]
