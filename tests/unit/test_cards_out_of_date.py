"""Registers change and cards do not: nobody is accused of it by a checker, and another person's paper still is a breach."""

import pytest

from printer_templates.records import CertificateKind, Scope
from simulator.centre.issuing.defects import FileNamedByTheSecond
from simulator.centre.issuing.setup import ServerSetup
from simulator.checkers.registry import check_all
from simulator.history import At
from simulator.judging import findings_of
from simulator.people import visitor as v
from simulator.plan import Arrival, Change, Marries, Moves, Plan, TerminalPlan
from simulator.run import run
from simulator.seen import ScreenShown, ServiceSeen, SheetsCame
from tests.terminal_kit import shared_home

NEW_NAME = "見本\u3000新子"
MARRIES = Marries(1, "adult", NEW_NAME)
MOVES = Moves(1, "adult", "東京都千代田区見本町九丁目9番9号")
RESIDENCE = CertificateKind.RESIDENCE_CERTIFICATE
WISHES = (
    v.Wish(),
    v.Wish(RESIDENCE),
    v.Wish(RESIDENCE, Scope.HOUSEHOLD),
    v.Wish(RESIDENCE, Scope.MEMBERS, ("child",)),
)


def day(change: Change, wish: v.Wish, resident: str = "adult", *, serial: bool = False) -> list[At]:
    plan = Plan(
        terminals=(TerminalPlan("SPECIMEN-1", serial_alone=serial),),
        arrivals=(Arrival(5, v.Visitor(resident, wish)), Arrival(1900, v.Visitor("father"))),
        changes=(change,),
    )
    return run(plan, shared_home())


def papers(lines: list[At]) -> list[SheetsCame]:
    return [line.seen for line in lines if isinstance(line.seen, SheetsCame)]


@pytest.mark.parametrize("change", [MARRIES, MOVES])
@pytest.mark.parametrize("wish", WISHES)
def test_a_card_that_is_out_of_date_is_refused_and_no_checker_calls_that_a_breach(change: Change, wish: v.Wish) -> None:
    lines = day(change, wish)
    assert findings_of(lines) == {}
    assert papers(lines) == []
    situations = [line.seen.situation for line in lines if isinstance(line.seen, ServiceSeen)]
    assert "stopped for a finding" in situations


@pytest.mark.parametrize("wish", WISHES)
def test_by_the_serial_alone_whoever_married_is_served_by_the_registers_word(wish: v.Wish) -> None:
    lines = day(MARRIES, wish, serial=True)
    assert findings_of(lines) == {}
    assert "adult" in papers(lines)[0].pages[0].residents


@pytest.mark.parametrize("at_s", [1, 8.12, 9.5])
def test_a_family_finds_whoever_married_by_the_name_that_the_screen_has(at_s: float) -> None:
    """Before the session is opened, between that and the choice, and while the choice is on the screen."""
    lines = day(Marries(at_s, "adult", NEW_NAME), v.Wish(RESIDENCE, Scope.MEMBERS, ("adult",)), "head")
    assert findings_of(lines) == {}
    assert any(isinstance(line.seen, ScreenShown) and "adult" in line.seen.residents for line in lines)


def test_a_name_that_somebody_has_taken_on_is_seen_on_screens() -> None:
    """Also when nobody bore it at the beginning of the run: to whom it is shown is P2's."""
    lines = day(MARRIES, WISHES[-1], serial=True)
    shown = [line.seen.residents for line in lines if isinstance(line.seen, ScreenShown) and line.seen.residents]
    assert shown[:2] == [("head", "adult", "child"), ("adult", "child")]


@pytest.mark.parametrize("change", [MARRIES, Marries(1, "adult", "架空\u3000秀明"), MOVES])
def test_another_persons_paper_is_a_breach_whatever_has_changed(change: Change) -> None:
    """The card of somebody who married (or moved) brings out a stranger's paper, at a terminal without its gates."""
    server = ServerSetup(render_s=0.4, print_s=0.4, defects=(FileNamedByTheSecond(),))
    plan = Plan(
        terminals=(TerminalPlan("SPECIMEN-2"), TerminalPlan("SPECIMEN-3")),
        servers={"99101": server},
        arrivals=(Arrival(5, v.Visitor("adult"), "SPECIMEN-2"), Arrival(5.1, v.Visitor("father"), "SPECIMEN-3")),
        changes=(change,),
        without=("subject", "sheets"),
    )
    verdicts = check_all(run(plan, shared_home()))
    assert verdicts["P1"].breaches
    assert verdicts["P6"].breaches
