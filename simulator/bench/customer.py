"""The person in front of the terminal: looks at each screen and presses what the case asks for."""

from collections.abc import Callable

from simulator.bench.people import Case
from simulator.devices.card_reader.inprocess import InProcessReader
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.profiles import PIN
from terminal.devices.api import DeviceStatus, ProofLine, Readiness
from terminal.devices.screen.api import ChoicePressed, DigitsEntered, OkPressed, PersonInput, View
from terminal.fsm.effects import Screen
from terminal.presenting import texts


class UnexpectedScreenError(RuntimeError):
    """The terminal showed what this customer has no answer to: the purchase did not go as it should."""


class CustomerScreen:
    """A screen with its customer: implements ``terminal.devices.screen.api.Screen`` and presses keys by itself."""

    def __init__(self, case: Case, reader: InProcessReader, card: Card, before_tap: Callable[[], None]) -> None:
        self._case = case
        self._reader = reader
        self._card = card
        self._before_tap = before_tap
        self._shown = ""
        self._press: Callable[[PersonInput], None] = lambda pressed: None
        self.screens: list[str] = []

    def show(self, view: View) -> None:
        """Answer each new screen once; what is drawn again with another selection is not answered again."""
        if view.screen == self._shown:
            return
        self._shown = view.screen
        self.screens.append(view.screen)
        self._answer(Screen(view.screen), view)

    def _answer(self, screen: Screen, view: View) -> None:
        match screen:
            case Screen.WELCOME:
                self._before_tap()
                self._reader.insert(self._card)
            case Screen.ENTER_PIN:
                self._press(DigitsEntered(bytearray(PIN, "ascii")))
            case Screen.TAKE_CARD:
                self._reader.remove()
            case Screen.CHOOSE_COPIES:
                self._press(ChoicePressed(view.choices[0].key))
            case Screen.CONFIRM | Screen.TAKE_SHEETS:
                self._press(OkPressed())
            case Screen.SORRY | Screen.KIND_REFUSED | Screen.PIN_LOCKED | Screen.STOPPED | Screen.REFUNDING:
                raise UnexpectedScreenError(
                    f"expected a sheet, the terminal says {view.screen}: {' '.join(view.lines)}"
                )
            case _:
                self._answer_choice(screen, view)

    def _answer_choice(self, screen: Screen, view: View) -> None:
        match screen:
            case Screen.CHOOSE_KIND:
                self._choose(view, texts.KINDS[self._case.kind].ja)
            case Screen.CHOOSE_SCOPE:
                self._choose(view, texts.SCOPES[self._case.scope].ja)
            case Screen.CHOOSE_ITEMS:
                for item in self._case.items:
                    self._choose(view, texts.ITEMS[item].ja)
                self._press(OkPressed())
            case _:
                pass

    def _choose(self, view: View, words: str) -> None:
        found = [choice for choice in view.choices if words in choice.label.split(" / ")[0]]
        if len(found) != 1:
            raise UnexpectedScreenError(f"expected one choice that says {words} on {view.screen}, found {len(found)}")
        self._press(ChoicePressed(found[0].key))

    def listen(self, listener: Callable[[PersonInput], None]) -> None:
        """See ``Screen.listen``."""
        self._press = listener

    def close(self) -> None:
        """See ``Screen.close``."""

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``."""
        return Readiness("screen", DeviceStatus.ONLINE, "simulated (SPECIMEN)")

    def clear(self) -> None:
        """See ``Resettable.clear``."""
        self._shown = ""

    def prove(self) -> ProofLine:
        """See ``Resettable.prove``."""
        return ProofLine("screen", True, "nothing is shown")
