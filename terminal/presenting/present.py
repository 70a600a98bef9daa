"""Composes the view of what the machine shows, and interprets what is pressed on it.

The names of household members come from the centre's session and go to the screen only; the machine sees indices.
"""

from dataclasses import dataclass, field

from terminal.devices.pin_pad.api import DIGITS
from terminal.devices.screen.api import (
    BackPressed,
    CancelPressed,
    ChoicePressed,
    DigitsEntered,
    InputKind,
    OkPressed,
    PersonInput,
    View,
    ViewChoice,
)
from terminal.fsm import events
from terminal.fsm.effects import Screen, Show
from terminal.fsm.values import Offer
from terminal.presenting import money_lines, texts
from terminal.presenting.reasons import reason_text
from terminal.presenting.texts import Text

_CHOICE_SCREENS = frozenset({Screen.CHOOSE_KIND, Screen.CHOOSE_SCOPE, Screen.CHOOSE_COPIES})
_SELECTION_SCREENS = frozenset({Screen.CHOOSE_MEMBERS, Screen.CHOOSE_ITEMS})
_PIN_SCREENS = frozenset({Screen.ENTER_PIN, Screen.ENTER_TEXT_PIN})
_OK_SCREENS = frozenset(
    {
        Screen.CONFIRM_LAST_TRY,
        Screen.CONFIRM_LAST_TEXT_TRY,
        Screen.KIND_REFUSED,
        Screen.CONFIRM,
        Screen.TAKE_SHEETS,
        Screen.TAKE_INCOMPLETE_SHEETS,
        Screen.PIN_LOCKED,
        Screen.SORRY,
    }
)
_TAKING_SCREENS = frozenset({Screen.TAKE_SHEETS, Screen.TAKE_INCOMPLETE_SHEETS})
_CANCELLABLE = (
    _CHOICE_SCREENS
    | _SELECTION_SCREENS
    | _PIN_SCREENS
    | {Screen.CONFIRM_LAST_TRY, Screen.CONFIRM_LAST_TEXT_TRY, Screen.CONFIRM, Screen.PAY, Screen.TAKE_CHANGE}
    | {Screen.REQUESTING}
    | {Screen.READING_CARD, Screen.READING_SUBJECT, Screen.ASKING_CENTRE, Screen.TAKE_CARD, Screen.VERIFYING}
)
_WITH_BACK = _SELECTION_SCREENS | {Screen.CHOOSE_SCOPE, Screen.CHOOSE_COPIES, Screen.CONFIRM, Screen.KIND_REFUSED}
KEYS = "123456789acdefghijklmnopqrstuvwyz0ACDEFGHIJ"
"""The key of the n-th choice; b and x are back and cancel on a console."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What an input means: an event for the machine, or a changed selection (shown anew), or nothing."""

    event: events.Event | None = None
    changed: bool = False
    digits: bytearray | None = None


@dataclass(slots=True)
class Presenter:
    """Keeps what is on the screen now. ``names`` are the household's, in the order of the session's members.

    ``takes`` is how the fee is paid (words of ``texts.TAKES``), ``slips`` whether a slip printer is fitted. With a ``pin_pad`` no
    digit is taken from the screen: it shows a dot for each key that was pressed there.
    """

    simulated: bool
    names: tuple[str, ...] = ()
    takes: tuple[str, ...] = ("exact",)
    slips: bool = False
    pin_pad: bool = False
    _typed: int = 0
    _show: Show = field(default_factory=lambda: Show(Screen.WELCOME))
    _selected: set[int] = field(default_factory=set)

    def view_of(self, show: Show) -> View:
        """The view of ``show``; a selection begun on the same screen is kept when only the warning changed."""
        if show.screen is not self._show.screen:
            self._selected = set()
            if show.screen is Screen.CHOOSE_MEMBERS:
                self._selected = {show.applicant_index}
        self._show, self._typed = show, 0
        return self._compose()

    def keys_typed(self, count: int) -> View:
        """The present view with ``count`` dots for digits that stand in the PIN pad."""
        self._typed = count
        return self._compose()

    def view_again(self) -> View:
        """The present view with the changed selection."""
        return self._compose()

    def interpret(self, pressed: PersonInput) -> Pressed:
        """What ``pressed`` means on the present screen; what means nothing there is dropped."""
        match pressed:
            case ChoicePressed():
                return self._choose(pressed.key)
            case DigitsEntered():
                if self._show.screen in _PIN_SCREENS:
                    return Pressed(events.PinEntered(), digits=pressed.digits)
                pressed.digits[:] = bytes(len(pressed.digits))
                return Pressed()
            case OkPressed():
                return Pressed(self._ok())
            case BackPressed():
                return Pressed(events.BackPressed())
            case CancelPressed():
                return Pressed(events.CancelPressed())

    def _ok(self) -> events.Event:
        screen = self._show.screen
        if screen in _TAKING_SCREENS:
            return events.SheetsTaken()
        if screen is Screen.CONFIRM and not self._show.warning:
            return events.ChoiceConfirmed()
        if screen is Screen.CHOOSE_MEMBERS and self._selected:
            return events.MembersChosen(tuple(sorted(self._selected)))
        if screen is Screen.CHOOSE_ITEMS and not self._show.warning:
            return events.ItemsChosen(
                tuple(item for index, item in enumerate(self._show.items) if index in self._selected)
            )
        return events.ContinuePressed()

    def _choose(self, key: str) -> Pressed:
        index = next((index for index, choice in enumerate(self._choices()) if choice.key == key), None)
        if index is None:
            return Pressed()
        if self._show.screen in _SELECTION_SCREENS:
            self._selected ^= {index}
            return Pressed(changed=True)
        match self._show.screen:
            case Screen.CHOOSE_KIND:
                return Pressed(events.KindChosen(index))
            case Screen.CHOOSE_SCOPE:
                return Pressed(events.ScopeChosen(self._show.scopes[index]))
            case Screen.CHOOSE_COPIES:
                return Pressed(events.CopiesChosen(index + 1))
            case _:
                return Pressed()

    def _compose(self) -> View:
        show = self._show
        screen = texts.SCREENS[show.screen]
        return View(
            screen=show.screen.value,
            title=_stacked(screen.title),
            lines=_lines((*screen.lines, *self._details())),
            choices=self._choices(),
            waits_for=InputKind.NOTHING if self._on_pin_pad() else _waits_for(show.screen),
            ok_label=self._ok_label(),
            back_label=_both(texts.BACK) if self._goes_back() else "",
            cancel_label=_both(texts.CANCEL) if show.screen in _CANCELLABLE else "",
            warning=self._warning(),
            banner=_stacked(texts.SPECIMEN_BANNER) if self.simulated else "",
        )

    def _goes_back(self) -> bool:
        unpaid = self._show.screen is Screen.PAY and not self._show.inserted_yen
        return unpaid or self._show.screen in _WITH_BACK

    def _ok_label(self) -> str:
        screen = self._show.screen
        if screen in _TAKING_SCREENS:
            return _both(texts.TAKEN)
        if screen is Screen.CONFIRM and not self._show.warning:
            return _both(texts.CONFIRM)
        return _both(texts.OK) if screen in _OK_SCREENS | _SELECTION_SCREENS or self._show.warning else ""

    def _warning(self) -> str:
        if not self._show.warning:
            return ""
        if _waits_for(self._show.screen) is InputKind.NOTHING:
            return _both(texts.LONGER)
        if self._show.ends_in_s is None:
            return _both(texts.STILL_HERE)
        return f"{_both(texts.STILL_HERE)}\n{_stacked(texts.ENDS_IN.filled(seconds=round(self._show.ends_in_s)))}"

    def _on_pin_pad(self) -> bool:
        return self.pin_pad and self._show.screen in _PIN_SCREENS

    def _details(self) -> tuple[Text, ...]:
        show = self._show
        details: list[Text] = []
        if self._on_pin_pad():
            details += [texts.ON_PIN_PAD, Text("●" * self._typed + "○" * (DIGITS - self._typed), "")]
        if show.tries_left is not None:
            details.append(texts.TRIES_LEFT.filled(tries=show.tries_left))
        if show.reason:
            details += [*reason_text(show.reason), texts.SUPPORT.filled(code=show.reason)]
        if show.screen is Screen.CONFIRM and show.choice is not None:
            details += self._summary(show)
        elif show.fee_yen and show.screen is Screen.CHOOSE_COPIES:
            details.append(texts.FEE_EACH.filled(fee=show.fee_yen))
        details += money_lines.before(show, self.takes)
        if show.expected_impressions:
            details.append(texts.PAGES.filled(done=show.impressions, all=show.expected_impressions))
        return (*details, *money_lines.afterwards(show, self.takes, self.slips))

    def _summary(self, show: Show) -> list[Text]:
        choice = show.choice
        assert choice is not None  # noqa: S101 - asked by the caller
        lines = [_word(texts.KINDS, choice.kind), _word(texts.SCOPES, choice.scope)]
        lines += [Text(self._name(index), "") for index in choice.members]
        lines += [_word(texts.ITEMS, item) for item in choice.items]
        return [*lines, texts.COPIES.filled(copies=choice.copies), money_lines.fee(show, self.takes)]

    def _choices(self) -> tuple[ViewChoice, ...]:
        show = self._show
        match show.screen:
            case Screen.CHOOSE_KIND:
                return tuple(_kind(index, offer) for index, offer in enumerate(show.offers))
            case Screen.CHOOSE_SCOPE:
                return tuple(_plain(index, _word(texts.SCOPES, scope)) for index, scope in enumerate(show.scopes))
            case Screen.CHOOSE_MEMBERS:
                names = (Text(self._name(index), "") for index in range(show.member_count))
                return tuple(_plain(index, name, index in self._selected) for index, name in enumerate(names))
            case Screen.CHOOSE_ITEMS:
                words = (_word(texts.ITEMS, item) for item in show.items)
                return tuple(_plain(index, word, index in self._selected) for index, word in enumerate(words))
            case Screen.CHOOSE_COPIES:
                return tuple(_plain(index, texts.COPIES.filled(copies=index + 1)) for index in range(show.copies_max))
            case _:
                return ()

    def _name(self, index: int) -> str:
        name = self.names[index] if index < len(self.names) else f"#{index + 1}"
        return name + (f" {_both(texts.YOU)}" if index == self._show.applicant_index else "")


def _waits_for(screen: Screen) -> InputKind:
    if screen in _CHOICE_SCREENS:
        return InputKind.CHOICE
    if screen in _SELECTION_SCREENS:
        return InputKind.SELECTION
    if screen in _PIN_SCREENS:
        return InputKind.DIGITS
    return InputKind.CONFIRMATION if screen in _OK_SCREENS else InputKind.NOTHING


def _kind(index: int, offer: Offer) -> ViewChoice:
    word = _both(_word(texts.KINDS, offer.kind))
    note = texts.NOT_AVAILABLE if offer.refusal else texts.FEE_EACH.filled(fee=offer.fee_yen)
    return ViewChoice(KEYS[index], f"{word}  {_both(note)}", available=offer.refusal is None)


def _plain(index: int, word: Text, selected: bool = False) -> ViewChoice:
    return ViewChoice(KEYS[index], _both(word), selected)


def _word(words: "texts.Words", key: str) -> Text:
    return words.get(key, Text(key, key))


def _both(text: Text) -> str:
    return f"{text.ja} / {text.en}" if text.en else text.ja


def _stacked(text: Text) -> str:
    return f"{text.ja}\n{text.en}"


def _lines(lines: tuple[Text, ...]) -> tuple[str, ...]:
    return tuple(line for text in lines for line in (text.ja, text.en) if line)
