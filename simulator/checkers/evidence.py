"""P8 evidence: every customer's start has one end in the journal, the journal's chain is whole, and nobody's data are in it.

Lives on ``JournalRead`` (what the public verifier says of a journal), held against the customers that were seen: a journal that
knows of fewer customers than tried a PIN is no evidence, however whole it is.
"""

from dataclasses import dataclass

from simulator.checkers.lines import Line
from simulator.checkers.running import Checker, Handlers, main
from simulator.checkers.sessions import READY, Coverage
from simulator.checkers.verdict import Findings
from simulator.seen import JournalRead, PinTried, Seen, ServiceSeen


@dataclass(slots=True)
class _Terminal:
    """``customers``: sessions in which a PIN was tried; ``last``: the last thing of a customer's, ``read`` the journal since."""

    customers: int = 0
    in_session: bool = False
    first: Line[JournalRead] | None = None
    customers_at_first: int = 0
    read: Line[JournalRead] | None = None
    last: Line[Seen] | None = None


class EvidenceCheck:
    """See the module."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._read = Coverage("its journal")
        self._terminals: dict[str, _Terminal] = {}

    def handlers(self) -> tuple[Handlers, ...]:
        """See ``Checking.handlers``."""
        own: Handlers = {PinTried: self._tried, ServiceSeen: self._service, JournalRead: self._journal}
        return self._read.handlers(), own

    def finish(self, complete: bool) -> None:
        """See ``Checking.finish``."""
        self._read.report(self._findings)
        for terminal in self._terminals.values():
            if terminal.read is None:
                continue
            if terminal.last is not None and terminal.last.number > terminal.read.number:
                self._findings.doubt("nobody read the journal after this", terminal.last, terminal.read)
            self._check_last(terminal, terminal.read)

    def _at(self, name: str) -> _Terminal:
        return self._terminals.setdefault(name, _Terminal())

    def _tried(self, line: Line[PinTried]) -> None:
        terminal = self._at(line.seen.terminal)
        terminal.customers += not terminal.in_session
        terminal.in_session, terminal.last = True, line

    def _service(self, line: Line[ServiceSeen]) -> None:
        if line.seen.situation == READY:
            self._at(line.seen.terminal).in_session = False

    def _journal(self, line: Line[JournalRead]) -> None:
        terminal, journal = self._at(line.seen.terminal), line.seen
        self._read.saw(journal.terminal)
        self._findings.examine()
        if journal.breaches:
            self._findings.breach(f"its journal is not whole: {', '.join(journal.breaches)}", line)
        if journal.personal_data:
            self._findings.breach(f"its journal holds personal data: {', '.join(journal.personal_data)}", line)
        if not 0 <= journal.starts - journal.ends <= 1:
            self._findings.breach(f"its journal has {journal.starts} starts and {journal.ends} ends", line)
        if terminal.read is not None and journal.entries < terminal.read.seen.entries:
            lost = terminal.read.seen.entries - journal.entries
            self._findings.breach(f"{lost} entries of its journal are gone", line, terminal.read)
        terminal.read = line
        if terminal.first is None:
            terminal.first, terminal.customers_at_first = line, terminal.customers

    def _check_last(self, terminal: _Terminal, line: Line[JournalRead]) -> None:
        journal, first = line.seen, terminal.first or line
        if journal.starts == journal.ends + 1:
            self._findings.breach("the last customer in its journal has no end", line)
        if journal.starts < terminal.customers:
            told = f"its journal knows {journal.starts} customers, {terminal.customers} were seen"
            self._findings.breach(told, line, terminal.last)
        grown = journal.starts - first.seen.starts
        if first is not line and grown < terminal.customers - terminal.customers_at_first:
            came = terminal.customers - terminal.customers_at_first
            self._findings.breach(f"its journal grew by {grown} customers, {came} came", line, first, terminal.last)


CHECKER = Checker("P8", "evidence", "every start has one end in a whole journal without personal data", EvidenceCheck)

if __name__ == "__main__":
    main(CHECKER)
