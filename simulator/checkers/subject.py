"""P1 subject: whatever lay in a tray was about the person whose card was read there, and that person took it.

Lives on ``SheetsCame``, ``SheetsTaken``, ``CardLaid``, ``PinTried``, ``ServiceSeen`` and ``ResidentKnown``. Knows nothing of how
a terminal finds out: it holds what the papers say against the cards that were laid down and against the registers.
"""

from dataclasses import dataclass
from functools import partial

from simulator.checkers.lines import Line
from simulator.checkers.registers import REGISTER_LAG_S, Registers
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.sessions import Absences, Session, Sessions
from simulator.checkers.verdict import Findings
from simulator.page_seen import PageSeen
from simulator.seen import CardLaid, Seen, SheetsCame, SheetsTaken

SEAL_CERTIFICATE = "seal_certificate"
KINDS = frozenset({"residence_certificate", "residence_record_statement", SEAL_CERTIFICATE})


@dataclass(frozen=True, slots=True)
class _Case:
    """One delivery, with what it is judged by."""

    line: Line[SheetsCame]
    session: Session
    cards: list[Line[CardLaid]]
    since_s: float

    @property
    def until_s(self) -> float:
        return self.line.at_s

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(card.seen.resident for card in self.cards))


@dataclass(frozen=True, slots=True)
class _Lying:
    """Sheets in a tray, and who may take them; None: nobody laid a card down for them, which is told already."""

    line: Line[SheetsCame]
    owners: frozenset[int] | None


class SubjectCheck:
    """See the module."""

    def __init__(self, findings: Findings, register_lag_s: float = REGISTER_LAG_S) -> None:
        self._findings = findings
        self._lag_s = register_lag_s
        self._sessions = Sessions()
        self._registers = Registers()
        self._cardless = Absences(CardLaid)
        self._lying: dict[tuple[str, int], _Lying] = {}

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        own: Handlers = {SheetsCame: self._came, SheetsTaken: self._taken}
        return self._registers.handlers(), self._sessions.handlers(), self._cardless.handlers(), own

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``: sheets that still lie there are in nobody's hands."""
        self._cardless.report(self._findings)

    def _came(self, line: Line[SheetsCame]) -> None:
        session = self._sessions.at(line.seen.terminal)
        cards = session.cards_served(line.seen.person)
        laid_s = min((card.at_s for card in cards), default=line.at_s)
        case = _Case(line, session, cards, laid_s - self._lag_s)
        if not line.seen.pages:
            self._findings.doubt("sheets came that nobody has read", line)
        for page in line.seen.pages:
            self._findings.examine()
            self._check_page(case, page)
        owners = frozenset(card.seen.person for card in cards if not self._is_foreign(case, card.seen.resident))
        self._lying[line.seen.terminal, line.seen.delivery] = _Lying(line, owners if cards else None)

    def _taken(self, line: Line[SheetsTaken]) -> None:
        lying = self._lying.pop((line.seen.terminal, line.seen.delivery), None)
        if lying is None:
            self._findings.doubt(f"somebody took delivery {line.seen.delivery}, which was not seen to come", line)
        elif lying.owners is not None and line.seen.person not in (0, *lying.owners):
            whose = " or ".join(f"person {owner}" for owner in sorted(lying.owners)) or "nobody who laid a card down"
            self._findings.breach(f"took sheets that belong to {whose}", line, lying.line)

    def _is_foreign(self, case: _Case, subject: str) -> bool:
        """Whether it is known that no page is about ``subject`` or their household: then it is no paper of theirs."""
        people = [resident for page in case.line.seen.pages for resident in page.residents]
        return bool(people) and all(self._fits(case, who, subject) is False for who in people)

    def _fits(self, case: _Case, resident: str, subject: str) -> bool | None:
        return self._registers.one_household(resident, subject, case.since_s, case.until_s)

    # --- one page

    def _check_page(self, case: _Case, page: PageSeen) -> None:
        self._check_marks(case, page)
        if page.kind not in KINDS:
            self._doubt(case, page, "nobody can tell what it is")
        if page.strangers or not (page.residents or page.unsure):
            self._doubt(case, page, "somebody is on it whom no register knows as printed")
        for alternatives in page.unsure:
            self._check_unsure(case, page, alternatives)
        if page.residents:
            self._check_residents(case, page)
        self._check_numbers(case, page)
        self._check_outdated(case, page)

    def _check_marks(self, case: _Case, page: PageSeen) -> None:
        if not page.official_seal:
            self._breach(case, page, "the official seal is missing")
        if page.era_wrong:
            self._breach(case, page, "a date is written in an era that was over")

    def _check_residents(self, case: _Case, page: PageSeen) -> None:
        told = f"it is about {', '.join(page.residents)}"
        if not case.subjects:
            what = _on(case, page, f"{told}, and they laid no card down")
            self._cardless.breach(what, case.line, case.session.began)
            return
        answers = {subject: self._is_due(case, page, page.residents, subject) for subject in case.subjects}
        due = [subject for subject, answer in answers.items() if answer]
        if due:
            self._check_subjects(case, page, due)
        elif None in answers.values():
            self._doubt(case, page, f"{told}, and no register says who belongs to {' or '.join(case.subjects)}")
        else:
            self._breach(case, page, f"{told}, the card laid down was that of {' and '.join(case.subjects)}")

    def _is_due(self, case: _Case, page: PageSeen, people: tuple[str, ...], subject: str) -> bool | None:
        """Whether ``subject`` may have a page about ``people``; None when no register tells."""
        if page.kind == SEAL_CERTIFICATE:
            return people == (subject,)
        answers = [self._fits(case, who, subject) for who in people]
        return None if None in answers and False not in answers else all(answers)

    def _check_subjects(self, case: _Case, page: PageSeen, due: list[str]) -> None:
        proved = [subject for subject in due if subject in case.session.accepted]
        if not proved and case.session.tries_seen:
            self._breach(case, page, f"the card of {' and '.join(due)} took no PIN")
        elif not proved:
            self._doubt(case, page, f"nobody saw the card of {' and '.join(due)} take a PIN")
        for subject in proved or due:
            self._check_subject(case, page, subject)

    def _check_subject(self, case: _Case, page: PageSeen, subject: str) -> None:
        spells = self._registers.between(subject, case.since_s, case.until_s)
        lines = [spell.line for spell in spells]
        if not spells:
            self._doubt(case, page, f"no register knows {subject}, whose card was laid down")
            return
        if all(spell.known.restricted for spell in spells):
            why = spells[-1].known.restricted
            self._breach(case, page, f"nothing may be issued to {subject}: {why}", *lines)
        if page.kind != SEAL_CERTIFICATE:
            return
        if not any(spell.known.seal == "registered" for spell in spells):
            self._breach(case, page, f"it certifies a seal of {subject} that is {spells[-1].known.seal}", *lines)
        if not page.seal_of:
            self._doubt(case, page, "nobody can tell whose seal it certifies")
        elif page.seal_of != subject:
            self._breach(case, page, f"it certifies the seal of {page.seal_of}, not of {subject}")

    def _check_unsure(self, case: _Case, page: PageSeen, alternatives: tuple[str, ...]) -> None:
        told = f"it is about {' or '.join(alternatives)}"
        answers = [self._is_due(case, page, (who,), subject) for who in alternatives for subject in case.subjects]
        if any(answers) or None in answers:
            self._doubt(case, page, f"{told}, nobody can tell")
        else:
            self._breach(case, page, f"{told}, and nobody of them laid a card down")

    def _check_numbers(self, case: _Case, page: PageSeen) -> None:
        for owner in page.my_numbers:
            if not owner:
                self._doubt(case, page, "it bears a My Number that no register knows")
            elif owner not in page.residents:
                self._breach(case, page, f"it bears the My Number of {owner}, who is not on it")

    def _check_outdated(self, case: _Case, page: PageSeen) -> None:
        for who in page.outdated:
            spells = self._registers.between(who, case.since_s, case.until_s)
            if len(spells) == 1:
                self._breach(case, page, f"the register had {who} otherwise", spells[0].line)

    # --- what is found

    def _breach(self, case: _Case, page: PageSeen, what: str, *more: Line[Seen]) -> None:
        self._findings.breach(_on(case, page, what), case.line, case.session.began, *more)

    def _doubt(self, case: _Case, page: PageSeen, what: str) -> None:
        self._findings.doubt(_on(case, page, what), case.line)


def _on(case: _Case, page: PageSeen, what: str) -> str:
    return f"delivery {case.line.seen.delivery}, page {page.page} of {page.pages} ({page.kind or 'of no kind'}): {what}"


def checker(register_lag_s: float = REGISTER_LAG_S) -> Checker:
    """The checker of P1 with another allowance for registers that answer late."""
    start = partial(SubjectCheck, register_lag_s=register_lag_s)
    return Checker(
        "P1", "subject", "every sheet was about the person whose card was read, and that person took it", start
    )


CHECKER = checker()

if __name__ == "__main__":
    main(CHECKER)
