"""Gate A: this request, this session, this card, this choice, fresh, and of a current register state."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from printer_templates.records import CertificateKind, Scope
from simulator.people.residents import resident
from terminal.centre.messages import RegistryState
from terminal.verification.bundle import (
    BUNDLE_AGE_MAX,
    BUNDLE_LIFETIME_MAX,
    CLOCK_SKEW_MAX,
    REGISTER_AGE_MAX,
    check_bundle,
)
from terminal.verification.reasons import Reason
from terminal.verification.verdict import Different, Failed, GateResult, Passed
from tests.gates_world import (
    ISSUED_AT,
    ISSUER,
    NOW,
    OTHER_REQUEST_ID,
    Served,
    card_of,
    grants,
    residence_record,
    seal_record,
    serve,
)

_SECOND = timedelta(seconds=1)


def gate_a(served: Served, signer: str = "99101", after: timedelta = timedelta(0)) -> GateResult:
    return check_bundle(served.bundle, served.expected, signer_municipality=signer, now=NOW + after)


@pytest.mark.parametrize("copies", [1, 3])
def test_the_bundle_that_was_asked_for_passes(copies: int) -> None:
    assert isinstance(gate_a(serve("head", copies=copies)), Passed)
    assert isinstance(gate_a(serve("adult", seal_record(resident("adult")), copies=copies)), Passed)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"request_id": OTHER_REQUEST_ID}, Reason.OTHER_REQUEST),
        ({"session_id": "session-of-the-one-before"}, Reason.OTHER_SESSION),
        ({"terminal_id": "terminal-8"}, Reason.OTHER_TERMINAL),
        ({"session_key_thumbprint": "U" * 43}, Reason.OTHER_SESSION_KEY),
        ({"card": card_of(resident("twin-1"))}, Reason.OTHER_CARD),
        ({"municipality_code": "99102"}, Reason.OTHER_MUNICIPALITY),
    ],
)
def test_a_signed_bundle_of_somebody_else_s_is_a_finding(changes: dict[str, object], code: Reason) -> None:
    result = gate_a(serve("head").with_bundle(**changes))
    assert isinstance(result, Different)
    assert result.code is code


def test_another_choice_is_a_finding() -> None:
    served = serve("head")
    spoilt: tuple[dict[str, object], ...] = ({"copies": 2}, {"scope": Scope.SELF}, {"items": frozenset()})
    for changes in spoilt:
        result = gate_a(served.with_bundle(choice=served.bundle.choice.model_copy(update=changes)))
        assert isinstance(result, Different)
        assert result.code is Reason.OTHER_CHOICE


def test_another_municipality_may_neither_sign_nor_state() -> None:
    by_signer = gate_a(serve("head"), signer="99102")
    assert isinstance(by_signer, Different)
    issuer = ISSUER.model_copy(update={"municipality_code": "99102"})
    by_issuer = gate_a(serve("head").with_record(issuer=issuer))
    assert isinstance(by_issuer, Different)
    assert by_signer.code is by_issuer.code is Reason.OTHER_MUNICIPALITY


def test_a_record_of_another_kind_or_scope_is_a_finding() -> None:
    statement = gate_a(serve("head").with_record(kind=CertificateKind.RESIDENCE_RECORD_STATEMENT))
    assert isinstance(statement, Different)
    assert statement.code is Reason.WRONG_KIND
    own = serve("head", residence_record(resident("head"), Scope.SELF)).with_record(scope=Scope.HOUSEHOLD)
    household = gate_a(own)
    assert isinstance(household, Different)
    assert household.code is Reason.WRONG_SCOPE


def test_someone_chosen_who_was_never_offered_is_a_finding() -> None:
    head = resident("head")
    served = serve("head", residence_record(head, Scope.MEMBERS, chosen=(head,)))
    assert isinstance(gate_a(served), Passed)
    nobody = replace(served, expected=replace(served.expected, members=()))
    result = gate_a(nobody)
    assert isinstance(result, Different)
    assert result.code is Reason.NOT_OFFERED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issued_at": NOW + CLOCK_SKEW_MAX + _SECOND}, Reason.ISSUED_IN_FUTURE),
        ({"issued_at": NOW - BUNDLE_AGE_MAX - _SECOND, "registry_as_of": NOW - BUNDLE_AGE_MAX}, Reason.TOO_OLD),
        ({"expires_at": NOW}, Reason.EXPIRED),
        ({"expires_at": ISSUED_AT + BUNDLE_LIFETIME_MAX + _SECOND}, Reason.LIFETIME_TOO_LONG),
        ({"registry_as_of": ISSUED_AT - REGISTER_AGE_MAX - _SECOND}, Reason.REGISTER_TOO_OLD),
        ({"registry_as_of": ISSUED_AT + CLOCK_SKEW_MAX + _SECOND}, Reason.REGISTER_IN_FUTURE),
        ({"issued_at": ISSUED_AT.replace(tzinfo=None)}, Reason.ABSENT),
        ({"issued_on": date(2026, 3, 31)}, Reason.OTHER_DATE),
        ({"registry_state": RegistryState.CANCELLED}, Reason.REGISTER_CANCELLED),
        ({"registry_state": RegistryState.SUPERSEDED}, Reason.REGISTER_SUPERSEDED),
        ({"registry_state": RegistryState.UNKNOWN}, Reason.REGISTER_UNKNOWN),
        ({"copies": grants(2)}, Reason.WRONG_COPY_COUNT),
        ({"fee_yen": 300}, Reason.OTHER_FEE),
    ],
)
def test_our_own_bundle_that_cannot_be_used_fails_without_a_finding(changes: dict[str, object], code: Reason) -> None:
    result = gate_a(serve("head").with_bundle(**changes))
    assert isinstance(result, Failed)
    assert result.code is code


def test_a_date_on_the_sheet_that_is_not_the_day_of_issue_fails() -> None:
    result = gate_a(serve("head").with_record(issued_on=date(2019, 5, 1)))
    assert isinstance(result, Failed)
    assert result.code is Reason.OTHER_DATE


def test_a_date_of_issue_that_is_not_the_day_of_issue_fails_even_when_all_papers_agree_on_it() -> None:
    yesterday = date(2026, 3, 31)
    result = gate_a(serve("head").with_record(issued_on=yesterday).with_bundle(issued_on=yesterday))
    assert isinstance(result, Failed)
    assert result.code is Reason.OTHER_DATE


def test_copies_have_numbers_and_keys_of_their_own() -> None:
    served = serve("head", copies=2)
    first, second = served.bundle.copies
    for field, code in (
        ("document_number", Reason.DOCUMENT_NUMBER_TWICE),
        ("scramble_key", Reason.SCRAMBLE_KEY_TWICE),
    ):
        alike = second.model_copy(update={field: getattr(first, field)})
        result = gate_a(served.with_bundle(copies=(first, alike)))
        assert isinstance(result, Failed)
        assert result.code is code


def test_the_bounds_of_freshness_are_inclusive_on_the_good_side() -> None:
    served = serve("head").with_bundle(registry_as_of=ISSUED_AT - REGISTER_AGE_MAX)
    assert isinstance(gate_a(served), Passed)
    assert isinstance(gate_a(serve("head").with_bundle(issued_at=NOW + CLOCK_SKEW_MAX)), Passed)


def test_a_stranger_s_stale_bundle_is_a_finding_all_the_same() -> None:
    served = serve("head").with_bundle(request_id=OTHER_REQUEST_ID, expires_at=NOW)
    assert isinstance(gate_a(served), Different)
