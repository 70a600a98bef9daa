"""What a recording says of orders: faults with their occasion, and in words whatever a scenario cannot say."""

from honnin.live.log import Order, OrderLog
from honnin.live.recording import scenario_of
from simulator import seen as s
from simulator.devices.fault_plan import After, Ratio, Window
from simulator.history import At
from simulator.plan import Plan

HISTORY = [At(0.0, s.RunStarted(0, "day", ("SPECIMEN-1",))), At(60.0, s.PhaseBegan("liveness", 900.0))]


def order(at_s: float, device: str, do: str, **given: object) -> Order:
    return Order(at_s, "SPECIMEN-1", device, {"do": do, **given})


def test_faults_keep_their_occasion_and_a_window_counts_from_the_start_of_the_run() -> None:
    orders = [
        order(1.04, "printer", "add-fault", kind="paper-jammed", after=2, ratio=None, seed=0, until_cleared=False),
        order(2.0, "coins", "add-fault", kind="line-noise", ratio=0.1, seed=7),
        order(3.0, "notes", "add-fault", kind="rejected", window_s=[6.0, 16.0]),
    ]
    recorded = scenario_of(HISTORY, OrderLog(orders=orders, device_age_s=5.0), Plan(), speed=2.0)
    assert [(each.at_s, each.device, each.when) for each in recorded.plan.faults] == [
        (1.0, "printer", After(2)),
        (2.0, "coins", Ratio(0.1, 7)),
        (3.0, "notes", Window(2.0, 22.0)),
    ]
    assert recorded.notes == ()


def test_what_no_scenario_can_say_is_said_in_words_and_the_runs_own_healing_is_not() -> None:
    orders = [order(4.0, "notes", "open-stacker"), order(5.0, "coins", "heal"), order(60.0, "coins", "heal")]
    recorded = scenario_of(HISTORY, OrderLog(orders=orders), Plan())
    assert recorded.plan.faults == ()
    assert recorded.notes == ("at 4.0 s, notes: open-stacker", "at 5.0 s, coins: heal")


def test_somebody_who_still_stands_there_is_written_as_walking_away_and_that_is_said() -> None:
    lines = [
        *HISTORY[:1],
        At(1.0, s.PersonCame("SPECIMEN-1", 1, "adult")),
        At(1.0, s.CardLaid("SPECIMEN-1", 1, "adult")),
        At(2.0, s.ScreenShown("SPECIMEN-1", 1, "enter_pin")),
        At(9.0, s.PersonLeft("SPECIMEN-1", 1, "the recording ended")),
    ]
    recorded = scenario_of(lines, OrderLog(), Plan())
    assert [str(habit) for habit in recorded.plan.arrivals[0].visitor.habits] == ["WalksAway(screen='enter_pin')"]
    assert "was being served when the recording ended" in recorded.notes[0]
