"""The register's changes, how it was before each, and the server's copy of it: nightly, continual, lagging, failing, cached."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from simulator.centre.changes import ChangeKind, Moment
from simulator.centre.facts import CardState, Registration, Seal, SealState
from simulator.centre.issuing.defects import SynchronisationFailsSilently
from simulator.centre.issuing.events import SynchronisationFailed, SynchronisationRan
from simulator.centre.issuing.setup import ServerSetup, SyncPlan
from simulator.centre.registers import IN_MEMORY, PLAIN_MEMORY, Registers
from simulator.centre.seed import seed
from terminal.centre.api import Refused
from terminal.centre.messages import IssuanceReply, RefusalCode
from terminal.centre.session_key import SessionKey
from terminal.clock import ManualClock
from tests.centre_world import NOW, SELF_SEAL, TERMINAL, card_of, session_request, shared_home
from tests.issuing_kit import CITY, Office

EVERY_MINUTE = ServerSetup(sync=SyncPlan(nightly_at=None, continual_every_s=60))
VALID = CardState.VALID
NEW_ADDRESS = "見本県架空市見本町一丁目9番9号"


@pytest.fixture(params=[IN_MEMORY, PLAIN_MEMORY])
def kept(request: pytest.FixtureRequest) -> Iterator[tuple[Registers, ManualClock]]:
    clock = ManualClock(NOW)
    registers = Registers(request.param, clock)
    seed(registers, [], NOW.date())
    yield registers, clock
    registers.close()


def test_every_change_has_its_name_and_time(kept: tuple[Registers, ManualClock]) -> None:
    registers, clock = kept
    began = len(registers.changes)
    seal = Seal("模擬第09999号", SealState.REGISTERED, date(2026, 4, 1), "見本")
    deeds: dict[ChangeKind, Callable[[], None]] = {
        ChangeKind.MOVED: lambda: registers.move("head", NEW_ADDRESS),
        ChangeKind.NAME_CHANGED: lambda: registers.marry("yoshida", "架空\u3000見本子", "𠮷田\u3000見本子"),
        ChangeKind.MOVING_OUT: lambda: registers.announce_moving_out("takahashi"),
        ChangeKind.DIED: lambda: registers.record_death("father", date(2026, 4, 1)),
        ChangeKind.SEAL_REGISTERED: lambda: registers.register_seal("no-seal", seal),
        ChangeKind.SEAL_CHANGED: lambda: registers.register_seal("head", seal),
        ChangeKind.SEAL_CANCELLED: lambda: registers.cancel_seal("adult"),
        ChangeKind.CORRECTED: lambda: registers.change_person("tsuji", relationship="世帯主"),
    }
    for deed in deeds.values():
        clock.advance(1)
        deed()
    told = registers.changes[began:]
    assert [change.kind for change in told] == list(deeds)
    assert [change.at_s for change in told] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert {change.municipality_code for change in told} == {CITY}
    assert told[0].at == NOW + timedelta(seconds=1)
    assert registers.person("yoshida").former_name == "𠮷田\u3000見本子"
    assert registers.person("takahashi").moving_out
    assert registers.person("head").seal == seal
    assert registers.changes_between(2, 4, CITY) == told[2:4]
    assert registers.changes_between(0, 9, "99102") == ()


def test_a_change_that_was_not_committed_never_happened(kept: tuple[Registers, ManualClock]) -> None:
    registers, _ = kept
    before = registers.changes
    address = registers.person("head").basic.address
    with pytest.raises(ZeroDivisionError), registers.at_once():
        registers.move("head", NEW_ADDRESS)
        _ = 1 / 0
    assert registers.changes == before
    assert registers.person("head").basic.address == address


def test_the_register_can_be_read_as_it_was(kept: tuple[Registers, ManualClock]) -> None:
    registers, clock = kept
    old = registers.person("head").basic.address
    clock.advance(10)
    registers.move("head", NEW_ADDRESS)
    registers.cancel_seal("head")
    clock.advance(10)
    registers.change_person("child", household="H-elsewhere")
    clock.advance(10)
    registers.record_death("adult", date(2026, 4, 1))
    seen = []
    for moment_s in (9.0, 10.0, 25.0, 30.0):
        applicant = registers.resident(Registration("head", VALID), Moment(moment_s))
        assert applicant is not None
        assert applicant.person.seal is not None
        household = [person.key for person in applicant.household]
        seen.append((applicant.person.basic.address, applicant.person.seal.state.value, household))
    assert seen == [
        (old, "registered", ["head", "adult", "child"]),
        (NEW_ADDRESS, "cancelled", ["head", "adult", "child"]),
        (NEW_ADDRESS, "cancelled", ["head", "adult"]),
        (NEW_ADDRESS, "cancelled", ["head"]),
    ]
    moved = registers.resident(Registration("child", VALID), Moment(15))
    assert moved is not None
    assert [person.key for person in moved.household] == ["head", "adult", "child"]


def test_seals_can_lag_behind_the_rest(kept: tuple[Registers, ManualClock]) -> None:
    registers, clock = kept
    clock.advance(10)
    registers.move("head", NEW_ADDRESS)
    registers.cancel_seal("head")
    applicant = registers.resident(Registration("head", VALID), Moment(10, seals_s=5))
    assert applicant is not None
    assert applicant.person.basic.address == NEW_ADDRESS
    assert applicant.person.seal is not None
    assert applicant.person.seal.state is SealState.REGISTERED


def test_who_is_taken_away_was_never_there(kept: tuple[Registers, ManualClock]) -> None:
    registers, _ = kept
    registers.remove_person("tsuji")
    registers.remove_person("tsuji")
    assert registers.resident(Registration("tsuji", VALID), Moment(0)) is None
    with pytest.raises(KeyError, match="tsuji"):
        registers.person("tsuji")


def test_plain_memory_has_no_database_to_speak_to() -> None:
    registers = Registers(PLAIN_MEMORY, ManualClock(NOW))
    assert registers.dialect == "memory"
    with pytest.raises(TypeError, match="at_once"), registers.transaction():
        pass


# The copy


def address_and_age(office: Office) -> tuple[str, float]:
    asked = office.ask("head")
    assert isinstance(asked.outcome, IssuanceReply)
    bundle = asked.customer.open(asked.outcome).bundle
    return bundle.record.applicant.address, (bundle.issued_at - bundle.registry_as_of).total_seconds()


def test_without_a_copy_a_change_is_seen_at_once() -> None:
    office = Office(ServerSetup())
    office.registers.move("head", NEW_ADDRESS)
    assert address_and_age(office) == (NEW_ADDRESS, 0)


def test_a_copy_shows_a_change_after_the_next_synchronisation_and_says_how_old_it_is() -> None:
    office = Office(EVERY_MINUTE)
    old = office.registers.person("head").basic.address
    office.until(70)
    office.registers.move("head", NEW_ADDRESS)
    office.until(110)
    assert address_and_age(office) == (old, 50)
    office.until(125)
    assert address_and_age(office) == (NEW_ADDRESS, 5)
    assert office.happened(SynchronisationRan) == [SynchronisationRan("continual", ("head",))]


def test_a_copy_is_as_of_its_synchronisation_though_it_is_read_late() -> None:
    """The server catches up only when somebody looks: what changed after the synchronisation must not slip into it."""
    office = Office(EVERY_MINUTE)
    office.world.clock.advance(59)
    office.registers.marry("head", "見本\u3000改太郎")
    office.world.clock.advance(2)
    office.registers.move("head", NEW_ADDRESS)
    office.world.clock.advance(3)
    asked = office.ask("head")
    assert isinstance(asked.outcome, IssuanceReply)
    stated = asked.customer.open(asked.outcome).bundle.record.applicant
    assert stated.name == "見本\u3000改太郎"
    assert stated.address != NEW_ADDRESS


def test_the_nightly_synchronisation_runs_by_the_clock_in_japan() -> None:
    office = Office(ServerSetup(sync=SyncPlan(nightly_at=time(2, 0), continual_every_s=None)))
    office.until(60)
    office.registers.move("head", NEW_ADDRESS)
    office.until(60 * 3600)
    ran = [event for event in office.events if isinstance(event.happening, SynchronisationRan)]
    moments = [NOW + timedelta(seconds=event.at_s) for event in ran]
    assert moments == [
        datetime(2026, 4, 2, 2, 0, tzinfo=NOW.tzinfo),
        datetime(2026, 4, 3, 2, 0, tzinfo=NOW.tzinfo),
    ]
    assert [event.happening for event in ran] == [
        SynchronisationRan("nightly", ("head",)),
        SynchronisationRan("nightly", ()),
    ]


def test_the_copy_decides_what_is_offered() -> None:
    office = Office(EVERY_MINUTE)
    office.until(30)
    office.registers.announce_moving_out("head")
    assert office.world.customer("head").session.offers[0].refusal is None
    office.until(61)
    key = SessionKey()
    request = session_request(office.world.centre, card_of(shared_home(), "head", now=office.world.clock.wall()), key)
    assert office.model.open_session(TERMINAL, request) == Refused(RefusalCode.MOVING_OUT)


def test_the_cards_own_state_never_comes_from_a_copy() -> None:
    office = Office(replace(EVERY_MINUTE, cache_s=600))
    bundle = office.world.customer("head").buy(SELF_SEAL).bundle
    office.registers.register_card(bundle.card, Registration("head", CardState.SUSPENDED))
    request = session_request(office.world.centre, card_of(shared_home(), "head"), SessionKey())
    assert office.model.open_session(TERMINAL, request) == Refused(RefusalCode.CERTIFICATE_SUSPENDED)


def test_a_cache_keeps_what_was_read_for_its_time_and_says_how_old_it_is() -> None:
    office = Office(ServerSetup(cache_s=30))
    old, age_s = address_and_age(office)
    assert age_s == 0
    office.until(20)
    office.registers.move("head", NEW_ADDRESS)
    assert address_and_age(office) == (old, 20)
    office.until(30)
    assert address_and_age(office) == (NEW_ADDRESS, 0)


# The copy that fails


def test_a_synchronisation_that_fails_silently_keeps_the_age_of_its_last_success() -> None:
    defect = SynchronisationFailsSilently(since=NOW + timedelta(seconds=90))
    office = Office(replace(EVERY_MINUTE, defects=(defect,)))
    office.until(50)
    office.registers.move("head", NEW_ADDRESS)
    office.until(100)
    office.registers.move("head", "見本県架空市見本町一丁目1番1号")
    office.until(300)
    assert address_and_age(office) == (NEW_ADDRESS, 240)
    assert office.happened(SynchronisationRan, SynchronisationFailed)[:2] == [
        SynchronisationRan("continual", ("head",)),
        SynchronisationFailed("continual", ("head",)),
    ]


def test_where_seals_alone_stop_the_rest_looks_young() -> None:
    office = Office(replace(EVERY_MINUTE, defects=(SynchronisationFailsSilently(what="seals"),)))
    office.registers.cancel_seal("head")
    office.registers.move("head", NEW_ADDRESS)
    office.until(130)
    assert address_and_age(office) == (NEW_ADDRESS, 10)
    assert office.happened(SynchronisationFailed)[0].missed == ("cancelled-seal", "head")


def test_without_a_copy_too_the_coupling_can_fail_from_a_moment_on() -> None:
    office = Office(ServerSetup(defects=(SynchronisationFailsSilently(since=NOW + timedelta(seconds=90)),)))
    office.until(50)
    office.registers.move("head", NEW_ADDRESS)
    assert address_and_age(office) == (NEW_ADDRESS, 0)
    office.until(100)
    office.registers.cancel_seal("head")
    office.until(120)
    assert address_and_age(office) == (NEW_ADDRESS, 30)


@pytest.mark.parametrize("every_s", [0.0, 0.05])
def test_a_plan_that_never_rests_is_refused(every_s: float) -> None:
    with pytest.raises(ValueError, match="continual_every_s"):
        SyncPlan(continual_every_s=every_s)


def test_a_night_with_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="nightly_at"):
        SyncPlan(nightly_at=time(2, 0, tzinfo=NOW.tzinfo))
