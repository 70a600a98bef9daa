"""One customer's process as the supervisor sees it: its frames are journalled and acknowledged, anything else ends it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from terminal import reports
from terminal.journal import entries
from terminal.journal.fields import Part, Verdict
from terminal.journal.store import Journal
from terminal.processes.channel import ChannelError
from terminal.processes.group import ProcessGroup

FRAMES_MAX = 4000
"""More than any customer needs; a process that goes on reporting for ever must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a customer's process ended, as far as it said so itself."""

    began: bool
    ended: reports.CustomerEnded | None
    customer: str
    finding: bool


class CustomerRecord:
    """Checks what one customer's process says, frame by frame, and writes it down; ``tell`` hears each report afterwards."""

    def __init__(self, journal: Journal, tell: Callable[[reports.Report], None]) -> None:
        self._journal = journal
        self._tell = tell
        self._customer = ""
        self._began = False
        self._ended: reports.CustomerEnded | None = None
        self._finding = False
        self._difference = ""
        self._frames = 0

    @property
    def outcome(self) -> Outcome:
        """What the process said of its customer so far."""
        return Outcome(self._began, self._ended, self._customer, self._finding)

    @property
    def at_work(self) -> bool:
        """A customer was begun and has no end yet."""
        return self._began and self._ended is None

    def take(self, frame: bytes) -> None:
        """Write what ``frame`` says; raise ``RefusedError`` for what may not be said, ``JournalError`` for a failed write."""
        self._frames += 1
        if self._frames > FRAMES_MAX:
            raise reports.RefusedError("REPORT_TOO_MANY", f"at most {FRAMES_MAX} frames a customer; end the sender")
        received = reports.read_frame(frame, self._customer)
        if received.entry is not None:
            if not self.at_work:
                raise reports.RefusedError("REPORT_OUT_OF_ORDER", "an entry outside its customer's start and end")
            self._take_entry(received.entry)
        if received.report is not None:
            self._take_report(received.report)
            self._tell(received.report)

    def keep_finding(self) -> bool:
        """Whether this customer's end leaves a finding open (promise P6).

        A process that died after a gate said ``different``, or that ended with a finding it never named, leaves one without
        evidence: it is raised here, so that it stands in the journal, outlives a restart, and is released like any other.
        """
        unnamed = self._difference or (self._ended is not None and self._ended.finding)
        if unnamed and not self._finding:
            code = self._difference or "SERVICE_FINDING_UNNAMED"
            self._journal.append(entries.FindingRaised(finding=secrets.token_hex(16), code=code))
            self._finding = True
        return self._finding

    def _take_entry(self, entry: entries.CustomerEntry) -> None:
        self._journal.append(entry)
        if isinstance(entry, entries.GateEnded) and entry.verdict is Verdict.DIFFERENT:
            self._difference = entry.code or "SERVICE_FINDING_UNNAMED"

    def _take_report(self, report: reports.Report) -> None:
        match report:
            case reports.CustomerBegan():
                if self._began:
                    raise reports.RefusedError("REPORT_OUT_OF_ORDER", "a second customer in one process")
                self._began, self._customer = True, report.customer
                self._journal.append(entries.CustomerStarted(customer=report.customer, generation=report.generation))
            case reports.CustomerEnded():
                if not self.at_work:
                    raise reports.RefusedError("REPORT_OUT_OF_ORDER", "an end without its start")
                self._ended = report
                self._journal.append(end_entry(self._customer, report))
            case reports.FindingSealed():
                if not self.at_work:
                    raise reports.RefusedError("REPORT_OUT_OF_ORDER", "a finding outside its customer's start and end")
                self._finding = True
                self._journal.append(entries.FindingRaised(finding=report.finding, code=report.code))
            case reports.FaultReported():
                kind = entries.FaultCleared if report.cleared else entries.FaultRaised
                self._journal.append(kind(part=Part.named(report.device), code=report.code))
            case reports.LateCompletionSeen():
                effect = reports.effect_of(report.event)
                self._journal.append(entries.LateCompletionDropped(effect=effect, generation=report.generation))


class Serving:
    """Listens to one customer's process and writes for it; ``tell`` hears each report after it was journalled."""

    def __init__(self, process: ProcessGroup, journal: Journal, tell: Callable[[reports.Report], None]) -> None:
        self.process = process
        self.record = CustomerRecord(journal, tell)
        self._journal = journal

    @property
    def outcome(self) -> Outcome:
        """What the process said of its customer so far."""
        return self.record.outcome

    def hear_one(self) -> bool:
        """Take one frame, write it, acknowledge it; False when this process is not to be heard any more.

        ``JournalError`` goes through: a terminal that cannot write does not serve.
        """
        try:
            self.record.take(self.process.channel.receive())
            self.process.channel.send(reports.ACKNOWLEDGED)
        except ChannelError:
            return False
        except reports.RefusedError as error:
            self._journal.append(entries.CustomerMessageRefused(code=error.code))
            self.process.kill()
            return False
        return True


def end_entry(customer: str, report: reports.CustomerEnded) -> entries.CustomerEnded:
    """The journal's end of a customer who ended in order."""
    return entries.CustomerEnded(customer=customer, reason=report.end_reason, delivered=report.delivered)
