"""Cases that must pass: every kind of form, both modes, hard names, a large household. From them it is read what is checked."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
from PIL import Image

from printer_templates.records import Item, Scope
from simulator.explore.gates.judging import Case, Due
from simulator.explore.gates.serving import SEAL_WISH, STATEMENT, Served, Wish, serve
from terminal.centre.messages import BundleMode
from terminal.verification.subject import ProvedSubject, SubjectEvidence

ALL_ITEMS = frozenset(Item)
SELF = Wish(scope=Scope.SELF)
SOME = Wish(scope=Scope.MEMBERS, chosen=("head", "child"), copies=2)
NINE = Wish(scope=Scope.MEMBERS, chosen=tuple(f"large-{number}" for number in range(1, 10)))
"""Three pages."""
_CLEAR = (255, 0, 1)
IN_DOCUMENT_MODE = replace(Wish(), mode=BundleMode.DOCUMENT)
SEAL_DOCUMENT = replace(SEAL_WISH, mode=BundleMode.DOCUMENT)


def by_serial(served: Served) -> Served:
    """The same session at a terminal that demands no more than the certificate's serial."""
    return replace(served, subject=ProvedSubject(SubjectEvidence.SERIAL, None))


def right_cases() -> Iterator[Case]:
    """Every one of them passes gates A to C."""
    for key, wish in (
        ("head", Wish()),
        ("head", replace(Wish(), items=ALL_ITEMS)),
        ("head", replace(Wish(), items=frozenset())),
        ("adult", SELF),
        ("head", SOME),
        ("head", replace(SOME, kind=STATEMENT)),
        ("head", replace(Wish(), kind=STATEMENT)),
        ("foreign", replace(Wish(), items=ALL_ITEMS)),
        ("katsuragi", SEAL_WISH),
        ("large-1", NINE),
        ("head", IN_DOCUMENT_MODE),
        ("adult", replace(SEAL_DOCUMENT, copies=2)),
    ):
        words = ", ".join((wish.kind.value, wish.scope.value, wish.mode.value, f"{len(wish.items)} items"))
        yield Case(f"right: {key}, {words}", serve(key, wish), Due.PASS)
    first_year = serve("head").with_person(2, resident_since=date(2019, 6, 1))
    yield Case("right: a date in the first year of an era", first_year, Due.PASS)
    for name, png in _through_which_paper_shows():
        sealed = serve("head")
        issuer = sealed.residence.issuer.model_copy(update={"official_seal_png": png})
        yield Case(f"right: a seal on {name}", sealed.with_record(issuer=issuer), Due.PASS)
    yield Case("right: by the serial alone", by_serial(serve("head")), Due.PASS)
    yield Case("right: a real sheet", serve("head"), Due.PASS, specimen=False)


def _through_which_paper_shows() -> Iterator[tuple[str, bytes]]:
    """The town's seal, whose ground is red for those who do not see that it is no ground at all."""
    opened = Image.open(io.BytesIO(bytes(serve("head").residence.issuer.official_seal_png))).convert("RGB")
    pixels = np.array(opened)
    ground = (pixels == 255).all(axis=2)
    pixels[ground] = _CLEAR
    alpha = np.where(ground, 0, 255).astype(np.uint8)
    yield "clear ground", _png(Image.fromarray(np.dstack([pixels, alpha]), "RGBA"))
    yield "ground of a colour that is called clear", _png(Image.fromarray(pixels, "RGB"), transparency=_CLEAR)


def _png(picture: Image.Image, **said: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", **said)
    return buffer.getvalue()
