"""The truth of the registers over time: who was what at any moment between two, as the history tells it."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from simulator.checkers.lines import Line
from simulator.checkers.running import Handlers
from simulator.seen import ResidentKnown

Home: TypeAlias = tuple[str, str]
"""A municipality and a household's key in it."""

REGISTER_LAG_S = 60.0
"""How long a register's answer may have been on its way when a card was laid down.

What a sheet says may be what the register held at any moment from this long before the card lay on the reader until the sheet
came: it was asked somewhere in between, and people move, marry and cancel seals meanwhile.
"""


class Spell(NamedTuple):
    """A resident as the register had them from ``begins_s`` until ``ends_s``; ``line`` says so."""

    line: Line[ResidentKnown]
    begins_s: float
    ends_s: float

    @property
    def known(self) -> ResidentKnown:
        """What it had."""
        return self.line.seen


class Registers:
    """Every resident's states in order of time."""

    def __init__(self) -> None:
        self._lines: dict[str, list[Line[ResidentKnown]]] = {}
        self._homes: dict[Home, dict[str, None]] = {}

    def handlers(self) -> Handlers:
        """See ``Checking.handlers``."""
        return {ResidentKnown: self._learn}

    def between(self, resident: str, since_s: float, until_s: float) -> list[Spell]:
        """What ``resident`` was at any moment from ``since_s`` to ``until_s``, in order; empty when no register knew them."""
        lines = self._lines.get(resident, [])
        ends = [*(line.at_s for line in lines[1:]), float("inf")]
        spells = [Spell(line, line.at_s, end_s) for line, end_s in zip(lines, ends, strict=False)]
        return [spell for spell in spells if spell.begins_s <= until_s and spell.ends_s >= since_s]

    def one_household(self, one: str, other: str, since_s: float, until_s: float) -> bool | None:
        """Whether two residents shared a household at some moment in between; None when a register did not know one of them."""
        if one == other:
            return True
        ones, others = self.between(one, since_s, until_s), self.between(other, since_s, until_s)
        if not ones or not others:
            return None
        return any(_together(mine, theirs) for mine in ones for theirs in others)

    def household(self, holder: str, since_s: float, until_s: float) -> list[ResidentKnown]:
        """Everybody who shared a household with ``holder`` at some moment in between, ``holder`` included."""
        homes = dict.fromkeys(_home(spell.known) for spell in self.between(holder, since_s, until_s))
        return [
            spell.known
            for home in homes
            for who in self._homes[home]
            for spell in self.between(who, since_s, until_s)
            if _home(spell.known) == home
        ]

    def lines_of(self, residents: Iterable[str], since_s: float, until_s: float) -> list[Line[ResidentKnown]]:
        """The lines that tell what ``residents`` were in between."""
        return [spell.line for who in dict.fromkeys(residents) for spell in self.between(who, since_s, until_s)]

    def _learn(self, line: Line[ResidentKnown]) -> None:
        self._lines.setdefault(line.seen.resident, []).append(line)
        self._homes.setdefault(_home(line.seen), {})[line.seen.resident] = None


def _together(mine: Spell, theirs: Spell) -> bool:
    at_one_time = max(mine.begins_s, theirs.begins_s) <= min(mine.ends_s, theirs.ends_s)
    return at_one_time and _home(mine.known) == _home(theirs.known)


def _home(known: ResidentKnown) -> Home:
    return known.municipality, known.household
