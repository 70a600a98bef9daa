"""P2 reset: a terminal that says "ready" holds nothing of anybody, and no screen shows one person's names to another.

Lives on ``ServiceSeen`` (what is left: ``Emptiness``), ``ScreenShown``, ``CardLaid`` and ``ResidentKnown``. What is left in the
memory of real processes no history shows; ``simulator.checkers.memory_hunt`` looks for it.
"""

from simulator.checkers.lines import Line
from simulator.checkers.registers import REGISTER_LAG_S, Registers
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.sessions import READY, SERVING, Absences, Coverage, Session, Sessions
from simulator.checkers.verdict import Findings
from simulator.counting import many
from simulator.seen import CardLaid, Emptiness, ScreenShown, ServiceSeen


class ResetCheck:
    """See the module."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._registers = Registers()
        self._sessions = Sessions()
        self._ready = Coverage("a terminal that is ready")
        self._cardless = Absences(CardLaid)
        self._situations: dict[str, Line[ServiceSeen]] = {}

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        own: Handlers = {ServiceSeen: self._service, ScreenShown: self._screen}
        shared = (self._registers, self._sessions, self._ready, self._cardless)
        return *(each.handlers() for each in shared), own

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``."""
        self._ready.report(self._findings)
        self._cardless.report(self._findings)

    def _service(self, line: Line[ServiceSeen]) -> None:
        seen, before = line.seen, self._situations.get(line.seen.terminal)
        self._situations[seen.terminal] = line
        if seen.situation == READY:
            self._findings.examine()
            self._ready.saw(seen.terminal)
            if not seen.left.empty:
                self._findings.breach(f"it says that it is ready, and holds {', '.join(_held(seen.left))}", line)
        elif seen.situation == SERVING and (before is None or before.seen.situation != READY):
            self._findings.doubt("it takes a customer, and nobody saw that it was ready and empty before", line, before)

    def _screen(self, line: Line[ScreenShown]) -> None:
        seen = line.seen
        if not seen.residents:
            return
        session, situation = self._sessions.at(seen.terminal), self._situations.get(seen.terminal)
        cards = session.cards_of(seen.person)
        told = f"the screen {seen.screen} shows {', '.join(seen.residents)}"
        if situation is not None and situation.seen.situation not in (READY, SERVING):
            self._findings.breach(f"{told}, and nobody is served", line, situation)
        elif not cards:
            whose = "nobody's card was read" if not session.cards else "the card that was read is another person's"
            self._cardless.breach(f"{told}, and {whose}", line, session.began)
        else:
            self._check_names(line, told, session, cards)

    def _check_names(self, line: Line[ScreenShown], told: str, session: Session, cards: list[Line[CardLaid]]) -> None:
        since_s, until_s = min(card.at_s for card in cards) - REGISTER_LAG_S, line.at_s
        holders = tuple(dict.fromkeys(card.seen.resident for card in cards))
        others = [who for who in line.seen.residents if not self._is_one_of(who, holders, since_s, until_s)]
        if not others:
            return
        lines = self._registers.lines_of((*others, *holders), since_s, until_s)
        unknown = [who for who in (*others, *holders) if not self._registers.between(who, since_s, until_s)]
        if unknown:
            self._findings.doubt(f"{told}, and no register knows {' and '.join(unknown)}", line)
        else:
            self._findings.breach(f"{told}, the card was that of {' and '.join(holders)}", line, session.began, *lines)

    def _is_one_of(self, who: str, holders: tuple[str, ...], since_s: float, until_s: float) -> bool:
        """Whether ``who`` belongs to a holder's household, or is called like one who does: a screen shows names only."""
        if any(self._registers.one_household(who, holder, since_s, until_s) for holder in holders):
            return True
        names = {member.name for holder in holders for member in self._registers.household(holder, since_s, until_s)}
        return any(spell.known.name in names for spell in self._registers.between(who, since_s, until_s))


def _held(left: Emptiness) -> list[str]:
    held = [
        (left.sheets, many(left.sheets, "sheet")),
        (left.jobs, many(left.jobs, "print job")),
        (left.card, "a card"),
        (left.escrow_yen, f"{left.escrow_yen} yen in escrow"),
        (left.pin_digits, f"{many(left.pin_digits, 'digit')} of a PIN"),
        (left.names_on_screen, f"names on the screen ({', '.join(left.names_on_screen)})"),
        (left.remnants, f"remnants ({', '.join(left.remnants)})"),
    ]
    return [what for there, what in held if there]


CHECKER = Checker(
    "P2", "reset", "every ready terminal was empty, and no screen showed a name to somebody else", ResetCheck
)

if __name__ == "__main__":
    main(CHECKER)
