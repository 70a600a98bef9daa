"""Movements and states as canonical JSON: for the ledger's rows, and for frames from a customer's process to the one writer."""

import json
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from terminal.journal.codec import canonical
from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.movements import MOVEMENTS, Movement
from terminal.money.state import LedgerState

_STATE: Final = TypeAdapter(LedgerState)
BYTES_MAX: Final = 4096


@cache
def _adapter(kind: str) -> TypeAdapter[Movement]:
    return TypeAdapter(MOVEMENTS[kind])


def fields_of(movement: Movement) -> dict[str, Any]:
    """The movement's fields as JSON values."""
    value: dict[str, Any] = _adapter(type(movement).__name__).dump_python(movement, mode="json")
    return value


def movement_of(kind: str, fields: object) -> Movement:
    """The movement of ``kind`` with ``fields``; raise ``LedgerError`` (``LEDGER_REFUSED``) for anything else."""
    if kind not in MOVEMENTS:
        raise _unfit("a kind of movement that this ledger knows")
    try:
        return _adapter(kind).validate_json(canonical(fields))
    except (ValidationError, ValueError):
        raise _unfit(f"the fields of {kind}") from None


def body_of(movement: Movement, state: LedgerState) -> str:
    """A row's body: the movement's fields and the state after it."""
    return canonical({"after": _STATE.dump_python(state, mode="json"), "movement": fields_of(movement)})


def parts_of(kind: str, body: str) -> tuple[Movement, LedgerState]:
    """A row's movement and the state after it; raise ``LedgerError``."""
    try:
        value = json.loads(body)
        after = _STATE.validate_python(_tupled(value["after"]))
        return movement_of(kind, value["movement"]), after
    except (ValueError, KeyError, TypeError, ValidationError, RecursionError):
        raise _unfit("a movement and the state after it") from None


def frame_of(movement: Movement) -> str:
    """A movement as one line for the channel."""
    return canonical({"kind": type(movement).__name__, "fields": fields_of(movement)})


def movement_of_frame(text: str) -> Movement:
    """What ``frame_of`` made; raise ``LedgerError`` for anything else."""
    try:
        value = json.loads(text) if len(text) <= BYTES_MAX else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or value.keys() != {"kind", "fields"} or not isinstance(value["kind"], str):
        raise _unfit('an object of "kind" and "fields"')
    return movement_of(value["kind"], value["fields"])


def _tupled(value: Any) -> Any:
    """JSON's lists as the tuples that the state has."""
    if isinstance(value, list):
        return tuple(_tupled(one) for one in value)
    if isinstance(value, dict):
        return {key: _tupled(one) for key, one in value.items()}
    return value


def _unfit(expected: str) -> LedgerError:
    return LedgerError(LedgerCode.REFUSED, f"expected {expected}, got something else; end the sender")
