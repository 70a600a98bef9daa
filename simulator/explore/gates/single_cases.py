"""Wrong in one thing only, so that the one check that sees it stands alone: what a careful liar or an odd mistake would make."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from printer_templates.certificate import SheetIdentity
from printer_templates.records import Item, Scope
from printer_templates.regions import BACK, FRONT, RegionName
from simulator.centre.content import draw_documents
from simulator.explore.gates import spoiling
from simulator.explore.gates.coding import reading_as, signed_again, without_text
from simulator.explore.gates.judging import Case, Due
from simulator.explore.gates.right_cases import IN_DOCUMENT_MODE, NINE, SELF, SOME
from simulator.explore.gates.serving import (
    MUNICIPAL_KEY,
    NEIGHBOUR_KEY,
    OTHER_REQUEST_ID,
    SEAL,
    SEAL_WISH,
    STOLEN_ID,
    TERMINAL_KEY,
    Served,
    Wish,
    member_id,
    serve,
)
from terminal.verification.sheets import SheetKeys

_STOP, _REFUSE = Due.STOP, Due.REFUSE
_FRONT, _BACK = 0, 1
_NOTES_WORD: Final = 12
"""The place of a word of the form's own among the texts of a front."""
_NO_FIELD: Final = (200, 100)
"""Points from the lower left corner of a seal certificate where no value stands."""


def single_cases() -> Iterator[Case]:
    """Gates A to C."""
    yield from _bundles()
    yield from _subjects()
    yield from _codes()
    yield from _fronts()
    yield from _backs()


def _bundles() -> Iterator[Case]:
    yesterday = date(2026, 3, 31)
    dated = serve("head").with_record(issued_on=yesterday).with_bundle(issued_on=yesterday)
    yield Case("all papers agree on another day of issue", dated, _REFUSE)
    sent = serve("head", IN_DOCUMENT_MODE)
    issuer = sent.bundle.record.issuer.model_copy(update={"municipality_code": "99102"})
    yield Case("document: the record is another municipality's", sent.with_record(issuer=issuer), _STOP)
    yield Case("document: another municipality answers in the town's name", _from_the_neighbour(sent), _STOP)
    yield Case("document: two copies under one number", _under_one_number(), _REFUSE)
    some = serve("head", SOME)
    beyond = some.bundle.choice.model_copy(update={"members": (*some.bundle.choice.members, member_id("twin-1"))})
    chosen = some.with_bundle(choice=beyond).with_expected(choice=beyond)
    yield Case("somebody chosen who was never offered, and who is not stated", chosen, _STOP)


def _from_the_neighbour(sent: Served) -> Served:
    """Signed by the right municipality; the bundle and its PDF are the neighbour's, whose form bears the right one's names."""
    issuer = sent.bundle.record.issuer.model_copy(update={"municipality_code": "99102"})
    drawn = draw_documents(
        sent.bundle.record.model_copy(update={"issuer": issuer}), sent.content.identities, NEIGHBOUR_KEY
    )
    copies = tuple(
        copy.model_copy(update={"document_pdf": pdf}) for copy, pdf in zip(sent.bundle.copies, drawn, strict=True)
    )
    return sent.with_bundle(municipality_code="99102", copies=copies)


def _under_one_number() -> Served:
    """A municipality's own drawing, which gives both copies the first one's number."""
    two = serve("head", replace(IN_DOCUMENT_MODE, copies=2))
    first, second = two.content.identities
    other = SheetIdentity("99101-26-999999", first.request_id, first.scramble_key)
    alike = SheetIdentity(first.document_number, first.request_id, second.scramble_key)
    drawn = draw_documents(two.bundle.record, (other, alike), MUNICIPAL_KEY)
    own, copy = two.bundle.copies
    twin = copy.model_copy(update={"document_number": first.document_number, "document_pdf": drawn[1]})
    return two.with_bundle(copies=(own, twin))


def _subjects() -> Iterator[Case]:
    formerly = serve("child", replace(SELF, items=frozenset({Item.FORMER_NAME})))
    yield Case("a chosen item that the record does not know of", formerly.with_record(items=frozenset()), _REFUSE)
    bracketed = "架空（旧姓例示）　仮名子"
    named = serve("former-name", SELF)
    yield Case("another name in brackets", _stated_as(named, bracketed), _STOP)
    divided = _stated_as(serve("head", SELF), "見　本太郎")
    yield Case("a name divided at another place", divided, _REFUSE)


def _stated_as(served: Served, name: str) -> Served:
    """Bundle and record spell the applicant's name otherwise than the card, alike among themselves."""
    spelt = served.bundle.applicant.model_copy(update={"name": name})
    members = tuple(each.model_copy(update={"name": name}) for each in served.expected.members)
    stated = served.with_bundle(applicant=spelt).with_record(applicant=spelt).with_expected(members=members)
    return stated.with_person(1, basic=spelt)


def _codes() -> Iterator[Case]:
    """The code of a sheet says one thing otherwise, rightly signed."""
    seal = serve("adult", SEAL_WISH)
    for name, changes, due in (
        ("municipality", {"municipality_code": "99102"}, _STOP),
        ("document", {"document_number": "99101-26-999999"}, _STOP),
        ("request", {"request_id": OTHER_REQUEST_ID}, _STOP),
        ("subject", {"subject_name": "双葉　見本"}, _STOP),
        ("place", {"pages": 2}, _REFUSE),
    ):
        yield Case(f"a code of another {name}", seal, due, _signed(lambda pdf: pdf, **changes))


def _signed(spoil: Callable[[bytes], bytes], **changes: object) -> Callable[[Served], bytes]:
    """The terminal's drawing, changed, and signed as it is then."""
    return lambda served: signed_again(spoil(served.drawn()), 0, TERMINAL_KEY, **changes)


def _fronts() -> Iterator[Case]:
    seal, record = serve("adult", SEAL_WISH), serve("adult", SEAL_WISH).bundle.record
    [copy] = seal.bundle.copies
    named = record.model_copy(update={"applicant": record.applicant.model_copy(update={"name": "見本　次郎"})})
    yield Case(
        "another name on a seal certificate, and the code names the right one", seal, _STOP,
        lambda each: signed_again(each.drawn(named), 0, TERMINAL_KEY, subject_name=record.applicant.name),
    )  # fmt: skip
    renumbered = seal.with_bundle(copies=(copy.model_copy(update={"document_number": "99101-26-999999"}),))
    number = copy.document_number
    yield Case(
        "another number on both sides, and the code names the right one", seal, _STOP,
        lambda _each: signed_again(renumbered.drawn(), 0, TERMINAL_KEY, document_number=number),
    )  # fmt: skip
    yield Case(
        "another number on the front alone, and the code names the right one", seal, _STOP,
        lambda each: signed_again(_under(each.drawn(), renumbered.drawn()), 0, TERMINAL_KEY, document_number=number),
    )  # fmt: skip
    yield Case(
        "a forged code on the front alone", seal, _STOP, lambda each: _under(each.drawn(), each.drawn(signer=STOLEN_ID))
    )
    yield Case("the other copy's number on the front of the first", *_of_the_other_copy())
    known = SheetKeys({TERMINAL_KEY.key_id: TERMINAL_KEY.key.public_key()}, TERMINAL_KEY.key_id)
    yield Case("document: the municipality's key is not known", serve("head", IN_DOCUMENT_MODE), _STOP, keys=known)
    yield Case("words more than the form has, signed", seal, _STOP, _signed(_with_more_words))
    yield Case("a word of the form garbled after signing", seal, _STOP, lambda each: _garbled(each.drawn()))
    yield Case("page 1 of 3 of a sheet that is one page", _three_persons(), _REFUSE, lambda _each: _first_of_three())
    yield Case(
        "a front alone that is page 1 of 3", _three_persons(), _REFUSE,
        lambda each: signed_again(_under(each.drawn(), serve("large-1", NINE).drawn()), 0, TERMINAL_KEY, pages=1),
    )  # fmt: skip
    for name in (RegionName.SPECIMEN, RegionName.SPECIMEN_FOOT):
        what = f"the front's {name.value} mark is missing, signed"
        yield Case(what, seal, _REFUSE, _signed(_without(_FRONT, name)), promise="P9")
    yield Case("a character that nobody can read", *_unreadable())


def _of_the_other_copy() -> tuple[Served, Due, Callable[[Served], bytes]]:
    two = serve("head", replace(Wish(), copies=2))
    first, second = two.bundle.copies
    exchanged = tuple(
        copy.model_copy(update={"document_number": other.document_number})
        for copy, other in ((first, second), (second, first))
    )
    renumbered = two.with_bundle(copies=exchanged)

    def job(each: Served) -> bytes:
        own = each.drawn()
        made = spoiling.rearranged([(renumbered.drawn(), 0), (own, 1), (own, 2), (own, 3)])
        return signed_again(made, 0, TERMINAL_KEY, document_number=first.document_number)

    return two, _REFUSE, job


def _under(pdf: bytes, other: bytes) -> bytes:
    """The first back of ``pdf`` under the first front of ``other``."""
    return spoiling.rearranged([(other, _FRONT), (pdf, _BACK)])


def _with_more_words(pdf: bytes) -> bytes:
    return spoiling.written_over(pdf, _FRONT, "FUTABA MIHON", _NO_FIELD)


def _garbled(pdf: bytes) -> bytes:
    return spoiling.exchanged_characters(pdf, _FRONT, _NOTES_WORD)


def _without(side: int, name: RegionName) -> Callable[[bytes], bytes]:
    region = (BACK if side == _BACK else FRONT[SEAL])[name]
    return lambda pdf: without_text(pdf, side, region)


def _three_persons() -> Served:
    return serve("large-1", Wish(scope=Scope.MEMBERS, chosen=("large-1", "large-2", "large-3")))


def _first_of_three() -> bytes:
    """The first sheet of three, whose code says that it is the only one."""
    three = serve("large-1", NINE).drawn()
    return signed_again(spoiling.rearranged([(three, 0), (three, 1)]), 0, TERMINAL_KEY, pages=1)


def _unreadable() -> tuple[Served, Due, Callable[[Served], bytes]]:
    """The register has a character of private use, and so has the paper: it says nothing, though both agree."""
    wish = replace(SELF, items=frozenset({Item.FORMER_NAME}))
    readable = serve("adult", wish).with_person(1, former_name="鶴　仮名子")
    stated = readable.with_person(1, former_name="\ue000　仮名子")
    return stated, _REFUSE, lambda _each: signed_again(reading_as(readable.drawn(), "鶴", 0xE000), 0, TERMINAL_KEY)


def _backs() -> Iterator[Case]:
    seal = serve("adult", SEAL_WISH)
    [copy] = seal.bundle.copies
    renumbered = seal.with_bundle(copies=(copy.model_copy(update={"document_number": "99101-26-999999"}),))
    yield Case("a back with another number", seal, _STOP, lambda each: _own_code(each.drawn(), renumbered.drawn()))
    three = serve("large-1", NINE)
    yield Case(
        "a back that is page 1 of 3", _three_persons(), _REFUSE, lambda each: _own_code(each.drawn(), three.drawn())
    )
    for name in (RegionName.SPECIMEN, RegionName.SPECIMEN_FOOT):
        spoil = _without(_BACK, name)
        what = f"the back's {name.value} mark is missing"
        yield Case(what, seal, _REFUSE, lambda each, spoil=spoil: spoil(each.drawn()), promise="P9")  # type: ignore[misc]


def _own_code(pdf: bytes, other: bytes) -> bytes:
    """``pdf`` with the first back of ``other`` under its own code."""
    back = spoiling.with_picture_of(other, _BACK, "Qr", pdf)
    return spoiling.rearranged([(pdf, _FRONT), (back, _BACK)])
