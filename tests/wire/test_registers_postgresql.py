"""The registers on a real PostgreSQL do what they do on SQLite: the same stories over both, and over HTTPS."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from printer_templates.records import CertificateKind
from simulator.centre.assembly import assemble
from simulator.centre.facts import Fee, Maintenance
from simulator.centre.inprocess import InProcessCentre
from simulator.centre.registers import Registers
from simulator.centre.seed import municipalities, seed
from simulator.centre.server import CentreServer
from simulator.people.residents import RESIDENTS
from terminal.centre.api import CentreFailed
from terminal.centre.client import CentreClient, CentreTimeouts
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import CancellationReply, DeliveryOutcome, DeliveryReport, IssuanceReply
from terminal.clock import ManualClock, SystemClock
from tests.centre_world import (
    HOUSEHOLD,
    NOW,
    SELF_SEAL,
    TERMINAL,
    customer,
    fresh_request_id,
    shared_home,
)
from tests.postgresql import cluster

TODAY = date(2026, 4, 1)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'registers.sqlite'}"
        return
    fresh: str = request.getfixturevalue("postgresql")
    engine = create_engine(fresh)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    yield fresh


def test_everybody_comes_out_as_they_went_in(url: str) -> None:
    registers = Registers(url)
    seed(registers, [], TODAY)
    for resident in RESIDENTS:
        person = registers.person(resident.key)
        assert person.basic == resident.basic_four
        assert (person.my_number, person.relationship) == (resident.my_number, resident.relationship)
    for municipality in municipalities():
        stored = registers.municipality(municipality.code)
        assert stored is not None
        assert replace(stored, fees=()) == replace(municipality, fees=())
        assert set(stored.fees) == set(municipality.fees)
    registers.close()


def test_the_database_is_the_one_that_was_asked_for(url: str) -> None:
    registers = Registers(url)
    assert registers.dialect == url.split(":")[0].split("+")[0]
    registers.close()


def test_a_second_start_finds_what_the_first_left(url: str) -> None:
    first = Registers(url)
    seed(first, [], TODAY)
    first.cancel_seal("adult")
    first.close()
    second = Registers(url)
    seed(second, [], TODAY)
    seal = second.person("adult").seal
    assert seal is not None
    assert seal.state.value == "cancelled"
    second.close()


def test_rules_are_replaced_as_a_whole(url: str) -> None:
    registers = Registers(url)
    seed(registers, [], TODAY)
    window = Maintenance(NOW, NOW + timedelta(hours=2))
    fee = Fee(CertificateKind.SEAL_CERTIFICATE, TODAY, 350)
    changed = replace(municipalities()[0], maintenance=(window,), fees=(fee,), items={fee.kind: frozenset()})
    for _ in range(2):
        registers.put_municipality(changed)
        assert registers.municipality("99101") == changed
    registers.close()


def test_a_purchase_a_cancellation_and_a_report(url: str) -> None:
    assembled = assemble(shared_home(), url, ManualClock(NOW))
    centre = InProcessCentre(assembled.model, TERMINAL)
    buyer = customer(centre, shared_home(), "adult")
    bought, dead = fresh_request_id(), fresh_request_id()
    buyer.buy(HOUSEHOLD, bought)
    assert isinstance(centre.cancel(dead), CancellationReply)
    outcome = centre.issue(dead, buyer.session.session_id, SELF_SEAL)
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.REQUEST_CANCELLED
    centre.report_delivery(
        DeliveryReport(request_id=bought, outcome=DeliveryOutcome.DELIVERED, impressions_completed=2)
    )
    delivery = assembled.model.requests.delivery(bought)
    assert delivery is not None
    assert delivery.outcome is DeliveryOutcome.DELIVERED
    assembled.close()


def test_a_cancellation_outlives_the_centre(url: str) -> None:
    request_id = fresh_request_id()
    first = assemble(shared_home(), url, ManualClock(NOW))
    assert isinstance(InProcessCentre(first.model, TERMINAL).cancel(request_id), CancellationReply)
    first.close()
    second = assemble(shared_home(), url, ManualClock(NOW))
    centre = InProcessCentre(second.model, TERMINAL)
    outcome = centre.issue(request_id, customer(centre, shared_home(), "adult").session.session_id, SELF_SEAL)
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.REQUEST_CANCELLED
    second.close()


def test_of_an_issue_and_a_cancellation_at_once_the_cancellation_has_the_last_word(url: str) -> None:
    assembled = assemble(shared_home(), url, ManualClock(NOW))
    centre = InProcessCentre(assembled.model, TERMINAL)
    buyer = customer(centre, shared_home(), "adult")
    requests = [fresh_request_id() for _ in range(8)]
    with ThreadPoolExecutor(4) as pool:
        for request_id in requests:
            issue = pool.submit(centre.issue, request_id, buyer.session.session_id, SELF_SEAL)
            cancel = pool.submit(centre.cancel, request_id)
            assert isinstance(cancel.result(), CancellationReply)
            issued = issue.result()
            assert isinstance(issued, IssuanceReply) or issued.code is CentreErrorCode.REQUEST_CANCELLED  # type: ignore[union-attr]
    for request_id in requests:
        known = assembled.model.requests.find(request_id)
        assert known is not None
        assert known.bundle is None
        assert known.state.value == "cancelled"
    assembled.close()


@pytest.mark.system
def test_the_served_centre_keeps_its_registers_in_postgresql(postgresql: str) -> None:
    with (
        CentreServer(shared_home(), database=postgresql, clock=ManualClock(NOW)) as server,
        CentreClient(server.url, TERMINAL, server.terminal_tls(TERMINAL), CentreTimeouts(), SystemClock()) as client,
    ):
        assert server.centre.registers.dialect == "postgresql"
        assert customer(client, shared_home(), "adult").buy(SELF_SEAL).bundle.applicant.name == "見本\u3000花子"
