"""One customer's process as the supervisor sees it: its frames are journalled and acknowledged, anything else ends it."""

from collections.abc import Callable
from dataclasses import dataclass

from terminal import reports
from terminal.journal import entries
from terminal.journal.fields import Part
from terminal.journal.store import Journal
from terminal.processes.channel import ChannelError
from terminal.processes.group import ProcessGroup


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a customer's process ended, as far as it said so itself."""

    began: bool
    ended: reports.CustomerEnded | None
    customer: str
    finding: bool


class Serving:
    """Listens to one customer's process and writes for it; ``tell`` hears each report after it was journalled."""

    def __init__(self, process: ProcessGroup, journal: Journal, tell: Callable[[reports.Report], None]) -> None:
        self.process = process
        self._journal = journal
        self._tell = tell
        self._customer = ""
        self._began = False
        self._ended: reports.CustomerEnded | None = None
        self._finding = False

    @property
    def outcome(self) -> Outcome:
        """What the process said of its customer so far."""
        return Outcome(self._began, self._ended, self._customer, self._finding)

    def hear_one(self) -> bool:
        """Take one frame, write it, acknowledge it; False when this process is not to be heard any more.

        ``JournalError`` goes through: a terminal that cannot write does not serve.
        """
        try:
            frame = self.process.channel.receive()
            received = reports.read_frame(frame, self._customer)
            self._take(received)
            self.process.channel.send(reports.ACKNOWLEDGED)
        except ChannelError:
            return False
        except reports.RefusedError as error:
            self._journal.append(entries.CustomerMessageRefused(code=error.code))
            self.process.kill()
            return False
        return True

    def _take(self, received: reports.Received) -> None:
        if received.entry is not None:
            if not self._began or self._ended is not None:
                raise reports.RefusedError("REPORT_OUT_OF_ORDER", "an entry outside its customer's start and end")
            self._journal.append(received.entry)
        if received.report is not None:
            self._take_report(received.report)
            self._tell(received.report)

    def _take_report(self, report: reports.Report) -> None:
        match report:
            case reports.CustomerBegan():
                if self._began:
                    raise reports.RefusedError("REPORT_OUT_OF_ORDER", "a second customer in one process")
                self._began, self._customer = True, report.customer
                self._journal.append(entries.CustomerStarted(customer=report.customer, generation=report.generation))
            case reports.CustomerEnded():
                if not self._began or self._ended is not None:
                    raise reports.RefusedError("REPORT_OUT_OF_ORDER", "an end without its start")
                self._ended = report
                self._journal.append(end_entry(self._customer, report))
            case reports.FindingSealed():
                self._finding = True
                self._journal.append(entries.FindingRaised(finding=report.finding, code=report.code))
            case reports.FaultReported():
                kind = entries.FaultCleared if report.cleared else entries.FaultRaised
                self._journal.append(kind(part=Part.named(report.device), code=report.code))
            case reports.LateCompletionSeen():
                effect = reports.effect_of(report.event)
                self._journal.append(entries.LateCompletionDropped(effect=effect, generation=report.generation))


def end_entry(customer: str, report: reports.CustomerEnded) -> entries.CustomerEnded:
    """The journal's end of a customer who ended in order."""
    return entries.CustomerEnded(customer=customer, reason=report.end_reason, delivered=report.delivered)
