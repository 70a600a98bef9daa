"""P3 PIN: no card got more tries than its holder typed PINs, and nobody's last try was spent unasked.

Lives on ``PinTyped`` and ``PinTried`` (the card's own counters), with ``ServiceSeen`` and ``ScreenShown``. A typed PIN is good
for one try; the text application may be offered the digits that the authentication application has just accepted, once, while all
its tries are left.
What is logged is not seen here but by ``evidence`` (``JournalRead.personal_data``).
"""

from dataclasses import dataclass

from simulator.checkers.lines import Line
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.sessions import AUTHENTICATION, READY, Absences, accepted
from simulator.checkers.verdict import Findings
from simulator.seen import CardLaid, PersonCame, PersonLeft, PinTried, PinTyped, ScreenShown, ServiceSeen

TEXT = "text"
TRIES_MAX = 3
"""Of the authentication and of the text application (reference jpki-card.md, sections 1 and 3)."""
LAST_TRY_SCREENS = {AUTHENTICATION: "confirm_last_try", TEXT: "confirm_last_text_try"}


@dataclass(slots=True)
class _Fingers:
    """What one person typed at one terminal: the PIN that is under way, and the digits that may be offered once more.

    ``began`` is since when: they came, or laid a card down; ``tried`` the try that used the PIN up.
    """

    began: Line[PersonCame | CardLaid] | None = None
    typed: Line[PinTyped] | None = None
    tried: Line[PinTried] | None = None
    under_way: bool = False
    to_offer_again: bool = False
    text_offered: bool = False


class PinCheck:
    """See the module."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._untyped = Absences(PinTyped)
        self._fingers: dict[tuple[str, int], _Fingers] = {}
        self._gone: dict[str, list[int]] = {}
        self._counters: dict[tuple[str, str], Line[PinTried]] = {}
        self._warned: dict[str, dict[str, Line[ScreenShown]]] = {}

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        own: Handlers = {
            PersonCame: self._begin,
            CardLaid: self._begin,
            PersonLeft: self._left,
            PinTyped: self._typed,
            PinTried: self._tried,
            ScreenShown: self._screen,
            ServiceSeen: self._service,
        }
        return self._untyped.handlers(), own

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``."""
        self._untyped.report(self._findings)

    def _begin(self, line: Line[PersonCame | CardLaid]) -> None:
        # Another person, or another card, or the same one again: what was typed before belongs to what was there before.
        self._fingers[line.seen.terminal, line.seen.person] = _Fingers(line)

    def _left(self, line: Line[PersonLeft]) -> None:
        # What they typed may still be on its way to the card; when the terminal is ready again, it is not.
        self._gone.setdefault(line.seen.terminal, []).append(line.seen.person)

    def _typed(self, line: Line[PinTyped]) -> None:
        fingers = self._of(line.seen.terminal, line.seen.person)
        fingers.typed, fingers.under_way, fingers.to_offer_again = line, True, False

    def _screen(self, line: Line[ScreenShown]) -> None:
        self._warned.setdefault(line.seen.terminal, {})[line.seen.screen] = line

    def _service(self, line: Line[ServiceSeen]) -> None:
        if line.seen.situation != READY:
            return
        self._warned.pop(line.seen.terminal, None)
        for person in self._gone.pop(line.seen.terminal, ()):
            self._fingers.pop((line.seen.terminal, person), None)
        if line.seen.left.pin_digits:
            self._findings.breach(f"{line.seen.left.pin_digits} digits of a PIN are left in a device", line)

    def _tried(self, line: Line[PinTried]) -> None:
        self._findings.examine()
        tried, fingers = line.seen, self._whose(line.seen)
        self._check_counters(line)
        if fingers.under_way:
            fingers.under_way, fingers.tried = False, line
            fingers.to_offer_again = tried.application == AUTHENTICATION and accepted(tried)
            fingers.text_offered |= tried.application == TEXT
        elif tried.application == TEXT and fingers.to_offer_again and not fingers.text_offered:
            fingers.to_offer_again, fingers.text_offered = False, True
            if tried.tries_before < TRIES_MAX:
                left = f"with {tried.tries_before} of {TRIES_MAX} tries left"
                what = f"the text application got the same digits unasked {left}"
                self._findings.breach(what, line, fingers.typed, fingers.tried)
        elif fingers.typed is None:
            self._untyped.breach(
                f"the {tried.application} application got a try, and no PIN was typed for it", line, fingers.began
            )
        else:
            what = f"the {tried.application} application got a try, and the PIN that was typed had had its try"
            self._findings.breach(what, line, fingers.typed, fingers.tried)
        self._check_last_try(line)

    def _check_counters(self, line: Line[PinTried]) -> None:
        tried = line.seen
        told = f"the {tried.application} application of the card of {tried.resident}"
        if tried.tries_after < tried.tries_before - 1:
            self._findings.breach(f"{told} lost {tried.tries_before - tried.tries_after} tries at once", line)
        former = self._counters.get((tried.resident, tried.application))
        if former is not None and tried.tries_before < former.seen.tries_after:
            lost = f"{former.seen.tries_after} to {tried.tries_before} tries left, and nobody saw why"
            self._findings.doubt(f"{told} went from {lost}", line, former)
        self._counters[tried.resident, tried.application] = line

    def _check_last_try(self, line: Line[PinTried]) -> None:
        tried = line.seen
        if tried.tries_before != 1:
            return
        if not tried.confirmed:
            self._findings.breach(f"the last try of the {tried.application} application was spent unasked", line)
        elif LAST_TRY_SCREENS.get(tried.application, "") not in self._warned.get(tried.terminal, {}):
            self._findings.doubt("the last try is said to have been confirmed, and no such screen was seen", line)

    def _whose(self, tried: PinTried) -> _Fingers:
        """Of whoever stands there, or of somebody who left while their PIN was on its way to the card."""
        own = self._of(tried.terminal, tried.person)
        left = [self._of(tried.terminal, person) for person in reversed(self._gone.get(tried.terminal, []))]
        on_the_way = (each for each in left if each.under_way or each.to_offer_again)
        return next(on_the_way, own) if own.typed is None else own

    def _of(self, terminal: str, person: int) -> _Fingers:
        return self._fingers.setdefault((terminal, person), _Fingers())


CHECKER = Checker("P3", "pin", "every try of a card was a PIN typed for it, and the last ones were confirmed", PinCheck)

if __name__ == "__main__":
    main(CHECKER)
