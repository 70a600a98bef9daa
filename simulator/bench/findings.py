"""What one measurement found, as values that go from its process to the report: tables, words and budget lines."""

from dataclasses import dataclass
from inspect import cleandoc
from typing import Literal

from pydantic import TypeAdapter

Verdict = Literal["within", "over", "not measured"]


@dataclass(frozen=True, slots=True)
class Budget:
    """One line of design section 10: what is bounded, the bound and the value in words, and how they compare."""

    what: str
    bound: str
    measured: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Table:
    """A table of ready texts; ``caption`` says what is in it and in which unit."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The section of one measurement. ``how`` says what was measured and what was left out."""

    title: str
    how: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    budgets: tuple[Budget, ...] = ()


FINDINGS: TypeAdapter[Findings] = TypeAdapter(Findings)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of an indented text, each on one line; a blank line parts them."""
    return tuple(" ".join(paragraph.split()) for paragraph in cleandoc(text).split("\n\n"))


def judged(what: str, value: float, bound: float, unit: str, *, detail: str = "", form: str = ".1f") -> Budget:
    """A budget line for a measured ``value``; smaller is better."""
    words = f"{value:{form}} {unit}".strip()
    verdict: Verdict = "within" if value <= bound else "over"
    return Budget(what, f"≤ {bound:g} {unit}".strip(), f"{words} ({detail})" if detail else words, verdict)


def judged_at_least(what: str, value: float, bound: float, unit: str, *, detail: str = "", form: str = ".2f") -> Budget:
    """A budget line for a measured ``value`` of which more is better; below the bound it is over the budget."""
    words = f"{value:{form}} {unit}".strip()
    verdict: Verdict = "within" if value >= bound else "over"
    return Budget(what, f"≥ {bound:g} {unit}".strip(), f"{words} ({detail})" if detail else words, verdict)


def not_measured(what: str, bound: str, why: str) -> Budget:
    """A budget line without a number, which says why there is none."""
    return Budget(what, bound, f"not measured: {why}", "not measured")
