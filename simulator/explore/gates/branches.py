"""Every `if` of the gates' own source, never taken: read from the source, so that one that is written tomorrow has its mutant.

Of conditions joined by ``or`` each is taken away by itself. A mutant is the module, compiled without the one condition, and put
wherever the terminal uses the module's functions.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Final
from unittest.mock import patch

from terminal.centre import sealing
from terminal.verification import (
    addresses,
    back,
    bundle,
    characters,
    delivery,
    front,
    names,
    page_codes,
    people,
    restrictions,
    sheets,
    subject,
)

MODULES: Final[Mapping[ModuleType, str]] = {
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
"""The gates' modules and the gate of each. What reads pages and pictures for them has its own tests."""

NOT_A_GATE: Final = frozenset({"seal_finding"})
"""Functions of these modules that let nothing in."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One condition in ``function`` of ``module``: ``path`` leads to it in the function, ``line`` is its body's first."""

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


@cache
def branches() -> tuple[Branch, ...]:
    """Every condition of the gates' modules, in the order of the source."""
    return tuple(branch for module, gate in MODULES.items() for branch in _branches_of(module, gate))


def files() -> frozenset[str]:
    """The source files that the branches are in."""
    return frozenset(inspect.getfile(module) for module in MODULES)


def _branches_of(module: ModuleType, gate: str) -> Iterator[Branch]:
    for function in _functions(_tree(module)):
        seen: dict[str, int] = {}
        for place, test in enumerate(_ifs(function)):
            parts = _parts(test.test)
            for part, condition in enumerate(parts):
                words = ast.unparse(condition)
                seen[words] = seen.get(words, 0) + 1
                words += f" ({seen[words]})" if seen[words] > 1 else ""
                yield Branch(module.__name__, gate, function.name, words, (place, part), test.body[0].lineno)


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name not in NOT_A_GATE)


def _ifs(function: ast.FunctionDef) -> list[ast.If]:
    return [node for node in ast.walk(function) if isinstance(node, ast.If)]


def _parts(test: ast.expr) -> list[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]


# --- the mutant


def without(branch: Branch) -> Callable[[], AbstractContextManager[None]]:
    """What puts the module without ``branch`` in force while its context is open."""

    @contextmanager
    def in_force() -> Iterator[None]:
        original = sys.modules[branch.module]
        made = _compiled(branch)
        with ExitStack() as stack:
            for module, name, value in _uses(original):
                stack.enter_context(patch.object(module, name, made[value.__name__]))
            yield

    return in_force


def _compiled(branch: Branch) -> dict[str, FunctionType]:
    original = sys.modules[branch.module]
    tree = deepcopy(_tree(original))
    function = next(node for node in _functions(tree) if node.name == branch.function)
    place, part = branch.path
    changed = _ifs(function)[place]
    parts = _parts(changed.test)
    rest = [each for number, each in enumerate(parts) if number != part]
    never: ast.expr = ast.Constant(False)
    changed.test = never if not rest else rest[0] if len(rest) == 1 else ast.BoolOp(ast.Or(), rest)
    space: dict[str, object] = {
        "__name__": branch.module,
        "__file__": original.__file__,
        "__package__": original.__package__,
    }
    exec(compile(ast.fix_missing_locations(tree), str(original.__file__), "exec"), space)  # noqa: S102 - our own source
    # Values travel between this module and the others: there must be one class of each.
    space.update({name: value for name, value in vars(original).items() if isinstance(value, type)})
    return {name: value for name, value in space.items() if isinstance(value, FunctionType)}


def _uses(original: ModuleType) -> list[tuple[ModuleType, str, FunctionType]]:
    """Wherever a function of ``original`` goes by a name: in the module itself and in those that import it."""
    places = [
        module for name, module in sorted(sys.modules.items()) if name.startswith(("terminal.", "simulator.explore"))
    ]
    return [
        (module, name, value)
        for module in places
        for name, value in vars(module).items()
        if isinstance(value, FunctionType)
        and value.__module__ == original.__name__
        and value.__qualname__ == value.__name__
    ]


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
