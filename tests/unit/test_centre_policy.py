"""Every refusal of the service, each from the one fact that causes it; fees, hours and items as a municipality sets them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from printer_templates.records import CertificateKind, Item, Scope
from simulator.centre import policy
from simulator.centre.facts import (
    Applicant,
    CardState,
    Fee,
    Maintenance,
    Municipality,
    Person,
    Registration,
    SealState,
)
from simulator.centre.policy import Case
from simulator.centre.seed import municipalities, person_of
from simulator.people.residents import RESIDENTS, resident
from terminal.centre.messages import Offer, RefusalCode
from terminal.clock import JST

TODAY = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, 10, 0, tzinfo=JST)
NEXT_YEAR = datetime(2027, 4, 1, tzinfo=JST)
RESIDENCE, STATEMENT, SEAL = CertificateKind


def person(key: str) -> Person:
    return person_of(resident(key), RESIDENTS.index(resident(key)))


def case_of(key: str = "adult", now: datetime = NOW) -> Case:
    """A resident of 架空市 with their household, nothing the matter but what their story says."""
    applicant = person(key)
    household = tuple(person(each.key) for each in RESIDENTS if each.household == applicant.household)
    registration = Registration(key, CardState.VALID)
    return Case(Applicant(registration, applicant, household, municipalities()[0]), None, NEXT_YEAR, now)


def with_person(case: Case, **changes: object) -> Case:
    changed = replace(case.applicant.person, **changes)  # type: ignore[arg-type]
    household = tuple(changed if each.key == changed.key else each for each in case.applicant.household)
    return replace(case, applicant=replace(case.applicant, person=changed, household=household))


def with_card(case: Case, **changes: object) -> Case:
    registration = replace(case.applicant.registration, **changes)  # type: ignore[arg-type]
    return replace(case, applicant=replace(case.applicant, registration=registration))


def with_municipality(case: Case, **changes: object) -> Case:
    municipality: Municipality = replace(case.applicant.municipality, **changes)  # type: ignore[arg-type]
    return replace(case, applicant=replace(case.applicant, municipality=municipality))


def with_member(case: Case, **changes: object) -> Case:
    """The same household in which somebody else is in that situation."""
    others = [each for each in case.applicant.household if each.key != case.applicant.person.key]
    changed = replace(others[0], **changes)  # type: ignore[arg-type]
    household = tuple(changed if each.key == changed.key else each for each in case.applicant.household)
    return replace(case, applicant=replace(case.applicant, household=household))


def offer(case: Case, kind: CertificateKind) -> Offer:
    return next(each for each in policy.offers(case) if each.kind is kind)


YESTERDAY = TODAY - timedelta(days=1)
_MAINTENANCE = Maintenance(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
_LONG_NAME = person("adult").basic.model_copy(update={"name": "見" * 101})

REFUSED_PERSONS: list[tuple[RefusalCode, Callable[[Case], Case]]] = [
    (RefusalCode.CERTIFICATE_EXPIRED, lambda case: with_card(case, state=CardState.EXPIRED)),
    (RefusalCode.CERTIFICATE_EXPIRED, lambda case: replace(case, certificate_not_after=NOW - timedelta(seconds=1))),
    (RefusalCode.CERTIFICATE_REVOKED, lambda case: with_card(case, state=CardState.REVOKED)),
    (RefusalCode.CERTIFICATE_SUSPENDED, lambda case: with_card(case, state=CardState.SUSPENDED)),
    (RefusalCode.NOT_PARTICIPATING, lambda case: with_municipality(case, participating=False)),
    (RefusalCode.OTHER_MUNICIPALITY, lambda case: replace(case, limited_to="99102")),
    (RefusalCode.MAINTENANCE, lambda case: with_municipality(case, maintenance=(_MAINTENANCE,))),
    (RefusalCode.OUTSIDE_HOURS, lambda case: with_municipality(case, opens_min=601)),
    (RefusalCode.DECEASED, lambda case: with_person(case, deceased_on=YESTERDAY)),
    (RefusalCode.PROTECTIVE_MEASURES, lambda case: with_person(case, protective_measures=True)),
    (RefusalCode.MOVING_OUT, lambda case: with_person(case, moving_out=True)),
    (RefusalCode.UNDER_15, lambda _case: case_of("child")),
    (RefusalCode.NEXT_DAY_CARD, lambda case: with_card(case, card_issued_on=TODAY)),
    (RefusalCode.NEXT_DAY_PIN, lambda case: with_card(case, pin_changed_on=TODAY)),
    (RefusalCode.NEXT_DAY_MOVE_IN, lambda case: with_person(case, moved_in_on=TODAY)),
    (RefusalCode.CHARACTER_PENDING, lambda case: with_person(case, character_pending=True)),
    (RefusalCode.TEXT_OVER_LIMIT, lambda case: with_person(case, basic=_LONG_NAME)),
]

REFUSED_HOUSEHOLDS: list[tuple[RefusalCode, dict[str, object]]] = [
    (RefusalCode.HOUSEHOLD_MOVING_OUT, {"moving_out": True}),
    (RefusalCode.PROTECTIVE_MEASURES, {"protective_measures": True}),
    (RefusalCode.CHARACTER_PENDING, {"character_pending": True}),
    (RefusalCode.TEXT_OVER_LIMIT, {"basic": _LONG_NAME}),
]


def test_a_resident_with_nothing_the_matter_may_have_everything() -> None:
    case = case_of()
    assert policy.refusal_of_person(case) is None
    assert [each.refusal for each in policy.offers(case)] == [None, None, None]


@pytest.mark.parametrize(("code", "spoil"), REFUSED_PERSONS, ids=[code.value for code, _ in REFUSED_PERSONS])
def test_one_fact_about_the_person_refuses_everything(code: RefusalCode, spoil: Callable[[Case], Case]) -> None:
    assert policy.refusal_of_person(spoil(case_of())) is code


@pytest.mark.parametrize(("code", "fact"), REFUSED_HOUSEHOLDS, ids=[code.value for code, _ in REFUSED_HOUSEHOLDS])
def test_a_fact_about_anyone_in_the_household_refuses_what_shows_the_household(
    code: RefusalCode, fact: dict[str, object]
) -> None:
    case = with_member(case_of(), **fact)
    assert policy.refusal_of_person(case) is None
    assert [each.refusal for each in policy.offers(case)] == [code, code, None]


def test_a_seal_certificate_needs_a_registered_seal() -> None:
    assert offer(with_person(case_of(), seal=None), SEAL).refusal is RefusalCode.NO_SEAL
    seal = case_of().applicant.person.seal
    assert seal is not None
    cancelled = with_person(case_of(), seal=replace(seal, state=SealState.CANCELLED))
    assert offer(cancelled, SEAL).refusal is RefusalCode.SEAL_CANCELLED
    assert offer(cancelled, RESIDENCE).refusal is None


def test_a_kind_without_a_fee_in_force_is_not_offered() -> None:
    fees = (Fee(RESIDENCE, TODAY + timedelta(days=1), 200), Fee(SEAL, TODAY, 200))
    case = with_municipality(case_of(), fees=fees)
    assert [each.refusal for each in policy.offers(case)] == [RefusalCode.NOT_OFFERED, RefusalCode.NOT_OFFERED, None]


def test_every_code_has_a_fact_that_causes_it() -> None:
    told = {code for code, _ in REFUSED_PERSONS} | {code for code, _ in REFUSED_HOUSEHOLDS}
    elsewhere = {
        RefusalCode.NO_SEAL,
        RefusalCode.SEAL_CANCELLED,
        RefusalCode.NOT_OFFERED,
        RefusalCode.CERTIFICATE_UNKNOWN,  # no applicant to decide on: test_centre_admission.py
    }
    assert told | elsewhere == set(RefusalCode)


def test_the_next_day_everything_is_well_again() -> None:
    case = with_card(case_of(), card_issued_on=YESTERDAY, pin_changed_on=YESTERDAY)
    assert policy.refusal_of_person(with_person(case, moved_in_on=YESTERDAY)) is None


def test_the_day_is_that_of_japan() -> None:
    still_yesterday_in_london = datetime(2026, 3, 31, 20, 0, tzinfo=UTC)
    case = with_card(case_of(now=still_yesterday_in_london), card_issued_on=date(2026, 3, 31))
    assert policy.refusal_of_person(case) is None


@pytest.mark.parametrize(
    ("birth", "today", "years"),
    [
        (date(2011, 4, 1), date(2026, 3, 31), 14),
        (date(2011, 4, 1), date(2026, 4, 1), 15),
        (date(2012, 2, 29), date(2027, 2, 28), 14),
        (date(2012, 2, 29), date(2027, 3, 1), 15),
    ],
)
def test_age_counts_completed_years(birth: date, today: date, years: int) -> None:
    assert policy.age_years(birth, today) == years


def test_the_fee_changes_on_its_day() -> None:
    fees = (Fee(SEAL, date(2020, 4, 1), 200), Fee(SEAL, date(2026, 4, 1), 300), Fee(SEAL, date(2027, 4, 1), 400))
    municipality = replace(municipalities()[0], fees=fees)
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2027, 4, 1), date(2020, 3, 31))
    assert [policy.fee_yen(municipality, SEAL, day) for day in days] == [200, 300, 400, None]


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"), [(6, 29, False), (6, 30, True), (22, 59, True), (23, 0, False), (0, 0, False)]
)
def test_usual_hours_begin_at_half_past_six_and_end_at_eleven(hour: int, minute: int, is_open: bool) -> None:
    assert policy.is_open(municipalities()[1], datetime(2026, 4, 1, hour, minute, tzinfo=JST)) is is_open


@pytest.mark.parametrize(("month", "day", "is_open"), [(12, 28, True), (12, 29, False), (1, 3, False), (1, 4, True)])
def test_the_service_rests_at_new_year(month: int, day: int, is_open: bool) -> None:
    assert policy.is_open(municipalities()[1], datetime(2026, month, day, 12, 0, tzinfo=JST)) is is_open


def test_maintenance_ends_when_its_window_ends() -> None:
    window = Maintenance(NOW - timedelta(hours=1), NOW)
    assert policy.refusal_of_person(with_municipality(case_of(), maintenance=(window,))) is None


def test_which_items_may_be_printed_differs_from_municipality_to_municipality() -> None:
    kakuu, reiji, _ = municipalities()
    case = case_of()
    assert Item.MY_NUMBER in offer(case, RESIDENCE).items
    elsewhere = replace(case, applicant=replace(case.applicant, municipality=reiji))
    assert Item.MY_NUMBER not in offer(elsewhere, RESIDENCE).items
    assert kakuu.items[SEAL] == frozenset()


def test_items_that_nobody_has_anything_for_are_not_offered() -> None:
    assert Item.NATIONALITY not in offer(case_of("adult"), RESIDENCE).items
    foreign = offer(case_of("foreign"), RESIDENCE).items
    assert Item.NATIONALITY in foreign
    assert Item.REGISTERED_DOMICILE not in foreign


def test_scopes_follow_from_kind_and_household() -> None:
    assert offer(case_of("adult"), RESIDENCE).scopes == (Scope.SELF, Scope.HOUSEHOLD, Scope.MEMBERS)
    assert offer(case_of("yoshida"), STATEMENT).scopes == (Scope.SELF, Scope.HOUSEHOLD)
    assert offer(case_of("adult"), SEAL).scopes == (Scope.SELF,)
