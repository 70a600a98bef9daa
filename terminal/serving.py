"""One customer's process as the supervisor sees it: its frames are journalled and acknowledged, anything else ends it."""

import secrets
import selectors
from collections.abc import Callable
from dataclasses import dataclass

from terminal import reports
from terminal.fsm import events
from terminal.journal import entries
from terminal.journal.fields import Part, Verdict
from terminal.journal.recover import settle_customer, sheets_may_lie_after
from terminal.journal.store import Journal
from terminal.money.codec import movement_of_frame
from terminal.money.errors import LedgerError
from terminal.money.settling import AccountSettler
from terminal.processes.channel import ChannelError
from terminal.processes.group import ProcessGroup

FRAME_S = 2.0
"""A process that begins a frame finishes it in this time, and reads its acknowledgement, or is ended."""
_DRAIN_S = 0.05
FRAMES_MAX = 4000
"""More than any customer needs; a process that goes on reporting for ever must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a customer's process ended, as far as it said so itself."""

    began: bool
    ended: reports.CustomerEnded | None
    customer: str
    finding: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A customer's one end in the journal: ``clean`` when the process told it itself; what is owed; whether a finding is open.

    ``sheets`` when it did not, and sheets of its print job may lie in the tray.
    """

    clean: bool
    finding: bool
    owed_yen: int
    sheets: bool = False

    @property
    def told(self) -> events.CustomerProcessEnded:
        """What the machine is told of it."""
        return events.CustomerProcessEnded(self.clean, self.finding, self.owed_yen, self.sheets)


class CustomerRecord:
    """Checks what one customer's process says, frame by frame, and writes it down; ``tell`` hears each report afterwards."""

    def __init__(
        self, journal: Journal, tell: Callable[[reports.Report], None], money: AccountSettler | None = None
    ) -> None:
        self._journal = journal
        self._tell = tell
        self._money = money
        self._customer = ""
        self._began = False
        self._ended: reports.CustomerEnded | None = None
        self._finding = False
        self._difference = ""
        self._sheets = False
        self._frames = 0
        self._settled: Settled | None = None

    @property
    def outcome(self) -> Outcome:
        """What the process said of its customer so far."""
        return Outcome(self._began, self._ended, self._customer, self._finding)

    def settle(self) -> Settled | None:
        """Write down what is missing of this customer's end, whatever the process died of; None when none had begun.

        May be called again, also after a failed write (``JournalError``): each thing is written once.
        """
        if not self._began:
            return None
        if self._settled is None:
            finding = self.keep_finding()
            owed_yen = self._ended.owed_yen if self._ended else self._settle_dead()
            clean = self._ended is not None
            self._settled = Settled(clean, finding, owed_yen, sheets=self._sheets and not clean)
        return self._settled

    def _settle_dead(self) -> int:
        owed_yen = settle_customer(self._journal, self._customer, self._money.state if self._money else None)
        if self._money is not None:
            self._money.keep_if_delivered()
        return owed_yen

    @property
    def at_work(self) -> bool:
        """A customer was begun and has no end yet."""
        return self._began and self._ended is None

    def take(self, frame: bytes) -> None:
        """Write what ``frame`` says; raise ``RefusedError`` for what may not be said, ``JournalError`` or ``LedgerError`` for a
        failed write."""
        received = reports.read_frame(frame, self._customer)
        if isinstance(received.report, reports.Waiting) and not self._began:
            # A sign of life is not written down nor counted: a quiet night has many.
            self._tell(received.report)
            return
        self._frames += 1
        if self._frames > FRAMES_MAX:
            raise reports.RefusedError("REPORT_TOO_MANY", f"at most {FRAMES_MAX} frames a customer; end the sender")
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
        if self._difference and not self._finding:
            self._journal.append(entries.FindingRaised(finding=secrets.token_hex(16), code=self._difference))
            self._finding = True
        return self._finding

    def _take_entry(self, entry: entries.CustomerEntry) -> None:
        if isinstance(entry, entries.GateEnded) and entry.verdict is Verdict.DIFFERENT:
            # Kept before it is written: a disk that is full at this very moment must not lose a finding.
            self._difference = entry.code or "SERVICE_FINDING_UNNAMED"
        self._sheets = sheets_may_lie_after(entry, self._sheets)
        self._journal.append(entry)

    def _take_report(self, report: reports.Report) -> None:
        match report:
            case reports.CustomerBegan():
                if self._began:
                    raise reports.RefusedError("REPORT_OUT_OF_ORDER", "a second customer in one process")
                self._journal.append(entries.CustomerStarted(customer=report.customer, generation=report.generation))
                self._began, self._customer = True, report.customer
            case reports.CustomerEnded():
                if not self.at_work:
                    raise reports.RefusedError("REPORT_OUT_OF_ORDER", "an end without its start")
                self._difference = self._difference or ("SERVICE_FINDING_UNNAMED" if report.finding else "")
                self._journal.append(end_entry(self._customer, report))
                self._ended = report
            case reports.FindingSealed():
                if not self.at_work:
                    raise reports.RefusedError("REPORT_OUT_OF_ORDER", "a finding outside its customer's start and end")
                self._difference = report.code
                self._journal.append(entries.FindingRaised(finding=report.finding, code=report.code))
                self._finding = True
            case reports.FaultReported():
                kind = entries.FaultCleared if report.cleared else entries.FaultRaised
                self._journal.append(kind(part=Part.named(report.device), code=report.code))
            case reports.MoneyMoved():
                self._take_movement(report)
            case reports.LateCompletionSeen():
                effect = reports.effect_of(report.event)
                self._journal.append(entries.LateCompletionDropped(effect=effect, generation=report.generation))

    def _take_movement(self, report: reports.MoneyMoved) -> None:
        if self._money is None or not self.at_work:
            raise reports.RefusedError("REPORT_OUT_OF_ORDER", "money outside its customer's start and end")
        try:
            self._money.take(movement_of_frame(report.movement), self._customer)
        except LedgerError as error:
            if not error.refused:
                raise
            raise reports.RefusedError(error.code, error.failure.text) from None


class Serving:
    """Listens to one customer's process and writes for it; ``tell`` hears each report after it was journalled."""

    def __init__(
        self,
        process: ProcessGroup,
        journal: Journal,
        tell: Callable[[reports.Report], None],
        money: AccountSettler | None = None,
    ) -> None:
        self.process = process
        self.record = CustomerRecord(journal, tell, money)
        self._journal = journal
        self._refused = False
        process.channel.set_timeout(FRAME_S)

    @property
    def outcome(self) -> Outcome:
        """What the process said of its customer so far."""
        return self.record.outcome

    def watch(self, selector: selectors.BaseSelector, listen: Callable[[], None], take_end: Callable[[], None]) -> None:
        """Have ``selector`` tell of its frames and of its end."""
        selector.register(self.process.channel, selectors.EVENT_READ, listen)
        selector.register(self.process.pidfd(), selectors.EVENT_READ, take_end)

    def unwatch(self, selector: selectors.BaseSelector) -> None:
        """Hear no more of it; harmless when nobody watches."""
        for source in (self.process.channel, self.process.pidfd()):
            if source in selector.get_map():
                selector.unregister(source)

    def hear_one(self) -> bool:
        """Take one frame, write it, acknowledge it; False when this process is not to be heard any more.

        ``JournalError`` goes through: a terminal that cannot write does not serve.
        """
        if not self._take_one():
            return False
        try:
            self.process.channel.send(reports.ACKNOWLEDGED)
        except ChannelError as error:
            self._end_hearing(error)
            return False
        return True

    def hear_the_rest(self) -> None:
        """Take what the process said before it ended, though nobody hears the acknowledgement; waits for nothing."""
        self.process.channel.set_timeout(_DRAIN_S)
        while self.process.channel.waiting() and self._take_one():
            pass

    def _take_one(self) -> bool:
        if self._refused:
            return False
        try:
            self.record.take(self.process.channel.receive())
        except ChannelError as error:
            self._end_hearing(error)
            return False
        except reports.RefusedError as error:
            self._refuse(error.code)
            return False
        return True

    def _end_hearing(self, error: ChannelError) -> None:
        if error.code != "CHANNEL_CLOSED":
            self._refuse(error.code)

    def _refuse(self, code: str) -> None:
        self._refused = True
        self.process.halt()
        self._journal.append(entries.CustomerMessageRefused(code=code))


def end_entry(customer: str, report: reports.CustomerEnded) -> entries.CustomerEnded:
    """The journal's end of a customer who ended in order."""
    return entries.CustomerEnded(customer=customer, reason=report.end_reason, delivered=report.delivered)
