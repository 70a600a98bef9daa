"""What a person may have, decided on facts alone. Source: reference service-and-incidents.md section 1.1; issue 2.

Two kinds of refusal: one that concerns the person and so everything (the session is not opened), and one that concerns a kind of
certificate (its offer carries the code). The order is that of the rules below: the first that applies is told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from printer_templates.records import CertificateKind, Item, Scope
from simulator.centre.facts import Applicant, CardState, Municipality, Person, SealState
from terminal.centre.messages import Offer, RefusalCode
from terminal.clock import JST

MINIMUM_AGE_YEARS = 15
_NEW_YEAR_CLOSURE = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
_RESIDENCE_KINDS = frozenset({CertificateKind.RESIDENCE_CERTIFICATE, CertificateKind.RESIDENCE_RECORD_STATEMENT})


@dataclass(frozen=True, slots=True)
class Case:
    """One applicant at one terminal at one moment. ``limited_to`` is the one municipality that the terminal serves, if any."""

    applicant: Applicant
    limited_to: str | None
    certificate_not_after: datetime
    now: datetime

    @property
    def today(self) -> date:
        """The day in Japan."""
        return self.now.astimezone(JST).date()


def refusal_of_person(case: Case) -> RefusalCode | None:
    """Why this person may have nothing at all now, or None."""
    return next((code for code, applies in _PERSON_RULES if applies(case)), None)


def offers(case: Case, *, ignore_cancelled_seal: bool = False) -> tuple[Offer, ...]:
    """One offer for each kind of certificate. ``ignore_cancelled_seal`` is a fault of the server, never a rule."""
    return tuple(_offer(case, kind, ignore_cancelled_seal) for kind in CertificateKind)


def refusal_of_kind(case: Case, kind: CertificateKind, *, ignore_cancelled_seal: bool = False) -> RefusalCode | None:
    """Why this kind may not be had, or None."""
    applicant = case.applicant
    if fee_yen(applicant.municipality, kind, case.today) is None:
        return RefusalCode.NOT_OFFERED
    if kind in _RESIDENCE_KINDS:
        return _refusal_of_household(applicant)
    if applicant.person.seal is None:
        return RefusalCode.NO_SEAL
    if applicant.person.seal.state is SealState.CANCELLED and not ignore_cancelled_seal:
        return RefusalCode.SEAL_CANCELLED
    return None


def fee_yen(municipality: Municipality, kind: CertificateKind, today: date) -> int | None:
    """The fee of one copy: the latest that is in force ``today``; None when the kind is not offered."""
    in_force = [fee for fee in municipality.fees if fee.kind is kind and fee.effective_from <= today]
    return max(in_force, key=lambda fee: fee.effective_from).yen if in_force else None


def age_years(birth_date: date, today: date) -> int:
    """Completed years; a birthday on 29 February is completed with 28 February's end in common years."""
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


def is_open(municipality: Municipality, now: datetime) -> bool:
    """Whether the municipality serves at this hour of this day (maintenance aside)."""
    local = now.astimezone(JST)
    if municipality.closed_at_new_year and (local.month, local.day) in _NEW_YEAR_CLOSURE:
        return False
    return municipality.opens_min <= local.hour * 60 + local.minute < municipality.closes_min


def _offer(case: Case, kind: CertificateKind, ignore_cancelled_seal: bool) -> Offer:
    refusal = refusal_of_kind(case, kind, ignore_cancelled_seal=ignore_cancelled_seal)
    if refusal is not None:
        return Offer(kind=kind, refusal=refusal)
    municipality = case.applicant.municipality
    return Offer(
        kind=kind,
        fee_yen=fee_yen(municipality, kind, case.today) or 0,
        scopes=_scopes(kind, case.applicant.household),
        items=_items(municipality, kind, case.applicant.household),
        copies_max=municipality.copies_max,
    )


def _scopes(kind: CertificateKind, household: tuple[Person, ...]) -> tuple[Scope, ...]:
    if kind not in _RESIDENCE_KINDS:
        return (Scope.SELF,)
    return (Scope.SELF, Scope.HOUSEHOLD, Scope.MEMBERS) if len(household) > 1 else (Scope.SELF, Scope.HOUSEHOLD)


def _items(municipality: Municipality, kind: CertificateKind, household: tuple[Person, ...]) -> tuple[Item, ...]:
    """The allowed items, less those that nobody of the household has anything for."""
    empty = {
        item
        for item, values in (
            (Item.FORMER_NAME, [person.former_name for person in household]),
            (Item.NATIONALITY, [person.nationality for person in household]),
            (Item.REGISTERED_DOMICILE, [person.registered_domicile for person in household]),
        )
        if not any(values)
    }
    allowed = municipality.items.get(kind, frozenset()) - empty
    return tuple(item for item in Item if item in allowed)


def _refusal_of_household(applicant: Applicant) -> RefusalCode | None:
    household, municipality = applicant.household, applicant.municipality
    if any(person.moving_out for person in household):
        return RefusalCode.HOUSEHOLD_MOVING_OUT
    if any(person.protective_measures for person in household):
        return RefusalCode.PROTECTIVE_MEASURES
    if any(person.character_pending for person in household):
        return RefusalCode.CHARACTER_PENDING
    if _over_limit(household, municipality):
        return RefusalCode.TEXT_OVER_LIMIT
    return None


def _over_limit(people: Iterable[Person], municipality: Municipality) -> bool:
    return any(
        len(person.basic.name) > municipality.name_limit_chars
        or len(person.basic.address) > municipality.address_limit_chars
        for person in people
    )


def _is_other_municipality(case: Case) -> bool:
    return case.limited_to is not None and case.limited_to != case.applicant.municipality.code


def _is_in_maintenance(case: Case) -> bool:
    return any(window.begins <= case.now < window.ends for window in case.applicant.municipality.maintenance)


def _not_before_next_day(day: date | None, today: date) -> bool:
    """Cards, PINs and move-ins of today count from tomorrow on (豊島区: 原則としてその翌日以降)."""
    return day is not None and today <= day


def _has_expired(case: Case) -> bool:
    return case.applicant.registration.state is CardState.EXPIRED or case.now > case.certificate_not_after


_PERSON_RULES: tuple[tuple[RefusalCode, Callable[[Case], bool]], ...] = (
    (RefusalCode.CERTIFICATE_REVOKED, lambda case: case.applicant.registration.state is CardState.REVOKED),
    (RefusalCode.CERTIFICATE_SUSPENDED, lambda case: case.applicant.registration.state is CardState.SUSPENDED),
    (RefusalCode.CERTIFICATE_EXPIRED, _has_expired),
    (RefusalCode.NOT_PARTICIPATING, lambda case: not case.applicant.municipality.participating),
    (RefusalCode.OTHER_MUNICIPALITY, _is_other_municipality),
    (RefusalCode.MAINTENANCE, _is_in_maintenance),
    (RefusalCode.OUTSIDE_HOURS, lambda case: not is_open(case.applicant.municipality, case.now)),
    (RefusalCode.DECEASED, lambda case: case.applicant.person.deceased_on is not None),
    (RefusalCode.PROTECTIVE_MEASURES, lambda case: case.applicant.person.protective_measures),
    (RefusalCode.MOVING_OUT, lambda case: case.applicant.person.moving_out),
    (
        RefusalCode.UNDER_15,
        lambda case: age_years(case.applicant.person.basic.birth_date, case.today) < MINIMUM_AGE_YEARS,
    ),
    (
        RefusalCode.NEXT_DAY_CARD,
        lambda case: _not_before_next_day(case.applicant.registration.card_issued_on, case.today),
    ),
    (
        RefusalCode.NEXT_DAY_PIN,
        lambda case: _not_before_next_day(case.applicant.registration.pin_changed_on, case.today),
    ),
    (
        RefusalCode.NEXT_DAY_MOVE_IN,
        lambda case: _not_before_next_day(case.applicant.person.moved_in_on, case.today),
    ),
    (RefusalCode.CHARACTER_PENDING, lambda case: case.applicant.person.character_pending),
    (
        RefusalCode.TEXT_OVER_LIMIT,
        lambda case: _over_limit((case.applicant.person,), case.applicant.municipality),
    ),
)
