"""Requests at the centre: made once, killed for good, reported once; and the register is asked again at the last moment."""

import dataclasses

import pytest

from printer_templates.records import CertificateKind, Item, ResidenceRecord, Scope, SealRecord
from simulator.centre.bundles import open_finding
from simulator.centre.facts import CardState, Fee, Registration
from simulator.centre.faults import Delay, TimesOut
from terminal.centre.api import CentreFailed, CentreTimedOut, Refused, ReportTaken
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import (
    BundleMode,
    CancellationReply,
    Choice,
    DeliveryOutcome,
    DeliveryReport,
    FindingReport,
    IssuanceReply,
    RefusalCode,
    RegistryState,
)
from terminal.centre.sealing import seal_finding
from terminal.centre.trust import MunicipalityKeys
from tests.centre_world import HOUSEHOLD, NOW, SELF_SEAL, Customer, World, fresh_request_id, make_world

TWO_COPIES = SELF_SEAL.model_copy(update={"copies": 2})


@pytest.fixture
def world() -> World:
    return make_world()


def code_of(outcome: object) -> CentreErrorCode | RefusalCode:
    assert isinstance(outcome, CentreFailed | Refused), outcome
    return outcome.code


def delivered(request_id: str) -> DeliveryReport:
    return DeliveryReport(request_id=request_id, outcome=DeliveryOutcome.DELIVERED, impressions_completed=2)


def ask(customer: Customer, request_id: str, choice: Choice = SELF_SEAL) -> object:
    return customer.centre.issue(request_id, customer.session.session_id, choice)


def test_a_seal_certificate_names_request_session_card_and_choice(world: World) -> None:
    customer = world.customer("adult")
    request_id = fresh_request_id()
    bundle = customer.buy(TWO_COPIES, request_id).bundle
    assert (bundle.request_id, bundle.session_id) == (request_id, customer.session.session_id)
    assert bundle.session_key_thumbprint == customer.key.thumbprint
    assert bundle.choice == TWO_COPIES
    assert bundle.mode is BundleMode.RECORD
    assert bundle.registry_state is RegistryState.CURRENT
    assert (bundle.issued_at, bundle.issued_on) == (NOW, NOW.date())
    assert bundle.fee_yen == 400
    assert isinstance(bundle.record, SealRecord)
    assert bundle.record.applicant.name == bundle.applicant.name == "見本\u3000花子"
    assert len({copy.document_number for copy in bundle.copies}) == 2
    assert len({copy.scramble_key for copy in bundle.copies}) == 2


def test_a_household_certificate_states_the_chosen_items_and_no_others(world: World) -> None:
    record = world.customer("adult").buy(HOUSEHOLD).bundle.record
    assert isinstance(record, ResidenceRecord)
    assert [person.basic.name for person in record.persons] == [
        "見本\u3000太郎",
        "見本\u3000花子",
        "見本\u3000一郎",
    ]
    assert [person.relationship for person in record.persons] == ["世帯主", "妻", "子"]
    assert record.household_head == "見本\u3000太郎"
    assert all(person.registered_domicile and person.head_of_register for person in record.persons)
    assert all(person.my_number is None and person.former_name is None for person in record.persons)


def test_chosen_members_are_stated_in_the_registers_order(world: World) -> None:
    customer = world.customer("adult")
    ids = [member.member_id for member in customer.session.members]
    choice = HOUSEHOLD.model_copy(update={"scope": Scope.MEMBERS, "members": (ids[2], ids[0])})
    record = customer.buy(choice).bundle.record
    assert isinstance(record, ResidenceRecord)
    assert [person.member_id for person in record.persons] == [ids[0], ids[2]]


def test_the_same_request_gives_the_same_bytes(world: World) -> None:
    customer = world.customer("adult")
    request_id = fresh_request_id()
    first, second = ask(customer, request_id), ask(customer, request_id)
    assert isinstance(first, IssuanceReply)
    assert first == second


def test_another_choice_under_the_same_request_is_a_conflict(world: World) -> None:
    customer = world.customer("adult")
    request_id = fresh_request_id()
    assert isinstance(ask(customer, request_id), IssuanceReply)
    assert code_of(ask(customer, request_id, TWO_COPIES)) is CentreErrorCode.REQUEST_CONFLICT


def test_another_session_cannot_fetch_a_request(world: World) -> None:
    first, second = world.customer("adult"), world.customer("head")
    request_id = fresh_request_id()
    assert isinstance(ask(first, request_id), IssuanceReply)
    assert code_of(ask(second, request_id)) is CentreErrorCode.REQUEST_CONFLICT


def test_another_terminal_can_neither_fetch_nor_cancel_nor_report_a_request(world: World) -> None:
    customer, elsewhere = world.customer("adult"), world.at("SPECIMEN-0002")
    request_id = fresh_request_id()
    assert isinstance(ask(customer, request_id), IssuanceReply)
    stolen = elsewhere.issue(request_id, customer.session.session_id, SELF_SEAL)
    assert code_of(stolen) is CentreErrorCode.REQUEST_CONFLICT
    assert code_of(elsewhere.cancel(request_id)) is CentreErrorCode.REQUEST_UNKNOWN
    assert code_of(elsewhere.report_delivery(delivered(request_id))) is CentreErrorCode.REQUEST_UNKNOWN
    assert isinstance(ask(customer, request_id), IssuanceReply)


def test_another_terminal_cannot_use_a_session(world: World) -> None:
    customer, elsewhere = world.customer("adult"), world.at("SPECIMEN-0002")
    outcome = elsewhere.issue(fresh_request_id(), customer.session.session_id, SELF_SEAL)
    assert code_of(outcome) is CentreErrorCode.SESSION_UNKNOWN


def test_a_session_ends_after_a_quarter_of_an_hour(world: World) -> None:
    customer = world.customer("adult")
    world.clock.advance(15 * 60)
    assert code_of(ask(customer, fresh_request_id())) is CentreErrorCode.SESSION_UNKNOWN


def test_a_cancelled_request_stays_dead(world: World) -> None:
    customer = world.customer("adult")
    request_id = fresh_request_id()
    assert isinstance(ask(customer, request_id), IssuanceReply)
    assert isinstance(customer.centre.cancel(request_id), CancellationReply)
    assert isinstance(customer.centre.cancel(request_id), CancellationReply)
    assert code_of(ask(customer, request_id)) is CentreErrorCode.REQUEST_CANCELLED


def test_a_request_cancelled_before_it_came_is_dead_when_it_comes(world: World) -> None:
    customer = world.customer("adult")
    request_id = fresh_request_id()
    assert isinstance(customer.centre.cancel(request_id), CancellationReply)
    assert code_of(ask(customer, request_id)) is CentreErrorCode.REQUEST_CANCELLED


@pytest.mark.parametrize("fault", [Delay(31.0), TimesOut()])
def test_an_answer_that_comes_after_the_cancellation_is_cancelled(world: World, fault: Delay | TimesOut) -> None:
    customer = world.customer("adult")
    world.assembled.model.faults.next(fault)
    request_id = fresh_request_id()
    assert ask(customer, request_id) == CentreTimedOut(30.0)
    assert isinstance(world.centre.cancel(request_id), CancellationReply)
    assert [code_of(late) for late in world.centre.late_answers()] == [CentreErrorCode.REQUEST_CANCELLED]


def test_a_short_delay_is_waited_for_on_the_worlds_own_clock(world: World) -> None:
    customer = world.customer("adult")
    world.centre.wait = world.clock.advance
    world.assembled.model.faults.next(Delay(12.5))
    assert isinstance(ask(customer, fresh_request_id()), IssuanceReply)
    assert world.clock.now_s() == 12.5


def test_a_delivery_is_reported_once_and_the_bundle_forgotten(world: World) -> None:
    customer, requests = world.customer("adult"), world.assembled.model.requests
    request_id = fresh_request_id()
    customer.buy(SELF_SEAL, request_id)
    assert world.centre.report_delivery(delivered(request_id)) == ReportTaken()
    assert world.centre.report_delivery(delivered(request_id)) == ReportTaken()
    known, delivery = requests.find(request_id), requests.delivery(request_id)
    assert known is not None
    assert known.bundle is None
    assert delivery is not None
    assert (delivery.outcome, delivery.impressions_completed) == (DeliveryOutcome.DELIVERED, 2)
    assert code_of(ask(customer, request_id)) is CentreErrorCode.REQUEST_CONFLICT
    assert code_of(world.centre.cancel(request_id)) is CentreErrorCode.REPORT_CONFLICT


def test_a_second_report_that_says_otherwise_is_a_conflict(world: World) -> None:
    request_id = fresh_request_id()
    world.customer("adult").buy(SELF_SEAL, request_id)
    assert world.centre.report_delivery(delivered(request_id)) == ReportTaken()
    other = delivered(request_id).model_copy(update={"outcome": DeliveryOutcome.NOT_DELIVERED})
    assert code_of(world.centre.report_delivery(other)) is CentreErrorCode.REPORT_CONFLICT


def test_a_delivery_of_a_cancelled_request_contradicts_the_book(world: World) -> None:
    request_id = fresh_request_id()
    world.centre.cancel(request_id)
    assert code_of(world.centre.report_delivery(delivered(request_id))) is CentreErrorCode.REPORT_CONFLICT


def test_nobody_delivers_what_was_never_asked(world: World) -> None:
    assert code_of(world.centre.report_delivery(delivered(fresh_request_id()))) is CentreErrorCode.REQUEST_UNKNOWN


def test_a_finding_reaches_the_municipality_and_nobody_else(world: World) -> None:
    keys = MunicipalityKeys.load(world.home.trust / "municipalities.json")
    sealed = seal_finding(b"evidence", keys.encryption("99101", NOW))
    finding = FindingReport(finding_id=fresh_request_id(), municipality_code="99101", sealed=sealed)
    assert world.centre.report_finding(finding) == ReportTaken()
    assert world.centre.report_finding(finding) == ReportTaken()
    (kept,) = world.assembled.model.requests.findings("99101")
    secrets = world.assembled.pki.municipal
    assert open_finding(kept, secrets["99101"].encryption) == b"evidence"
    with pytest.raises(ValueError, match="cannot be opened"):
        open_finding(kept, secrets["99102"].encryption)
    other = finding.model_copy(update={"sealed": "another"})
    assert code_of(world.centre.report_finding(other)) is CentreErrorCode.REPORT_CONFLICT
    nowhere = finding.model_copy(update={"municipality_code": "99999"})
    assert code_of(world.centre.report_finding(nowhere)) is CentreErrorCode.MUNICIPALITY_UNKNOWN


NOT_OFFERED = {
    "too many copies": SELF_SEAL.model_copy(update={"copies": 6}),
    "a seal for the household": SELF_SEAL.model_copy(update={"scope": Scope.HOUSEHOLD}),
    "an item on a seal certificate": SELF_SEAL.model_copy(update={"items": frozenset({Item.MY_NUMBER})}),
    "an item that nobody has": HOUSEHOLD.model_copy(update={"items": frozenset({Item.NATIONALITY})}),
    "members without names": HOUSEHOLD.model_copy(update={"scope": Scope.MEMBERS}),
    "names without the scope": HOUSEHOLD.model_copy(update={"members": ("0" * 32,)}),
    "a stranger as member": HOUSEHOLD.model_copy(update={"scope": Scope.MEMBERS, "members": ("0" * 32,)}),
}


@pytest.mark.parametrize("choice", NOT_OFFERED.values(), ids=list(NOT_OFFERED))
def test_only_what_was_offered_is_issued(world: World, choice: Choice) -> None:
    assert code_of(ask(world.customer("adult"), fresh_request_id(), choice)) is CentreErrorCode.CHOICE_NOT_OFFERED


def test_a_member_cannot_be_chosen_twice(world: World) -> None:
    customer = world.customer("adult")
    member = customer.session.members[0].member_id
    twice = HOUSEHOLD.model_copy(update={"scope": Scope.MEMBERS, "members": (member, member)})
    assert code_of(ask(customer, fresh_request_id(), twice)) is CentreErrorCode.CHOICE_NOT_OFFERED


def test_a_member_of_another_session_cannot_be_chosen(world: World) -> None:
    other = world.customer("head").session.members[0].member_id
    choice = HOUSEHOLD.model_copy(update={"scope": Scope.MEMBERS, "members": (other,)})
    assert code_of(ask(world.customer("adult"), fresh_request_id(), choice)) is CentreErrorCode.CHOICE_NOT_OFFERED


def test_what_was_refused_in_the_offer_is_not_issued(world: World) -> None:
    assert code_of(ask(world.customer("no-seal"), fresh_request_id())) is CentreErrorCode.CHOICE_NOT_OFFERED


def test_a_seal_cancelled_after_the_offer_is_refused_at_the_issue(world: World) -> None:
    customer = world.customer("adult")
    world.assembled.registers.cancel_seal("adult")
    assert code_of(ask(customer, fresh_request_id())) is RefusalCode.SEAL_CANCELLED


def test_a_card_reported_lost_after_the_offer_is_refused_at_the_issue(world: World) -> None:
    customer = world.customer("adult")
    card = customer.buy(SELF_SEAL).bundle.card
    world.assembled.registers.register_card(card, Registration("adult", CardState.SUSPENDED))
    assert code_of(ask(customer, fresh_request_id())) is RefusalCode.CERTIFICATE_SUSPENDED


def test_a_household_that_changed_after_the_offer_is_refused_at_the_issue(world: World) -> None:
    customer = world.customer("adult")
    world.assembled.registers.change_person("child", deceased_on=NOW.date())
    assert code_of(ask(customer, fresh_request_id(), HOUSEHOLD)) is RefusalCode.NOT_OFFERED


def test_the_dead_are_not_offered_as_members(world: World) -> None:
    world.assembled.registers.change_person("head", deceased_on=NOW.date())
    names = [member.name for member in world.customer("adult").session.members]
    assert names == ["見本\u3000花子", "見本\u3000一郎"]


def test_a_session_keeps_the_fee_that_it_was_shown(world: World) -> None:
    registers = world.assembled.registers
    customer = world.customer("adult")
    municipality = registers.municipality("99101")
    assert municipality is not None
    dearer = Fee(CertificateKind.SEAL_CERTIFICATE, NOW.date(), 500)
    registers.put_municipality(dataclasses.replace(municipality, fees=(*municipality.fees, dearer)))
    assert customer.buy(SELF_SEAL).bundle.fee_yen == 200
    assert world.customer("adult").buy(SELF_SEAL).bundle.fee_yen == 500


def test_a_municipality_in_document_mode_sends_a_pdf_for_each_copy(world: World) -> None:
    bundle = world.customer("outsider").buy(HOUSEHOLD.model_copy(update={"copies": 2})).bundle
    assert bundle.mode is BundleMode.DOCUMENT
    documents = [bytes(copy.document_pdf or b"") for copy in bundle.copies]
    assert all(document.startswith(b"%PDF-") for document in documents)
    assert documents[0] != documents[1]


def test_a_document_that_cannot_be_drawn_is_refused_with_its_reason(world: World) -> None:
    registers = world.assembled.registers
    customer = world.customer("outsider")
    basic = registers.person("outsider").basic
    registers.change_person("outsider", basic=basic.model_copy(update={"name": "他市\u3000\U0001f980"}))
    assert code_of(ask(customer, fresh_request_id(), HOUSEHOLD)) is RefusalCode.CHARACTER_PENDING
