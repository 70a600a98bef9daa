"""What a recorder writes of a run ends as the run did: the same papers in the same hands, the same codes, the same money.

Under virtual time, so that many habits can be tried; ``tests/wire/test_scenarios_live.py`` has a live run recorded by this code.
"""

import tempfile
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from honnin.live.log import OrderLog
from honnin.live.recording import Recorded, scenario_of
from printer_templates.records import CertificateKind, Item, Scope
from simulator import seen as s
from simulator.history import At
from simulator.people import visitor as v
from simulator.plan import Arrival, Plan, TerminalPlan
from simulator.run import Stage, played, staged
from simulator.scenarios import parse
from simulator.scenarios.expecting import codes_of, hands_of
from simulator.scenarios.writing import dump
from terminal.devices.screen.api import PersonInput, View
from tests.terminal_kit import shared_home

HOUSEHOLD = v.Wish(
    CertificateKind.RESIDENCE_CERTIFICATE,
    Scope.HOUSEHOLD,
    items=(Item.RELATIONSHIP, Item.REGISTERED_DOMICILE),
    copies=2,
)
MEMBERS = v.Wish(CertificateKind.RESIDENCE_CERTIFICATE, Scope.MEMBERS, members=("adult",))


def run_logged(plan: Plan) -> tuple[list[At], OrderLog]:
    log = OrderLog()
    with tempfile.TemporaryDirectory() as folder, staged(plan, shared_home(), Path(folder)) as stage:
        for name, terminal in stage.terminals.items():
            terminal.observer.on_pressed = partial(_press, stage, log, name)
        return played(stage), log


def _press(stage: Stage, log: OrderLog, terminal: str, view: View, pressed: PersonInput) -> None:
    log.pressed(stage.world.clock.now_s(), terminal, stage.terminals[terminal].observer.person, view, pressed)


def outcome(lines: list[At]) -> tuple[object, ...]:
    money = Counter(
        (type(line.seen).__name__, getattr(line.seen, "person", 0), line.seen.amount_yen)
        for line in lines
        if isinstance(line.seen, s.MoneyInserted | s.MoneyCameOut | s.SlipCame)
    )
    tries = [line.seen.tries_after for line in lines if isinstance(line.seen, s.PinTried)]
    books = [line.seen for line in lines if isinstance(line.seen, s.BooksRead)]
    left = [line.seen.why for line in lines if isinstance(line.seen, s.PersonLeft)]
    return hands_of(lines), codes_of(lines), money, tries, books, left


def recorded_again(plan: Plan) -> tuple[Recorded, list[At], list[At]]:
    lines, log = run_logged(plan)
    recorded = scenario_of(lines, log, replace(plan, arrivals=(), faults=()))
    again = parse(dump(recorded.plan)).plan
    assert again == recorded.plan
    return recorded, lines, run_logged(again)[0]


CASH = (TerminalPlan(cash=("coins", "notes")),)
DAYS = {
    "wishes": (
        (0, v.Visitor("head", HOUSEHOLD)),
        (60, v.Visitor("head", MEMBERS, habits=(v.StepsBack("choose_items"),))),
    ),
    "pins": (
        (0, v.Visitor("yamazaki", habits=(v.Mistypes(3),))),
        (60, v.Visitor("adult", habits=(v.Mistypes(2), v.Cancels("confirm_last_try", 2.0)))),
        (120, v.Visitor("adult", card="text-pin-differs", text_pin="5678")),
    ),
    "cards": (
        (0, v.Visitor("son", habits=(v.LiftsCard("reading_subject"),))),
        (60, v.Visitor("adult", habits=(v.LaysOtherCard("enter_pin", "head"),))),
        (300, v.Visitor("adult", habits=(v.ForgetsCard(), v.WalksAway("take_card")))),
        (900, v.Visitor("adult", habits=(v.ForgetsCard(),))),
        (1800, v.Visitor("head")),
    ),
    "papers": (
        (0, v.Visitor("adult", habits=(v.ForgetsSheets(),))),
        (5, v.Visitor("head", habits=(v.TakesWhatLiesThere(),))),
        (600, v.Visitor("adult", habits=(v.WalksAway("choose_kind"),))),
        (620, v.Visitor("head", habits=(v.GoesOn(),))),
    ),
    "money": (
        (0, v.Visitor("adult", pays_yen=(1000,))),
        (60, v.Visitor("adult", pays_yen=(100,), habits=(v.Cancels("pay", 2.0),))),
        (120, v.Visitor("adult", habits=(v.Cancels("pay", 1.0),))),
        (180, v.Visitor("head", pays_yen=(50, 100), habits=(v.WalksAway("pay"),))),
        (900, v.Visitor("cancelled-seal", pays_yen=(10,))),
    ),
}


@pytest.mark.parametrize("name", DAYS)
def test_a_day_recorded_ends_the_same(name: str) -> None:
    arrivals = tuple(Arrival(at_s, visitor) for at_s, visitor in DAYS[name])
    terminals = CASH if name == "money" else (TerminalPlan(),)
    recorded, lines, again = recorded_again(Plan(terminals=terminals, arrivals=arrivals))
    assert outcome(again) == outcome(lines)
    assert recorded.notes == ()
