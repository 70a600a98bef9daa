"""Who watches one terminal from outside, and writes down what is seen: cards, keys, screens, money, papers, and what is left."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from simulator import seen as s
from simulator.devices.card_reader import jpki, text
from simulator.devices.card_reader.model import Card
from simulator.devices.printer.tray import Delivery
from simulator.history import History
from terminal.devices.receipt_printer.composing import VOID
from terminal.devices.screen.api import PersonInput, View
from terminal.presenting import texts

_SLIPS: Final = {"領収書": "receipt", "お支払い票": "bill", "返金票": "refund", "預り証": "claim"}
_YEN: Final = re.compile(r"[¥￥]\s*([\d,]+)")
_LAST_TRY: Final = {"authentication": "confirm_last_try", "text": "confirm_last_text_try"}
_APPLICATIONS: Final = {jpki.AUTHENTICATION_PIN: "authentication", text.PIN: "text"}

PaperReader = Callable[[bytes], tuple[s.PageSeen, ...]]
"""Reads the sheets of a delivery; ``simulator.checkers.paper`` has one that knows the registers."""


@dataclass(slots=True)
class Observer:
    """Sees one terminal. ``names`` are what residents are called and were (``KnownPeople.called``), ``read`` reads papers."""

    history: History
    terminal: str
    names: Mapping[str, tuple[str, ...]]
    read: PaperReader
    person: int = 0
    specimen_words: str = texts.SPECIMEN_BANNER.en
    hear: Callable[[Callable[[], None]], None] = lambda told: told()
    """How it is told what happens on another thread than its own (a card on a wire): at once, unless something else is given."""
    on_pressed: Callable[[View, PersonInput], None] = lambda view, pressed: None
    """Told of each input on the view that was up, for whoever keeps a log: a history holds none."""
    _typed: int = 0
    _warned: set[str] = field(default_factory=set)
    _deliveries: int = 0
    _slips: int = 0

    @property
    def deliveries(self) -> int:
        """How many deliveries came out so far."""
        return self._deliveries

    # --- people

    def came(self, person: int, resident: str, waited_s: float = 0.0) -> None:
        """Somebody steps up."""
        self.person, self._typed = person, 0
        self._warned.clear()
        self.history.see(s.PersonCame(self.terminal, person, resident, round(waited_s, 3)))

    def left(self, why: str) -> None:
        """They go; from now on nobody stands here."""
        if self.person:
            self.history.see(s.PersonLeft(self.terminal, self.person, why))
        self.person = 0

    def card_laid(self, resident: str, card: Card) -> None:
        """A card lies on the reader; every PIN that it is given is seen from now on."""
        card.on_pin = lambda secret, before, after: self.hear(lambda: self._pin_tried(resident, secret, before, after))
        self.history.see(s.CardLaid(self.terminal, self.person, resident))

    def card_lifted(self) -> None:
        """The reader is empty."""
        self.history.see(s.CardLifted(self.terminal, self.person))

    def pin_typed(self) -> None:
        """Digits were entered."""
        self._typed += 1
        self.history.see(s.PinTyped(self.terminal, self.person, self._typed))

    def _pin_tried(self, resident: str, secret: str, before: int, after: int) -> None:
        application = _APPLICATIONS.get(secret)
        if application is None:
            return
        confirmed = _LAST_TRY[application] in self._warned
        self.history.see(s.PinTried(self.terminal, self.person, resident, application, before, after, confirmed))

    # --- what is shown

    def shown(self, view: View) -> None:
        """A screen that was not up before."""
        self._warned.add(view.screen)
        named = self.named_in("\n".join((*view.lines, *(choice.label for choice in view.choices))))
        specimen = self.specimen_words in view.banner
        self.history.see(s.ScreenShown(self.terminal, self.person, view.screen, code_of(view), named, specimen))

    def named_in(self, words: str) -> tuple[str, ...]:
        """The keys of the residents whose names stand in ``words``, present or former."""
        if not words:
            return ()
        # Nearly everybody has one name: no generator for each of them.
        return tuple(
            key
            for key, names in self.names.items()
            if names[0] in words or (len(names) > 1 and any(name in words for name in names))
        )

    # --- money

    def money_in(self, amount_yen: int) -> None:
        """A coin or note went in."""
        self.history.see(s.MoneyInserted(self.terminal, self.person, amount_yen))

    def money_out(self, amount_yen: int) -> None:
        """Coins or notes came out, or a note was handed back."""
        if amount_yen:
            self.history.see(s.MoneyCameOut(self.terminal, self.person, amount_yen))

    def slips(self, lines: Iterable[tuple[str, ...]]) -> None:
        """The slips that lie there, all since the beginning; those that are new are told."""
        for number, each in enumerate(lines):
            if number >= self._slips:
                self._slips += 1
                self.history.see(s.SlipCame(self.terminal, self.person, *_slip(each)))

    def books(self, kept_yen: int, owed_yen: int, overpaid_yen: int = 0, unknown_coins: int = 0) -> None:
        """What the terminal's own books say."""
        self.history.see(s.BooksRead(self.terminal, kept_yen, owed_yen, overpaid_yen, unknown_coins))

    # --- paper

    def sheets(self, delivery: Delivery) -> None:
        """Sheets came out, and are read."""
        self._deliveries += 1
        pages = self.read(delivery.pdf)
        came = s.SheetsCame(self.terminal, self.person, self._deliveries, delivery.sides, delivery.sides_asked, pages)
        self.history.see(came)

    def sheets_taken(self, count: int, *, by_staff: bool = False) -> None:
        """The last ``count`` deliveries are taken out of the tray."""
        for number in range(self._deliveries - count + 1, self._deliveries + 1):
            self.history.see(s.SheetsTaken(self.terminal, 0 if by_staff else self.person, number))

    # --- the terminal itself

    def service(self, situation: str, code: str, left: s.Emptiness) -> None:
        """It began or ceased to take customers."""
        self.history.see(s.ServiceSeen(self.terminal, situation, code, left))

    def staff(self, what: str, amount_yen: int = 0) -> None:
        """The staff did something."""
        self.history.see(s.StaffDid(self.terminal, what, amount_yen))


def code_of(view: View) -> str:
    """The code on the screen, which a customer can read to the hotline."""
    prefix = texts.SUPPORT.ja.split("{")[0]
    return next((line.removeprefix(prefix) for line in view.lines if line.startswith(prefix)), "")


def _slip(lines: tuple[str, ...]) -> tuple[str, int]:
    """What a slip is and over how much, read off the paper."""
    words = "\n".join(lines)
    unnamed = "void" if VOID in words else "torn"
    kind = next((kind for title, kind in _SLIPS.items() if title in words), unnamed)
    amount = _YEN.search(words)
    return kind, int(amount.group(1).replace(",", "")) if amount else 0
