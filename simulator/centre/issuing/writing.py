"""Writing a certificate: from a work area to the content that a bundle carries, with what an update or a missing table spoils."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, repeat

from printer_templates.certificate import SheetIdentity
from printer_templates.records import Record, Scope
from simulator.centre.content import Content, draw_documents
from simulator.centre.facts import Applicant
from simulator.centre.faults import ContentFault, OmitsOfficialSeal
from simulator.centre.ids import Ids, document_number, opaque
from simulator.centre.issuing.jobs import Order, WorkArea
from simulator.centre.issuing.old_eras import with_old_eras
from simulator.centre.misbehaviour import redrawn, spoil
from simulator.centre.pki import CentrePki
from simulator.centre.records import Asked, record_of
from terminal.centre.messages import BundleMode, Choice, RegistryState
from terminal.clock import JST


@dataclass(frozen=True, slots=True)
class Flaws:
    """What is wrong with the machine that writes."""

    seal_image_missing: bool = False
    old_eras: bool = False


FLAWLESS = Flaws()


class Writer:
    """All machines write with the same program and the municipality's own keys."""

    def __init__(self, pki: CentrePki, ids: Ids) -> None:
        self._pki = pki
        self._ids = ids

    def member_ids(self, order: Order, applicant: Applicant) -> Mapping[str, str]:
        """Under which ids a household is stated: the session's, which go by the household's order for a strange one."""
        given = order.member_ids
        if all(person.key in given for person in applicant.household):
            return given
        # The form knows the household's members by their places in it.
        ids: Iterator[str | None] = chain(given.values(), repeat(None))
        return {
            person.key: opaque(self._ids) if found is None else found
            for person, found in zip(applicant.household, ids, strict=False)
        }

    def write(self, order: Order, area: WorkArea, issued_at: datetime, flaws: Flaws = FLAWLESS) -> Content:
        """The content of one request; raise ``FormError`` or ``LookupError`` when it cannot be written."""
        applicant = area.reading.applicant
        municipality = applicant.municipality
        asked = Asked(applicant, _stated(order.choice, area), area.member_ids, issued_at.astimezone(JST).date())
        content = Content(
            resident_key=area.resident,
            request_id=order.request_id,
            choice=order.choice,
            mode=municipality.mode,
            applicant=applicant.person.basic,
            record=record_of(asked),
            identities=tuple(self._identity(order, municipality.code) for _ in range(order.choice.copies)),
            documents=(),
            issued_at=issued_at,
            registry_state=RegistryState.CURRENT,
            registry_as_of=area.reading.as_of,
        )
        if flaws.seal_image_missing:
            return self.spoilt(content, OmitsOfficialSeal(), None, applicant)
        if content.mode is BundleMode.DOCUMENT:
            return self._drawn(content, with_old_eras(content.record) if flaws.old_eras else content.record)
        return content

    def spoilt(self, content: Content, fault: ContentFault, previous: Content | None, applicant: Applicant) -> Content:
        """``content`` as ``fault`` makes it, drawn anew when the municipality would draw what the fault made of the record."""
        spoiled = spoil(content, fault, previous, applicant)
        if redrawn(fault) and content.mode is BundleMode.DOCUMENT:
            spoiled = self._drawn(spoiled, spoiled.record)
            if isinstance(fault, OmitsOfficialSeal):
                # The seal is lost in drawing: what the record says is right.
                spoiled = replace(spoiled, record=content.record)
        return spoiled

    def _identity(self, order: Order, municipality_code: str) -> SheetIdentity:
        number = document_number(self._ids, municipality_code)
        return SheetIdentity(number, order.request_id, self._pki.scramble_key(number))

    def _drawn(self, content: Content, record: Record) -> Content:
        signer = self._pki.municipal_sheet_key(record.issuer.municipality_code)
        return replace(content, documents=draw_documents(record, content.identities, signer))


def _stated(choice: Choice, area: WorkArea) -> Choice:
    """The choice as it falls on whoever lies in the work area: chosen places that nobody holds there leave the applicant."""
    if choice.scope is not Scope.MEMBERS or set(choice.members) & set(area.member_ids.values()):
        return choice
    return choice.model_copy(update={"members": (area.member_ids[area.resident],)})
