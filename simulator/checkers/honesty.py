"""P5 honesty: "take your sheets, printing is complete" is said only when every side that was asked for has come out.

Lives on ``ScreenShown`` (``take_sheets`` is the one screen that says so) and ``SheetsCame``; where more comes out afterwards,
also on ``CardLaid`` and ``ResidentKnown``: a stranger's whole paper is none of what this customer was told of, and P1's matter.
"""

from dataclasses import dataclass, field

from simulator.checkers.lines import Line
from simulator.checkers.registers import REGISTER_LAG_S, Registers
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.sessions import READY, Sessions
from simulator.checkers.verdict import Findings
from simulator.page_seen import PageSeen
from simulator.seen import ScreenShown, ServiceSeen, SheetsCame

DONE_SCREEN = "take_sheets"


@dataclass(slots=True)
class _Tray:
    """One terminal since it was last ready: what came out, and whether it said that it was done."""

    began: Line[ServiceSeen] | None = None
    sheets: list[Line[SheetsCame]] = field(default_factory=list)
    screens: bool = False
    done: Line[ScreenShown] | None = None


class HonestyCheck:
    """See the module."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._registers = Registers()
        self._sessions = Sessions()
        self._trays: dict[str, _Tray] = {}
        self._empty_words: list[tuple[Line[ScreenShown], Line[ServiceSeen] | None]] = []

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        own: Handlers = {ServiceSeen: self._service, ScreenShown: self._screen, SheetsCame: self._sheets}
        return self._registers.handlers(), own, self._sessions.handlers()

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``: that nothing came is known only when the history is whole."""
        for line, began in self._empty_words:
            tell = self._findings.breach if complete else self._findings.doubt
            tell("it says that printing is complete, and nothing came out", line, began)
        for tray in self._trays.values():
            self._close(tray)

    def _tray(self, terminal: str) -> _Tray:
        return self._trays.setdefault(terminal, _Tray())

    def _service(self, line: Line[ServiceSeen]) -> None:
        if line.seen.situation == READY:
            self._close(self._tray(line.seen.terminal))
            self._trays[line.seen.terminal] = _Tray(line)

    def _close(self, tray: _Tray) -> None:
        if tray.sheets and not tray.screens:
            self._findings.doubt("sheets came out, and nobody saw what the screen said", *tray.sheets)

    def _sheets(self, line: Line[SheetsCame]) -> None:
        tray = self._tray(line.seen.terminal)
        if tray.done is not None and not self._is_a_strangers(line):
            self._findings.breach("it had said that printing was complete, and more came out", line, tray.done)
        self._findings.examine()
        tray.sheets.append(line)

    def _is_a_strangers(self, line: Line[SheetsCame]) -> bool:
        """Whether these are whole papers of people whom a register knows, and nobody of them is of a card's household here."""
        came, cards = line.seen, self._sessions.at(line.seen.terminal).cards
        holders = dict.fromkeys(card.seen.resident for card in cards)
        if not holders or not came.pages or _missing(came):
            return False
        if any(not page.residents or page.unsure or page.strangers for page in came.pages):
            return False
        people = dict.fromkeys(who for page in came.pages for who in page.residents)
        since_s = min(card.at_s for card in cards) - REGISTER_LAG_S
        return all(
            self._registers.one_household(who, holder, since_s, line.at_s) is False
            for who in people
            for holder in holders
        )

    def _screen(self, line: Line[ScreenShown]) -> None:
        tray = self._tray(line.seen.terminal)
        tray.screens = True
        if line.seen.screen != DONE_SCREEN or tray.done is not None:
            return
        tray.done = line
        if not tray.sheets:
            self._empty_words.append((line, tray.began))
        for sheets in tray.sheets:
            for what in _missing(sheets.seen):
                self._findings.breach(f"it says that printing is complete, and {what}", line, sheets, tray.began)


def _missing(sheets: SheetsCame) -> list[str]:
    missing = []
    if sheets.sides != sheets.sides_asked:
        missing.append(f"{sheets.sides} of {sheets.sides_asked} sides came out")
    copies: dict[str, list[PageSeen]] = {}
    for page in sheets.pages:
        copies.setdefault(page.number, []).append(page)
    for number, pages in copies.items():
        due = max(page.pages for page in pages)
        lacking = sorted(set(range(1, due + 1)) - {page.page for page in pages})
        if number and lacking:
            missing.append(f"document {number} lacks page {', '.join(map(str, lacking))} of {due}")
    return missing


CHECKER = Checker("P5", "honesty", "whenever it said that printing was complete, every side had come out", HonestyCheck)

if __name__ == "__main__":
    main(CHECKER)
