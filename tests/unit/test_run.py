"""A run is a pure function of its plan: the same lines each time, one virtual time for all terminals, judged by checkers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from printer_templates.records import CertificateKind, Scope
from simulator.centre.issuing.defects import FileNamedByTheSecond
from simulator.centre.issuing.setup import ServerSetup
from simulator.checkers.registry import check_all
from simulator.devices.fault_plan import UntilCleared
from simulator.history import At, line_of
from simulator.people import visitor as v
from simulator.plan import Arrival, DeviceFault, ForeignJob, Plan, TerminalPlan
from simulator.run import run
from simulator.seen import (
    MoneyCameOut,
    PersonCame,
    PersonLeft,
    RunEnded,
    ServiceSeen,
    SheetsCame,
    SheetsTaken,
    StaffDid,
)
from simulator.unguarded import UnknownGuardError, without
from tests.terminal_kit import shared_home

CASH = TerminalPlan("SPECIMEN-1", cash=("coins", "notes"))
EXACT = TerminalPlan("SPECIMEN-2")
RESIDENCE = v.Wish(CertificateKind.RESIDENCE_CERTIFICATE, Scope.HOUSEHOLD)


def busy() -> Plan:
    """Two terminals, eight people with habits, two faults."""
    people = (
        v.Visitor("adult"),
        v.Visitor("head", RESIDENCE, habits=(v.Mistypes(2),)),
        v.Visitor("twin-1", habits=(v.WalksAway("choose_kind"),)),
        v.Visitor("father", habits=(v.ForgetsCard(),)),
        v.Visitor("twin-2", pays_yen=(1000,)),
        v.Visitor("son", habits=(v.LiftsCard("enter_pin"),)),
        v.Visitor("foreign", habits=(v.Cancels("pay", 2.0),)),
        v.Visitor("same-name-1", habits=(v.ForgetsSheets(),)),
    )
    return Plan(
        "busy",
        seed=7,
        terminals=(CASH, EXACT),
        arrivals=tuple(
            Arrival(20.0 * place, visitor, (CASH, EXACT)[place % 2].terminal) for place, visitor in enumerate(people)
        ),
        faults=(
            DeviceFault(5, "coins", "line-noise", UntilCleared()),
            DeviceFault(100, "printer", "paper-jammed", terminal=EXACT.terminal),
        ),
        heal_at_s=1200,
    )


def seen(lines: list[At], kind: type) -> list[object]:
    return [line.seen for line in lines if isinstance(line.seen, kind)]


def test_whatever_people_and_devices_do_no_promise_is_broken() -> None:
    lines = run(busy(), shared_home())
    verdicts = check_all(lines)
    assert not {promise: verdict.breaches for promise, verdict in verdicts.items() if verdict.breaches}
    assert seen(lines, RunEnded) == [RunEnded()]
    assert len(seen(lines, PersonCame)) == len(seen(lines, PersonLeft)) == 8
    assert seen(lines, SheetsCame)


def test_the_same_plan_gives_the_same_history_in_another_process_with_other_hashes(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.unit.test_run import busy; from simulator.run import run\n"
        "from simulator.history import write; from simulator.home import Home\n"
        "write(run(busy(), Home(Path(sys.argv[1]))), Path(sys.argv[2]))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    there = tmp_path / "history.jsonl"
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script, str(shared_home().root), str(there)]
    subprocess.run(command, check=True, env=environment, cwd=root)
    assert there.read_text().splitlines() == [line_of(line) for line in run(busy(), shared_home())]


def test_what_one_terminal_does_takes_no_time_from_another() -> None:
    both = Plan(
        terminals=(EXACT, TerminalPlan("SPECIMEN-3")),
        arrivals=(Arrival(0, v.Visitor("adult"), "SPECIMEN-2"), Arrival(0, v.Visitor("head"), "SPECIMEN-3")),
    )
    first, second = (line.at_s for line in run(both, shared_home()) if isinstance(line.seen, SheetsCame))
    assert abs(first - second) < 1.0


def test_forgotten_papers_are_for_the_staff_and_not_for_the_next() -> None:
    plan = Plan(arrivals=(Arrival(0, v.Visitor("adult", habits=(v.ForgetsSheets(),))), Arrival(5, v.Visitor("head"))))
    lines = run(plan, shared_home())
    taken = [each for each in seen(lines, SheetsTaken) if isinstance(each, SheetsTaken)]
    assert [each.person for each in taken] == [0, 2]
    assert all(not verdict.breaches for verdict in check_all(lines).values())


def test_a_jammed_coin_that_drops_when_it_is_freed_is_nobodys_loss() -> None:
    plan = Plan(
        terminals=(CASH,), arrivals=(Arrival(10, v.Visitor("adult")),), faults=(DeviceFault(1, "coins", "jam"),)
    )
    lines = run(plan, shared_home())
    assert any(isinstance(each, ServiceSeen) and each.code == "COINS_JAMMED" for each in seen(lines, ServiceSeen))
    assert not check_all(lines)["P4"].breaches


def test_a_lasting_fault_of_the_receipt_printer_is_over_when_all_is_healed() -> None:
    """Offline in the middle of a slip, again and again: what is armed has to be disarmed before the terminal can come back."""
    plan = Plan(
        terminals=(CASH,),
        arrivals=(Arrival(5, v.Visitor("adult")),),
        faults=(
            DeviceFault(1, "receipt_printer", "went-offline", UntilCleared()),
            DeviceFault(1, "receipt_printer", "power-lost"),
        ),
    )
    lines = run(plan, shared_home())
    assert any(isinstance(each, ServiceSeen) and each.code == "RECEIPT_LEFT_OVER" for each in seen(lines, ServiceSeen))
    verdict = check_all(lines)["P7"]
    assert not verdict.breaches
    assert not verdict.doubts


@pytest.mark.parametrize("guards", [(), ("subject", "sheets")])
def test_two_requests_in_a_second_are_refused_by_the_gates_and_only_by_them(guards: tuple[str, ...]) -> None:
    server = ServerSetup(render_s=0.4, print_s=0.4, defects=(FileNamedByTheSecond(),))
    plan = Plan(
        terminals=(EXACT, TerminalPlan("SPECIMEN-3")),
        servers={"99101": server},
        arrivals=(Arrival(0, v.Visitor("adult"), "SPECIMEN-2"), Arrival(0.1, v.Visitor("father"), "SPECIMEN-3")),
        without=guards,
    )
    lines = run(plan, shared_home())
    verdict = check_all(lines)["P1"]
    assert bool(verdict.breaches) is bool(guards)
    if not guards:
        assert any(isinstance(each, ServiceSeen) and "finding" in each.situation for each in seen(lines, ServiceSeen))
        assert StaffDid("SPECIMEN-2", "released a finding") in seen(lines, StaffDid)
        assert seen(lines, MoneyCameOut) == []


@pytest.mark.parametrize(("at_s", "before"), [(14.0, 1), (20.0, 0)])
def test_a_job_from_elsewhere_comes_when_it_is_printed_and_breaks_no_word_of_the_terminal(
    at_s: float, before: int
) -> None:
    """Before the customer who has just been told that printing is complete, or before nobody: never before the next one."""
    plan = Plan(
        terminals=(EXACT,),
        arrivals=(Arrival(5, v.Visitor("adult"), "SPECIMEN-2"), Arrival(60, v.Visitor("head"), "SPECIMEN-2")),
        foreign_jobs=(ForeignJob(at_s, "father", "SPECIMEN-2"),),
    )
    lines = run(plan, shared_home())
    came = [line for line in lines if isinstance(line.seen, SheetsCame) and line.seen.pages[0].residents == ("father",)]
    assert [(line.seen.person, line.at_s - at_s < 5) for line in came if isinstance(line.seen, SheetsCame)] == [
        (before, True)
    ]
    verdicts = check_all(lines)
    assert verdicts["P1"].breaches
    assert not verdicts["P5"].breaches


def test_a_guard_that_does_not_exist_cannot_be_taken_out() -> None:
    with pytest.raises(UnknownGuardError, match="expected guards of bundle"), without(("moat",)):
        raise AssertionError("never entered")
