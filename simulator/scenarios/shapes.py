"""Dataclasses as shapes of a file: each field is a key, a union is the name of one of its kinds with that kind's fields.

``forgets_card``, ``mistypes: 2``, ``lifts_card: {screen: enter_pin, after_s: 1}`` and ``window: [0, 60]`` are all of them.
"""

import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, create_model, model_validator
from pydantic_core import PydanticCustomError

from simulator.scenarios.errors import choose

NEVER: Final = "never"
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def wrong(text: str, key: str = "") -> PydanticCustomError:
    """A problem in our own words; ``key`` is where in the mapping it is."""
    return PydanticCustomError("scenario", "{text}", {"text": text, "key": key})


def snake(name: str) -> str:
    """``LiftsCard`` as ``lifts_card``."""
    return _WORD.sub("_", name).lower()


class Strict(BaseModel):
    """A mapping that takes its own keys and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise wrong(f"expected keys and values ({', '.join(cls.model_fields)}); came {_shown(value)}")
        for key in value:
            if key not in cls.model_fields:
                raise wrong(choose("a key", cls.model_fields, key), key)
        return value


class OneOf(BaseModel):
    """Exactly one of its fields is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _normal(cls, value: Any) -> Any:
        given = {value: {}} if isinstance(value, str) else value
        if not isinstance(given, Mapping) or len(given) != 1:
            raise wrong(f"expected one of {', '.join(cls.model_fields)}; came {_shown(value)}")
        ((name, inside),) = given.items()
        if name not in cls.model_fields:
            raise wrong(choose("one", cls.model_fields, name), name)
        model = next(each for each in get_args(cls.model_fields[name].annotation) if each is not type(None))
        return {name: _by_name(model, inside)}

    @property
    def chosen(self) -> tuple[str, BaseModel]:
        """Which one, and its values."""
        return next((name, model) for name, model in self if model is not None)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """The short forms are valid, too."""
        whole: dict[str, Any] = handler(core)
        resolved = handler.resolve_ref_schema(whole)
        strict = {**resolved, "minProperties": 1, "maxProperties": 1}
        for name, inside in strict["properties"].items():
            model = next((each for each in inside.get("anyOf", []) if "$ref" in each), inside)
            strict["properties"][name] = {"anyOf": [model, {"type": ["string", "number", "array", "null"]}]}
        resolved.clear()
        resolved.update({"anyOf": [{"type": "string", "enum": list(cls.model_fields)}, strict]})
        return whole


def _by_name(model: type[BaseModel], inside: Any) -> Any:
    """A bare value is that of the first field, a list those of all in order."""
    if inside is None:
        return {}
    names = list(model.model_fields)
    if isinstance(inside, Mapping) or not names:
        return inside
    if isinstance(inside, list) and get_origin(model.model_fields[names[0]].annotation) is not tuple:
        return dict(zip(names, inside, strict=False)) if len(inside) <= len(names) else inside
    return {names[0]: inside}


def _never(value: Any) -> Any:
    return None if value == NEVER else value


def shape_of(
    kind: type[Any],
    *,
    renamed: Mapping[str, str] | None = None,
    types_of: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    without: Sequence[str] = (),
) -> type[Strict]:
    """The shape of a dataclass; ``renamed`` gives fields other keys, ``types_of`` other types, by the dataclass's names."""
    hints = get_type_hints(kind)
    built: dict[str, Any] = {}
    for each in fields(kind):
        if each.name in without:
            continue
        annotation = (types_of or {}).get(each.name, hints[each.name])
        if type(None) in get_args(annotation) and get_origin(annotation) in (Union, types.UnionType):
            annotation = Annotated[annotation, BeforeValidator(_never)]
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        default = (defaults or {}).get(each.name, default)
        built[(renamed or {}).get(each.name, each.name)] = (annotation, ... if default is MISSING else default)
    made: type[Strict] = create_model(kind.__name__, __base__=Strict, __doc__=_told(kind), **built)
    return made


def union_of(name: str, shapes: Mapping[str, type[Strict]]) -> type[OneOf]:
    """The shape of a union: one of ``shapes``."""
    built: dict[str, Any] = {each: (shape | None, None) for each, shape in shapes.items()}
    made: type[OneOf] = create_model(name, __base__=OneOf, **built)
    return made


def one_of_names(what: str, known: Callable[[], Sequence[str]]) -> Any:
    """A type: text that is one of ``known``."""

    def check(value: str) -> str:
        names = known()
        if value not in names:
            raise wrong(choose(what, names, value))
        return value

    return Annotated[str, AfterValidator(check)]


def values_of(model: BaseModel) -> dict[str, Any]:
    """Field to value, not converted further."""
    return {name: getattr(model, name) for name in type(model).model_fields}


def _told(kind: type[Any]) -> str:
    return " ".join((kind.__doc__ or "").split()).split(". ")[0].rstrip(".")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"the keys {', '.join(map(str, value))}" if value else "nothing"
    return "a list" if isinstance(value, list) else ("nothing" if value is None else repr(str(value)[:80]))
