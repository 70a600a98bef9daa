"""Each visit of a history as one value: what its person did besides what anybody does, and on which screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from honnin.live.log import Press
from simulator import seen as s
from simulator.history import At

_BETWEEN: Final = frozenset({"", "welcome", "goodbye", "resetting", "out_of_service", "stopped"})
"""Screens on which a card is laid down or taken without that being a habit."""
RECORDING_ENDED: Final = "the recording ended"
"""Why somebody left who still stood there."""
_SAME_HAND_S: Final = 0.2
_READS_MAX_S: Final = 60.0


@dataclass(slots=True)
class Visit:
    """One person's. Times are seconds of the run; ``lifts`` are screens with seconds since they came up."""

    person: int
    terminal: str
    resident: str
    came_s: float
    stepped_up: bool = False
    profile: str = ""
    shown: list[tuple[str, float]] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    paid_yen: list[int] = field(default_factory=list)
    paid_s: list[float] = field(default_factory=list)
    wrong_pins: int = 0
    wrong_text_pins: int = 0
    lifts: list[tuple[str, float]] = field(default_factory=list)
    lifted: bool = False
    other_cards: list[tuple[str, str]] = field(default_factory=list)
    came_out: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    took_others_sheets: bool = False
    left: str = ""
    walked_away_at: str = ""
    patience_s: float | None = None
    next_ready_s: float = float("inf")

    @property
    def forgot_sheets(self) -> bool:
        """They left what came out for them."""
        return bool(self.came_out - self.taken) and bool(self.left)

    @property
    def pressed_on(self) -> bool:
        """They pressed keys in the session that they found."""
        return any(press.at_s < self.next_ready_s for press in self.presses)

    @property
    def reads_s(self) -> float | None:
        """How long they usually look at a screen before they press; None when they never did."""
        looked = [press.at_s - since_s for press in self.presses if (since_s := self._since(press)) is not None]
        return round(min(median(looked), _READS_MAX_S), 1) if looked else None

    def _since(self, press: Press) -> float | None:
        """When the screen came up that ``press`` was the first on."""
        since_s = max((at_s for name, at_s in self.shown if name == press.screen and at_s <= press.at_s), default=None)
        if since_s is None or any(since_s <= each.at_s < press.at_s for each in self.presses):
            return None
        return since_s

    def showings_of(self, screen: str, at_s: float) -> int:
        """How often ``screen`` had come up by ``at_s``."""
        return sum(name == screen and since_s <= at_s for name, since_s in self.shown)

    def last_deed_on(self, press: Press) -> float:
        """When its screen came up, or the last coin went in since."""
        shown = [at_s for name, at_s in self.shown if name == press.screen and at_s <= press.at_s]
        paid = [at_s for at_s in self.paid_s if at_s <= press.at_s]
        return max((*shown[-1:], *(paid[-1:] if press.screen == "pay" else ())), default=press.at_s)


@dataclass(slots=True)
class _Place:
    """What is up at one terminal."""

    screen: str = ""
    since_s: float = 0.0
    session: bool = False
    card_of: int = 0
    lifted_s: float = -1.0


class _Reader:
    def __init__(self) -> None:
        self.visits: dict[int, Visit] = {}
        self._places: dict[str, _Place] = {}

    def take(self, at: At) -> None:
        """One line of the history."""
        match at.seen:
            case s.PersonCame() as came:
                place = self._place(came.terminal)
                began = Visit(came.person, came.terminal, came.resident, at.at_s - came.waited_s, place.session)
                began.shown.append((place.screen, at.at_s))
                self.visits[came.person] = began
            case s.PersonLeft() as left:
                self._left(left, at.at_s)
            case s.ScreenShown() as shown:
                place = self._place(shown.terminal)
                place.screen, place.since_s = shown.screen, at.at_s
                if visit := self.visits.get(shown.person):
                    visit.shown.append((shown.screen, at.at_s))
            case s.ServiceSeen() as service:
                self._place(service.terminal).session = False
                for each in self.visits.values():
                    if each.terminal == service.terminal and at.at_s > each.came_s:
                        each.next_ready_s = min(each.next_ready_s, at.at_s)
            case s.CardLaid() | s.CardLifted():
                self._card(at.seen, at.at_s)
            case _:
                self._thing(at)

    def _thing(self, at: At) -> None:
        visit = self.visits.get(getattr(at.seen, "person", 0))
        match at.seen:
            case s.MoneyInserted(amount_yen=amount_yen) if visit is not None:
                visit.paid_yen.append(amount_yen)
                visit.paid_s.append(at.at_s)
            case s.PinTried(application=application, tries_before=before, tries_after=after) if visit is not None:
                if after < before:
                    visit.wrong_pins += application == "authentication"
                    # The terminal itself offers the same digits once; only what was asked for is the person's mistake.
                    asked = any(screen == "enter_text_pin" for screen, _ in visit.shown)
                    visit.wrong_text_pins += asked and application == "text"
            case s.SheetsCame(delivery=delivery) if visit is not None:
                visit.came_out.add(delivery)
            case s.SheetsTaken(delivery=delivery) if visit is not None:
                visit.taken.add(delivery)
                visit.took_others_sheets = visit.took_others_sheets or delivery not in visit.came_out
            case _:
                pass

    def _left(self, left: s.PersonLeft, at_s: float) -> None:
        visit = self.visits.get(left.person)
        if visit is None:
            return
        visit.left = left.why
        if left.why in ("walked away", RECORDING_ENDED):
            visit.walked_away_at = self._place(left.terminal).screen
        elif left.why == "tired of waiting":
            visit.patience_s = round(at_s - visit.came_s, 1)

    def _card(self, seen: s.CardLaid | s.CardLifted, at_s: float) -> None:
        place, visit = self._place(seen.terminal), self.visits.get(seen.person)
        if isinstance(seen, s.CardLifted):
            if visit is not None:
                visit.lifted = visit.lifted or place.card_of == visit.person
                if place.screen not in _BETWEEN:
                    visit.lifts.append((place.screen, at_s - place.since_s))
            place.lifted_s, place.card_of = at_s, 0
            return
        if visit is not None and not visit.profile:
            visit.profile = seen.resident
        elif visit is not None and place.screen not in _BETWEEN:
            self._exchanged(visit, place, at_s)
            visit.other_cards.append((place.screen, seen.resident))
        place.card_of, place.session = seen.person, True

    def _exchanged(self, visit: Visit, place: _Place, at_s: float) -> None:
        """One hand took a card off and laid another down: that is one deed."""
        if visit.lifts and at_s - place.lifted_s < _SAME_HAND_S:
            visit.lifts.pop()

    def _place(self, terminal: str) -> _Place:
        return self._places.setdefault(terminal, _Place())


def visits_of(history: Iterable[At], presses: Sequence[Press]) -> list[Visit]:
    """The visits of ``history``, in order of their coming."""
    reader = _Reader()
    for at in history:
        reader.take(at)
    for press in presses:
        if visit := reader.visits.get(press.person):
            visit.presses.append(press)
    return list(reader.visits.values())
