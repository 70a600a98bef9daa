"""A municipal server that misbehaves as real ones did: properly signed, properly sealed, and still not printed."""

import pytest

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.records import Item, Scope
from simulator.centre.faults import (
    AddsForeignPage,
    AddsUnaskedItem,
    Backdates,
    CentreFault,
    DropsPage,
    HandsOverPreviousSheet,
    OmitsOfficialSeal,
    RepeatsOldBundle,
    RespellsApplicant,
    SealsToOtherKey,
    ServesCancelledSeal,
    SignsAsOther,
    WrongPageOf,
)
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import BundleMode
from terminal.verification.reasons import Reason
from terminal.verification.verdict import Different, Failed, Gate, Passed, Undecided
from tests.centre_gates import Told, served
from tests.centre_world import HOUSEHOLD, SELF_SEAL, World, make_world

LARGE = HOUSEHOLD.model_copy(update={"items": frozenset({Item.RELATIONSHIP})})


@pytest.fixture
def world() -> World:
    return make_world()


def after_a_previous_customer(world: World, fault: CentreFault) -> None:
    """Serve somebody, then let the server misbehave at the next issuance."""
    world.customer("watanabe-1").buy(SELF_SEAL)
    world.customer("large-1").buy(LARGE)
    world.assembled.model.faults.next(fault)


def in_document_mode(world: World) -> None:
    world.assembled.registers.change_mode("99101", BundleMode.DOCUMENT)


def buy(world: World, key: str = "adult") -> Told:
    return served(world, world.customer(key), key, SELF_SEAL if key != "large-2" else LARGE)


@pytest.mark.parametrize("mode", BundleMode)
def test_a_server_that_behaves_passes_every_gate(world: World, mode: BundleMode) -> None:
    world.assembled.registers.change_mode("99101", mode)
    told = served(world, world.customer("adult"), "adult", HOUSEHOLD.model_copy(update={"copies": 2}))
    assert [type(each) for each in told.gates] == [Passed, Passed, Passed]


@pytest.mark.parametrize("applicant_too", [False, True])
def test_the_previous_customers_record_is_found_by_the_subject(world: World, applicant_too: bool) -> None:
    after_a_previous_customer(world, HandsOverPreviousSheet(applicant_too=applicant_too))
    told = buy(world)
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.SUBJECT


def test_the_previous_customers_document_under_the_right_record_is_found_on_the_sheet(world: World) -> None:
    in_document_mode(world)
    after_a_previous_customer(world, HandsOverPreviousSheet(record_too=False))
    told = buy(world)
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.SHEETS
    assert told.end.code is Reason.OTHER_REQUEST


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_one_foreign_page_in_the_document_is_found_whichever_it_is(world: World, page: int) -> None:
    in_document_mode(world)
    other = ("twin-1", "father", "head")
    for key in other:
        world.customer(key).buy(LARGE)
    world.assembled.model.faults.next(WrongPageOf(page))
    told = buy(world, "large-2")
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.SHEETS
    assert f"page {page}" in " ".join(
        finding.field for finding in told.end.findings if finding.reason is Reason.OTHER_REQUEST
    )


def test_one_foreign_person_in_the_record_is_found_by_the_subject(world: World) -> None:
    world.customer("father").buy(LARGE)
    world.assembled.model.faults.next(WrongPageOf(2))
    told = served(world, world.customer("adult"), "adult", HOUSEHOLD)
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.SUBJECT


def test_a_missing_page_is_noticed(world: World) -> None:
    in_document_mode(world)
    world.assembled.model.faults.next(DropsPage(2))
    told = buy(world, "large-2")
    assert isinstance(told.end, Failed | Different)
    assert told.end.gate is Gate.SHEETS


def test_a_foreign_page_behind_the_right_ones_is_a_finding(world: World) -> None:
    in_document_mode(world)
    after_a_previous_customer(world, AddsForeignPage())
    told = buy(world)
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.SHEETS


@pytest.mark.parametrize("claims", ["cancelled", "stale"])
def test_a_cancelled_seal_from_a_stale_copy_is_refused(world: World, claims: str) -> None:
    fault = ServesCancelledSeal("cancelled") if claims == "cancelled" else ServesCancelledSeal("stale")
    world.assembled.model.faults.next(fault)
    told = buy(world, "cancelled-seal")
    assert isinstance(told.end, Failed)
    assert told.end.gate is Gate.BUNDLE


def test_a_server_that_lies_about_a_cancelled_seal_cannot_be_seen_through(world: World) -> None:
    # Kept as the limit of what a terminal can know: the register is the municipality's.
    world.assembled.model.faults.next(ServesCancelledSeal("current"))
    assert isinstance(buy(world, "cancelled-seal").end, Passed)


def test_an_old_bundle_sent_again_is_not_for_this_session(world: World) -> None:
    after_a_previous_customer(world, RepeatsOldBundle())
    assert buy(world).envelope == CentreErrorCode.BUNDLE_NOT_FOR_SESSION


def test_an_old_bundle_sealed_anew_names_another_request(world: World) -> None:
    after_a_previous_customer(world, RepeatsOldBundle(resealed=True))
    told = buy(world)
    assert isinstance(told.end, Different)
    assert told.end.gate is Gate.BUNDLE
    assert told.end.code is Reason.OTHER_REQUEST


def test_a_bundle_that_lay_in_a_queue_is_too_old(world: World) -> None:
    world.assembled.model.faults.next(Backdates(3600))
    told = buy(world)
    assert isinstance(told.end, Failed)
    assert told.end.gate is Gate.BUNDLE


def test_an_item_that_nobody_chose_is_a_finding(world: World) -> None:
    world.assembled.model.faults.next(AddsUnaskedItem(Item.MY_NUMBER))
    choice = HOUSEHOLD.model_copy(update={"scope": Scope.SELF})
    told = served(world, world.customer("adult"), "adult", choice)
    assert isinstance(told.end, Different)
    assert told.end.code is Reason.ITEM_NOT_CHOSEN


def test_a_record_without_the_official_seal_is_not_drawn(world: World) -> None:
    world.assembled.model.faults.next(OmitsOfficialSeal())
    with pytest.raises(FormError) as caught:
        buy(world)
    assert caught.value.code == FormErrorCode.BAD_IMAGE


def test_a_document_without_the_official_seal_is_not_printed(world: World) -> None:
    in_document_mode(world)
    world.assembled.model.faults.next(OmitsOfficialSeal())
    told = buy(world)
    assert not isinstance(told.end, Passed)
    assert told.end.gate is Gate.SHEETS


def test_another_variant_of_a_character_is_left_to_people(world: World) -> None:
    world.assembled.model.faults.next(RespellsApplicant("渡邊\u3000見本"))
    told = buy(world, "watanabe-1")
    assert isinstance(told.end, Undecided | Different)
    assert told.end.gate is Gate.SUBJECT


@pytest.mark.parametrize("signer", ["unknown", "other_municipality"])
def test_nobody_else_signs_for_a_municipality(world: World, signer: str) -> None:
    fault = SignsAsOther("unknown") if signer == "unknown" else SignsAsOther("other_municipality")
    world.assembled.model.faults.next(fault)
    assert buy(world).envelope == CentreErrorCode.BUNDLE_UNKNOWN_SIGNER


def test_a_bundle_for_another_key_stays_shut(world: World) -> None:
    world.assembled.model.faults.next(SealsToOtherKey())
    assert buy(world).envelope == CentreErrorCode.BUNDLE_NOT_FOR_SESSION


def test_a_planned_fault_waits_for_its_occasion_and_happens_once(world: World) -> None:
    faults = world.assembled.model.faults
    faults.next(HandsOverPreviousSheet())
    assert isinstance(buy(world, "adult").end, Passed)
    assert faults.pending() == (HandsOverPreviousSheet(),)
    assert isinstance(buy(world, "head").end, Different)
    assert faults.pending() == ()
    assert isinstance(buy(world, "head").end, Passed)


def test_a_standing_fault_stands_until_it_is_cleared(world: World) -> None:
    faults = world.assembled.model.faults
    faults.until_cleared(SealsToOtherKey())
    assert [buy(world).envelope for _ in range(2)] == [CentreErrorCode.BUNDLE_NOT_FOR_SESSION] * 2
    faults.clear()
    assert isinstance(buy(world).end, Passed)
