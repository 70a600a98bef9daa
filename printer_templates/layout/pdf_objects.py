"""reportlab's object layer as the forms use it: ready-made bytes registered as objects of a ``PDFDocument``.

The canvas is not used: it re-formats every text and embeds TrueType fonts by itself, with the two faults that
docs/decisions/0005-fonts.md measures. Numbering, cross references, catalogue and trailer stay reportlab's.
"""

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject

from printer_templates.regions import PAGE_HEIGHT_PT, PAGE_WIDTH_PT


class _Ready(PDFObject):  # type: ignore[misc]
    """An object whose bytes are complete."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def format(self, _document: PDFDocument) -> bytes:
        """The object's bytes."""
        return self._data


class _Page(PDFObject):  # type: ignore[misc]
    """A page object; its parent is known only to the document."""

    def __init__(self, contents: bytes, resources: bytes) -> None:
        self._contents = contents
        self._resources = resources

    def format(self, document: PDFDocument) -> bytes:
        """The page dictionary."""
        parent: bytes = document.Reference(document.Pages).format(document)
        return b"<< /Type /Page /Parent %s /MediaBox [0 0 %g %g] /Resources %s /Contents %s >>" % (
            parent,
            round(PAGE_WIDTH_PT, 3),
            round(PAGE_HEIGHT_PT, 3),
            self._resources,
            self._contents,
        )


def new_document() -> PDFDocument:
    """An empty document that always comes out the same for the same objects (no clock, no random id)."""
    document = PDFDocument(compression=0, invariant=1, pdfVersion=(1, 5))
    document.setTitle("certificate")
    document.setProducer("honnin")
    document.setCreator("honnin printer_templates")
    return document


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object's bytes; ``entries`` are further dictionary entries."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def reference(document: PDFDocument, data: bytes) -> bytes:
    """Register ``data`` as an indirect object; the reference to write where it is used."""
    written: bytes = document.Reference(_Ready(data)).format(document)
    return written


def add_page(document: PDFDocument, contents: bytes, resources: bytes) -> None:
    """Append an A4 page of the content stream ``contents`` (a reference) with a resource dictionary."""
    document.addPage(_Page(contents, resources))


def finish(document: PDFDocument) -> bytes:
    """The whole file."""
    data: bytes = document.GetPDFData(None)
    return data
