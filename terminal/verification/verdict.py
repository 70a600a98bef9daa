"""What a gate says: a verdict for each field with its reason, and one closed result in which the worst finding wins.

``same`` alone lets a sheet go on. ``different`` is a wrong-person finding (promise P6: nothing is printed, money goes back, the
terminal stops); ``undecided`` sends the customer to the counter; ``Failed`` says that the material itself cannot be used
(stale, damaged, incomplete, register state not current): money goes back, no finding. The rules stand in docs/gates.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from terminal.verification.reasons import Reason, Words, words_of


class Verdict(StrEnum):
    """How two statements about one thing compare; there is no fourth value and no default."""

    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


class Gate(StrEnum):
    """The four gates between a bundle and the tray (design section 3.7)."""

    BUNDLE = "A"
    SUBJECT = "B"
    SHEETS = "C"
    DELIVERY = "D"


class Severity(StrEnum):
    """What a finding makes of the whole result."""

    PASSES = "passes"
    UNDECIDED = "undecided"
    FAILS = "fails"
    DIFFERS = "differs"


_ORDER = (Severity.PASSES, Severity.UNDECIDED, Severity.FAILS, Severity.DIFFERS)


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """One comparison: the ``field`` (a name from our own vocabulary, with its place), verdict and reason; never a value.

    ``unusable`` marks a difference that tells of no other person (too old, damaged, missing): it fails the gate without
    a wrong-person finding.
    """

    field: str
    verdict: Verdict
    reason: Reason
    unusable: bool = False

    @property
    def words(self) -> Words:
        """The reason in words for the customer and the clerk, Japanese and English, free of personal data."""
        return words_of(self.reason)

    @property
    def severity(self) -> Severity:
        """What this finding alone would make of the result."""
        match self.verdict:
            case Verdict.SAME:
                return Severity.PASSES
            case Verdict.UNDECIDED:
                return Severity.UNDECIDED
            case Verdict.DIFFERENT:
                return Severity.FAILS if self.unusable else Severity.DIFFERS
            case _:
                assert_never(self.verdict)

    def at(self, place: str) -> "FieldFinding":
        """The same finding with its place in front of the field: ``copy 1 page 2: name``."""
        return FieldFinding(f"{place}: {self.field}", self.verdict, self.reason, self.unusable)


@dataclass(frozen=True, slots=True)
class Passed:
    """Every comparison of the gate said ``same``; ``findings`` lists what was compared."""

    gate: Gate
    findings: tuple[FieldFinding, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nobody but a person can tell: not printed, refunded, customer sent to the counter with ``code``'s words."""

    gate: Gate
    code: Reason
    findings: tuple[FieldFinding, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The material cannot be used though it tells of no other person: not printed, refunded, no finding."""

    gate: Gate
    code: Reason
    findings: tuple[FieldFinding, ...]


@dataclass(frozen=True, slots=True)
class Different:
    """A wrong-person finding: not printed, refunded, sealed for the municipality, and the terminal stops (P6)."""

    gate: Gate
    code: Reason
    findings: tuple[FieldFinding, ...]


GateResult: TypeAlias = Passed | Undecided | Failed | Different


def same(field: str) -> FieldFinding:
    """The finding that ``field`` agrees."""
    return FieldFinding(field, Verdict.SAME, Reason.SAME)


def different(field: str, reason: Reason) -> FieldFinding:
    """The finding that ``field`` tells of somebody or something else."""
    return FieldFinding(field, Verdict.DIFFERENT, reason)


def unusable(field: str, reason: Reason) -> FieldFinding:
    """The finding that ``field`` is damaged, missing or too old, without telling of another person."""
    return FieldFinding(field, Verdict.DIFFERENT, reason, unusable=True)


def undecided(field: str, reason: Reason) -> FieldFinding:
    """The finding that ``field`` needs a person's eye."""
    return FieldFinding(field, Verdict.UNDECIDED, reason)


def settle(gate: Gate, findings: Iterable[FieldFinding]) -> GateResult:
    """Make one result of all ``findings``: the worst wins, and of equals the first gives the code.

    Raise ``ValueError`` for no findings at all: a gate that compared nothing has proved nothing.
    """
    compared = tuple(findings)
    if not compared:
        raise ValueError(f"gate {gate} compared nothing; a result needs at least one finding")
    worst = max(compared, key=lambda finding: _ORDER.index(finding.severity))
    match worst.severity:
        case Severity.PASSES:
            return Passed(gate, compared)
        case Severity.UNDECIDED:
            return Undecided(gate, worst.reason, compared)
        case Severity.FAILS:
            return Failed(gate, worst.reason, compared)
        case Severity.DIFFERS:
            return Different(gate, worst.reason, compared)
        case _:
            assert_never(worst.severity)


def combine(gate: Gate, results: Iterable[GateResult]) -> GateResult:
    """The result of several results of one gate: all their findings, settled anew."""
    return settle(gate, (finding for result in results for finding in result.findings))
