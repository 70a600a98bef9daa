"""Cases that must pass: every kind of form, both modes, hard names, a large household. From them it is read what is checked."""

from collections.abc import Iterator
from dataclasses import replace

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
        ("foreign", replace(Wish(), items=ALL_ITEMS)),
        ("katsuragi", SEAL_WISH),
        ("large-1", NINE),
        ("head", IN_DOCUMENT_MODE),
        ("adult", replace(SEAL_DOCUMENT, copies=2)),
    ):
        words = ", ".join((wish.kind.value, wish.scope.value, wish.mode.value, f"{len(wish.items)} items"))
        yield Case(f"right: {key}, {words}", serve(key, wish), Due.PASS)
    yield Case("right: by the serial alone", by_serial(serve("head")), Due.PASS)
    yield Case("right: a real sheet", serve("head"), Due.PASS, specimen=False)
