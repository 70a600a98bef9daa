"""What decides without an `if` in the modules that read pages and pictures: each part of it taken away or turned, by the source.

A part of ``and``, ``or``, ``&``, ``|`` and ``^`` is left out; a choice (``x if c else y``) and a comparison that is returned are
made to come out one way always; what a comprehension leaves out is let in.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Final, TypeAlias

from simulator.explore.gates.branches import READERS, file_of, is_a_gates
from simulator.explore.gates.changing import functions, tree_of, with_change

_BITS: Final = (ast.BitAnd, ast.BitOr, ast.BitXor)
_MET: Final = "always"
_UNMET: Final = "never"
_RAW: Final = frozenset({"ReadPage._draw"})
"""What hands bare memory to PDFium: turned, it writes over the process instead of deciding otherwise."""
_ASKED: Final = ("bool", "any", "all")
"""Functions whose answer is yes or no."""

Alternative: TypeAlias = tuple[str, Callable[[], ast.AST]]
"""In words, and what stands there instead; made anew each time, for trees must not share nodes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A part of an expression in ``function`` (qualified): node ``place`` of its tree, alternative ``which`` of its own."""

    module: str
    gate: str
    function: str
    words: str
    place: int
    which: int
    first_line: int
    last_line: int

    @property
    def name(self) -> str:
        """As it is listed."""
        return f"gate {self.gate}: {self.module.rpartition('.')[2]}.{self.function}: {self.words}"

    @property
    def lines(self) -> frozenset[tuple[str, int]]:
        """Only a case for which one of these lines is run can come out otherwise: (file, line)."""
        return frozenset((file_of(self.module), line) for line in range(self.first_line, self.last_line + 1))


@cache
def decisions() -> tuple[Decision, ...]:
    """Every part of every deciding expression, in the order of the source."""
    return tuple(decision for module, gate in READERS.items() for decision in _decisions_of(module, gate))


def parts_of(function: ast.FunctionDef) -> list[str]:
    """Every part of every deciding expression of ``function``, in words: what is taken away or turned."""
    return [words for _, _, _, words in _parts(function)]


def turned(decision: Decision) -> Callable[[], AbstractContextManager[None]]:
    """What puts the module with that part taken away, or turned, in force while its context is open."""

    def change(function: ast.FunctionDef) -> None:
        node = list(ast.walk(function))[decision.place]
        _, make = _alternatives(node, _judging(function))[decision.which]
        _Replacing(node, make()).visit(function)

    return with_change(decision.module, decision.function, change)


def _decisions_of(module: ModuleType, gate: str) -> Iterator[Decision]:
    for name, function in functions(tree_of(module)):
        if not is_a_gates(name) or name in _RAW:
            continue
        seen: dict[str, int] = {}
        for node, place, which, words in _parts(function):
            seen[words] = seen.get(words, 0) + 1
            numbered = f"{words} ({seen[words]})" if seen[words] > 1 else words
            yield Decision(module.__name__, gate, name, numbered, place, which, *_lines(node))


def _parts(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, int, int, str]]:
    """(node, its place in the walk, which of its alternatives, that one in words)."""
    judging, others = _judging(function), _annotations(function) | _branching(function)
    for place, node in enumerate(ast.walk(function)):
        if id(node) not in others:
            for which, (words, _) in enumerate(_alternatives(node, judging)):
                yield node, place, which, words


def _lines(node: ast.AST) -> tuple[int, int]:
    inner = node.target if isinstance(node, ast.comprehension) else node
    last = max(getattr(each, "end_lineno", 0) or 0 for each in ast.walk(node))
    return int(getattr(inner, "lineno", last)), last


def _annotations(function: ast.FunctionDef) -> frozenset[int]:
    """The nodes that say types, by identity: ``int | None`` decides nothing."""
    said = [getattr(node, field, None) for node in ast.walk(function) for field in ("annotation", "returns")]
    return frozenset(id(each) for one in said if isinstance(one, ast.AST) for each in ast.walk(one))


def _branching(function: ast.FunctionDef) -> frozenset[int]:
    """What an ``if`` joins by ``or``, by identity: ``branches`` takes its parts away."""
    tests = [node.test for node in ast.walk(function) if isinstance(node, ast.If)]
    return frozenset(id(test) for test in tests if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or))


def _judging(function: ast.FunctionDef) -> frozenset[int]:
    """The comparisons of ``function`` that are an answer by themselves, by identity."""
    found: set[int] = set()
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.Compare() as answer):
                found.add(id(answer))
            case ast.Call(func=ast.Name(id=name), args=[ast.Compare() as answer]) if name in _ASKED:
                found.add(id(answer))
            case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp(elt=ast.Compare() as answer)]) if (
                name in _ASKED
            ):
                found.add(id(answer))
    return frozenset(found)


def _alternatives(node: ast.AST, judging: frozenset[int]) -> list[Alternative]:
    match node:
        case ast.BoolOp(op=op, values=parts):
            return [(_without(part), lambda part=part: _rest(op, parts, part)) for part in parts]  # type: ignore[misc]
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _BITS):
            first = [] if _is_chain(left, op) else [(_without(left), lambda: right)]
            return [*first, (_without(right), lambda: left)]
        case ast.IfExp(test=test, body=body, orelse=other):
            return [(_always(_MET, test), lambda: body), (_always(_UNMET, test), lambda: other)]
        case ast.Compare() if id(node) in judging:
            return [
                (_always(_MET, node), lambda: ast.Constant(True)),
                (_always(_UNMET, node), lambda: ast.Constant(False)),
            ]
        case ast.comprehension(ifs=kept) if kept:
            return [
                (_without(one), lambda one=one: _letting_in(node, one))  # type: ignore[misc]
                for one in kept
            ]
        case _:
            return []


def _without(part: ast.expr) -> str:
    return f"without '{ast.unparse(part)}'"


def _always(which: str, test: ast.expr) -> str:
    return f"'{ast.unparse(test)}' {which}"


def _rest(op: ast.boolop, parts: list[ast.expr], gone: ast.expr) -> ast.expr:
    rest = [part for part in parts if part is not gone]
    return rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)


def _is_chain(left: ast.expr, op: ast.operator) -> bool:
    """Whether ``left`` is joined by the same operator, so that its own parts are taken away one by one."""
    return isinstance(left, ast.BinOp) and type(left.op) is type(op)


def _letting_in(comprehension: ast.comprehension, one: ast.expr) -> ast.comprehension:
    rest = [each for each in comprehension.ifs if each is not one]
    return ast.comprehension(comprehension.target, comprehension.iter, rest, comprehension.is_async)


class _Replacing(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """See ``ast.NodeVisitor.visit``."""
        if node is self._old:
            return self._new
        changed: ast.AST = self.generic_visit(node)
        return changed
