"""What somebody wished, by the choices that they pressed; stepping back and choosing otherwise counts as it ended."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from honnin.live.log import Press
from printer_templates.records import CertificateKind, Item, Scope
from simulator.people.residents import RESIDENTS
from simulator.people.visitor import Wish
from terminal.presenting import texts
from terminal.presenting.texts import Text

_COPIES: Final = re.compile(texts.COPIES.ja.replace("{copies}", r"(\d+)"))
K = TypeVar("K", CertificateKind, Scope, Item)


def wish_of(presses: Sequence[Press]) -> Wish:
    """The wish at the end of ``presses``; what was never chosen is as usual."""
    usual = Wish()
    copies = next((found for label in _labels(presses, "choose_copies") if (found := _COPIES.match(label))), None)
    kind = _last(CertificateKind, texts.KINDS, _labels(presses, "choose_kind"))
    scope = _last(Scope, texts.SCOPES, _labels(presses, "choose_scope"))
    return Wish(
        kind=kind or usual.kind,
        scope=scope or usual.scope,
        members=tuple(_members(_toggled(presses, "choose_members"))),
        items=tuple(item for item in Item if _stands(texts.ITEMS, item, _toggled(presses, "choose_items"))),
        copies=int(copies.group(1)) if copies else usual.copies,
    )


def _labels(presses: Sequence[Press], screen: str) -> list[str]:
    """The labels chosen on ``screen``, the last first."""
    return [press.what for press in reversed(presses) if press.chosen and press.screen == screen]


def _toggled(presses: Sequence[Press], screen: str) -> list[str]:
    """The labels that were pressed an odd number of times since the screen was last answered, in order."""
    pressed: dict[str, bool] = {}
    answered = False
    for press in presses:
        if press.screen != screen:
            answered = answered or bool(pressed)
            continue
        if answered:
            pressed, answered = {}, False
        if press.chosen:
            pressed[press.what] = not pressed.get(press.what, False)
    return [label for label, on in pressed.items() if on]


def _members(labels: Sequence[str]) -> list[str]:
    """The residents whose names stand on ``labels``; of two of one name the first."""
    found = (next((each.key for each in RESIDENTS if each.name in label), "") for label in labels)
    return [key for key in found if key]


def _last(kinds: type[K], words: Mapping[str, Text], labels: Sequence[str]) -> K | None:
    return next((kind for label in labels for kind in kinds if _stands(words, kind, [label])), None)


def _stands(words: Mapping[str, Text], kind: K, labels: Sequence[str]) -> bool:
    text = words.get(kind.value)
    return text is not None and any(label.split(" / ")[0].strip("()").startswith(text.ja) for label in labels)
