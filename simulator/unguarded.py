"""Terminals with a guard taken out, to see what it is there for: never for anything but the simulated world.

Each guard is replaced in the module that uses it for as long as the context lasts; everything else is the terminal of a store.
A run without a guard must end with a broken promise, or the guard guards nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

from terminal.verification.verdict import Gate, GateResult, Passed

_ROOM: Final = "terminal.commands.sheets"


def _passes(gate: Gate) -> Callable[..., GateResult]:
    def passes(*_arguments: Any, **_named: Any) -> GateResult:
        return Passed(gate, ())

    return passes


GUARDS: Final[Mapping[str, tuple[str, str, Callable[..., Any]]]] = {
    "bundle": (
        "gate A: the bundle is of this request, card and choice, and fresh",
        f"{_ROOM}.check_bundle",
        _passes(Gate.BUNDLE),
    ),
    "subject": (
        "gate B: the record is of the person whose card was read",
        f"{_ROOM}.check_subject",
        _passes(Gate.SUBJECT),
    ),
    "sheets": ("gate C: the very bytes to be printed are read back", f"{_ROOM}.check_sheets", _passes(Gate.SHEETS)),
}
"""A guard's name: what it is in words, where it stands, and what stands there without it."""


class UnknownGuardError(ValueError):
    """No such guard; the text lists those there are."""


@contextmanager
def without(guards: tuple[str, ...]) -> Iterator[None]:
    """Take ``guards`` out of every terminal of this process meanwhile; raise ``UnknownGuardError``."""
    unknown = [guard for guard in guards if guard not in GUARDS]
    if unknown:
        raise UnknownGuardError(f"expected guards of {', '.join(GUARDS)}, came {', '.join(unknown)}")
    with ExitStack() as stack:
        for guard in guards:
            _, place, instead = GUARDS[guard]
            stack.enter_context(patch(place, instead))
        yield
