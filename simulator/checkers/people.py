"""Recognising residents by what a paper says of them: the name, and the birth date or the address, exactly as a register has it.

渡邉 and 渡邊 are two names, as are 辻 with a variation selector and without: what is printed is what a register holds, so nothing
is folded but white space. Twins, strangers of one name, father and son of one name differ in one of the three; where they do not,
nobody is preferred.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from simulator.seen import ResidentKnown

_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})
"""PDFium's words for a hyphen at a line's end."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """``resident``, or the residents it may be (``unsure``), or neither: a stranger. ``outdated``: a register by now has them
    otherwise."""

    resident: str = ""
    unsure: tuple[str, ...] = ()
    outdated: bool = False

    @property
    def is_stranger(self) -> bool:
        """Whether no register knows anybody like that."""
        return not self.resident and not self.unsure


class _Printed(NamedTuple):
    name: str
    birth_date: str
    address: str


class KnownPeople:
    """Everybody in the registers, as they are and as they were: who married yesterday may be on a paper by the former name."""

    def __init__(self, known: Iterable[ResidentKnown] = ()) -> None:
        self.called: dict[str, tuple[str, ...]] = {}
        """What each resident is called, and was before, the present name first: as registers and screens write it."""
        self._now: dict[str, _Printed] = {}
        self._by_name: dict[str, dict[tuple[str, _Printed], None]] = {}
        self._by_my_number: dict[str, str] = {}
        self._by_seal_number: dict[str, str] = {}
        for each in known:
            self.learn(each)

    @classmethod
    def of(cls, registers: Mapping[str, ResidentKnown]) -> Self:
        """Everybody in ``registers`` (key to what is known)."""
        return cls(registers.values())

    def learn(self, known: ResidentKnown) -> None:
        """What a register has of somebody from now on; what it had before is remembered."""
        printed = _Printed(solid(known.name), known.birth_date, solid(known.address))
        self._now[known.resident] = printed
        before = self.called.get(known.resident, ())
        self.called[known.resident] = (known.name, *(name for name in before if name != known.name))
        self._by_name.setdefault(printed.name, {})[known.resident, printed] = None
        if known.my_number:
            self._by_my_number[known.my_number] = known.resident
        if known.seal_number:
            self._by_seal_number[solid(known.seal_number)] = known.resident

    @property
    def knows_seal_numbers(self) -> bool:
        """Whether the registers tell the numbers of seals."""
        return bool(self._by_seal_number)

    def owner_of_my_number(self, number: str) -> str:
        """Whose My Number it is; empty when it is nobody's."""
        return self._by_my_number.get(number, "")

    def owner_of_seal_number(self, number: str) -> str:
        """Whose seal is registered under ``number``; empty when nobody's is."""
        return self._by_seal_number.get(solid(number), "")

    def recognise(self, name: str, birth_date: str, address: str) -> Recognised:
        """Who it is. ``birth_date`` is ISO, or empty when none could be read."""
        printed = _Printed(solid(name), birth_date, solid(address))
        agreeing = [(_agreement(was, printed), resident) for resident, was in self._by_name.get(printed.name, ())]
        best = max((agreement for agreement, _ in agreeing), default=0)
        residents = tuple(dict.fromkeys(resident for agreement, resident in agreeing if agreement == best))
        if best == 0:
            return Recognised()
        if len(residents) > 1:
            return Recognised(unsure=residents)
        return Recognised(residents[0], outdated=self._now[residents[0]] != printed)


def solid(text: str) -> str:
    """``text`` without any white space."""
    return "".join(text.translate(_HYPHENS).split())


def _agreement(was: _Printed, printed: _Printed) -> int:
    """How many of birth date and address agree."""
    return (was.birth_date == printed.birth_date) + (was.address == printed.address)
