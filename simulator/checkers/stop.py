"""P6 stop: a terminal that found another person's content serves nobody until a person of the staff has released it.

Lives on ``ServiceSeen``, ``StaffDid`` and ``ScreenShown``; where ``ServerDid`` tells of a content handed over, also on that and
``SheetsCame``. A finding is seen on the screen: the terminal stops for inspection, or tells the customer a code that says
"somebody else's".
"""

from dataclasses import dataclass
from typing import Any, Final

from simulator.checkers.lines import Line
from simulator.checkers.registers import REGISTER_LAG_S, Registers
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.sessions import READY, SERVING, STOPPED, Coverage, Sessions
from simulator.checkers.verdict import Findings
from simulator.seen import MoneyInserted, PinTried, ScreenShown, Seen, ServerDid, ServiceSeen, SheetsCame, StaffDid

RELEASED = "released a finding"
STOPPED_SCREEN = "stopped"
IDLE_SCREENS = frozenset({STOPPED_SCREEN, "out_of_service", "resetting"})
FINDING_CODES: Final = frozenset(
    f"GATE_OTHER_{what}"
    for what in (
        "REQUEST",
        "SESSION",
        "TERMINAL",
        "SESSION_KEY",
        "CARD",
        "MUNICIPALITY",
        "NAME",
        "BIRTH_DATE",
        "SEX",
        "PERSONS",
        "DOCUMENT_NUMBER",
    )
)
"""The codes that tell a customer "this is somebody else's" (docs/gates.md); each of them is a finding wherever it is told."""


@dataclass(slots=True)
class _Terminal:
    """``told``: the screen told a finding; ``stopped``: the terminal is stopped since."""

    told: Line[ScreenShown] | None = None
    stopped: Line[Seen] | None = None


class StopCheck:
    """See the module."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._registers = Registers()
        self._situation = Coverage("its situation")
        self._terminals: dict[str, _Terminal] = {}
        self._sessions = Sessions()
        self._foreign: dict[str, list[Line[ServerDid]]] = {}

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        own: Handlers = {
            ServiceSeen: self._service,
            ScreenShown: self._screen,
            StaffDid: self._staff,
            PinTried: self._served,
            MoneyInserted: self._served,
            SheetsCame: self._sheets,
            ServerDid: self._server,
        }
        # The sessions come last: a session that ends is still looked at here.
        return self._situation.handlers(), self._registers.handlers(), own, self._sessions.handlers()

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``: a finding that is still open at the end is open, no more."""
        self._situation.report(self._findings)

    def _at(self, terminal: str) -> _Terminal:
        return self._terminals.setdefault(terminal, _Terminal())

    def _service(self, line: Line[ServiceSeen]) -> None:
        seen, terminal = line.seen, self._at(line.seen.terminal)
        self._situation.saw(seen.terminal)
        self._findings.examine()
        if seen.situation == STOPPED:
            terminal.stopped = terminal.stopped or line
        elif seen.situation in (READY, SERVING):
            self._served(line)
            if terminal.told is not None and terminal.stopped is None:
                code = terminal.told.seen.reason
                self._findings.breach(
                    f"it told a customer {code}, and goes on without having stopped", line, terminal.told
                )
            terminal.told = None
        if seen.situation == READY:
            for card in self._sessions.at(seen.terminal).cards:
                self._foreign.pop(card.seen.resident, None)

    def _screen(self, line: Line[ScreenShown]) -> None:
        seen, terminal = line.seen, self._at(line.seen.terminal)
        if seen.screen == STOPPED_SCREEN:
            terminal.stopped = terminal.stopped or line
        elif seen.screen not in IDLE_SCREENS:
            self._served(line)
        if seen.reason in FINDING_CODES:
            terminal.told = terminal.told or line

    def _staff(self, line: Line[StaffDid]) -> None:
        if line.seen.what == RELEASED:
            self._terminals[line.seen.terminal] = _Terminal()

    def _served(self, line: Line[Any]) -> None:
        stopped = self._at(line.seen.terminal).stopped
        if stopped is not None:
            self._findings.breach("somebody is served before a person released the finding", line, stopped)

    # --- what servers handed over

    def _server(self, line: Line[ServerDid]) -> None:
        if line.seen.due and line.seen.resident not in ("", line.seen.due):
            self._foreign.setdefault(line.seen.due, []).append(line)

    def _sheets(self, line: Line[SheetsCame]) -> None:
        self._served(line)
        told = self._at(line.seen.terminal).told
        if told is not None:
            self._findings.breach(
                f"it told a customer {told.seen.reason}, and sheets came out all the same", line, told
            )
        people = {resident for page in line.seen.pages for resident in page.residents}
        holders = dict.fromkeys(card.seen.resident for card in self._sessions.at(line.seen.terminal).cards)
        for handed in (handed for holder in holders for handed in self._foreign.get(holder, ())):
            foreign, due = handed.seen.resident, handed.seen.due
            if foreign not in people or handed.seen.terminal not in ("", line.seen.terminal):
                continue
            since_s = handed.at_s - REGISTER_LAG_S
            lines = self._registers.lines_of((foreign, due), since_s, line.at_s)
            match self._registers.one_household(foreign, due, since_s, line.at_s):
                case False:
                    what = f"the server handed over {foreign}'s paper for {due}, and it came out"
                    self._findings.breach(what, line, handed, *lines)
                case None:
                    self._findings.doubt(f"{foreign}'s paper came out under the request of {due}", line, handed)
                case True:
                    pass


CHECKER = Checker(
    "P6", "stop", "after another person's content nobody was served before a person released it", StopCheck
)

if __name__ == "__main__":
    main(CHECKER)
