"""A like page drawn by other libraries, and by reportlab with nothing else: what the cost of a certificate is held against."""

import base64
import html
import io
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from PIL import Image, ImageFile
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFImageXObject
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from printer_templates.marks.scramble import Bits
from printer_templates.regions import PAGE_HEIGHT_PT, PAGE_WIDTH_PT
from simulator.bench.page_plan import PagePlan, Picture, write_cut_font

Draw: TypeAlias = Callable[[Sequence[PagePlan]], bytes]
_FONT: Final = "BenchMincho"
_RED: Final = (0.86, 0.0, 0.0)
REPORTLAB: Final = "reportlab, bare canvas"
REPORTLAB_DEFAULTS: Final = "reportlab with its defaults (ASCII85)"
WEASYPRINT: Final = "WeasyPrint"
FPDF2: Final = "fpdf2"


def drawers(folder: Path) -> dict[str, Draw]:
    """Every baseline that is installed, by name, with its font ready; ``folder`` keeps the cut font while they are used."""
    font = _registered_font(folder)
    found: dict[str, Draw] = {REPORTLAB: draw_with_reportlab, REPORTLAB_DEFAULTS: _on_canvas}
    for name, make in ((WEASYPRINT, _weasyprint), (FPDF2, _fpdf2)):
        try:
            found[name] = make(font)
        except ImportError:
            continue
    return found


def bare_drawer(folder: Path) -> Draw:
    """The cheapest baseline alone, without importing any other."""
    _registered_font(folder)
    return draw_with_reportlab


def _registered_font(folder: Path) -> Path:
    font = write_cut_font(folder)
    pdfmetrics.registerFont(TTFont(_FONT, str(font)))
    return font


def draw_with_reportlab(pages: Sequence[PagePlan]) -> bytes:
    """The pages on a bare reportlab canvas, as cheaply as it can be done: font registered beforehand, no ASCII85, pictures of one
    bit put in as they are (``drawImage`` makes three bytes of each bit and compresses them, 45 ms for a back's raster).
    """
    before, rl_config.useA85 = rl_config.useA85, 0
    try:
        return _on_canvas(pages)
    finally:
        rl_config.useA85 = before


def _on_canvas(pages: Sequence[PagePlan]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(PAGE_WIDTH_PT, PAGE_HEIGHT_PT), pageCompression=1)
    readers: dict[bytes, ImageReader] = {}
    for page in pages:
        for picture in page.pictures:
            if picture.bits is not None and not rl_config.useA85:
                _draw_bits(canvas, picture, picture.bits)
                continue
            if picture.png not in readers:
                readers[picture.png] = ImageReader(io.BytesIO(picture.png))
            canvas.drawImage(readers[picture.png], picture.x_pt, picture.y_pt, picture.width_pt, picture.height_pt)
        for line in page.lines:
            canvas.setLineWidth(line.width_pt)
            canvas.line(line.x0_pt, line.y0_pt, line.x1_pt, line.y1_pt)
        for text in page.texts:
            canvas.setFillColorRGB(*(_RED if text.red else (0.0, 0.0, 0.0)))
            canvas.setFont(_FONT, text.size_pt)
            canvas.drawString(text.x_pt, text.y_pt, text.text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_bits(canvas: Canvas, picture: Picture, black: Bits) -> None:
    name = f"bits{id(black)}"
    if not canvas.hasForm(name):
        embedded = PDFImageXObject(name)
        embedded.height, embedded.width = black.shape
        embedded.streamContent = np.packbits(~black, axis=1).tobytes()
        canvas._doc.Reference(embedded, canvas._doc.getXObjectName(name))
        canvas._doc.addForm(name, embedded)
    canvas.saveState()
    canvas.translate(picture.x_pt, picture.y_pt)
    canvas.scale(picture.width_pt, picture.height_pt)
    canvas.doForm(name)
    canvas.restoreState()


def _weasyprint(font: Path) -> Draw:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    # Its import tells Pillow, for the whole process, to take pictures that break off.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    fonts = FontConfiguration()
    rules = (
        f"@font-face {{ font-family: {_FONT}; src: url({font.as_uri()}) }}"
        f"@page {{ size: {PAGE_WIDTH_PT}pt {PAGE_HEIGHT_PT}pt; margin: 0 }}"
        f"body {{ margin: 0; font-family: {_FONT}; line-height: 1 }}"
        f"section {{ position: relative; width: {PAGE_WIDTH_PT}pt; height: {PAGE_HEIGHT_PT}pt; break-after: page }}"
        "span, i, img { position: absolute; white-space: pre } i { background: black } .r { color: #db0000 }"
    )
    style = CSS(string=rules, font_config=fonts)

    def draw(pages: Sequence[PagePlan]) -> bytes:
        body = "".join(f"<section>{_html(page)}</section>" for page in pages)
        document = HTML(string=f"<html><body>{body}</body></html>")
        pdf: bytes = document.write_pdf(stylesheets=[style], font_config=fonts)
        return pdf

    return draw


def _html(page: PagePlan) -> str:
    parts = [
        f'<img style="left:{picture.x_pt:.2f}pt;bottom:{picture.y_pt:.2f}pt;width:{picture.width_pt:.2f}pt;'
        f'height:{picture.height_pt:.2f}pt" src="data:image/png;base64,{base64.b64encode(picture.png).decode()}">'
        for picture in page.pictures
    ]
    for line in page.lines:
        left, bottom = min(line.x0_pt, line.x1_pt), min(line.y0_pt, line.y1_pt)
        width = max(abs(line.x1_pt - line.x0_pt), line.width_pt)
        height = max(abs(line.y1_pt - line.y0_pt), line.width_pt)
        parts.append(
            f'<i style="left:{left:.2f}pt;bottom:{bottom:.2f}pt;width:{width:.2f}pt;height:{height:.2f}pt"></i>'
        )
    parts += [
        f'<span{" class=r" if text.red else ""} style="left:{text.x_pt:.2f}pt;bottom:{text.y_pt:.2f}pt;'
        f'font-size:{text.size_pt:g}pt">{html.escape(text.text)}</span>'
        for text in page.texts
    ]
    return "".join(parts)


def _fpdf2(font: Path) -> Draw:
    # By name, because type checkers run where the benchmark's extra is not installed.
    make = import_module("fpdf").FPDF

    def draw(pages: Sequence[PagePlan]) -> bytes:
        pdf = make(unit="pt", format=(PAGE_WIDTH_PT, PAGE_HEIGHT_PT))
        pdf.set_auto_page_break(False)
        pdf.add_font(_FONT, fname=str(font))
        pictures: dict[bytes, Image.Image] = {}
        for page in pages:
            pdf.add_page()
            for picture in page.pictures:
                image = pictures.setdefault(picture.png, Image.open(io.BytesIO(picture.png)))
                top_pt = PAGE_HEIGHT_PT - picture.y_pt - picture.height_pt
                pdf.image(image, picture.x_pt, top_pt, picture.width_pt, picture.height_pt)
            for line in page.lines:
                pdf.set_line_width(line.width_pt)
                pdf.line(line.x0_pt, PAGE_HEIGHT_PT - line.y0_pt, line.x1_pt, PAGE_HEIGHT_PT - line.y1_pt)
            for text in page.texts:
                pdf.set_text_color(*((219, 0, 0) if text.red else (0, 0, 0)))
                pdf.set_font(_FONT, size=text.size_pt)
                pdf.text(text.x_pt, PAGE_HEIGHT_PT - text.y_pt, text.text)
        return bytes(pdf.output())

    return draw
