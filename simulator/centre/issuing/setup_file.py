"""Servers from a TOML file: one table a municipality, its code as the name.

.. code-block:: toml

    ["99101"]
    like = "yokohama"          # begin with the server of an accident; left out: a healthy one
    workers = 8                # any field of ServerSetup
    sync = { nightly_at = 02:00:00, continual_every_s = 300.0 }

    [["99101".defects]]        # instead of those of ``like``
    defect = "FileNamedByTheSecond"
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from simulator.centre.issuing.defects import Defect
from simulator.centre.issuing.named import broken
from simulator.centre.issuing.setup import HEALTHY, Company, ServerSetup, SyncPlan

_T = TypeVar("_T")
_DEFECTS: dict[str, type[Defect]] = {kind.__name__: kind for kind in get_args(Defect)}
_NESTED: dict[str, type[SyncPlan] | type[Company]] = {"sync": SyncPlan, "company": Company}


class SetupFileError(ValueError):
    """A file of servers cannot be used; the text says where, what was expected and what came."""


def read_setups(path: Path) -> dict[str, ServerSetup]:
    """Municipality to setup; raise ``SetupFileError``."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupFileError(f"expected a TOML file of servers at {path}: {error}") from None
    return {code: _setup(code, _table(table, f"[{code}]")) for code, table in tables.items()}


def _setup(code: str, table: Mapping[str, Any]) -> ServerSetup:
    where = f"[{code}]"
    given = dict(table)
    try:
        base = broken(given.pop("like"), code) if "like" in given else HEALTHY
    except (KeyError, TypeError) as error:
        raise SetupFileError(f"{where} like: {error}") from None
    listed = given.pop("defects", None)
    for name, kind in _NESTED.items():
        if name in given:
            given[name] = _made(kind, _table(given[name], f"{where} {name}"), f"{where} {name}")
    made = _made(ServerSetup, given, where)
    setup = replace(base, **{name: getattr(made, name) for name in given})
    if listed is None:
        return setup
    if not isinstance(listed, list):
        raise SetupFileError(f"{where} defects: expected a list of tables, came {type(listed).__name__}")
    defects = tuple(_defect(each, f"{where} defect {number}") for number, each in enumerate(listed, 1))
    try:
        return replace(setup, defects=defects)
    except ValueError as error:
        raise SetupFileError(f"{where}: {error}") from None


def _defect(value: Any, where: str) -> Defect:
    table = dict(_table(value, where))
    name = table.pop("defect", None)
    if name not in _DEFECTS:
        raise SetupFileError(f"{where}: expected defect to be one of {', '.join(_DEFECTS)}; came {name!r}")
    return _made(_DEFECTS[name], table, where)


def _made(kind: type[_T], table: Mapping[str, Any], where: str) -> _T:
    known = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    strange = [name for name in table if name not in known]
    if strange:
        raise SetupFileError(f"{where}: expected {', '.join(known) or 'nothing more'}; came {', '.join(strange)}")
    try:
        return TypeAdapter(kind).validate_python(table)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise SetupFileError(f"{where} {place}: {first['msg']}; came {first['input']!r}"[:300]) from None


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SetupFileError(f"{where}: expected a table, came {type(value).__name__}")
    return value
