"""P4 money: every yen that went in came out again, was earned by a whole delivery, or is owed and on record.

Lives on ``MoneyInserted``, ``MoneyCameOut``, ``SlipCame``, ``SheetsCame`` and ``BooksRead``: between two readings of a terminal's
books it holds what they say against what coins and papers did. What lies in a device ``simulator.checkers.cash_count`` counts.
"""

from dataclasses import dataclass, field

from simulator.checkers.lines import Line
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.sessions import Coverage
from simulator.checkers.verdict import Findings
from simulator.seen import BooksRead, MoneyCameOut, MoneyInserted, Seen, SheetsCame, SlipCame, StaffDid

CLAIM, REFUND, VOID = "claim", "refund", "void"
PAID_CLAIM = "paid a claim"


@dataclass(slots=True)
class _Visitor:
    """One person's money since the books were last read. ``whole``: all the sheets that were asked for came."""

    inserted_yen: int = 0
    out_yen: int = 0
    claims_yen: int = 0
    """On tickets that are good: what comes out afterwards after all makes them void."""
    refunds_yen: int = 0
    last_slip: SlipCame | None = None
    deliveries: int = 0
    whole: bool = True
    lines: list[Line[Seen]] = field(default_factory=list)

    @property
    def inside_yen(self) -> int:
        """What went in, did not come out and stands on no claim ticket."""
        return self.inserted_yen - self.out_yen - self.claims_yen

    @property
    def delivered(self) -> bool:
        return self.deliveries > 0 and self.whole

    def slip(self, slip: SlipCame) -> None:
        """Count it; after ``void`` the one before is good for nothing, and is printed again."""
        sign, counted = 1, slip
        if slip.slip == VOID and self.last_slip is not None:
            sign, counted = -1, self.last_slip
        if counted.slip == CLAIM:
            self.claims_yen = max(0, self.claims_yen + sign * counted.amount_yen)
        elif counted.slip == REFUND:
            self.refunds_yen += sign * counted.amount_yen
        self.last_slip = None if slip.slip == VOID else slip


@dataclass(slots=True)
class _Till:
    """One terminal: its books as last read, and what has happened since."""

    books: Line[BooksRead] | None = None
    visitors: dict[int, _Visitor] = field(default_factory=dict)
    payer: int = 0
    staff_yen: int = 0
    staff: list[Line[StaffDid]] = field(default_factory=list)

    def visitor(self, person: int) -> _Visitor:
        """``person``; what comes out with nobody in front (0), or before somebody who paid nothing, is the last payer's."""
        paid = person in self.visitors and self.visitors[person].inserted_yen > 0
        return self.visitors.setdefault(person if paid else self.payer or person, _Visitor())

    def lines(self) -> list[Line[Seen]]:
        return [*(line for visitor in self.visitors.values() for line in visitor.lines), *self.staff]


class MoneyCheck:
    """See the module."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._tills: dict[str, _Till] = {}
        self._read = Coverage("what its books say")

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        own: Handlers = {
            MoneyInserted: self._inserted,
            MoneyCameOut: self._came_out,
            SlipCame: self._slip,
            SheetsCame: self._sheets,
            StaffDid: self._staff,
            BooksRead: self._books,
        }
        return self._read.handlers(), own

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``."""
        self._read.report(self._findings)
        for till in self._tills.values():
            lines = till.lines()
            if lines:
                self._findings.doubt("nobody read the books after this", lines[-1], till.books)

    def _till(self, terminal: str) -> _Till:
        return self._tills.setdefault(terminal, _Till())

    def _inserted(self, line: Line[MoneyInserted]) -> None:
        till = self._till(line.seen.terminal)
        till.payer = line.seen.person
        visitor = till.visitors.setdefault(line.seen.person, _Visitor())
        visitor.inserted_yen += line.seen.amount_yen
        visitor.lines.append(line)

    def _came_out(self, line: Line[MoneyCameOut]) -> None:
        visitor = self._till(line.seen.terminal).visitor(line.seen.person)
        visitor.out_yen += line.seen.amount_yen
        visitor.claims_yen = max(0, visitor.claims_yen - line.seen.amount_yen)
        visitor.lines.append(line)

    def _slip(self, line: Line[SlipCame]) -> None:
        visitor = self._till(line.seen.terminal).visitor(line.seen.person)
        visitor.slip(line.seen)
        if line.seen.slip in (CLAIM, REFUND, VOID):
            visitor.lines.append(line)

    def _sheets(self, line: Line[SheetsCame]) -> None:
        visitor = self._till(line.seen.terminal).visitor(line.seen.person)
        visitor.deliveries += 1
        visitor.whole = visitor.whole and line.seen.sides == line.seen.sides_asked
        visitor.lines.append(line)

    def _staff(self, line: Line[StaffDid]) -> None:
        if line.seen.what == PAID_CLAIM:
            till = self._till(line.seen.terminal)
            till.staff_yen += line.seen.amount_yen
            till.staff.append(line)

    def _books(self, line: Line[BooksRead]) -> None:
        till = self._till(line.seen.terminal)
        self._read.saw(line.seen.terminal)
        self._findings.examine(sum(1 for visitor in till.visitors.values() if visitor.inserted_yen or visitor.out_yen))
        if till.books is not None or till.lines():
            self._check(_Reading(line, till))
        self._tills[line.seen.terminal] = _Till(books=line, payer=till.payer)

    def _check(self, reading: "_Reading") -> None:
        lines = (reading.line, reading.till.books, *reading.till.lines())
        if reading.line.seen.unknown_coins:
            self._findings.doubt(f"{reading.line.seen.unknown_coins} coins inside are of unknown value", *lines)
            return
        for what in reading.breaches():
            self._findings.breach(what, *lines)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The books as read now, against those read before and what happened in between."""

    line: Line[BooksRead]
    till: _Till

    def breaches(self) -> list[str]:
        visitors = list(self.till.visitors.values())
        inside_yen = sum(visitor.inserted_yen - visitor.out_yen for visitor in visitors)
        kept_yen, owed_yen = self._grown("kept_yen"), self._grown("owed_yen") + self.till.staff_yen
        booked_yen = kept_yen + owed_yen - self._grown("overpaid_yen")
        earned_yen = sum(max(visitor.inside_yen, 0) for visitor in visitors if visitor.delivered)
        tickets_yen = sum(visitor.claims_yen for visitor in visitors)
        undelivered_yen = sum(max(visitor.inside_yen, 0) for visitor in visitors if not visitor.delivered)
        found = []
        if booked_yen != inside_yen:
            found.append(
                f"{inside_yen} yen more are inside, the books say {booked_yen}: kept {kept_yen}, owed {owed_yen}"
            )
        if kept_yen > earned_yen + self._grown("overpaid_yen"):
            found.append(f"{kept_yen} yen were kept, whole deliveries earned {earned_yen}")
        if kept_yen < 0:
            found.append(f"{-kept_yen} yen that were kept are kept no longer")
        if owed_yen < tickets_yen + undelivered_yen:
            due = f"tickets {tickets_yen}, not given back {undelivered_yen}"
            found.append(f"{owed_yen} yen are owed by the books, {due}")
        found += [
            f"a refund slip tells of {visitor.refunds_yen} yen, {visitor.out_yen} came out"
            for visitor in visitors
            if visitor.refunds_yen > visitor.out_yen
        ]
        return found

    def _grown(self, name: str) -> int:
        """By how much a sum of the books grew. A history that begins with money began with empty books."""
        before = 0 if self.till.books is None else getattr(self.till.books.seen, name)
        grown: int = getattr(self.line.seen, name) - before
        return grown


CHECKER = Checker(
    "P4", "money", "every yen came out again, was earned by a whole delivery, or is owed on record", MoneyCheck
)

if __name__ == "__main__":
    main(CHECKER)
