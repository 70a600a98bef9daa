"""Gate B: the person of the record is the person of the card, and the sheet is about those chosen."""

from datetime import date

import pytest

from printer_templates.records import BasicFour, Item, Scope, Sex
from simulator.people.residents import resident
from terminal.verification.reasons import Reason
from terminal.verification.subject import ProvedSubject, SubjectEvidence, check_subject, compare_subject
from terminal.verification.verdict import Different, Failed, GateResult, Passed, Undecided
from tests.gates_world import Served, member_id, recorded, residence_record, seal_record, serve


def gate_b(served: Served) -> GateResult:
    return check_subject(served.bundle, served.subject, served.expected.members)


@pytest.mark.parametrize("key", ["head", "yoshida", "katsuragi", "foreign", "former-name", "long-address", "large-1"])
def test_the_right_person_passes_with_hard_names_and_a_large_household(key: str) -> None:
    assert isinstance(gate_b(serve(key)), Passed)
    assert isinstance(gate_b(serve(key, seal_record(resident(key)))), Passed)


def test_a_record_without_a_card_is_different_and_two_absences_are_no_match() -> None:
    person = resident("adult").basic_four
    for card, record in ((None, person), (person, None), (None, None)):
        result = compare_subject(card, record)
        assert isinstance(result, Different)
        assert result.code is Reason.ABSENT


def test_missing_basic_four_differ_when_they_are_demanded_and_are_not_asked_for_by_serial_alone() -> None:
    served = serve("adult")
    unread = ProvedSubject(SubjectEvidence.SERIAL_AND_BASIC_FOUR, None)
    result = check_subject(served.bundle, unread, served.expected.members)
    assert isinstance(result, Different)
    assert result.code is Reason.ABSENT
    by_serial = ProvedSubject(SubjectEvidence.SERIAL, None)
    assert isinstance(check_subject(served.bundle, by_serial, served.expected.members), Passed)


def test_by_serial_alone_bundle_and_record_must_still_name_one_applicant() -> None:
    served = serve("same-name-1").with_bundle(applicant=resident("same-name-2").basic_four)
    result = check_subject(served.bundle, ProvedSubject(SubjectEvidence.SERIAL, None), served.expected.members)
    assert isinstance(result, Different)


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"birth_date": date(1982, 2, 4)}, Different, Reason.OTHER_BIRTH_DATE),
        ({"sex": Sex.MALE}, Different, Reason.OTHER_SEX),
        ({"sex": Sex.UNKNOWN}, Different, Reason.ABSENT),
        ({"sex": Sex.NOT_APPLICABLE}, Different, Reason.OTHER_SEX),
        ({"name": "見本\u3000華子"}, Different, Reason.OTHER_NAME),
        ({"address": "見本県架空市見本町一丁目1番2号"}, Different, Reason.OTHER_ADDRESS),
        ({"address": "見本県架空市見本町1-1-1"}, Undecided, Reason.BLOCK_NOTATION),
    ],
)
def test_each_of_the_four_fields_decides_alone(
    changes: dict[str, object], kind: type[GateResult], code: Reason
) -> None:
    person = resident("adult").basic_four
    result = compare_subject(person, person.model_copy(update=changes))
    assert isinstance(result, kind)
    assert not isinstance(result, Passed)
    assert result.code is code


def test_a_sex_that_neither_side_states_is_not_a_match() -> None:
    person = resident("adult").basic_four.model_copy(update={"sex": Sex.UNKNOWN})
    result = compare_subject(person, person)
    assert isinstance(result, Undecided)
    assert result.code is Reason.SEX_NOT_STATED


def test_the_worst_field_wins() -> None:
    card = BasicFour(name="髙橋\u3000見本", address="架空市1番", birth_date=date(1980, 1, 1), sex=Sex.MALE)
    record = card.model_copy(update={"name": "高橋\u3000見本", "birth_date": date(1980, 1, 2)})
    result = compare_subject(card, record)
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_BIRTH_DATE
    assert [finding.verdict.value for finding in result.findings] == ["undecided", "same", "different", "same"]


def test_findings_hold_no_personal_data() -> None:
    served = serve("head").with_record(applicant=resident("son").basic_four)
    result = gate_b(served)
    told = repr(result) + "".join(finding.words.ja + finding.words.en for finding in result.findings)
    for value in ("見本", "太郎", "襲名", "架空市", "1978", "1980"):
        assert value not in told


def test_chosen_members_and_only_they_may_be_on_the_sheet() -> None:
    head, child = resident("head"), resident("child")
    right = serve("head", residence_record(head, Scope.MEMBERS, chosen=(head, child)))
    assert isinstance(gate_b(right), Passed)
    everybody = residence_record(head).persons
    one_more = gate_b(right.with_record(persons=everybody))
    assert isinstance(one_more, Different)
    assert one_more.code is Reason.OTHER_PERSONS
    one_less = gate_b(right.with_record(persons=everybody[:1]))
    assert isinstance(one_less, Failed)
    assert one_less.code is Reason.PERSON_MISSING
    twice = gate_b(right.with_record(persons=(everybody[0], everybody[2], everybody[2])))
    assert isinstance(twice, Different)
    assert twice.code is Reason.PERSON_TWICE


def test_for_oneself_means_oneself() -> None:
    head, wife = resident("head"), resident("adult")
    served = serve("head", residence_record(head, Scope.SELF)).with_record(
        persons=(recorded(wife, frozenset({Item.RELATIONSHIP})),)
    )
    result = gate_b(served)
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_PERSONS


def test_a_stranger_does_not_become_a_member_by_bearing_a_members_id() -> None:
    stranger = recorded(resident("twin-1"), frozenset({Item.RELATIONSHIP}))
    served = serve("head").with_person(2, basic=stranger.basic)
    result = gate_b(served)
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_NAME


def test_a_namesake_of_a_member_from_another_household_is_found_by_the_address() -> None:
    wife = resident("adult").basic_four
    namesake = wife.model_copy(update={"address": resident("twin-1").address})
    result = gate_b(serve("head").with_person(2, basic=namesake))
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_ADDRESS


def test_the_applicants_own_line_on_the_sheet_must_be_the_card_s_person() -> None:
    father = resident("father")
    served = serve("father").with_person(1, basic=resident("son").basic_four)
    assert served.bundle.applicant == father.basic_four
    result = gate_b(served)
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_BIRTH_DATE


def test_a_my_number_nobody_asked_for_is_different() -> None:
    result = gate_b(serve("head").with_person(3, my_number="990000000031"))
    assert isinstance(result, Different)
    assert result.code is Reason.ITEM_NOT_CHOSEN


@pytest.mark.parametrize(
    "field", ["former_name", "registered_domicile", "head_of_register", "my_number", "nationality", "residence_status"]
)
def test_each_item_on_the_sheet_must_have_been_chosen(field: str) -> None:
    value = "990000000031" if field == "my_number" else "架空"
    result = gate_b(serve("head").with_person(1, **{field: value}))
    assert isinstance(result, Different)
    assert result.code is Reason.ITEM_NOT_CHOSEN


def test_a_relationship_or_head_nobody_asked_for_is_different() -> None:
    plain = serve("head", residence_record(resident("head"), items=frozenset()))
    assert isinstance(gate_b(plain), Passed)
    for spoilt in (plain.with_person(2, relationship="妻"), plain.with_record(household_head="見本\u3000太郎")):
        result = gate_b(spoilt)
        assert isinstance(result, Different)
        assert result.code is Reason.ITEM_NOT_CHOSEN


@pytest.mark.parametrize("changes", [{"items": frozenset()}, {"household_head": None}])
def test_an_item_asked_for_and_missing_fails_without_a_finding(changes: dict[str, object]) -> None:
    result = gate_b(serve("head").with_record(**changes))
    assert isinstance(result, Failed)
    assert result.code is Reason.ITEM_MISSING


def test_a_head_who_is_none_of_the_household_needs_an_eye() -> None:
    result = gate_b(serve("head").with_record(household_head="双葉\u3000見本"))
    assert isinstance(result, Undecided)
    assert result.code is Reason.HEAD_NOT_IN_HOUSEHOLD


def test_without_exactly_one_applicant_in_the_offer_nobody_is_proved() -> None:
    served = serve("head")
    for offered in ((), tuple(each.model_copy(update={"is_applicant": True}) for each in served.expected.members)):
        result = check_subject(served.bundle, served.subject, offered)
        assert isinstance(result, Different)
        assert result.code is Reason.APPLICANT_UNKNOWN


def test_the_offered_applicant_must_be_the_record_s() -> None:
    served = serve("twin-1", seal_record(resident("twin-1")))
    offered = tuple(
        each.model_copy(update={"is_applicant": each.member_id == member_id(resident("twin-2"))})
        for each in served.expected.members
    )
    result = check_subject(served.bundle, served.subject, offered)
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_NAME


def test_the_scope_of_the_sheet_must_be_the_chosen_one() -> None:
    seal = serve("adult", seal_record(resident("adult")))
    as_household = seal.with_bundle(choice=seal.bundle.choice.model_copy(update={"scope": Scope.HOUSEHOLD}))
    residence = serve("head", residence_record(resident("head"), Scope.HOUSEHOLD)).with_record(scope=Scope.MEMBERS)
    for served in (as_household, residence):
        result = gate_b(served)
        assert isinstance(result, Different)
        assert result.code is Reason.WRONG_SCOPE


def test_a_chosen_id_that_was_never_offered_names_nobody() -> None:
    head, stranger = resident("head"), resident("twin-1")
    result = gate_b(serve("head", residence_record(head, Scope.MEMBERS, chosen=(head, stranger))))
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_PERSONS


def test_an_item_that_the_record_claims_and_nobody_chose_is_different_even_while_it_states_nothing() -> None:
    served = serve("head", residence_record(resident("head"), items=frozenset()))
    result = gate_b(served.with_record(items=frozenset({Item.MY_NUMBER})))
    assert isinstance(result, Different)
    assert result.code is Reason.ITEM_NOT_CHOSEN


def test_a_relationship_missing_for_one_of_the_household_fails() -> None:
    result = gate_b(serve("head").with_person(2, relationship=None))
    assert isinstance(result, Failed)
    assert result.code is Reason.ITEM_MISSING
