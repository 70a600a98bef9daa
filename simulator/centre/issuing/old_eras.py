"""How a machine without the table of 2019 sees a day: it knows no 令和, and counts on in 平成 (大阪 2019-05-07)."""

from datetime import date
from typing import Self

from printer_templates.records import Record, RecordedPerson, ResidenceRecord

_FIRST_DAY_OF_REIWA = date(2019, 5, 1)


class DayBeforeReiwa(date):
    """A day that is never found to lie in 令和; in all else the day that it is."""

    @classmethod
    def of(cls, day: date) -> Self:
        """The same day, as that machine sees it."""
        return cls(day.year, day.month, day.day)

    def __ge__(self, other: date, /) -> bool:
        return other != _FIRST_DAY_OF_REIWA and super().__ge__(other)

    __hash__ = date.__hash__


def with_old_eras(record: Record) -> Record:
    """The record with every day as such a machine sees it; for drawing, and never to be sent."""
    issued_on = DayBeforeReiwa.of(record.issued_on)
    if isinstance(record, ResidenceRecord):
        persons = tuple(_person(person) for person in record.persons)
        return record.model_copy(update={"issued_on": issued_on, "persons": persons})
    born = record.applicant.model_copy(update={"birth_date": DayBeforeReiwa.of(record.applicant.birth_date)})
    registered_on = DayBeforeReiwa.of(record.registered_on)
    return record.model_copy(update={"issued_on": issued_on, "applicant": born, "registered_on": registered_on})


def _person(person: RecordedPerson) -> RecordedPerson:
    expiry = person.residence_expiry
    return person.model_copy(
        update={
            "basic": person.basic.model_copy(update={"birth_date": DayBeforeReiwa.of(person.basic.birth_date)}),
            "resident_since": DayBeforeReiwa.of(person.resident_since),
            "residence_expiry": None if expiry is None else DayBeforeReiwa.of(expiry),
        }
    )
