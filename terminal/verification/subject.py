"""Gate B, first half: is the person of the record the person of the card?

Four fields, each ``same``, ``different`` or ``undecided`` with its reason; all four must be ``same``. Absence is different:
None against None is never a match (promise P1; trap "None == None identity" of reference models.md section 14). Which evidence
of the person a terminal demands is configured (design section 3.3).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from printer_templates.records import BasicFour, Sex
from terminal.centre.messages import Bundle, Member
from terminal.verification.addresses import compare_addresses
from terminal.verification.names import compare_names
from terminal.verification.people import compare_people
from terminal.verification.reasons import Reason
from terminal.verification.verdict import (
    FieldFinding,
    Gate,
    GateResult,
    different,
    same,
    settle,
    undecided,
)

_DIFFERENT_REASONS = frozenset({Reason.OTHER_NAME, Reason.OTHER_ADDRESS, Reason.ABSENT})


class SubjectEvidence(StrEnum):
    """What proves the person: the certificate's serial alone, or also the basic four of the card's text application."""

    SERIAL = "serial"
    SERIAL_AND_BASIC_FOUR = "serial+basic-four"


@dataclass(frozen=True, slots=True, repr=False)
class ProvedSubject:
    """Whom this session's card proved: ``basic_four`` is None when the text application was not (or could not be) read."""

    evidence: SubjectEvidence
    basic_four: BasicFour | None

    def __repr__(self) -> str:
        return f"ProvedSubject({self.evidence}, basic four {'absent' if self.basic_four is None else 'read'})"


def compare_subject(card: BasicFour | None, record: BasicFour | None) -> GateResult:
    """Compare the basic four of card and record; a missing side is ``different``, both missing too."""
    return settle(Gate.SUBJECT, compare_basic_four(card, record))


def compare_basic_four(left: BasicFour | None, right: BasicFour | None) -> tuple[FieldFinding, ...]:
    """One finding for each of name, address, birth date and sex."""
    if left is None or right is None:
        return tuple(different(field, Reason.ABSENT) for field in ("name", "address", "birth date", "sex"))
    return (
        _finding("name", compare_names(left.name, right.name)),
        _finding("address", compare_addresses(left.address, right.address)),
        _compare_birth_dates(left.birth_date, right.birth_date),
        _compare_sexes(left.sex, right.sex),
    )


def check_subject(bundle: Bundle, subject: ProvedSubject, members: tuple[Member, ...]) -> GateResult:
    """Gate B whole: the applicant of bundle and record is the card's person, and the sheet is about those chosen only.

    ``members`` are the household as the centre offered it when the session opened (``SessionOpened.members``). With evidence
    ``serial`` the person rests on gate A's card identity, and bundle and record must still name one applicant.
    """
    applicant = bundle.record.applicant
    findings = [finding.at("bundle and record") for finding in compare_basic_four(bundle.applicant, applicant)]
    if subject.evidence is SubjectEvidence.SERIAL_AND_BASIC_FOUR:
        findings += [finding.at("card and record") for finding in compare_basic_four(subject.basic_four, applicant)]
        findings += [
            finding.at("card and bundle") for finding in compare_basic_four(subject.basic_four, bundle.applicant)
        ]
    findings += compare_people(bundle.record, bundle.choice, members, compare_basic_four)
    return settle(Gate.SUBJECT, findings)


def _finding(field: str, reason: Reason) -> FieldFinding:
    if reason is Reason.SAME:
        return same(field)
    return different(field, reason) if reason in _DIFFERENT_REASONS else undecided(field, reason)


def _compare_birth_dates(left: date, right: date) -> FieldFinding:
    return same("birth date") if left == right else different("birth date", Reason.OTHER_BIRTH_DATE)


def _compare_sexes(left: Sex, right: Sex) -> FieldFinding:
    # "0" means that the register does not say: one such side is absence, two prove nothing.
    if left is Sex.UNKNOWN and right is Sex.UNKNOWN:
        return undecided("sex", Reason.SEX_NOT_STATED)
    if left is Sex.UNKNOWN or right is Sex.UNKNOWN:
        return different("sex", Reason.ABSENT)
    return same("sex") if left is right else different("sex", Reason.OTHER_SEX)
