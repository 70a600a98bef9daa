"""What each fault of ``faults.py`` does to a content; the envelope is made properly afterwards."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from PIL import Image

from printer_templates.records import Item, Record, ResidenceRecord, SealRecord
from simulator.centre import pages
from simulator.centre.content import Content
from simulator.centre.facts import Applicant
from simulator.centre.faults import (
    AddsForeignPage,
    AddsUnaskedItem,
    Backdates,
    CentreFault,
    ContentFault,
    DropsPage,
    HandsOverPreviousSheet,
    OmitsOfficialSeal,
    RespellsApplicant,
    ServesCancelledSeal,
    WrongPageOf,
)
from simulator.centre.records import recorded
from terminal.centre.messages import BundleMode, RegistryState

_STALE = timedelta(days=900)


def needs_previous(fault: CentreFault) -> bool:
    """Whether the fault can only happen after another customer was served."""
    return isinstance(fault, HandsOverPreviousSheet | WrongPageOf | AddsForeignPage)


def redrawn(fault: ContentFault) -> bool:
    """Whether the municipality would draw its document from what the fault made of the record."""
    return isinstance(fault, ServesCancelledSeal | AddsUnaskedItem | OmitsOfficialSeal | RespellsApplicant)


def spoil(content: Content, fault: ContentFault, previous: Content | None, applicant: Applicant) -> Content:
    """``content`` as a server with ``fault`` makes it; raise ``ValueError`` when the fault needs a previous customer."""
    match fault:
        case HandsOverPreviousSheet():
            return _hand_over(content, fault, _required(previous))
        case WrongPageOf(page):
            return _exchange_page(content, page, _required(previous))
        case AddsForeignPage():
            extra = _required(previous).documents
            return replace(content, documents=tuple(pages.page_added(pdf, extra[0]) for pdf in content.documents))
        case DropsPage(page):
            return replace(content, documents=tuple(pages.page_dropped(pdf, page) for pdf in content.documents))
        case ServesCancelledSeal(claims):
            return _claim(content, claims)
        case Backdates(by_s):
            age = timedelta(seconds=by_s)
            return replace(content, issued_at=content.issued_at - age, registry_as_of=content.registry_as_of - age)
        case AddsUnaskedItem(item):
            return replace(content, record=_with_item(content.record, item, applicant))
        case OmitsOfficialSeal():
            blank = _blank_png(speck=content.mode is BundleMode.DOCUMENT)
            issuer = content.record.issuer.model_copy(update={"official_seal_png": blank})
            return replace(content, record=content.record.model_copy(update={"issuer": issuer}))
        case RespellsApplicant(name):
            spelt = content.record.applicant.model_copy(update={"name": name})
            return replace(content, record=content.record.model_copy(update={"applicant": spelt}))
        case _:
            assert_never(fault)


def _required(previous: Content | None) -> Content:
    if previous is None:
        raise ValueError("this fault needs a previous customer; let one be served first")
    return previous


def _hand_over(content: Content, fault: HandsOverPreviousSheet, previous: Content) -> Content:
    handed = replace(content, record=previous.record) if fault.record_too else content
    if fault.applicant_too:
        handed = replace(handed, applicant=previous.applicant)
    if content.mode is BundleMode.DOCUMENT:
        pdfs = previous.documents
        handed = replace(handed, documents=tuple(pdfs[copy % len(pdfs)] for copy in range(len(content.documents))))
    return handed


def _exchange_page(content: Content, page: int, previous: Content) -> Content:
    if content.mode is BundleMode.DOCUMENT:
        foreign = previous.documents[0]
        return replace(content, documents=tuple(pages.page_exchanged(pdf, page, foreign) for pdf in content.documents))
    record, other = content.record, previous.record
    if isinstance(record, ResidenceRecord) and isinstance(other, ResidenceRecord):
        pages.check_page(page, len(record.persons), "persons")
        persons = list(record.persons)
        persons[page - 1] = other.persons[(page - 1) % len(other.persons)]
        return replace(content, record=record.model_copy(update={"persons": tuple(persons)}))
    return replace(content, record=other)


def _claim(content: Content, claims: str) -> Content:
    match claims:
        case "cancelled":
            return replace(content, registry_state=RegistryState.CANCELLED)
        case "stale":
            return replace(content, registry_as_of=content.registry_as_of - _STALE)
        case _:
            return content


def _with_item(record: Record, item: Item, applicant: Applicant) -> Record:
    if isinstance(record, SealRecord):
        return record
    by_name = {person.basic: person for person in applicant.household}
    items = record.items | {item}
    persons = tuple(recorded(by_name[person.basic], person.member_id, items) for person in record.persons)
    return record.model_copy(update={"items": items, "persons": persons})


def _blank_png(*, speck: bool) -> bytes:
    """White; with ``speck`` a spot of red, since our own forms, which stand in for the municipality's, draw no blank."""
    buffer = io.BytesIO()
    picture = Image.new("RGB", (360, 360), "white")
    if speck:
        picture.paste((200, 24, 32), (2, 2, 8, 8))
    picture.save(buffer, "PNG")
    return buffer.getvalue()
