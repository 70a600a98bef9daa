"""P7's checker: healed, a terminal comes back within its time, and nobody waits for ever."""

from dataclasses import replace

from simulator.checkers.verdict import Truth
from simulator.history import At
from simulator.seen import (
    Emptiness,
    FaultArmed,
    PersonCame,
    PersonLeft,
    PhaseBegan,
    RunEnded,
    RunStarted,
    Seen,
    ServiceSeen,
)
from tests.checkers_kit import ONE, TWO, changed, good_day, lacking, told, verdict, with_before, without

OUT, READY = ServiceSeen(ONE, "out of service", "PRINTER_JAMMED"), ServiceSeen(ONE, "ready")


def liveness(*seen: tuple[float, Seen]) -> list[At]:
    """The good day, its first terminal out of service when the liveness phase begins, and this so many seconds later."""
    history = with_before(good_day(), PhaseBegan, 1, OUT)
    began = next(place for place, line in enumerate(history) if line.seen == PhaseBegan("liveness", 60.0))
    later = [At(history[began].at_s + after_s, what) for after_s, what in seen]
    return sorted([*history, *later], key=lambda line: line.at_s)


def test_back_in_time_is_true() -> None:
    found = told("P7", liveness((59.0, READY)))
    assert found == (Truth.TRUE, "")


def test_a_terminal_that_was_ready_all_along_is_true() -> None:
    assert told("P7", good_day())[0] is Truth.TRUE
    assert verdict("P7", good_day()).examined == 2


def test_the_first_time_it_is_back_counts() -> None:
    assert told("P7", liveness((5.0, READY), (61.0, READY)))[0] is Truth.TRUE


def test_faults_of_the_safety_phase_are_its_business() -> None:
    assert told("P7", with_before(good_day(), PersonCame, 0, FaultArmed(ONE, "printer", "jam")))[0] is Truth.TRUE


def test_too_late_never_or_not_empty_is_false() -> None:
    truth, reasons = told("P7", liveness((61.0, READY)))
    assert truth is Truth.FALSE
    assert f"{ONE} was ready and empty after 61 s, 60 s are allowed" in reasons
    assert "was not ready and empty any more" in told("P7", liveness())[1]
    held = replace(READY, left=Emptiness(sheets=1))
    assert told("P7", liveness((5.0, held)))[0] is Truth.FALSE


def test_a_terminal_that_was_ready_and_is_stuck_at_the_end_is_false() -> None:
    truth, reasons = told("P7", liveness((5.0, READY), (30.0, OUT)))
    assert truth is Truth.FALSE
    assert f"{ONE} is out of service at the end" in reasons
    assert told("P7", liveness((5.0, READY), (30.0, ServiceSeen(ONE, "serving"))))[0] is Truth.UNKNOWN


def test_somebody_who_never_left_is_false() -> None:
    truth, reasons = told("P7", lacking(good_day(), PersonLeft, 1))
    assert truth is Truth.FALSE
    assert f"{TWO}, person 2: they came and never left" in reasons


def test_without_a_liveness_phase_it_is_unknown() -> None:
    assert told("P7", lacking(good_day(), PhaseBegan, 1))[0] is Truth.UNKNOWN
    assert "there was no liveness phase" in told("P7", without(good_day(), PhaseBegan))[1]


def test_missing_evidence_is_unknown() -> None:
    assert told("P7", without(good_day(), RunStarted))[0] is Truth.UNKNOWN
    assert "does not say which terminals took part" in told("P7", without(good_day(), RunStarted))[1]
    assert told("P7", lacking(good_day(), PersonCame, 0))[0] is Truth.UNKNOWN
    armed = with_before(good_day(), RunEnded, 0, FaultArmed(ONE, "printer", "jam"))
    assert told("P7", armed)[0] is Truth.UNKNOWN
    short = [replace(line, at_s=min(line.at_s, 95.0)) for line in liveness()]
    assert told("P7", short)[0] is Truth.UNKNOWN


def test_what_did_not_happen_in_a_run_that_broke_off_is_unknown() -> None:
    for history in (liveness(), lacking(good_day(), PersonLeft, 1)):
        broken = changed(history, RunEnded, 0, lambda ended: RunEnded(complete=False, why="stopped"))
        assert told("P7", broken)[0] is Truth.UNKNOWN
