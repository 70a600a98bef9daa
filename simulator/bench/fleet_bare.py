"""The pages that a fleet drew, drawn again by bare reportlab: what a fleet's certificate is held against."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from unittest import mock

from printer_templates.records import Record
from simulator.bench.baselines import Draw
from simulator.bench.page_plan import PagePlan, plan
from simulator.bench.timing import cpu_ms
from simulator.centre import content
from terminal.commands import sheets


@dataclass(frozen=True, slots=True, repr=False)
class DrawnDocument:
    """One document that was drawn: its record and how many copies of it."""

    record: Record
    copies: int


@dataclass(slots=True)
class Drawn:
    """What is drawn while ``watched``, by terminals and by municipalities' servers, until it is taken."""

    documents: list[DrawnDocument] = field(default_factory=list)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Write down every document that is drawn."""
        with ExitStack() as stack:
            for owner in (sheets, content):
                stack.enter_context(mock.patch.object(owner, "draw_certificate", self._noting(owner.draw_certificate)))
            yield

    def take(self) -> list[DrawnDocument]:
        """What was drawn since it was last asked for."""
        documents, self.documents = self.documents, []
        return documents

    def _noting(self, original: Any) -> Any:
        @wraps(original)
        def noting(record: Record, identities: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
            drawn = original(record, identities, *args, **kwargs)
            self.documents.append(DrawnDocument(record, len(identities)))
            return drawn

        return noting


@dataclass(slots=True)
class Bare:
    """CPU ms, documents, copies of certificates and page sides (fronts and backs) drawn bare so far."""

    draw: Draw
    cpu_ms: float = 0.0
    documents: int = 0
    copies: int = 0
    sides: int = 0

    def draw_again(self, document: DrawnDocument) -> None:
        """The same texts, rules, seals and as many codes and rasters; laying them out is not in the time."""
        pages: list[PagePlan] = []
        for copy in range(1, document.copies + 1):
            pages += plan(document.record, seed=copy)
        self.cpu_ms += cpu_ms(lambda: self.draw(pages))
        self.documents += 1
        self.copies += document.copies
        self.sides += len(pages)
