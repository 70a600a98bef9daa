"""Comparing names as registers and cards write them.

Form: widths, composition, kinds of space, the case of Latin letters, kinds of brackets and a word such as 旧姓 in them.
Undecided: variants, filler signs, a former name or alias in brackets on one side only, family and given name divided at
another place. Anything else that differs is different. Rules with their reasons: docs/gates.md.
"""

import re
from dataclasses import dataclass

from terminal.verification.characters import characters, likeness, plain
from terminal.verification.reasons import Reason

_BRACKETS = str.maketrans("[]{}〔〕【】〈〉「」", "()()()()()()")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_BRACKET_WORD = re.compile(r"^(旧姓|旧氏|通称名?|併記名)[:・ ]?")


@dataclass(frozen=True, slots=True, repr=False)
class _Name:
    words: tuple[str, ...]
    bracketed: tuple[str, ...]

    @property
    def letters(self) -> str:
        return "".join(self.words)

    @property
    def division(self) -> tuple[int, ...]:
        return tuple(len(characters(word)) for word in self.words)


def compare_names(left: str, right: str) -> Reason:
    """The reason that two names are the same (``SAME``), different (``OTHER_NAME``, ``ABSENT``) or undecided (the others)."""
    one, other = _read(left), _read(right)
    if not one.letters or not other.letters:
        return Reason.ABSENT
    alike = likeness(one.letters, other.letters)
    if alike is None:
        return Reason.OTHER_NAME
    brackets = _compare_bracketed(one.bracketed, other.bracketed)
    if brackets is Reason.OTHER_NAME or alike is not Reason.SAME:
        return brackets if brackets is Reason.OTHER_NAME else alike
    if _divided_otherwise(one, other):
        return Reason.NAME_DIVIDED_OTHERWISE
    return brackets


def _read(text: str) -> _Name:
    name = plain(text).translate(_BRACKETS)
    bracketed = tuple(_BRACKET_WORD.sub("", found.strip()).replace(" ", "") for found in _BRACKETED.findall(name))
    rest = _BRACKETED.sub("", name)
    return _Name(
        words=tuple(_lower(word) for word in rest.split(" ") if word),
        bracketed=tuple(_lower(each) for each in bracketed),
    )


def _lower(text: str) -> str:
    """Lower case letter by letter; a letter whose lower case is longer than itself stays, so that places keep."""
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in text)


def _compare_bracketed(left: tuple[str, ...], right: tuple[str, ...]) -> Reason:
    if not left and not right:
        return Reason.SAME
    if not left or not right:
        return Reason.FORMER_NAME_ON_ONE_SIDE
    alike = likeness("|".join(left), "|".join(right))
    return Reason.OTHER_NAME if alike is None else alike


def _divided_otherwise(left: _Name, right: _Name) -> bool:
    if left.division == right.division:
        return False
    latin = any("a" <= letter <= "z" for letter in left.letters)
    undivided = len(left.words) == 1 or len(right.words) == 1
    # 見本太郎 is 見本 太郎 with its space left out; ANNALEE need not be ANNA LEE, nor 小林 太 the person called 小 林太.
    return latin or not undivided
