"""A customer steps back from paying, changes their mind, and pays after all: the first cancellation is not the second fee's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator.centre.inprocess import InProcessCentre
from simulator.centre.line import Line
from simulator.people.script import CANCEL, OK, Pause
from terminal.centre.api import IssuanceOutcome, ReportOutcome
from terminal.centre.messages import Choice, DeliveryReport
from terminal.devices.screen.api import BackPressed
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, requested, shopper, terminal, the_end


class Overheard(Line):
    """The line to the centre, and what was said on it about requests."""

    def __init__(self, centre: InProcessCentre, wait: Callable[[float], None]) -> None:
        super().__init__(centre, wait)
        self.asked: list[str] = []
        self.told: list[tuple[str, str]] = []

    def issue(self, request_id: str, session_id: str, choice: Choice) -> IssuanceOutcome:
        self.asked.append(request_id)
        return super().issue(request_id, session_id, choice)

    def report_delivery(self, report: DeliveryReport) -> ReportOutcome:
        self.told.append((report.request_id, report.outcome.value))
        return super().report_delivery(report)


def test_paying_after_a_step_back_is_a_sheet(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.takes_s = 5.0
        step_back = (Pause(1.0), BackPressed())
        visit = inline.serve({**shopper(inline), "pay": (step_back, ()), "confirm": (OK, OK, CANCEL)})
        assert the_end(visit).reason is EndReason.COMPLETED
        assert len(visit.of(e.FeeRequested)) == 2
        assert len(visit.of(e.FeeNotCollected)) == 1
        assert inline.payment.till.taken_yen == FEE_YEN
        assert sorted(str(request.outcome) for request in requested(inline)) == ["delivered", "not_delivered"]


def test_stepping_back_twice_takes_nothing(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.takes_s = 5.0
        step_back = (Pause(1.0), BackPressed())
        visit = inline.serve({**shopper(inline), "pay": (step_back, step_back), "confirm": (OK, OK, CANCEL)})
        assert the_end(visit).reason is EndReason.CANCELLED
        assert inline.payment.till.taken_yen == 0


def test_a_slow_report_of_the_first_sheets_names_the_first_request(tmp_path: Path) -> None:
    """The report is told on a thread of its own while the customer asks anew: it must not speak of the second request."""
    with terminal(tmp_path) as inline:
        inline.payment.takes_s = 5.0
        line = inline.line = Overheard(inline.centre, inline.loop.wait)
        start = inline.loop.start

        def start_late(lane: str, job: Callable[[], Any]) -> None:
            def late() -> Any:
                inline.loop.wait(3.0)
                return job()

            start(lane, late if lane == "centre_report" else job)

        inline.loop.start = start_late  # type: ignore[method-assign,assignment]
        step_back = (Pause(1.0), BackPressed())
        visit = inline.serve({**shopper(inline), "pay": (step_back, ()), "confirm": (OK, OK, CANCEL)})
        assert the_end(visit).reason is EndReason.COMPLETED
        first, second = line.asked
        assert first != second
        assert line.told == [(first, "not_delivered"), (second, "delivered")]
