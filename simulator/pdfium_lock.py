"""PDFium is not safe for threads: whoever of the simulator opens a document with it, in whichever thread, holds this lock."""

from threading import RLock

PDFIUM = RLock()
