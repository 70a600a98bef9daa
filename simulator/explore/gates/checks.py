"""Every check of gates A to D, read from what the gates compare, and each taken away: its findings are no longer heard.

A check is a field of a gate's findings, wherever on the job it is compared. Beside those stand the decisions that no field shows:
how findings make a result, how names are compared, what a verdict means to the machine.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from joserfc import jws
from joserfc.util import urlsafe_b64decode

from simulator.explore.gates.branches import branches, without
from simulator.explore.gates.deciding import decisions, turned
from terminal.commands.sheets import SheetCommands
from terminal.verification import restrictions, verdict
from terminal.verification.reasons import Reason
from terminal.verification.verdict import FieldFinding, Gate, GateResult, Passed, Severity, same

_ROOM: Final = "terminal.verification"
_MODULES: Final[Mapping[Gate, str]] = {
    Gate.BUNDLE: f"{_ROOM}.bundle",
    Gate.SUBJECT: f"{_ROOM}.subject",
    Gate.SHEETS: f"{_ROOM}.sheets",
    Gate.DELIVERY: f"{_ROOM}.delivery",
}
_PLACES: Final = re.compile(r"\b(copy|page|person|side) \d+")
_CARD: Final = ("card and record", "card and bundle")


@dataclass(frozen=True, slots=True)
class Check:
    """Some fields of one gate or more, without the places on the job at which they are compared."""

    name: str
    fields: frozenset[tuple[Gate, str]]

    @property
    def gates(self) -> str:
        """The gates' letters."""
        return " and ".join(sorted({gate.value for gate, _ in self.fields}))

    def hears(self, gate: Gate, finding: FieldFinding) -> bool:
        """Whether ``finding`` of ``gate`` is this check's."""
        return (gate, plain(finding.field)) in self.fields


@dataclass(frozen=True, slots=True)
class GateMutant:
    """One thing taken away; ``make`` is in force while its context is open.

    ``check`` is the one that is not heard, ``lines`` are those of the source (file, line) that the change is in: they tell which
    cases may come out otherwise. Both None: any.
    """

    name: str
    gate: str
    make: Callable[[], Any]
    check: Check | None = None
    lines: frozenset[tuple[str, int]] | None = None


def plain(field: str) -> str:
    """A field without its places: ``copy 1 page 2 front: person 3 name`` is compared at many."""
    return _PLACES.sub(r"\1", field)


def checks_in(results: Iterable[GateResult]) -> tuple[Check, ...]:
    """Every check that took part in ``results``, in the order of gates and names."""
    fields = {(result.gate, plain(finding.field)) for result in results for finding in result.findings}
    single = [Check(field, frozenset({(gate, field)})) for gate, field in sorted(fields)]
    return (*single, *_TOGETHER)


def _together(name: str, *fields: tuple[Gate, str]) -> Check:
    return Check(f"{name} at all", frozenset(fields))


_FRONT: Final = "copy page front"
_BACK: Final = "copy page back"
_TOGETHER: Final = (
    *(
        _together(f"card: {field}", *((Gate.SUBJECT, f"{where}: {field}") for where in _CARD))
        for field in ("address", "birth date", "name", "sex")
    ),
    _together("person: name", (Gate.SUBJECT, "person: name"), (Gate.SUBJECT, "person: name as offered")),
    _together("scope", (Gate.BUNDLE, "scope"), (Gate.SUBJECT, "scope")),
    _together("place", (Gate.SHEETS, f"{_FRONT}: 2D code's place"), (Gate.SHEETS, f"{_BACK}: back")),
    _together("signature", (Gate.SHEETS, f"{_FRONT}: 2D code's signature"), (Gate.SHEETS, f"{_BACK}: 2D code")),
    _together("sides", (Gate.SHEETS, "pages"), (Gate.SHEETS, _BACK)),
)
"""Checks of which each sees what the other does: taken away together they are missed."""


def check_mutants(checks: Iterable[Check]) -> tuple[GateMutant, ...]:
    """Each check, taken away."""
    return tuple(
        GateMutant(f"gate {check.gates}: without {check.name!r}", check.gates, _deaf(check), check=check)
        for check in checks
    )


def _deaf(check: Check) -> Callable[[], Any]:
    def settle(gate: Gate, findings: Iterable[FieldFinding]) -> GateResult:
        kept = [finding for finding in findings if not check.hears(gate, finding)]
        return verdict.settle(gate, kept) if kept else Passed(gate, ())

    return _with_settle(settle)


def _with_settle(settle: Callable[[Gate, Iterable[FieldFinding]], GateResult]) -> Callable[[], Any]:
    @contextmanager
    def everywhere() -> Iterator[None]:
        with ExitStack() as stack:
            for module in _MODULES.values():
                stack.enter_context(patch(f"{module}.settle", settle))
            yield

    return everywhere


# --- what no field shows


def decision_mutants() -> tuple[GateMutant, ...]:
    """How findings make a result, how texts are compared, and what a result means to the machine: each made lax."""
    decisions = tuple(GateMutant(f"gate {gate}: {name}", gate, make) for (gate, name), make in _DECISIONS.items())
    (forbids,) = (each for each in branches() if each.condition == "_has_forbidden_key(item)")
    allowed = (
        GateMutant(f"gate C: the {words} {key} is not forbidden", "C", _allowing(sets, key), lines=forbids.lines)
        for words, sets in (("key", "_FORBIDDEN_KEYS"), ("type", "_FORBIDDEN_TYPES"))
        for key in sorted(getattr(restrictions, sets))
    )
    return (*decisions, *allowed)


def branch_mutants() -> tuple[GateMutant, ...]:
    """Every condition of the gates' source, never met; where pages and pictures are read, every other decision turned as well."""
    conditions = (GateMutant(each.name, each.gate, without(each), lines=each.lines) for each in branches())
    expressions = (GateMutant(each.name, each.gate, turned(each), lines=each.lines) for each in decisions())
    return (*conditions, *expressions)


def _settling(change: Callable[[list[FieldFinding]], list[FieldFinding]]) -> Callable[[], Any]:
    def settle(gate: Gate, findings: Iterable[FieldFinding]) -> GateResult:
        return verdict.settle(gate, change(list(findings)))

    return _with_settle(settle)


def _forgiving(severity: Severity) -> Callable[[], Any]:
    def forgive(findings: list[FieldFinding]) -> list[FieldFinding]:
        return [same(finding.field) if finding.severity is severity else finding for finding in findings]

    return _settling(forgive)


def _as_unusable(findings: list[FieldFinding]) -> list[FieldFinding]:
    return [
        FieldFinding(finding.field, finding.verdict, finding.reason, unusable=True)
        if finding.severity is Severity.DIFFERS
        else finding
        for finding in findings
    ]


def _answering(place: str, answer: Any) -> Callable[[], Any]:
    return lambda: patch(f"{_ROOM}.{place}", lambda *_arguments, **_named: answer)


def _passing(*names: str) -> Callable[[], Any]:
    """The commands take results of these names for a pass."""
    original = SheetCommands._judged

    def judged(self: SheetCommands, generation: int, result: GateResult) -> Any:
        if type(result).__name__ in names:
            self.evidence = (*self.evidence, result)
            return None
        return original(self, generation, result)

    return lambda: patch.object(SheetCommands, "_judged", judged)


def _skipping(name: str, gate: Gate) -> Callable[[], Any]:
    def skipped(*_arguments: Any, **_named: Any) -> GateResult:
        return Passed(gate, ())

    return lambda: patch(f"terminal.commands.sheets.{name}", skipped)


_SEALING: Final = "terminal.centre.sealing"
_BELIEVING: Final = SimpleNamespace(
    JWSRegistry=jws.JWSRegistry,
    deserialize_compact=lambda signed, *_arguments, **_named: SimpleNamespace(
        payload=urlsafe_b64decode(signed.split(".")[1].encode())
    ),
)
"""The library as it would be if it verified nothing."""

_DECISIONS: Final[Mapping[tuple[str, str], Callable[[], Any]]] = {
    ("A to D", "the first finding decides, not the worst"): _settling(lambda findings: findings[:1]),
    ("A to D", "undecided counts as the same"): _forgiving(Severity.UNDECIDED),
    ("A to D", "unusable counts as the same"): _forgiving(Severity.FAILS),
    ("A to D", "different counts as the same"): _forgiving(Severity.DIFFERS),
    ("A to D", "different counts as unusable"): _settling(_as_unusable),
    ("A", "any signature opens a bundle"): lambda: patch(f"{_SEALING}.jws", _BELIEVING),
    ("A", "the whole gate is left out"): _skipping("check_bundle", Gate.BUNDLE),
    ("B", "the whole gate is left out"): _skipping("check_subject", Gate.SUBJECT),
    ("C", "the whole gate is left out"): _skipping("check_sheets", Gate.SHEETS),
    ("A to C", "undecided and unusable go on to the printer"): _passing("Undecided", "Failed"),
    ("A to C", "different goes on to the printer"): _passing("Different"),
    ("B", "names: all are the same"): _answering("subject.compare_names", Reason.SAME),
    ("B", "names: what stands in brackets is not compared"): _answering("names._compare_bracketed", Reason.SAME),
    ("B", "names: the division into family and given name is not compared"): _answering(
        "names._divided_otherwise", False
    ),
    ("B", "addresses: all are the same"): _answering("subject.compare_addresses", Reason.SAME),
    ("C", "any signature is genuine"): _answering("page_codes._is_genuine", True),
    ("C", "a municipality's own PDF may contain anything"): _answering("sheets._restrictions", None),
    ("C", "every seal and impression matches"): _answering("front.pictures_match", True),
    ("C", "every back hides its front"): _answering("back.strokes_agree", True),
    ("D", "every scanned side is the one that was sent"): _answering("delivery.pictures_agree", True),
}


def _allowing(sets: str, key: str) -> Callable[[], Any]:
    return lambda: patch.object(restrictions, sets, getattr(restrictions, sets) - {key})
