"""Gate B, second half: the sheet is about exactly the persons chosen, with exactly the items chosen, of one household.

The household is what the centre offered at the start of the session, before any request existed, so a record that is mixed up
later cannot vouch for itself.
"""

from collections import Counter
from collections.abc import Callable

from printer_templates.records import BasicFour, Item, RecordedPerson, ResidenceRecord, Scope, SealRecord
from terminal.centre.messages import Choice, Member
from terminal.verification.addresses import compare_addresses
from terminal.verification.names import compare_names
from terminal.verification.reasons import Reason
from terminal.verification.verdict import FieldFinding, different, same, undecided, unusable

CompareBasicFour = Callable[[BasicFour | None, BasicFour | None], tuple[FieldFinding, ...]]

_ITEM_FIELDS: dict[Item, tuple[str, ...]] = {
    Item.RELATIONSHIP: ("relationship",),
    Item.REGISTERED_DOMICILE: ("registered_domicile", "head_of_register"),
    Item.MY_NUMBER: ("my_number",),
    Item.FORMER_NAME: ("former_name",),
    Item.NATIONALITY: ("nationality", "residence_status", "residence_expiry"),
}
_EVERYBODY_HAS = (Item.RELATIONSHIP, Item.MY_NUMBER)


def compare_people(
    record: ResidenceRecord | SealRecord,
    choice: Choice,
    members: tuple[Member, ...],
    compare_basic_four: CompareBasicFour,
) -> list[FieldFinding]:
    """Findings on persons and items of ``record`` against ``choice`` and the household ``members``."""
    applicants = [member for member in members if member.is_applicant]
    if len(applicants) != 1:
        return [different("applicant", Reason.APPLICANT_UNKNOWN)]
    applicant = applicants[0]
    findings = [_name_finding("applicant's name as offered", applicant.name, record.applicant.name)]
    if isinstance(record, SealRecord):
        return [*findings, _expect(choice.scope is Scope.SELF, "scope", Reason.WRONG_SCOPE)]
    findings.append(_expect(record.scope is choice.scope, "scope", Reason.WRONG_SCOPE))
    findings += _compare_ids(record, _chosen_ids(choice, members, applicant))
    findings += _compare_persons(record, {member.member_id: member for member in members}, compare_basic_four)
    findings += _compare_items(record, choice)
    findings += _compare_head(record, members)
    return findings


def _expect(holds: bool, field: str, reason: Reason) -> FieldFinding:
    return same(field) if holds else different(field, reason)


def _chosen_ids(choice: Choice, members: tuple[Member, ...], applicant: Member) -> tuple[str, ...]:
    match choice.scope:
        case Scope.SELF:
            return (applicant.member_id,)
        case Scope.HOUSEHOLD:
            return tuple(member.member_id for member in members)
        case Scope.MEMBERS:
            return choice.members


def _compare_ids(record: ResidenceRecord, chosen: tuple[str, ...]) -> list[FieldFinding]:
    printed = Counter(person.member_id for person in record.persons)
    return [
        _expect(set(printed) <= set(chosen), "persons printed", Reason.OTHER_PERSONS),
        _expect(max(printed.values()) == 1, "persons printed once", Reason.PERSON_TWICE),
        same("persons chosen") if set(chosen) <= set(printed) else unusable("persons chosen", Reason.PERSON_MISSING),
    ]


def _compare_persons(
    record: ResidenceRecord, offered: dict[str, Member], compare_basic_four: CompareBasicFour
) -> list[FieldFinding]:
    findings = []
    for number, person in enumerate(record.persons, 1):
        place = f"person {number}"
        member = offered.get(person.member_id)
        if member is None:
            findings.append(different(f"{place}: household", Reason.OTHER_PERSONS))
            continue
        findings.append(_name_finding(f"{place}: name as offered", member.name, person.basic.name))
        if member.is_applicant:
            findings += [each.at(place) for each in compare_basic_four(record.applicant, person.basic)]
        else:
            findings.append(_address_finding(f"{place}: household's address", record.applicant, person.basic))
    return findings


def _compare_items(record: ResidenceRecord, choice: Choice) -> list[FieldFinding]:
    findings = [_expect(record.items <= choice.items, "items", Reason.ITEM_NOT_CHOSEN)]
    findings.append(
        same("items whole") if choice.items <= record.items else unusable("items whole", Reason.ITEM_MISSING)
    )
    if record.household_head is not None and Item.RELATIONSHIP not in choice.items:
        findings.append(different("household head", Reason.ITEM_NOT_CHOSEN))
    if record.household_head is None and Item.RELATIONSHIP in choice.items:
        findings.append(unusable("household head", Reason.ITEM_MISSING))
    for number, person in enumerate(record.persons, 1):
        findings += [_item_finding(person, item, choice, f"person {number}: {item}") for item in Item]
    return findings


def _item_finding(person: RecordedPerson, item: Item, choice: Choice, field: str) -> FieldFinding:
    stated = any(getattr(person, name) is not None for name in _ITEM_FIELDS[item])
    if stated and item not in choice.items:
        return different(field, Reason.ITEM_NOT_CHOSEN)
    if not stated and item in choice.items and item in _EVERYBODY_HAS:
        return unusable(field, Reason.ITEM_MISSING)
    return same(field)


def _compare_head(record: ResidenceRecord, members: tuple[Member, ...]) -> list[FieldFinding]:
    if record.household_head is None:
        return []
    head = record.household_head
    if any(compare_names(member.name, head) is Reason.SAME for member in members):
        return [same("household head")]
    return [undecided("household head", Reason.HEAD_NOT_IN_HOUSEHOLD)]


def _name_finding(field: str, offered: str, stated: str) -> FieldFinding:
    reason = compare_names(offered, stated)
    if reason is Reason.SAME:
        return same(field)
    return different(field, reason) if reason in (Reason.OTHER_NAME, Reason.ABSENT) else undecided(field, reason)


def _address_finding(field: str, applicant: BasicFour, other: BasicFour) -> FieldFinding:
    reason = compare_addresses(applicant.address, other.address)
    if reason is Reason.SAME:
        return same(field)
    return different(field, reason) if reason in (Reason.OTHER_ADDRESS, Reason.ABSENT) else undecided(field, reason)
