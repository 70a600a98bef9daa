"""A gate's module with one thing changed in its source, put wherever the terminal uses the module's functions."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Final, TypeAlias
from unittest.mock import patch

_GATES: Final = "terminal.verification."
Change: TypeAlias = Callable[[ast.FunctionDef], None]
"""What is done to a function's tree, in place."""


def tree_of(module: ModuleType) -> ast.Module:
    """The module's source, parsed."""
    return ast.parse(inspect.getsource(module))


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module and the methods of its classes, each with its qualified name, in the order of the source."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    yield f"{node.name}.{each.name}", each


def with_change(module: str, function: str, change: Change) -> Callable[[], AbstractContextManager[None]]:
    """What puts ``module`` (its name), whose ``function`` (qualified) has the change, in force while its context is open."""

    made_once = cache(lambda: _made(sys.modules[module], function, change))

    @contextmanager
    def in_force() -> Iterator[None]:
        original, made = sys.modules[module], made_once()
        with ExitStack() as stack:
            # What was worked out before the change must not stand in for it, nor the other way round.
            _forget_answers()
            stack.callback(_forget_answers)
            for owner, name, value in _places(original, function, made):
                stack.enter_context(patch.object(owner, name, value))
            yield

    return in_force


@dataclass(frozen=True, slots=True)
class _Made:
    """The changed module's functions by name, and its changed method if it is one that was changed."""

    functions: Mapping[str, object]
    method: object = None


def _made(original: ModuleType, function: str, change: Change) -> _Made:
    tree = deepcopy(tree_of(original))
    change(next(node for name, node in functions(tree) if name == function))
    space: dict[str, object] = {
        "__name__": original.__name__,
        "__file__": original.__file__,
        "__package__": original.__package__,
    }
    exec(compile(ast.fix_missing_locations(tree), str(original.__file__), "exec"), space)  # noqa: S102 - our own source
    owner, _, method = function.rpartition(".")
    changed_method = vars(space[owner])[method] if owner else None
    # Values travel between this module and the others: there must be one class of each.
    space.update({name: value for name, value in vars(original).items() if isinstance(value, type)})
    return _Made(space, changed_method)


def _places(original: ModuleType, function: str, made: _Made) -> list[tuple[object, str, object]]:
    """Where the changed code goes: (module or class, name, what is put there)."""
    owner, _, method = function.rpartition(".")
    if owner:
        return [(vars(original)[owner], method, made.method)]
    return [(module, name, made.functions[value.__name__]) for module, name, value in _uses(original)]


def _forget_answers() -> None:
    """Empty the bounded caches of the gates' functions; the others hold tables that are read once."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_GATES):
            for value in vars(module).values():
                if hasattr(value, "cache_parameters") and value.cache_parameters()["maxsize"] is not None:
                    value.cache_clear()


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
