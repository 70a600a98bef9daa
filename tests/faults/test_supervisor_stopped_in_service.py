"""The service is told to stop while somebody is served: that customer has an end, and nothing of theirs stays in any device."""

from pathlib import Path

from terminal.fsm.states import State
from terminal.journal import entries as e
from terminal.journal.fields import EndReason
from terminal.processes.channel import Channel
from terminal.reset import members_of_group
from tests.supervisor_kit import CUSTOMER, began, shop, wait_for_ever


def test_a_customer_in_service_is_ended_settled_and_cleared_away(tmp_path: Path) -> None:
    def body(channel: Channel, private: Path) -> int:
        reporter = began(channel)
        reporter.entry(e.FeeRequested(customer=CUSTOMER, amount_yen=300))
        (private / "name").write_text("見本太郎", encoding="utf-8")
        return wait_for_ever(channel, private)

    with shop(tmp_path, body) as place:
        place.turn_until_written(e.FeeRequested)
        place.turn_until((place.private_files / "name").exists)
        process = place.supervisor._serving.process  # type: ignore[union-attr]
        before = place.clearings
        place.stop()
        assert place.clearings == before + 1
        assert members_of_group(process.pid) == ()
        assert not place.private_files.exists()
        end, owed = place.of(e.CustomerEnded)[0], place.of(e.RefundOwed)[0]
        assert isinstance(end, e.CustomerEnded) and end.reason is EndReason.CRASHED
        assert isinstance(owed, e.RefundOwed) and owed.amount_yen == 300
        assert isinstance(place.written[-1], e.ResetProved)


def test_with_nobody_there_the_devices_are_left_alone(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        before = place.clearings
        place.stop()
        assert place.clearings == before
