"""Wrong print data under a bundle that is right: mixed up, altered, drawn from another record, damaged, dangerous (gate C)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from printer_templates.records import Item, Record, ResidenceRecord, Scope, SealRecord, Sex
from simulator.explore.gates import spoiling
from simulator.explore.gates.judging import Case, Due
from simulator.explore.gates.right_cases import IN_DOCUMENT_MODE, NINE, SEAL_DOCUMENT, SELF
from simulator.explore.gates.serving import MUNICIPAL_KEY, SEAL_WISH, STOLEN_ID, UNHEARD_OF, Served, Wish, serve
from simulator.people.seals import impression_png, official_seal_png
from terminal.centre.messages import BundleMode

_STOP, _REFUSE = Due.STOP, Due.REFUSE
_FRONT, _BACK = 0, 1
_SIDES: Final = ((_FRONT, "front"), (_BACK, "back"))


def sheet_cases() -> Iterator[Case]:
    """Gate C."""
    yield from _mixed_up()
    yield from _drawn_otherwise()
    yield from _damaged()
    yield from _forged()
    yield from _dangerous()


def _case(name: str, served: Served, due: Due, spoil: Callable[[bytes], bytes], promise: str = "P1") -> Case:
    return Case(name, served, due, lambda each: spoil(each.drawn()), promise=promise)


def _mixed_up() -> Iterator[Case]:
    three, strange = serve("large-1", NINE), serve("twin-1", Wish(), 2).drawn()
    for page in (1, 2, 3):
        front, back = 2 * page - 2, 2 * page - 1
        for name, places in (("sheet", (front, back)), ("front", (front,)), ("back", (back,))):
            yield _case(f"a foreign {name}, page {page} of 3", three, _STOP, _with(places, strange))
    one = serve("head")
    other = serve("twin-1", Wish(), 2)
    yield _case("somebody else's sheet", one, _STOP, lambda _pdf: other.drawn())
    yield _case("a foreign sheet follows", one, _STOP, _followed_by(strange))
    yield _case(
        "one's own sheet follows again",
        one,
        _REFUSE,
        lambda pdf: spoiling.rearranged([(pdf, 0), (pdf, 1), (pdf, 0), (pdf, 1)]),
    )
    for name, order in (
        ("two pages exchanged", (2, 3, 0, 1, 4, 5)),
        ("the first page twice", (0, 1, 0, 1, 4, 5)),
        ("two backs exchanged", (0, 3, 2, 1, 4, 5)),
    ):
        yield _case(name, three, _REFUSE, _in_order(order))
    yield _case("a page is left out", three, _REFUSE, _in_order((0, 1, 2, 3)))
    yield _case("the last back is left out", three, _REFUSE, _in_order((0, 1, 2, 3, 4)))
    for side, name in _SIDES:
        yield _case(f"a blank {name}", one, _REFUSE, _with((side,), spoiling.blank_sides()))
    two = serve("head", replace(Wish(), copies=2))
    yield _case("the copies exchanged", two, _REFUSE, _in_order((2, 3, 0, 1)))


def _with(places: tuple[int, ...], other: bytes) -> Callable[[bytes], bytes]:
    return lambda pdf: spoiling.with_sides(pdf, places, other)


def _in_order(order: tuple[int, ...]) -> Callable[[bytes], bytes]:
    return lambda pdf: spoiling.rearranged([(pdf, side) for side in order])


def _followed_by(other: bytes) -> Callable[[bytes], bytes]:
    def followed(pdf: bytes) -> bytes:
        own = [(pdf, side) for side in range(spoiling.sides(pdf))]
        return spoiling.rearranged([*own, (other, 0), (other, 1)])

    return followed


def _drawn_otherwise() -> Iterator[Case]:
    """The terminal's own drawing took something else than the record says, and signed what it drew."""
    for name, served, record in _other_records():
        yield Case(f"drawn with another {name}", served, _STOP, _drawing(record))
    for key, wish in (("head", Wish()), ("adult", SEAL_WISH)):
        served = serve(key, wish)
        other = served.bundle.record.issuer.model_copy(
            update={"official_seal_png": _png(official_seal_png("架空町長"))}
        )
        drawn = served.bundle.record.model_copy(update={"issuer": other})
        yield Case(f"{wish.kind.value}: another official seal", served, _REFUSE, _drawing(drawn))
        for due in (True, False):
            what = "without the specimen's marks" if due else "with marks that a real sheet has not"
            case = Case(f"{wish.kind.value}: {what}", served, _REFUSE, specimen=due, promise="P9")
            yield replace(case, job=lambda each, due=due: each.drawn(specimen=not due))  # type: ignore[misc]


def _drawing(record: Record) -> Callable[[Served], bytes]:
    return lambda served: served.drawn(record)


def _other_records() -> Iterator[tuple[str, Served, Record]]:
    seal = serve("adult", SEAL_WISH)
    record = seal.bundle.record
    if isinstance(record, SealRecord):
        for name, value in (
            ("registration_number", "模擬第99999号"),
            ("registered_on", date(2001, 1, 1)),
            ("former_name", "架空　別子"),
        ):
            yield name, seal, record.model_copy(update={name: value})
        yield "impression", seal, record.model_copy(update={"impression_png": _png(impression_png("渡邉"))})
        for name, value in _BASIC:
            yield (
                f"{name} (seal)",
                seal,
                record.model_copy(update={"applicant": record.applicant.model_copy(update={name: value})}),
            )
    yield from _other_residence_records()


_BASIC: Final[tuple[tuple[str, Any], ...]] = (
    ("name", "見本　次郎"),
    ("address", "見本県架空市見本町一丁目1番9号"),
    ("birth_date", date(1980, 1, 2)),
    ("sex", Sex.MALE),
)


def _other_residence_records() -> Iterator[tuple[str, Served, Record]]:
    full = serve("head", replace(Wish(), items=frozenset(Item)))
    plain = serve("head", replace(Wish(), items=frozenset()))
    foreign = serve("foreign", replace(Wish(), items=frozenset(Item)))
    record = full.residence
    for name, value in _BASIC:
        if name != "sex":
            basic = record.persons[1].basic.model_copy(update={name: value})
            yield f"{name} (person)", full, _person(record, 2, basic=basic)
    yield (
        "sex (person)",
        full,
        _person(record, 2, basic=record.persons[1].basic.model_copy(update={"sex": record.persons[0].basic.sex})),
    )
    for name, value in (
        ("relationship", "子の子"),
        ("registered_domicile", "架空県架空市"),
        ("head_of_register", "架空　別子"),
        ("my_number", "990000000099"),
        ("former_name", "架空　別子"),
        ("resident_since", date(2001, 1, 1)),
    ):
        yield f"{name} (person)", full, _person(record, 2, **{name: value})
    for name, value in (
        ("nationality", "例示国"),
        ("residence_status", "留学"),
        ("residence_expiry", date(2030, 1, 1)),
    ):
        yield f"{name} (person)", foreign, _person(foreign.residence, 1, **{name: value})
    yield (
        "My Number, which nobody chose",
        plain,
        serve("head", replace(Wish(), items=frozenset({Item.MY_NUMBER}))).bundle.record,
    )
    yield "household head", full, record.model_copy(update={"household_head": "架空　別子"})
    yield "date of issue", full, record.model_copy(update={"issued_on": date(2019, 5, 7)})
    for name, value in (("municipality", "見本県例示町"), ("mayor", "例示町長　見本　三郎")):
        yield name, full, record.model_copy(update={"issuer": record.issuer.model_copy(update={name: value})})
    own = serve("head", SELF)
    yield (
        "person more than the record has",
        own,
        own.bundle.record.model_copy(update={"persons": serve("head").residence.persons}),
    )
    yield "title", full, record.model_copy(update={"scope": Scope.MEMBERS})


def _person(record: ResidenceRecord, number: int, **changes: object) -> ResidenceRecord:
    persons = list(record.persons)
    persons[number - 1] = persons[number - 1].model_copy(update=changes)
    return record.model_copy(update={"persons": tuple(persons)})


def _png(data: bytes) -> bytes:
    return data


def _damaged() -> Iterator[Case]:
    seal = serve("adult", SEAL_WISH)
    pdf = seal.drawn()
    for name, colour in (("official seal", "/DeviceRGB"), ("impression", "/DeviceGray")):
        picture = spoiling.picture_name(pdf, _FRONT, colour)
        yield _case(f"the {name} is missing", seal, _REFUSE, _without(_FRONT, picture))
    for side, where in _SIDES:
        yield _case(f"the 2D code of the {where} is missing", seal, _REFUSE, _without(side, "Qr"))
        yield _case(f"paper that is cut, {where}", seal, _REFUSE, partial(spoiling.cropped, side=side))
        yield _case(f"a note lies over the {where}", seal, _REFUSE, partial(spoiling.annotated, side=side))
        yield _case(
            f"glyphs without characters, {where}",
            seal,
            _STOP,
            partial(spoiling.without_characters, side=side),
        )
    yield _case("the scramble image is missing", seal, _REFUSE, _without(_BACK, "Sc"))
    yield Case("garbage", seal, _REFUSE, lambda _served: b"garbage")
    yield Case("a broken PDF", seal, _REFUSE, lambda _served: b"%PDF-1.5 garbage")


def _without(side: int, picture: str) -> Callable[[bytes], bytes]:
    return lambda pdf: spoiling.without_picture(pdf, side, picture)


def _forged() -> Iterator[Case]:
    seal = serve("adult", SEAL_WISH)
    for name, signer in (("an unknown", UNHEARD_OF), ("a stolen", STOLEN_ID), ("the municipality's", MUNICIPAL_KEY)):
        yield Case(f"signed with {name} key", seal, _STOP, lambda each, signer=signer: each.drawn(signer=signer))  # type: ignore[misc]
    [copy] = seal.bundle.copies
    rekeyed = seal.with_bundle(copies=(copy.model_copy(update={"scramble_key": b"\x77" * 32}),))
    yield Case("a back of another key", seal, _STOP, lambda _served: rekeyed.drawn())
    yield Case(
        "a back of another key under a front without its code", seal, _STOP,
        lambda _served: spoiling.without_picture(rekeyed.drawn(), _FRONT, "Qr"),
    )  # fmt: skip
    short = seal.bundle.record.applicant.model_copy(update={"name": "一"})
    hiding = seal.drawn(seal.bundle.record.model_copy(update={"applicant": short}))
    yield _case(
        "a back that hides another front", seal, _STOP, lambda pdf: spoiling.with_picture_of(pdf, _BACK, "Sc", hiding)
    )
    longer = seal.bundle.record.applicant.model_copy(update={"name": f"{seal.bundle.record.applicant.name}国"})
    hiding_more = seal.drawn(seal.bundle.record.model_copy(update={"applicant": longer}))
    yield _case(
        "a back that hides more than the front shows", seal, _STOP,
        lambda pdf: spoiling.with_picture_of(pdf, _BACK, "Sc", hiding_more),
    )  # fmt: skip
    coded = serve("twin-1", SEAL_WISH, 2).drawn()
    yield _case(
        "a front under another's code", seal, _STOP, lambda pdf: spoiling.with_picture_of(pdf, _FRONT, "Qr", coded)
    )
    yield _case(
        "a back under another's code", seal, _STOP, lambda pdf: spoiling.with_picture_of(pdf, _BACK, "Qr", coded)
    )
    for side, where in _SIDES:
        yield _case(
            f"words written over the {where}",
            seal,
            _STOP,
            partial(spoiling.written_over, side=side, text="FUTABA MIHON"),
        )
    yield _case("two characters exchanged", seal, _STOP, lambda pdf: spoiling.exchanged_characters(pdf, _FRONT))
    renumbered = seal.with_bundle(copies=(copy.model_copy(update={"document_number": "99101-26-999999"}),))
    yield Case("another document's number", seal, _STOP, lambda _served: renumbered.drawn())


def _dangerous() -> Iterator[Case]:
    """The municipality's own PDF acts or hides something, and the terminal's own drawing does not get away with it either."""
    seal, sent = serve("adult", SEAL_WISH), serve("head", IN_DOCUMENT_MODE)
    yield _case("a file is attached to our own drawing", seal, _REFUSE, spoiling.with_attachment)
    for name, spoil in (
        ("acts when it is opened", spoiling.with_action),
        ("has a file attached", spoiling.with_attachment),
        ("shows an empty box for a character", lambda pdf: spoiling.boxed_first_glyph(pdf, _FRONT)),
        ("is cut off in the middle", lambda pdf: pdf[: len(pdf) // 2]),
    ):
        yield Case(f"document: the PDF {name}", _sent(sent, spoil), _REFUSE)
    two = serve("head", replace(IN_DOCUMENT_MODE, copies=2))
    yield Case("document: the second PDF acts when it is opened", _sent(two, spoiling.with_action, 1), _REFUSE)
    by_terminal = serve("adult", replace(SEAL_DOCUMENT, mode=BundleMode.DOCUMENT))
    own = by_terminal.with_bundle(mode=BundleMode.RECORD).drawn()
    yield Case("document: signed with the terminal's key", _sent(by_terminal, lambda _pdf: own), _STOP)


def _sent(served: Served, spoil: Callable[[bytes], bytes], place: int = 0) -> Served:
    copies = list(served.bundle.copies)
    copies[place] = copies[place].model_copy(update={"document_pdf": spoil(bytes(copies[place].document_pdf or b""))})
    return served.with_bundle(copies=tuple(copies))
