"""Every `if` of the gates' own source, never taken: read from the source, so that one that is written tomorrow has its mutant.

Of conditions joined by ``or`` each is taken away by itself. What else decides in the modules that read pages and pictures for the
gates is in ``deciding``.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Final

from simulator.explore.gates.changing import functions, tree_of, with_change
from terminal.centre import sealing
from terminal.verification import (
    addresses,
    back,
    bundle,
    characters,
    delivery,
    expected_sheet,
    form_words,
    front,
    front_compare,
    names,
    page_codes,
    page_text,
    people,
    pictures,
    reading,
    restrictions,
    sheets,
    subject,
)

JUDGES: Final[Mapping[ModuleType, str]] = {
    sealing: "A",
    bundle: "A",
    subject: "B",
    people: "B",
    names: "B",
    addresses: "B",
    characters: "B",
    restrictions: "C",
    sheets: "C",
    page_codes: "C",
    front: "C",
    back: "C",
    delivery: "D",
}
"""The gates' modules and the gate of each."""

READERS: Final[Mapping[ModuleType, str]] = dict.fromkeys(
    (reading, page_text, pictures, front_compare, expected_sheet, form_words), "C"
)
"""What reads pages and pictures for them, and what says what must stand there."""

MODULES: Final[Mapping[ModuleType, str]] = {**JUDGES, **READERS}

NOT_A_GATE: Final = frozenset({"seal_finding", "shows_hidden_front", "_disagreement", "_inside"})
"""Functions of these modules that let nothing in: what seals a finding, and what turns a whole back (``sheet verify``)."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One condition in ``function`` (qualified) of ``module``: ``path`` leads to it, ``line`` is its body's first."""

    module: str
    gate: str
    function: str
    condition: str
    path: tuple[int, int]
    line: int

    @property
    def name(self) -> str:
        """As it is listed."""
        where = f"{self.module.rpartition('.')[2]}.{self.function}"
        return f"gate {self.gate}: {where} without 'if {self.condition}'"

    @property
    def lines(self) -> frozenset[tuple[str, int]]:
        """Only a case for which this line is run can come out otherwise: (file, line)."""
        return frozenset({(file_of(self.module), self.line)})


@cache
def branches() -> tuple[Branch, ...]:
    """Every condition of the gates' modules, in the order of the source."""
    return tuple(branch for module, gate in MODULES.items() for branch in _branches_of(module, gate))


def files() -> frozenset[str]:
    """The source files that the branches are in."""
    return frozenset(inspect.getfile(module) for module in MODULES)


def file_of(module: str) -> str:
    """The source file of the module of that name."""
    return inspect.getfile(sys.modules[module])


def is_a_gates(function: str) -> bool:
    """Whether the function of that qualified name takes part in a gate."""
    return function.rpartition(".")[2] not in NOT_A_GATE


def _branches_of(module: ModuleType, gate: str) -> Iterator[Branch]:
    for name, function in functions(tree_of(module)):
        if not is_a_gates(name):
            continue
        seen: dict[str, int] = {}
        for place, test in enumerate(_ifs(function)):
            parts = _parts(test.test)
            for part, condition in enumerate(parts):
                words = ast.unparse(condition)
                seen[words] = seen.get(words, 0) + 1
                words += f" ({seen[words]})" if seen[words] > 1 else ""
                yield Branch(module.__name__, gate, name, words, (place, part), test.body[0].lineno)


def _ifs(function: ast.FunctionDef) -> list[ast.If]:
    return [node for node in ast.walk(function) if isinstance(node, ast.If)]


def _parts(test: ast.expr) -> list[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]


def without(branch: Branch) -> Callable[[], AbstractContextManager[None]]:
    """What puts the module without ``branch`` in force while its context is open."""

    def never(function: ast.FunctionDef) -> None:
        place, part = branch.path
        changed = _ifs(function)[place]
        rest = [each for number, each in enumerate(_parts(changed.test)) if number != part]
        nobody: ast.expr = ast.Constant(False)
        changed.test = nobody if not rest else rest[0] if len(rest) == 1 else ast.BoolOp(ast.Or(), rest)

    return with_change(branch.module, branch.function, never)


# --- which cases take which branches


@contextmanager
def watched(taken: set[tuple[str, int]]) -> Iterator[None]:
    """Note in ``taken`` the lines of the gates' modules that are run meanwhile: (module's file, line)."""
    watched_files, before = files(), sys.gettrace()

    def line(frame: object, event: str, _argument: object) -> object:
        if event == "line":
            taken.add((frame.f_code.co_filename, frame.f_lineno))  # type: ignore[attr-defined]
        return line

    def call(frame: object, _event: str, _argument: object) -> object:
        return line if frame.f_code.co_filename in watched_files else None  # type: ignore[attr-defined]

    sys.settrace(call)  # type: ignore[arg-type]
    try:
        yield
    finally:
        sys.settrace(before)
