"""Wrong bundles: what broken municipal servers send, by the simulated centre's own faults and field by field (gates A and B)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from printer_templates.records import Item, Scope, Sex
from simulator.centre.faults import (
    AddsForeignPage,
    AddsUnaskedItem,
    Backdates,
    ContentFault,
    DropsPage,
    HandsOverPreviousSheet,
    OmitsOfficialSeal,
    RespellsApplicant,
    ServesCancelledSeal,
    WrongPageOf,
)
from simulator.explore.gates.judging import Case, Due
from simulator.explore.gates.right_cases import IN_DOCUMENT_MODE, NINE, SEAL_DOCUMENT, SELF, SOME, by_serial
from simulator.explore.gates.serving import (
    ISSUED_AT,
    NOW,
    OTHER_REQUEST_ID,
    SEAL,
    SEAL_WISH,
    STATEMENT,
    Served,
    Wish,
    card_of,
    member_id,
    serve,
)
from simulator.people.residents import resident
from terminal.centre.messages import BundleMode, RegistryState
from terminal.verification.bundle import BUNDLE_AGE_MAX, BUNDLE_LIFETIME_MAX, CLOCK_SKEW_MAX, REGISTER_AGE_MAX
from terminal.verification.subject import ProvedSubject, SubjectEvidence

_SECOND: Final = timedelta(seconds=1)
_STOP, _REFUSE = Due.STOP, Due.REFUSE
_NAME_AND_SEX = "twin-2"


def server_cases() -> Iterator[Case]:
    """A server with one of the simulator's faults, in record mode and in document mode."""
    for mode in BundleMode:
        wish, seal = replace(Wish(), mode=mode), replace(SEAL_WISH, mode=mode)
        before = serve("twin-1", wish, 2)
        faults: tuple[tuple[ContentFault, Due], ...] = (
            (HandsOverPreviousSheet(), _STOP),
            (HandsOverPreviousSheet(applicant_too=True), _STOP),
            (WrongPageOf(1), _STOP),
            (AddsUnaskedItem(), _STOP),
            (RespellsApplicant("見本　次郎"), _STOP),
            (Backdates(3600), _REFUSE),
        )
        for fault, due in faults:
            yield Case(f"{mode.value}: {fault}", serve("head", wish).spoilt(fault, before), due)
        sealed = serve("adult", seal)
        yield Case(f"{mode.value}: {OmitsOfficialSeal()}", sealed.spoilt(OmitsOfficialSeal()), _REFUSE)
        for claims in ("cancelled", "stale"):
            fault = ServesCancelledSeal(claims)
            yield Case(f"{mode.value}: {fault}", sealed.spoilt(fault), _REFUSE)
    document, before = serve("large-1", replace(NINE, mode=BundleMode.DOCUMENT)), serve("twin-1", IN_DOCUMENT_MODE, 2)
    yield Case(
        "document: only the PDF is the one before", document.spoilt(HandsOverPreviousSheet(False), before), _STOP
    )
    yield Case("document: the second of three pages", document.spoilt(WrongPageOf(2), before), _STOP)
    yield Case("document: a foreign page follows", document.spoilt(AddsForeignPage(), before), _STOP)
    yield Case("document: the last page is missing", document.spoilt(DropsPage(3)), _REFUSE)


def bundle_cases() -> Iterator[Case]:
    """Gate A: one thing wrong with a bundle that is right in everything else."""
    head = serve("head")
    other_card = card_of("twin-1")
    for name, changes in (
        ("request", {"request_id": OTHER_REQUEST_ID}),
        ("session", {"session_id": "session-of-the-one-before"}),
        ("terminal", {"terminal_id": "SPECIMEN-0002"}),
        ("session key", {"session_key_thumbprint": "U" * 43}),
        ("card", {"card": other_card}),
    ):
        yield Case(f"another {name}", head.with_bundle(**changes), _STOP)
    sent = serve("head", IN_DOCUMENT_MODE)
    yield Case("another municipality", sent.with_bundle(municipality_code="99102"), _STOP)
    yield Case("another municipality, which is expected of nobody", _of_another_municipality(head), _STOP)
    yield Case("signed by another municipality", replace(head, signer="99102"), _STOP)
    issuer = head.bundle.record.issuer.model_copy(update={"municipality_code": "99102"})
    yield Case("stated by another municipality", head.with_record(issuer=issuer), _STOP)
    yield Case("another kind", head.with_record(kind=STATEMENT), _STOP)
    yield Case("another choice: copies", _choosing(head, copies=2), _STOP)
    yield Case(
        "another choice: items",
        _choosing(serve("head", replace(Wish(), items=frozenset())), items=frozenset(Item)),
        _STOP,
    )
    yield Case("another scope", _scoped(head), _STOP)
    yield Case("somebody chosen who was never offered", serve("head", SOME).with_expected(members=()), _STOP)
    for name, changes in _unusable():
        yield Case(f"unusable: {name}", head.with_bundle(**changes), _REFUSE)
    yield Case("unusable: another date is printed", head.with_record(issued_on=date(2019, 5, 1)), _REFUSE)
    two = serve("head", replace(Wish(), copies=2))
    first, second = two.bundle.copies
    for name in ("document_number", "scramble_key"):
        alike = second.model_copy(update={name: getattr(first, name)})
        yield Case(f"unusable: one {name} for two copies", two.with_bundle(copies=(first, alike)), _REFUSE)
    yield Case("unusable: one copy of two", two.with_bundle(copies=(first,)), _REFUSE)


def _unusable() -> tuple[tuple[str, dict[str, Any]], ...]:
    early = NOW - BUNDLE_AGE_MAX - _SECOND
    return (
        ("issued in the future", {"issued_at": NOW + CLOCK_SKEW_MAX + _SECOND}),
        ("too old", {"issued_at": early, "registry_as_of": early}),
        ("expired", {"expires_at": NOW}),
        ("valid for too long", {"expires_at": ISSUED_AT + BUNDLE_LIFETIME_MAX + _SECOND}),
        ("an old register", {"registry_as_of": ISSUED_AT - REGISTER_AGE_MAX - _SECOND}),
        ("a register of the future", {"registry_as_of": ISSUED_AT + CLOCK_SKEW_MAX + _SECOND}),
        ("a time without its zone", {"issued_at": ISSUED_AT.replace(tzinfo=None)}),
        ("another date of issue", {"issued_on": date(2026, 3, 31)}),
        ("cancelled", {"registry_state": RegistryState.CANCELLED}),
        ("superseded", {"registry_state": RegistryState.SUPERSEDED}),
        ("of an unknown state", {"registry_state": RegistryState.UNKNOWN}),
        ("another fee", {"fee_yen": 300}),
    )


def _choosing(served: Served, **changes: object) -> Served:
    return served.with_bundle(choice=served.bundle.choice.model_copy(update=changes))


def _scoped(served: Served) -> Served:
    """The bundle says what was chosen, the record covers another scope."""
    return served.with_record(scope=Scope.MEMBERS)


def _of_another_municipality(served: Served) -> Served:
    """Bundle, signer and record are one municipality's, the card's holder lives elsewhere."""
    return served.with_expected(municipality_code="99102")


# --- gate B


_OTHERS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("name", {"name": "見本　次郎"}),
    ("address", {"address": "見本県架空市見本町一丁目1番2号"}),
    ("birth date", {"birth_date": date(1980, 1, 2)}),
    ("sex", {"sex": Sex.FEMALE}),
)


def subject_cases() -> Iterator[Case]:
    """Gate B: another person, or the right one with one thing wrong."""
    yield from _card_cases()
    yield from _household_cases()
    yield from _item_cases()


def _card_cases() -> Iterator[Case]:
    for wish in (SELF, SEAL_WISH):
        served = serve("head", wish)
        own = served.bundle.applicant
        for name, changes in _OTHERS:
            other = own.model_copy(update=changes)
            what = f"{wish.kind.value}: another {name}"
            yield Case(f"{what} on the card", replace(served, subject=_proving(other)), _STOP)
            yield Case(f"{what} in the record", _stating(served, other), _STOP)
            yield Case(f"{what} in the bundle", served.with_bundle(applicant=other), _STOP)
            yield Case(
                f"{what} in the bundle, by the serial alone", by_serial(served.with_bundle(applicant=other)), _STOP
            )
            yield Case(f"{what} in bundle and record", _stating(served, other).with_bundle(applicant=other), _STOP)
    unread = ProvedSubject(SubjectEvidence.SERIAL_AND_BASIC_FOUR, None)
    yield Case("the card's basic four were not read", replace(serve("head"), subject=unread), _STOP)
    nobody = serve("head", SELF).bundle.applicant.model_copy(update={"sex": Sex.UNKNOWN})
    unsaid = replace(_stating(serve("head", SELF), nobody).with_bundle(applicant=nobody), subject=_proving(nobody))
    yield Case("nobody says the sex", unsaid, _REFUSE)
    variant = serve("watanabe-1", SELF)
    spelt = variant.bundle.applicant.model_copy(update={"name": "渡邊　見本"})
    yield Case("a variant of a character on the card", replace(variant, subject=_proving(spelt)), _REFUSE)
    yield Case(
        "a namesake's card",
        replace(serve("same-name-1", SELF), subject=_proving(resident("same-name-2").basic_four)),
        _STOP,
    )
    yield Case(
        "the son's card for the father",
        replace(serve("father", SELF), subject=_proving(resident("son").basic_four)),
        _STOP,
    )


def _proving(person: Any) -> ProvedSubject:
    return ProvedSubject(SubjectEvidence.SERIAL_AND_BASIC_FOUR, person)


def _stating(served: Served, person: Any) -> Served:
    """The record names ``person`` as the applicant, and prints them."""
    stated = served.with_record(applicant=person)
    return stated.with_person(1, basic=person) if served.bundle.record.kind is not SEAL else stated


def _household_cases() -> Iterator[Case]:
    head, some = serve("head"), serve("head", SOME)
    everybody = head.residence.persons
    yield Case("one more than was chosen", some.with_record(persons=everybody), _STOP)
    yield Case("one less than was chosen", some.with_record(persons=everybody[:1]), _REFUSE)
    yield Case("somebody twice", some.with_record(persons=(everybody[0], everybody[2], everybody[2])), _STOP)
    wife = head.residence.persons[1]
    yield Case("the wife on a sheet about oneself", serve("head", SELF).with_record(persons=(wife,)), _STOP)
    stranger = resident("twin-1").basic_four
    yield Case("a stranger under a member's id", head.with_person(2, basic=stranger), _STOP)
    yield Case("a stranger's name on a member", head.with_person(2, basic=_with(wife, name=stranger.name)), _STOP)
    yield Case(
        "a namesake who lives elsewhere", head.with_person(2, basic=_with(wife, address=stranger.address)), _STOP
    )
    yield Case("a member whom nobody offered", head.with_person(2, member_id=member_id("twin-1")), _STOP)
    for name, changes in _OTHERS:
        basic = head.residence.persons[0].basic.model_copy(update=changes)
        yield Case(f"the applicant's own line with another {name}", head.with_person(1, basic=basic), _STOP)
    for name, members in (("nobody", ()), ("everybody", _all_applicants(head))):
        yield Case(f"{name} offered as the applicant", head.with_expected(members=members), _STOP)
        sealed = serve("head", SEAL_WISH)
        yield Case(
            f"{name} offered as the applicant of a seal", sealed.with_expected(members=_marked(sealed, name)), _STOP
        )
    twin = serve("twin-1", SEAL_WISH)
    swapped = tuple(
        each.model_copy(update={"is_applicant": each.member_id == member_id("twin-2")})
        for each in twin.expected.members
    )
    yield Case("the other twin was offered", twin.with_expected(members=swapped), _STOP)
    own = serve("adult", SEAL_WISH)
    household = own.bundle.choice.model_copy(update={"scope": Scope.HOUSEHOLD})
    yield Case("a seal for a household", own.with_bundle(choice=household).with_expected(choice=household), _STOP)
    stated = head.with_record(scope=Scope.MEMBERS)
    chosen = head.bundle.choice.model_copy(update={"scope": Scope.HOUSEHOLD})
    yield Case("a record of another scope than its own choice", stated.with_bundle(choice=chosen), _STOP)


def _marked(served: Served, name: str) -> Any:
    return () if name == "nobody" else _all_applicants(served)


def _all_applicants(served: Served) -> Any:
    return tuple(each.model_copy(update={"is_applicant": True}) for each in served.expected.members)


def _with(person: Any, **changes: object) -> Any:
    return person.basic.model_copy(update=changes)


def _item_cases() -> Iterator[Case]:
    head, plain = serve("head"), serve("head", replace(Wish(), items=frozenset()))
    for name in (
        "former_name",
        "registered_domicile",
        "head_of_register",
        "my_number",
        "nationality",
        "residence_status",
    ):
        value = "990000000031" if name == "my_number" else "架空"
        yield Case(f"{name} that nobody chose", head.with_person(1, **{name: value}), _STOP)
    yield Case("a relationship that nobody chose", plain.with_person(2, relationship="妻"), _STOP)
    yield Case("a head that nobody chose", plain.with_record(household_head="見本　太郎"), _STOP)
    yield Case(
        "items that nobody chose, stating nothing", plain.with_record(items=frozenset({Item.FORMER_NAME})), _STOP
    )
    yield Case("chosen items that the record forgot", head.with_record(items=frozenset()), _REFUSE)
    yield Case("a chosen head that is missing", head.with_record(household_head=None), _REFUSE)
    yield Case("a chosen relationship that is missing", head.with_person(2, relationship=None), _REFUSE)
    numbered = serve("head", replace(Wish(), items=frozenset({Item.MY_NUMBER})))
    yield Case("a chosen My Number that is missing", numbered.with_person(2, my_number=None), _REFUSE)
    yield Case("a head who is none of the household", head.with_record(household_head="双葉　見本"), _REFUSE)
    sent = serve("adult", SEAL_DOCUMENT)
    yield Case("document: a namesake's seal", sent.with_record(applicant=resident("twin-1").basic_four), _STOP)
