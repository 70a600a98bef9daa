"""A municipality's issuing server that takes its time: who waits for what, and what becomes of those who give up."""

from dataclasses import replace

import pytest

from simulator.centre import issuances
from simulator.centre.faults import Delay, TimesOut
from simulator.centre.inprocess import LATE_MAX, InProcessCentre
from simulator.centre.issuances import Underway
from simulator.centre.issuing.events import (
    FileHandedOver,
    FilePrinted,
    FileWritten,
    Happening,
    OrderAccepted,
    OrderCancelled,
    OrderRefused,
    QueueWasFull,
    RegisterRead,
)
from simulator.centre.issuing.server import Remains
from simulator.centre.issuing.setup import HEALTHY, Company, ServerSetup, SyncPlan
from simulator.centre.request_book import RequestState
from terminal.centre.api import CentreFailed, CentreTimedOut, Refused
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import BundleMode, CancellationReply, IssuanceReply, RefusalCode
from tests.centre_world import NOW, SELF_SEAL, TERMINAL, fresh_request_id
from tests.issuing_kit import CITY, FAMILY, Asked, Office

SLOW = ServerSetup(read_s=1, render_s=2, print_s=3)


def code_of(asked: Asked) -> CentreErrorCode | RefusalCode:
    outcome = asked.outcome
    assert isinstance(outcome, CentreFailed | Refused), outcome
    return outcome.code


def moments(office: Office, kind: type[Happening]) -> list[float]:
    return [event.at_s for event in office.events if isinstance(event.happening, kind)]


def test_a_healthy_server_takes_no_time_and_answers_at_once() -> None:
    office = Office(HEALTHY)
    assert isinstance(office.ask("head").outcome, IssuanceReply)
    kinds = [type(event.happening) for event in office.events]
    assert kinds == [OrderAccepted, RegisterRead, FileWritten, FilePrinted, FileHandedOver]
    assert {event.at_s for event in office.events} == {0.0}


def test_reading_writing_and_printing_take_their_times_and_more_for_more_persons() -> None:
    office = Office(replace(SLOW, per_person_s=0.5))
    office.ask("head", FAMILY)
    office.until(30)
    assert moments(office, RegisterRead) == [1]
    assert moments(office, FileWritten) == [1 + 2 + 2 * 0.5]
    assert moments(office, FileHandedOver) == [1 + 2 + 3 + 4 * 0.5]


def test_what_is_issued_says_when_it_was_written_and_of_when_the_register_is() -> None:
    office = Office(SLOW)
    asked = office.ask("head")
    office.until(10)
    reply = asked.outcome
    assert isinstance(reply, IssuanceReply)
    bundle = asked.customer.open(reply).bundle
    assert (bundle.registry_as_of - NOW).total_seconds() == 1
    assert (bundle.issued_at - NOW).total_seconds() == 3


def test_one_machine_prints_one_at_a_time_in_order_and_two_print_side_by_side() -> None:
    for servers, expected in ((1, [3, 6, 9]), (2, [3, 3, 6])):
        office = Office(ServerSetup(servers=servers, print_s=3))
        for who in ("head", "takahashi", "yoshida"):
            office.ask(who)
        office.until(20)
        assert moments(office, FileHandedOver) == expected
        assert [each.resident for each in office.happened(FileHandedOver)] == ["head", "takahashi", "yoshida"]


def test_who_finds_no_worker_queues_and_who_finds_the_queue_full_is_told_so() -> None:
    office = Office(ServerSetup(workers=1, queue_limit=1, read_s=1))
    first, second, third = (office.ask(who) for who in ("head", "takahashi", "yoshida"))
    assert code_of(third) is CentreErrorCode.BUSY
    assert office.happened(QueueWasFull) == [QueueWasFull(3)]
    office.until(5)
    assert [isinstance(each.outcome, IssuanceReply) for each in (first, second)] == [True, True]
    assert moments(office, RegisterRead) == [1, 2]
    assert isinstance(office.ask("yoshida").begun, Underway)


def test_a_print_that_takes_too_long_cancels_the_whole_request_and_makes_room() -> None:
    office = Office(ServerSetup(print_s=4, print_wait_limit_s=6))
    first, second = office.ask("head"), office.ask("takahashi")
    office.until(7)
    assert isinstance(first.outcome, IssuanceReply)
    assert code_of(second) is CentreErrorCode.BUSY
    assert office.happened(OrderCancelled) == [OrderCancelled(2, "print wait")]
    third = office.ask("yoshida")
    office.until(20)
    assert isinstance(third.outcome, IssuanceReply)
    assert moments(office, FileHandedOver) == [4, 12], "the print that nobody waits for any more is not interrupted"


def test_a_request_that_the_server_never_ends_is_dropped_by_the_centre() -> None:
    office = Office(ServerSetup(read_s=500, answer_limit_s=100))
    asked = office.ask("head")
    office.until(99)
    assert isinstance(asked.begun, Underway)
    office.until(100)
    assert code_of(asked) is CentreErrorCode.BUSY
    assert office.happened(OrderCancelled) == [OrderCancelled(1, "answer limit")]


@pytest.mark.parametrize("at_s", [0.5, 2.0, 4.0], ids=["reading", "writing", "printing"])
def test_a_request_can_be_cancelled_at_any_stage_and_the_next_gets_its_own(at_s: float) -> None:
    office = Office(replace(SLOW, workers=1))
    dead, alive = office.ask("head"), office.ask("takahashi")
    office.until(at_s)
    assert isinstance(office.model.cancel(TERMINAL, dead.request_id), CancellationReply)
    office.until(30)
    assert code_of(dead) is CentreErrorCode.REQUEST_CANCELLED
    assert isinstance(alive.outcome, IssuanceReply)
    assert [each.order for each in office.happened(FileHandedOver)] == [2]
    known = office.model.requests.find(dead.request_id)
    assert known is not None
    assert known.state is RequestState.CANCELLED


def test_a_request_that_waits_in_the_queue_can_be_cancelled() -> None:
    office = Office(replace(SLOW, workers=1))
    first, queued, behind = (office.ask(who) for who in ("head", "takahashi", "yoshida"))
    office.model.cancel(TERMINAL, queued.request_id)
    office.until(30)
    assert isinstance(first.outcome, IssuanceReply)
    assert code_of(queued) is CentreErrorCode.REQUEST_CANCELLED
    assert isinstance(behind.outcome, IssuanceReply), "the worker did not go to the dead"
    assert moments(office, RegisterRead) == [1, 7]


def test_nothing_is_left_of_a_request_once_it_is_answered() -> None:
    office = Office(SLOW)
    office.ask("head")
    server = office.model.servers.of(CITY)
    office.until(5.9)
    assert server.remains() == Remains(files=1, appointments=3)
    office.until(6)
    assert server.remains() == Remains(files=0, appointments=0)


def test_the_same_request_again_waits_for_the_same_answer() -> None:
    office = Office(SLOW)
    first = office.ask("head")
    office.until(2)
    again = office.ask_again("head", first.customer, SELF_SEAL, first.request_id)
    other = office.ask_again("head", first.customer, FAMILY, first.request_id)
    assert code_of(other) is CentreErrorCode.REQUEST_CONFLICT
    office.until(10)
    assert first.outcome == again.outcome
    assert isinstance(first.outcome, IssuanceReply)
    assert len(office.happened(OrderAccepted)) == 1


def test_another_terminal_can_neither_join_nor_cancel_a_request_under_way() -> None:
    office = Office(SLOW)
    asked = office.ask("head")
    elsewhere = office.world.at("SPECIMEN-0002")
    stolen = elsewhere.issue(asked.request_id, asked.customer.session.session_id, SELF_SEAL)
    assert isinstance(stolen, CentreFailed)
    assert stolen.code is CentreErrorCode.REQUEST_CONFLICT
    refused = elsewhere.cancel(asked.request_id)
    assert isinstance(refused, CentreFailed)
    assert refused.code is CentreErrorCode.REQUEST_UNKNOWN
    office.until(10)
    assert isinstance(asked.outcome, IssuanceReply)


def test_a_terminal_that_gives_up_and_cancels_finds_the_late_answer_dead() -> None:
    office = Office(ServerSetup(print_s=40))
    centre = InProcessCentre(office.model, TERMINAL, wait=office.world.clock.advance)
    customer, request_id = office.world.customer("head"), fresh_request_id()
    assert centre.issue(request_id, customer.session.session_id, SELF_SEAL) == CentreTimedOut(30.0)
    assert office.world.clock.now_s() == pytest.approx(30)
    assert centre.late_answers() == (), "the server has not finished"
    assert isinstance(centre.cancel(request_id), CancellationReply)
    office.until(60)
    (late,) = centre.late_answers()
    assert isinstance(late, CentreFailed)
    assert late.code is CentreErrorCode.REQUEST_CANCELLED
    assert office.happened(FileHandedOver) == []


def test_a_terminal_that_gives_up_and_says_nothing_leaves_an_answer_that_nobody_takes() -> None:
    office = Office(ServerSetup(print_s=40))
    centre = InProcessCentre(office.model, TERMINAL, wait=office.world.clock.advance)
    customer, request_id = office.world.customer("head"), fresh_request_id()
    centre.issue(request_id, customer.session.session_id, SELF_SEAL)
    office.until(60)
    (late,) = centre.late_answers()
    assert isinstance(late, IssuanceReply)
    assert centre.issue(request_id, customer.session.session_id, SELF_SEAL) == late


def test_what_nobody_asks_for_any_more_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuances, "UNDERWAY_MAX", 3)
    office = Office(SLOW)
    customer = office.world.customer("head")
    abandoned = [office.ask_again("head", customer, SELF_SEAL, fresh_request_id()) for _ in range(3)]
    office.world.clock.advance(60)
    office.model.servers.of(CITY).catch_up()
    office.ask("takahashi")
    again = office.ask_again("head", customer, SELF_SEAL, abandoned[0].request_id)
    assert isinstance(again.begun, Underway)
    assert len(office.happened(OrderAccepted)) == 5, "it was forgotten, and begins anew"


def test_a_terminal_remembers_no_more_than_the_last_requests_that_it_gave_up() -> None:
    office = Office(HEALTHY)
    centre, customer = office.world.centre, office.world.customer("head")
    office.model.faults.until_cleared(TimesOut())
    for _ in range(LATE_MAX + 5):
        centre.issue(fresh_request_id(), customer.session.session_id, SELF_SEAL)
    office.model.faults.clear()
    assert len(centre.late_answers()) == LATE_MAX


def test_a_terminal_waits_as_long_as_the_server_takes_and_no_longer() -> None:
    office = Office(SLOW)
    office.model.faults.next(Delay(5))
    assert isinstance(office.buy("head").outcome, IssuanceReply)
    assert office.world.clock.now_s() == pytest.approx(11)


def test_a_face_whose_clock_stands_still_is_told_so_instead_of_waiting_for_ever() -> None:
    office = Office(SLOW)
    with pytest.raises(RuntimeError, match="clock stood still"):
        office.world.customer("head").buy(SELF_SEAL)


def test_a_change_before_the_reading_is_stated_and_one_after_it_is_not() -> None:
    office = Office(SLOW)
    early, late = office.ask("takahashi"), office.ask("yoshida")
    office.until(0.5)
    office.registers.move("takahashi", "見本県架空市見本町一丁目7番7号")
    office.until(1.5)
    office.registers.move("yoshida", "見本県架空市見本町一丁目8番8号")
    office.until(20)
    stated = []
    for asked in (early, late):
        assert isinstance(asked.outcome, IssuanceReply)
        stated.append(asked.customer.open(asked.outcome).bundle.record.applicant.address)
    assert stated == ["見本県架空市見本町一丁目7番7号", "見本県架空市見本町一丁目2番1号"]


def test_a_seal_that_is_cancelled_while_the_request_queues_is_refused() -> None:
    office = Office(replace(SLOW, workers=1))
    office.ask("takahashi")
    asked = office.ask("head")
    office.until(3)
    office.registers.cancel_seal("head")
    office.until(30)
    assert code_of(asked) is RefusalCode.SEAL_CANCELLED
    assert office.happened(OrderRefused) == [OrderRefused(2, "REFUSED_SEAL_CANCELLED")]


def test_a_document_that_cannot_be_drawn_ends_its_request_and_no_other() -> None:
    office = Office(SLOW, BundleMode.DOCUMENT)
    asked, other = office.ask("head"), office.ask("takahashi")
    office.registers.marry("head", "見本\u3000\U0001f980")
    office.until(30)
    assert code_of(asked) is RefusalCode.CHARACTER_PENDING
    assert isinstance(other.outcome, IssuanceReply)


def test_the_company_of_others_is_served_too_and_takes_its_time() -> None:
    office = Office(ServerSetup(print_s=2, company=Company(("takahashi", "yoshida"), ahead=1, after_s=(1.0,))))
    office.buy("head")
    office.until(20)
    assert [(each.resident, each.stated) for each in office.happened(FileHandedOver)] == [
        ("takahashi", ("takahashi",)),
        ("head", ("head",)),
        ("yoshida", ("yoshida",)),
    ]
    assert moments(office, FileHandedOver) == [2, 4, 6]
    requests = {each.resident: each.request_id for each in office.happened(OrderAccepted)}
    assert [bool(requests[who]) for who in ("takahashi", "head", "yoshida")] == [False, True, False]


def test_the_same_calls_give_the_same_events() -> None:
    def run() -> list[tuple[float, str]]:
        office = Office(replace(SLOW, workers=2, sync=SyncPlan(continual_every_s=7)))
        for who in ("head", "takahashi", "yoshida", "large-1"):
            office.ask(who, FAMILY)
            office.until(office.world.clock.now_s() + 1.5)
        office.registers.move("head", "見本県架空市見本町一丁目9番9号")
        office.until(60)
        return [(event.at_s, type(event.happening).__name__) for event in office.events]

    assert run() == run()


def test_another_setup_goes_into_service_while_requests_end_where_they_began() -> None:
    office = Office(SLOW)
    old = office.ask("head")
    office.model.servers.install(CITY, HEALTHY)
    assert isinstance(office.ask("takahashi").outcome, IssuanceReply)
    assert isinstance(old.begun, Underway)
    office.world.clock.advance(10)
    assert isinstance(office.model.look(old.begun), IssuanceReply)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"servers": 0}, "servers"),
        ({"workers": 0}, "workers"),
        ({"read_s": -1.0}, "read_s"),
        ({"queue_limit": -1}, "queue_limit"),
        ({"print_wait_limit_s": 0.0}, "print_wait_limit_s"),
    ],
)
def test_a_setup_that_cannot_be_is_refused_by_name(wrong: dict[str, int], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        ServerSetup(**wrong)  # type: ignore[arg-type]
