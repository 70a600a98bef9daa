"""What a key's error says: what was expected, what came, what to do."""

import difflib
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from terminal.config.errors import ConfigCode, ConfigProblem
from terminal.config.lines import line_of
from terminal.config.sections import ConfigFile

_SHOWN = 60


def explain(error: ErrorDetails, text: str) -> ConfigProblem:
    """One problem in the words of the file: TOML path, line, expected, came."""
    key = tuple(str(part) for part in error["loc"])
    written = ".".join(part for part in key)
    line = line_of(text, key)
    if error["type"] == "extra_forbidden":
        return ConfigProblem(ConfigCode.UNKNOWN_KEY, written, line, _unknown(key))
    expected = _expected(key)
    if error["type"] == "missing":
        return ConfigProblem(ConfigCode.MISSING_KEY, written, line, f"the key is missing; expected {expected}")
    detail = f" ({error['ctx']['error']})" if error["type"] == "value_error" and "ctx" in error else ""
    came = _shown(error["input"])
    return ConfigProblem(ConfigCode.INVALID, written, line, f"expected {expected}, came {came}{detail}")


def _shown(value: Any) -> str:
    """The value as a reader of the file knows it; an address with a password in it is not repeated."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    words = repr(value) if not isinstance(value, str) else f'"{value}"'
    if "@" in words and "://" in words:
        return "an address with a user or password in it"
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def _expected(key: tuple[str, ...]) -> str:
    field = _field(key)
    if field is None:
        return "a value of this key's kind"
    if field.description:
        return field.description
    for argument in get_args(field.annotation):
        for part in getattr(argument, "__metadata__", ()):
            if isinstance(part, FieldInfo) and part.description:
                return part.description
    return "a table of keys" if _model(field.annotation) else "a value of this key's kind"


def _unknown(key: tuple[str, ...]) -> str:
    model = _model_at(key[:-1])
    allowed = sorted(model.model_fields) if model else []
    near = difflib.get_close_matches(key[-1], allowed, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"unknown key; expected one of: {', '.join(allowed)}{hint}"


def _field(key: tuple[str, ...]) -> FieldInfo | None:
    """The field of ``key``; a list's or table's own index is passed over."""
    for length in range(len(key), 0, -1):
        model = _model_at(key[: length - 1])
        if model is not None and key[length - 1] in model.model_fields:
            return model.model_fields[key[length - 1]]
    return None


def _model_at(key: tuple[str, ...]) -> type[BaseModel] | None:
    model: type[BaseModel] | None = ConfigFile
    for part in key:
        if model is None or part not in model.model_fields:
            # Below a table of tables ([timeouts]) the part is a name, and the model stays.
            continue
        model = _model(model.model_fields[part].annotation)
    return model


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part)) is not None), None)
