"""YAML as a tree of text with line numbers: data only, nothing is ever constructed from a tag.

Every scalar stays the text that stands in the file, and what it means is decided by the field that it is for: a PIN of 0123 keeps
its nought, 99101 can be a code, and NO is nobody's false.
"""

from typing import Any, Final

import yaml

from simulator.scenarios.errors import ScenarioError

_PLAIN: Final = "tag:yaml.org,2002:"
_DATA: Final = frozenset({_PLAIN + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")})
_NULL: Final = ("", "~", "null", "Null", "NULL")
_DEPTH_MAX: Final = 30


def compose(text: str, name: str) -> yaml.Node:
    """The tree of the one document in ``text``; raise ``ScenarioError``."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 0
        raise ScenarioError(name, line, f"expected YAML; {error.problem or error.context}; mend it") from None
    except (yaml.YAMLError, RecursionError) as error:
        told = "it is nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]
        raise ScenarioError(name, 0, f"expected YAML; {told}") from None
    if not isinstance(node, yaml.MappingNode):
        raise ScenarioError(name, 1, "expected a scenario (keys and values: people, faults, …), came something else")
    return node


def value_of(node: yaml.Node, name: str) -> Any:
    """``node`` as dicts, lists, text and None; raise ``ScenarioError`` for what is more than data."""
    return _value(node, name, set(), 0)


def _value(node: yaml.Node, name: str, met: set[int], depth: int) -> Any:
    line = line_of(node)
    if node.tag not in _DATA:
        raise ScenarioError(name, line, f"expected plain data, came the tag {node.tag}; leave it out")
    if depth > _DEPTH_MAX:
        raise ScenarioError(name, line, f"expected at most {_DEPTH_MAX} levels")
    if isinstance(node, yaml.ScalarNode):
        return None if node.style is None and node.value in _NULL else node.value
    if id(node) in met:
        raise ScenarioError(name, line, "expected no aliases (*name); write it out")
    met.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, name, met, depth + 1) for each in node.value]
    found: dict[str, Any] = {}
    for key, each in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ScenarioError(name, line_of(key), "expected a name before the colon")
        if key.value in found:
            raise ScenarioError(name, line_of(key), f"expected {key.value!r} once, it came twice; join them")
        found[key.value] = _value(each, name, met, depth + 1)
    return found


def line_of(node: yaml.Node) -> int:
    """Where ``node`` begins, from 1."""
    return int(node.start_mark.line) + 1


def line_at(node: yaml.Node, path: tuple[str | int, ...]) -> int:
    """The line of what ``path`` leads to, or of the last thing on the way there."""
    line = line_of(node)
    for step in path:
        found = _step(node, step)
        if found is None:
            return line
        line, node = found
    return line


def _step(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((line_of(key), each) for key, each in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return line_of(node.value[step]), node.value[step]
    return None
