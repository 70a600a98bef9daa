"""What the checkers share: whose cards were read since a terminal was last ready, and which terminals were looked at."""

from dataclasses import dataclass, field

from simulator.checkers.lines import Line
from simulator.checkers.running import Handlers
from simulator.checkers.verdict import REASONS_MAX, Findings
from simulator.seen import CardLaid, PinTried, RunStarted, Seen, ServiceSeen

READY = "ready"
SERVING = "serving"
STOPPED = "stopped for a finding"
AUTHENTICATION = "authentication"


@dataclass(slots=True)
class Session:
    """One terminal since it was last ready (``began``; None: since the history began)."""

    terminal: str
    began: Line[ServiceSeen] | None = None
    cards: list[Line[CardLaid]] = field(default_factory=list)
    accepted: dict[str, Line[PinTried]] = field(default_factory=dict)
    """Residents whose card took an authentication PIN."""
    tries_seen: bool = False

    def cards_of(self, person: int) -> list[Line[CardLaid]]:
        """The cards that ``person`` laid down; with nobody in front (0), all of them."""
        return [card for card in self.cards if person in (0, card.seen.person)]

    def cards_served(self, person: int) -> list[Line[CardLaid]]:
        """The cards that papers may be about which come while ``person`` stands there.

        Theirs; but if none of theirs took a PIN and another's did, the session is that other's: they left while it was printing.
        """
        own = self.cards_of(person)
        if any(card.seen.resident in self.accepted for card in own):
            return own
        return [card for card in self.cards if card.seen.resident in self.accepted] or own


class Sessions:
    """The present session of every terminal. A card belongs to the session in which it was laid down, and to no other."""

    def __init__(self) -> None:
        self._present: dict[str, Session] = {}

    def handlers(self) -> Handlers:
        """See ``Checking.handlers``."""
        return {ServiceSeen: self._service, CardLaid: self._card, PinTried: self._tried}

    def at(self, terminal: str) -> Session:
        """The present session of ``terminal``."""
        return self._present.setdefault(terminal, Session(terminal))

    def _service(self, line: Line[ServiceSeen]) -> None:
        if line.seen.situation == READY:
            self._present[line.seen.terminal] = Session(line.seen.terminal, line)

    def _card(self, line: Line[CardLaid]) -> None:
        self.at(line.seen.terminal).cards.append(line)

    def _tried(self, line: Line[PinTried]) -> None:
        session, tried = self.at(line.seen.terminal), line.seen
        session.tries_seen = True
        if tried.application == AUTHENTICATION and accepted(tried):
            session.accepted.setdefault(tried.resident, line)


class Coverage:
    """Which of the run's terminals ``what`` was seen of: a terminal that nobody looked at proves nothing."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._started: Line[RunStarted] | None = None
        self._seen: dict[str, None] = {}

    @property
    def terminals(self) -> tuple[str, ...]:
        """The terminals of the run, as its start names them."""
        return self._started.seen.terminals if self._started is not None else ()

    def handlers(self) -> Handlers:
        """See ``Checking.handlers``."""
        return {RunStarted: self._start}

    def saw(self, terminal: str) -> None:
        """It was seen at ``terminal``."""
        self._seen[terminal] = None

    def report(self, findings: Findings) -> None:
        """Put down a doubt for each terminal that is missing."""
        if self._started is None or not self._started.seen.terminals:
            findings.doubt("the history does not say which terminals took part", self._started)
        for terminal in self.terminals:
            if terminal not in self._seen:
                findings.doubt(f"{self._what} was never seen at {terminal}", self._started)

    def _start(self, line: Line[RunStarted]) -> None:
        self._started = line


class Absences:
    """Breaches that rest on a line of ``kind`` not being there. In a history that has none at all, they are doubts."""

    def __init__(self, kind: type[Seen]) -> None:
        self._kind = kind
        self._seen = False
        self._held: list[tuple[str, tuple[Line[Seen] | None, ...]]] = []
        self._unheld = 0

    def handlers(self) -> Handlers:
        """See ``Checking.handlers``."""
        return {self._kind: self._saw}

    def breach(self, what: str, *lines: Line[Seen] | None) -> None:
        """Hold this back until the history is over."""
        if len(self._held) < REASONS_MAX:
            self._held.append((what, lines))
        else:
            self._unheld += 1

    def report(self, findings: Findings) -> None:
        """Put down what was held back."""
        tell = findings.breach if self._seen else findings.doubt
        for what, lines in self._held:
            tell(what, *lines)
        for _ in range(self._unheld):
            tell("and one more")

    def _saw(self, _line: Line[Seen]) -> None:
        self._seen = True


def accepted(tried: PinTried) -> bool:
    """Whether it was the right PIN: a card takes a try away first, and gives all of them back for the right one."""
    return tried.tries_after >= max(tried.tries_before, 1)
