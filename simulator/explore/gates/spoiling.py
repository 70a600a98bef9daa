"""The ways in which print data get mixed up or spoilt between drawing and printer."""

import io
from collections.abc import Callable, Sequence

import pikepdf
from reportlab.pdfgen.canvas import Canvas

_A4_PT = (595.276, 841.89)


def rearranged(sources: Sequence[tuple[bytes, int]]) -> bytes:
    """A job whose sides are taken from these jobs: (PDF, side from 0)."""
    made = pikepdf.new()
    opened: dict[int, pikepdf.Pdf] = {}
    for pdf, side in sources:
        source = opened.setdefault(id(pdf), pikepdf.open(io.BytesIO(pdf)))
        made.pages.append(source.pages[side])
    return _saved(made)


def sides(pdf: bytes) -> int:
    """How many page sides ``pdf`` has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def with_sides(pdf: bytes, places: Sequence[int], other: bytes) -> bytes:
    """``pdf`` with the sides at ``places`` taken from ``other`` (its last one where it is shorter)."""
    last = sides(other) - 1
    return rearranged([(other, min(side, last)) if side in places else (pdf, side) for side in range(sides(pdf))])


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """``pdf`` after ``change``."""
    document = pikepdf.open(io.BytesIO(pdf))
    change(document)
    return _saved(document)


def without_picture(pdf: bytes, side: int, name: str) -> bytes:
    """``pdf`` whose side no longer draws the picture called ``name``."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[side]
        kept = [
            instruction
            for instruction in pikepdf.parse_content_stream(page)
            if not (str(instruction.operator) == "Do" and str(instruction.operands[0]) == f"/{name}")
        ]
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(kept))

    return changed(pdf, change)


def picture_name(pdf: bytes, side: int, colour_space: str) -> str:
    """The name under which a side draws its one picture of ``colour_space`` (``/DeviceRGB``: seal, ``/DeviceGray``: print)."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pictures = document.pages[side].Resources.XObject
        (name,) = (name for name, each in pictures.items() if str(each.get("/ColorSpace")) == colour_space)
        return str(name).strip("/")


def with_picture_of(pdf: bytes, side: int, name: str, other: bytes) -> bytes:
    """``pdf`` whose side draws the picture called ``name`` of the same side of ``other``."""

    def change(document: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(other)) as source:
            document.pages[side].Resources.XObject[f"/{name}"] = document.copy_foreign(
                source.pages[side].Resources.XObject[f"/{name}"]
            )

    return changed(pdf, change)


def written_over(pdf: bytes, side: int, text: str, place: tuple[int, int] = (320, 640)) -> bytes:
    """``pdf`` with ``text`` (Latin) written over a side."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[side]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources.Font.Other = font
        x, y = place
        page.contents_add(f"q BT /Other 9 Tf {x} {y} Td ({text}) Tj ET Q".encode())

    return changed(pdf, change)


def exchanged_characters(pdf: bytes, side: int, word: int = 0) -> bytes:
    """``pdf`` in which the first two glyphs of some word of a side have changed places; ``word`` counts those that can."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[side]
        instructions = list(pikepdf.parse_content_stream(page))
        words = [
            (index, shown)
            for index, each in enumerate(instructions)
            if str(each.operator) == "Tj" and len(shown := bytes(each.operands[0])) >= 4 and shown[:2] != shown[2:4]
        ]
        index, shown = words[word]
        swapped = pikepdf.String(shown[2:4] + shown[:2] + shown[4:])
        instructions[index] = pikepdf.ContentStreamInstruction([swapped], pikepdf.Operator("Tj"))
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))

    return changed(pdf, change)


def boxed_first_glyph(pdf: bytes, side: int) -> bytes:
    """``pdf`` whose side shows the empty box, glyph 0, for its first character."""

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[side]
        instructions = list(pikepdf.parse_content_stream(page))
        index = next(index for index, each in enumerate(instructions) if str(each.operator) == "Tj")
        boxed = pikepdf.String(b"\0\0" + bytes(instructions[index].operands[0])[2:])
        instructions[index] = pikepdf.ContentStreamInstruction([boxed], pikepdf.Operator("Tj"))
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))

    return changed(pdf, change)


def without_characters(pdf: bytes, side: int) -> bytes:
    """``pdf`` whose side's glyphs stand for no characters any more."""

    def change(document: pikepdf.Pdf) -> None:
        for font in document.pages[side].Resources.Font.values():
            if "/ToUnicode" in font:
                del font["/ToUnicode"]

    return changed(pdf, change)


def cropped(pdf: bytes, side: int) -> bytes:
    """``pdf`` with a hair's breadth of one side cut off: something may be hidden beyond the edge."""

    def change(document: pikepdf.Pdf) -> None:
        document.pages[side].CropBox = pikepdf.Array([0, 0, *(each - 0.05 for each in _A4_PT)])

    return changed(pdf, change)


def annotated(pdf: bytes, side: int) -> bytes:
    """``pdf`` with a note laid over a side."""

    def change(document: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[100, 600, 300, 700])
        document.pages[side].Annots = pikepdf.Array([document.make_indirect(note)])

    return changed(pdf, change)


def with_attachment(pdf: bytes) -> bytes:
    """``pdf`` with a file hidden in it."""

    def change(document: pikepdf.Pdf) -> None:
        document.attachments["a.txt"] = b"hidden"

    return changed(pdf, change)


def with_action(pdf: bytes) -> bytes:
    """``pdf`` that acts when it is opened."""

    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))

    return changed(pdf, change)


def blank_sides(count: int = 1) -> bytes:
    """A job of blank A4 sides."""
    document = pikepdf.new()
    for _ in range(count):
        document.add_blank_page(page_size=_A4_PT)
    return _saved(document)


def plain_job(*names: str) -> bytes:
    """A job of one side for each name, the like of one another but for the name."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=_A4_PT, invariant=1)
    for name in names:
        for line in range(30):
            canvas.drawString(80, 760 - 20 * line, f"{line} SPECIMEN of a certificate with many words on it")
        canvas.drawString(80, 100, name)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _saved(document: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id=True)
    return buffer.getvalue()
