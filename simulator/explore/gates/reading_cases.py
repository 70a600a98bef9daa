"""Print data of which one thing is wrong that only the reading sees: paper, size, what lies beyond the page, spoilt pictures."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias

import pikepdf
from PIL import Image

from printer_templates.records import Item
from simulator.explore.gates import spoiling
from simulator.explore.gates.coding import code_of_glyph, reading_as, signed_again
from simulator.explore.gates.judging import Case, Due
from simulator.explore.gates.right_cases import ALL_ITEMS, IN_DOCUMENT_MODE, SEAL_DOCUMENT, SELF
from simulator.explore.gates.serving import SEAL_WISH, TERMINAL_KEY, Served, Wish, serve
from terminal.verification.pictures import PICTURE_PIXELS_MAX
from terminal.verification.reading import CHARACTERS_MAX, PDF_BYTES_MAX

_REFUSE: Final = Due.REFUSE
_A4_PT: Final = (595.276, 841.89)
_SIDES: Final = ((0, "front"), (1, "back"))
_MORE_PT: Final = 1.9
"""A hair more than a sheet may be larger than A4."""
_ASIDE_PT: Final = 1.0
_STRIP_PT: Final = 20.0
_BIRD: Final = "鶴"


Spoil: TypeAlias = Callable[[bytes], bytes]


def reading_cases() -> Iterator[Case]:
    """Gate C."""
    seal = serve("adult", SEAL_WISH)
    for side, where in _SIDES:
        for name, spoil in _paper(side):
            yield _spoilt(f"{name}, {where}", seal, spoil)
        # Its text stands where it should and its pictures do not: more than unusable.
        yield _spoilt(f"a page that is turned, {where}", seal, partial(_turned, side=side), Due.STOP)
    for name, spoil in _jobs():
        yield _spoilt(f"our own drawing {name}", seal, spoil)
    yield from _pictures()
    yield from _characters()


def _spoilt(name: str, served: Served, spoil: Spoil, due: Due = _REFUSE) -> Case:
    return Case(name, served, due, lambda each: spoil(each.drawn()))


def _paper(side: int) -> Iterator[tuple[str, Spoil]]:
    width, height = _A4_PT
    yield "paper that is too wide", partial(_boxed, side=side, box=(0, 0, width + _MORE_PT, height))
    yield "paper that is too high", partial(_grown, side=side)
    yield "paper that is a narrow strip", partial(_boxed, side=side, box=(0, 0, _STRIP_PT, height))
    yield "paper that is a flat strip", partial(_boxed, side=side, box=(0, 0, width, _STRIP_PT))
    yield "a page that lies beside its origin", partial(_moved, side=side, right_pt=_ASIDE_PT, up_pt=0)
    yield "a page that lies above its origin", partial(_moved, side=side, right_pt=0, up_pt=_ASIDE_PT)


def _boxed(pdf: bytes, side: int, box: tuple[float, ...]) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[side].MediaBox = pikepdf.Array(box)

    return spoiling.changed(pdf, change)


def _moved(pdf: bytes, side: int, right_pt: float, up_pt: float) -> bytes:
    """Paper and content moved alike, so that nothing is to be seen of it; signed as it is now."""
    width, height = _A4_PT
    moved = _boxed(pdf, side, (right_pt, up_pt, width + right_pt, height + up_pt))
    return _with_content_moved(moved, side, right_pt, up_pt)


def _grown(pdf: bytes, side: int) -> bytes:
    """Longer at the foot: what is on it lies where it should from the upper edge."""
    width, height = _A4_PT
    return _with_content_moved(_boxed(pdf, side, (0, 0, width, height + _MORE_PT)), side, 0, _MORE_PT)


def _with_content_moved(pdf: bytes, side: int, right_pt: float, up_pt: float) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[side]
        page.contents_add(f"q 1 0 0 1 {right_pt} {up_pt} cm".encode(), prepend=True)
        page.contents_add(b"Q")

    return signed_again(spoiling.changed(pdf, change), 0, TERMINAL_KEY)


def _turned(pdf: bytes, side: int) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[side].Rotate = 180

    return spoiling.changed(pdf, change)


def _jobs() -> Iterator[tuple[str, Spoil]]:
    yield "is larger than anything that is read", _padded
    yield "has more characters than anybody reads", _wordy
    yield "has something before its beginning", lambda pdf: b"%SPECIMEN\n" + pdf
    yield "has a script", partial(spoiling.changed, change=_with_script)
    yield "has a form to fill in", partial(spoiling.changed, change=_with_form)
    yield "is locked by a password", _locked


def _padded(pdf: bytes) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.Stray = document.make_stream(bytes(PDF_BYTES_MAX))

    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(buffer, compress_streams=False)
    return buffer.getvalue()


def _wordy(pdf: bytes) -> bytes:
    """Nobody sees them: letters in the colour of the paper that read as wide spaces."""
    table = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Wide def /CMapType 2 def "
        b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <3000> endbfchar endcmap end end"
    )

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        page.Resources.Font.Other = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Courier,
            ToUnicode=document.make_stream(table),
        )
        page.contents_add(b"q 1 g BT /Other 0.001 Tf 200 100 Td (" + b"A" * CHARACTERS_MAX + b") Tj ET Q")

    return spoiling.changed(pdf, change)


def _with_script(document: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    names = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), document.make_indirect(script)]))
    document.Root.Names = pikepdf.Dictionary(JavaScript=document.make_indirect(names))


def _with_form(document: pikepdf.Pdf) -> None:
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String("a"))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([document.make_indirect(field)]))


def _locked(pdf: bytes) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner="SPECIMEN", user=""))
    return buffer.getvalue()


def _pictures() -> Iterator[Case]:
    """The municipality's own PDF is right, and the record beside it has no picture to compare it with."""
    for name, png in (("no picture", b"garbage"), ("too large a picture", _large_png())):
        sent = serve("head", IN_DOCUMENT_MODE)
        yield Case(f"document: the record's official seal is {name}", _sealed_with(sent, png), _REFUSE)
        own = serve("adult", SEAL_DOCUMENT)
        yield Case(f"document: the record's impression is {name}", own.with_record(impression_png=png), _REFUSE)


def _sealed_with(served: Served, png: bytes) -> Served:
    record: Any = served.bundle.record
    return served.with_record(issuer=record.issuer.model_copy(update={"official_seal_png": png}))


def _large_png() -> bytes:
    side_px = int(PICTURE_PIXELS_MAX**0.5) + 1
    buffer = io.BytesIO()
    Image.new("1", (side_px, side_px), 1).save(buffer, "PNG")
    return buffer.getvalue()


def _characters() -> Iterator[Case]:
    """What a glyph reads as, pieced together as the register has it by whoever reads carelessly. All are signed anew."""
    for name, stated, spoil in (
        ("half a character after another", "A", lambda pdf: reading_as(pdf, _BIRD, 0xD7C0, 0xDC41)),
        ("half a character before another", _BIRD, lambda pdf: reading_as(pdf, _BIRD, 0xD800, ord(_BIRD) - 0x2400)),
    ):
        yield _read_as(name, stated, spoil)
    code = code_of_glyph(_bird(_BIRD).drawn(), _BIRD)
    yield _read_as("a glyph that reads as nothing", chr(code), lambda pdf: reading_as(pdf, _BIRD))
    hyphened = serve("head", replace(Wish(), items=ALL_ITEMS)).with_person(2, relationship="MIHON-")
    yield _spoilt("right: a hyphen at a line's very end", hyphened, _without_wide_spaces, Due.PASS)
    # PDFium leaves them out of a text that it is asked for as a whole, so its characters are asked for one by one.
    own_word = "right: hyphens that read as PDFium's own word for a hyphen"
    yield _spoilt(own_word, serve("adult", SEAL_WISH), lambda pdf: reading_as(pdf, "-", 0x0002), Due.PASS)


def _read_as(name: str, stated: str, spoil: Spoil) -> Case:
    shown = _bird(_BIRD)
    return Case(
        f"{name}, where the register has something else", _bird(stated), Due.STOP,
        lambda _each: signed_again(spoil(shown.drawn()), 0, TERMINAL_KEY),
    )  # fmt: skip


def _without_wide_spaces(pdf: bytes) -> bytes:
    """As a municipality may draw it: our forms end each value with a wide space."""
    space = code_of_glyph(pdf, "\u3000").to_bytes(2)

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        instructions = list(pikepdf.parse_content_stream(page))
        for index, each in enumerate(instructions):
            if str(each.operator) == "Tj" and (shown := bytes(each.operands[0])).endswith(space):
                kept = pikepdf.String(shown.removesuffix(space))
                instructions[index] = pikepdf.ContentStreamInstruction([kept], each.operator)
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))

    return spoiling.changed(pdf, change)


def _bird(name: str) -> Served:
    """A sheet that shows a former name."""
    wish = replace(SELF, items=frozenset({Item.FORMER_NAME}))
    return serve("adult", wish).with_person(1, former_name=name)
