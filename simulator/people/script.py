"""A person as data: for each screen what is pressed on it. No thread and no pty, so it runs under virtual time.

A screen without a rule, or shown more often than its rule has answers, is not answered: the person has walked away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from printer_templates.records import CertificateKind, Item, Scope
from terminal.devices.api import DeviceStatus, ProofLine, Readiness
from terminal.devices.screen.api import (
    BackPressed,
    CancelPressed,
    ChoicePressed,
    DigitsEntered,
    OkPressed,
    PersonInput,
    View,
)
from terminal.presenting import texts

WARNED = "warned "
"""Before a screen's name: what is pressed when that screen asks "are you still there?"."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Presses the one choice whose Japanese words contain ``words``."""

    words: str


@dataclass(frozen=True, slots=True)
class ChooseNamed:
    """Presses the one choice that bears a name of ``called``, the first of them that can be found.

    The names are asked for when the person looks: somebody may have married since, and the screen may not know it yet.
    """

    called: Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True, repr=False)
class Digits:
    """Types a PIN."""

    pin: str

    def __repr__(self) -> str:
        return "Digits(redacted)"


@dataclass(frozen=True, slots=True)
class Pause:
    """Thinks for ``for_s`` seconds; what follows is pressed on whatever is shown then."""

    for_s: float


@dataclass(frozen=True, slots=True)
class Do:
    """Does something beside the screen: lays the card down, refills paper, cuts a line."""

    deed: Callable[[], object]


Answer: TypeAlias = OkPressed | BackPressed | CancelPressed | Choose | ChooseNamed | Digits | Pause | Do
Answers: TypeAlias = tuple[Answer, ...]
Rules: TypeAlias = Mapping[str, Sequence[Answers]]
"""Screen name (with ``WARNED`` before it for its warning) -> the answers to its first, second … showing."""

OK: Answers = (OkPressed(),)
CANCEL: Answers = (CancelPressed(),)


class UnexpectedScreenError(RuntimeError):
    """The screen does not offer what the script wants to press; the text says what it offers."""


def buying(
    tap: Callable[[], object],
    lift: Callable[[], object],
    *,
    kind: CertificateKind = CertificateKind.RESIDENCE_CERTIFICATE,
    scope: Scope = Scope.SELF,
    members: Sequence[str] = (),
    items: Sequence[Item] = (),
    copies: int = 1,
    pin: str = "1234",
) -> dict[str, tuple[Answers, ...]]:
    """The rules of a person who buys one certificate and takes it; ``tap`` and ``lift`` lay the card down and take it."""
    return {
        "welcome": ((Do(tap),),),
        "enter_pin": ((Digits(pin),),),
        "take_card": ((Do(lift),),),
        "take_card_back": ((Do(lift),),),
        "choose_kind": ((Choose(texts.KINDS[kind].ja),),),
        "choose_scope": ((Choose(texts.SCOPES[scope].ja),),),
        "choose_members": ((*(Choose(name) for name in members), OkPressed()),),
        "choose_items": ((*(Choose(texts.ITEMS[item].ja) for item in items), OkPressed()),),
        "choose_copies": ((Choose(texts.COPIES.filled(copies=copies).ja),),),
        "confirm": (OK,),
        "take_sheets": (OK,),
        "take_incomplete_sheets": (OK,),
        "sorry": (OK,),
    }


@dataclass(slots=True)
class ScriptedScreen:
    """Implements ``terminal.devices.screen.api.Screen``, with its person in front.

    ``views`` are all that was shown, ``screens`` the names in order without repetition. ``spawn`` and ``wait`` are the loop's
    (``simulator.cooperative``): an answer before the first ``Pause`` is pressed at once.
    """

    rules: Rules
    spawn: Callable[[Callable[[], None]], None]
    wait: Callable[[float], None]
    views: list[View] = field(default_factory=list)
    screens: list[str] = field(default_factory=list)
    _shown: dict[str, int] = field(default_factory=dict)
    _listener: Callable[[PersonInput], None] | None = None
    _default: bool = False

    def show(self, view: View) -> None:
        """Keep the view, and answer a screen that was not up before, or its warning."""
        anew = not self.screens or self.screens[-1] != view.screen
        warned_anew = bool(view.warning) and not (self.views and self.views[-1].warning)
        self.views.append(view)
        self._default = False
        if anew:
            self.screens.append(view.screen)
            self._answer(view.screen, view)
        elif warned_anew:
            self._answer(WARNED + view.screen, view)

    def listen(self, listener: Callable[[PersonInput], None]) -> None:
        """See ``Screen.listen``."""
        self._listener = listener

    def close(self) -> None:
        """See ``Screen.close``."""
        self._listener = None

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``."""
        return Readiness("screen", DeviceStatus.ONLINE, "simulated (SPECIMEN)")

    def clear(self) -> None:
        """See ``Resettable.clear``."""
        self._default = True

    def prove(self) -> ProofLine:
        """See ``Resettable.prove``."""
        if self._default:
            return ProofLine("screen", True, "the screen shows its default")
        return ProofLine("screen", False, "the screen still shows a view", "SCREEN_NOT_CLEARED", "call the service")

    def _answer(self, rule: str, view: View) -> None:
        times = self._shown.get(rule, 0)
        self._shown[rule] = times + 1
        known = self.rules.get(rule, ())
        if times < len(known):
            self._press_all(known[times], view)

    def _press_all(self, answers: Answers, view: View) -> None:
        for place, answer in enumerate(answers):
            if isinstance(answer, Pause):
                self.spawn(partial(self._press_later, answer.for_s, answers[place + 1 :]))
                return
            self._press(answer, view)

    def _press_later(self, pause_s: float, answers: Answers) -> None:
        self.wait(pause_s)
        self._press_all(answers, self.views[-1])

    def _press(self, answer: Answer, view: View) -> None:
        match answer:
            case Do():
                answer.deed()
            case Choose():
                self._give(ChoicePressed(_key(view, (answer.words,))))
            case ChooseNamed():
                self._give(ChoicePressed(_key(view, answer.called())))
            case Digits():
                self._give(DigitsEntered(bytearray(answer.pin, "ascii")))
            case Pause():
                raise RuntimeError("a pause is taken before this")
            case _:
                self._give(answer)

    def _give(self, pressed: PersonInput) -> None:
        if self._listener is not None:
            self._listener(pressed)


def _key(view: View, known: Sequence[str]) -> str:
    """The key of the one choice that the first possible of the ``known`` words stands for."""
    found = next((keys for keys in (_keys(view, words) for words in known) if len(keys) == 1), None)
    if found is None:
        offered = "; ".join(choice.label for choice in view.choices)
        raise UnexpectedScreenError(
            f"expected one choice with {' or '.join(known)} on {view.screen}, it offers: {offered or 'none'}"
        )
    return found[0]


def _keys(view: View, words: str) -> list[str]:
    labels = [(choice.key, choice.label.split(" / ")[0]) for choice in view.choices]
    # One member's name may be the beginning of another's.
    whole = [key for key, label in labels if label == words or label.startswith(f"{words} ")]
    return whole or [key for key, label in labels if words in label]
