"""The HTTP centre and the virtual-time centre are one model: a server that takes its time, or is broken, over HTTPS."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from simulator.centre.issuing.defects import SequencePerServer
from simulator.centre.issuing.events import FileHandedOver, OrderAccepted, ServerEvent
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.server import CentreServer
from terminal.centre.api import CentreFailed, CentreTimedOut
from terminal.centre.client import CentreClient, CentreTimeouts
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import CancellationReply, Choice
from terminal.clock import ManualClock, SystemClock
from tests.centre_world import HOUSEHOLD, NOW, SELF_SEAL, TERMINAL, Customer, customer, fresh_request_id, shared_home

LIMIT_S = 20.0
NAMES = {
    "head": "見本\u3000太郎",
    "yoshida": "𠮷田\u3000見本子",
    "takahashi": "髙橋\u3000見本",
    "tsuji": "辻\U000e0102\u3000架空",
}


class Site:
    """架空市's server behind HTTPS, on a clock that the test moves, and customers who wait for it on threads."""

    def __init__(self, setup: ServerSetup) -> None:
        self.events: list[ServerEvent] = []
        self._heard = threading.Condition()
        self.clock = ManualClock(NOW)
        self.server = CentreServer(
            shared_home(), database="sqlite://", clock=self.clock, setups={"99101": setup}, listener=self._hear
        )
        self._pool = ThreadPoolExecutor(8)
        self._clients: list[CentreClient] = []

    def __enter__(self) -> "Site":
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        for client in self._clients:
            client.close()
        self.server.close()

    def comes(self, who: str, issue_s: float = LIMIT_S) -> Customer:
        """A customer with an open session."""
        files = self.server.terminal_tls(TERMINAL)
        client = CentreClient(self.server.url, TERMINAL, files, CentreTimeouts(issue_s=issue_s), SystemClock())
        self._clients.append(client)
        return customer(client, shared_home(), who)

    def buys(self, buyer: Customer, choice: Choice = SELF_SEAL) -> "Future[object]":
        """Whose record the customer is handed, when the time comes; returns once the server has the request."""
        return self.begins(lambda: buyer.buy(choice).bundle.record.applicant.name)

    def begins(self, ask: Callable[[], object]) -> "Future[object]":
        """Ask on a thread; return once the server has the request."""
        before = self.accepted()
        asked = self._pool.submit(ask)
        with self._heard:
            assert self._heard.wait_for(lambda: self.accepted() > before, LIMIT_S)
        return asked

    def accepted(self) -> int:
        return sum(isinstance(event.happening, OrderAccepted) for event in self.events)

    def handed_over(self) -> list[FileHandedOver]:
        return [event.happening for event in self.events if isinstance(event.happening, FileHandedOver)]

    def _hear(self, event: ServerEvent) -> None:
        with self._heard:
            self.events.append(event)
            self._heard.notify_all()


@pytest.fixture
def slow() -> Iterator[Site]:
    with Site(ServerSetup(read_s=1, render_s=1, print_s=3)) as site:
        yield site


def test_an_answer_takes_as_long_as_the_server(slow: Site) -> None:
    waiting = slow.buys(slow.comes("adult"), HOUSEHOLD)
    slow.clock.advance(4.9)
    with pytest.raises(TimeoutError):
        waiting.result(0.2)
    slow.clock.advance(0.1)
    assert waiting.result(LIMIT_S) == "見本\u3000花子"


def test_a_client_that_gives_up_finds_its_request_dead_and_the_next_gets_its_own(slow: Site) -> None:
    hasty, request_id = slow.comes("adult", issue_s=1.0), fresh_request_id()
    session_id = hasty.session.session_id
    given_up = slow.begins(lambda: hasty.centre.issue(request_id, session_id, SELF_SEAL))
    assert given_up.result(LIMIT_S) == CentreTimedOut(1.0)
    patient = slow.comes("head")
    waiting = slow.buys(patient)
    assert isinstance(patient.centre.cancel(request_id), CancellationReply)
    again = patient.centre.issue(request_id, session_id, SELF_SEAL)
    assert isinstance(again, CentreFailed)
    assert again.code is CentreErrorCode.REQUEST_CANCELLED
    slow.clock.advance(10)
    assert waiting.result(LIMIT_S) == NAMES["head"]
    assert [each.resident for each in slow.handed_over()] == ["head"]


def test_the_same_request_on_two_connections_is_made_once(slow: Site) -> None:
    buyer, request_id = slow.comes("adult"), fresh_request_id()
    other = slow.comes("head").centre
    first = slow.begins(lambda: buyer.centre.issue(request_id, buyer.session.session_id, SELF_SEAL))
    again = slow._pool.submit(other.issue, request_id, buyer.session.session_id, SELF_SEAL)
    slow.clock.advance(10)
    assert first.result(LIMIT_S) == again.result(LIMIT_S)
    assert len(slow.handed_over()) == 1


def test_many_at_once_at_a_busy_server_each_get_their_own() -> None:
    with Site(ServerSetup(servers=2, workers=2, read_s=1, print_s=2)) as site:
        buyers = {who: site.comes(who) for who in NAMES}
        waiting = {who: site.buys(buyer) for who, buyer in buyers.items()}
        for _ in range(10):
            site.clock.advance(1)
        assert {who: each.result(LIMIT_S) for who, each in waiting.items()} == NAMES


def test_the_single_server_program_on_several_servers_mixes_them_up_over_https_too() -> None:
    with Site(ServerSetup(servers=2, print_s=1, defects=(SequencePerServer(),))) as site:
        early, later = site.buys(site.comes("head")), site.buys(site.comes("yoshida"))
        site.clock.advance(1)
        assert [each.result(LIMIT_S) for each in (early, later)] == [NAMES["yoshida"]] * 2
        assert [each.is_wrong for each in site.handed_over()] == [True, False]


def test_a_centre_that_closes_lets_nobody_wait_for_ever(slow: Site) -> None:
    buyer = slow.comes("head")
    waiting = slow.begins(lambda: buyer.centre.issue(fresh_request_id(), buyer.session.session_id, SELF_SEAL))
    slow.server.close()
    told = waiting.result(LIMIT_S)
    assert isinstance(told, CentreFailed)
    assert told.code is CentreErrorCode.BUSY
