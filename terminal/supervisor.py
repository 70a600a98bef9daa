"""The supervisor: boot, self-test, ready, serving, resetting, out of service. It lives as long as the machine and knows nobody.

It runs a machine of the same table as the customer's process, forks one process for each customer, is the journal's one writer,
and performs the hard reset. Single-threaded, so that fork is safe. Design section 4; docs/decisions/0002.
"""

import gc
import selectors
from collections import deque

from terminal import reports
from terminal.control import StaffCommand, StaffReply
from terminal.duties import Duties
from terminal.fault_levels import PROCESS_DIES, FaultLevels
from terminal.fsm import effects, events
from terminal.fsm.machine import Machine
from terminal.fsm.memory import Memory, TerminalLevels
from terminal.fsm.states import State
from terminal.fsm.values import Fault as FaultLevel
from terminal.journal import entries
from terminal.journal.errors import JournalError
from terminal.journal.recover import settle_customer
from terminal.loop import Timers
from terminal.money.errors import LedgerError
from terminal.processes.group import fork_group
from terminal.processes.private_files import make_private
from terminal.processes.signals import StopSignals
from terminal.reset import forget
from terminal.serving import Serving
from terminal.staff import StaffDesk
from terminal.supervisor_entries import entries_of_note, record_proof

_VAIN_STARTS_MAX = 3
"""So many processes in a row that die before their customer began, and the terminal goes out of service for a while."""
_JOURNAL_RETRY_S = 15.0
_SILENCE = "silence of an idle process"
_SILENCE_S = 60.0


class Supervisor:
    """Runs until it is told to stop; ``boot`` first, then ``run``."""

    def __init__(self, duties: Duties) -> None:
        self._duties = duties
        self._machine = duties.machine
        self._timers: Timers[events.Event] = Timers()
        self._serving: Serving | None = None
        self._stopping = False
        self._vain_starts = 0
        self._levels = FaultLevels(duties.journal)
        self._staff = StaffDesk(self, self._levels, duties.money)
        self._self_test_code = ""
        self._journal_code = ""
        self._retry_at_s = 0.0
        self._unsettled: Serving | None = None
        self._selector = selectors.DefaultSelector()
        self._selector.register(duties.control, selectors.EVENT_READ, lambda: duties.control.serve_one(self._obey))

    @property
    def state(self) -> State:
        """The supervisor's machine's situation."""
        return self._machine.state

    def boot(self, self_test_code: str = "") -> None:
        """Take up what the journal left open, tell the machine how the self-test went, and get ready (or not)."""
        self._self_test_code = self_test_code
        if self._duties.journal.open_findings():
            self._handle(events.FindingReopened())
        for level in self._levels.reopen():
            self._handle(level)
        self._handle(events.SelfTestFailed(self_test_code) if self_test_code else events.BootCompleted())

    def run(self) -> None:
        """Serve until ``stop`` or a signal; leaves no process behind."""
        signals = StopSignals(self.stop)
        self._selector.register(signals, selectors.EVENT_READ, signals.drain)
        try:
            while not self._stopping:
                self.turn(None)
        finally:
            self._close()

    def _close(self) -> None:
        """Leave no process, no private file and no socket behind, and no customer without an end in the journal."""
        served = self._serving is not None and self._serving.outcome.began
        proof = None
        try:
            self._end_customer_process()
        finally:
            if served:
                # Their names may stand on the screen and their sheets wait at the printer: nobody else will clear them.
                proof = self._duties.reset.perform(None, self._duties.private_files)
            else:
                forget(None, self._duties.private_files)
            self._duties.control.close()
        if proof is not None:
            record_proof(proof, self._duties.journal, self._duties.money)

    def stop(self) -> None:
        """End ``run`` after its present turn."""
        self._stopping = True

    def turn(self, wait_s: float | None) -> None:
        """Wait for one thing to happen, at most ``wait_s`` seconds or until the next timer, and act on it."""
        at_s = self._next_at_s()
        if at_s is not None:
            until_s = max(0.0, at_s - self._duties.clock.now_s())
            wait_s = until_s if wait_s is None else min(wait_s, until_s)
        try:
            for key, _ in self._selector.select(wait_s):
                key.data()
            self._take_due()
        except (JournalError, LedgerError) as error:
            self._lose_journal(error.code)

    def _next_at_s(self) -> float | None:
        return self._retry_at_s if self._journal_code else self._timers.next_at_s()

    def _take_due(self) -> None:
        """However much there is to hear, what is due comes to its turn."""
        at_s = self._next_at_s()
        if at_s is None or at_s > self._duties.clock.now_s():
            return
        if self._journal_code:
            self._take_journal_up()
            return
        if self._machine.state is State.OUT_OF_SERVICE:
            self._look_at_devices()
        at_s = self._timers.next_at_s()
        if at_s is not None and at_s <= self._duties.clock.now_s():
            self._handle(self._timers.pop())

    # --- without a journal

    def _lose_journal(self, code: str) -> None:
        """What cannot be put on record is not done (promise P8): nobody is served until the journal takes entries again."""
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.unwatch(self._selector)
            serving.process.kill()
            self._unsettled = serving
        forget(None, self._duties.private_files)
        self._journal_code = code
        self._retry_at_s = self._duties.clock.now_s() + _JOURNAL_RETRY_S
        self._timers = Timers()
        levels = self._machine.levels
        kept = TerminalLevels(generation=levels.generation, withdrawn=levels.withdrawn)
        self._machine = Machine(self._machine.config, Memory(levels=kept))
        self._duties.show(effects.Show(effects.Screen.OUT_OF_SERVICE, reason=code))

    def _take_journal_up(self) -> None:
        """Write down what could not be written, then boot anew: a proved reset comes before the next customer."""
        self._retry_at_s = self._duties.clock.now_s() + _JOURNAL_RETRY_S
        journal = self._duties.journal
        if self._unsettled is not None:
            self._settle_killed(self._unsettled)
        for left in journal.unended_customers():
            settle_customer(journal, left.customer)
        journal.append(entries.OutOfService(code=self._journal_code))
        self._journal_code = ""
        self.boot(self._self_test_code)

    # --- the machine

    def _handle(self, event: events.Event) -> None:
        pending = deque([event])
        while pending:
            for effect in self._machine.handle(pending.popleft()):
                pending.extend(self._perform(effect))
        self._follow()

    def _perform(self, effect: effects.Effect) -> tuple[events.Event, ...]:
        match effect:
            case effects.Show():
                if self._machine.state not in (State.IDLE, State.SERVING):
                    self._end_customer_process()
                    self._duties.show(effect)
            case effects.StartTimer():
                self._start_timer(effect)
            case effects.StopTimer():
                self._timers.stop(f"{effect.timer} warning")
                self._timers.stop(f"{effect.timer}")
            case effects.ResetTerminal():
                return self._reset(effect)
            case effects.Note():
                for entry in entries_of_note(effect.entry, self._duties.journal.open_findings, self._staff.released_by):
                    self._duties.journal.append(entry)
            case effects.RaiseFault():
                self._levels.stand(effect.fault.device, effect.fault.code)
                self._levels.journal_raised(effect.fault)
            case effects.NoteLateCompletion():
                kind = reports.effect_of(effect.event)
                self._duties.journal.append(entries.LateCompletionDropped(effect=kind, generation=effect.generation))
            case _:
                pass  # Everything else is for the customer's process, which runs its own copy of the machine.
        return ()

    def _start_timer(self, effect: effects.StartTimer) -> None:
        now_s = self._duties.clock.now_s()
        if effect.warn_after_s is not None:
            self._timers.set(f"{effect.timer} warning", now_s + effect.warn_after_s, events.TimeoutWarned(effect.timer))
        self._timers.set(f"{effect.timer}", now_s + effect.expire_after_s, events.TimedOut(effect.timer))

    def _follow(self) -> None:
        """Have a customer's process exactly while the machine is ready for a customer."""
        if self._machine.state is State.IDLE and self._serving is None:
            self._start_customer_process()
        elif self._machine.state not in (State.IDLE, State.SERVING, State.RESETTING):
            self._end_customer_process()

    # --- the customer's process

    def _start_customer_process(self) -> None:
        machine, serve, private = self._machine, self._duties.serve, self._duties.private_files
        try:
            make_private(private)
            gc.freeze()
            process = fork_group(lambda channel: serve(machine, channel, private), self._duties.keep_descriptors)
        except OSError:
            self._give_processes_up()
            return
        serving = Serving(process, self._duties.journal, self._hear, self._duties.money)
        self._serving = serving
        serving.watch(self._selector, lambda: self._listen(serving), lambda: self._take_end(serving))
        self._expect_a_sign()

    def _expect_a_sign(self) -> None:
        """A process that waits for a card and hangs would leave a terminal that welcomes everybody and serves nobody (P7)."""
        self._timers.set(_SILENCE, self._duties.clock.now_s() + _SILENCE_S, events.CustomerProcessEnded(clean=True))

    def _give_processes_up(self) -> None:
        """No process lives long enough to serve anybody: out of service until the next look, not round and round."""
        self._levels.journal_raised(PROCESS_DIES)
        self._handle(events.FaultRaised(PROCESS_DIES))

    def _listen(self, serving: Serving) -> None:
        if serving is self._serving and not serving.hear_one():
            self._take_end(serving)

    def _hear(self, report: reports.Report) -> None:
        match report:
            case reports.Waiting():
                self._expect_a_sign()
            case reports.CustomerBegan():
                self._vain_starts = 0
                self._timers.stop(_SILENCE)
                self._handle(events.CustomerProcessStarted())
            case reports.FaultReported(cleared=True):
                self._handle(events.FaultCleared(report.device, report.code))
            case reports.FaultReported():
                if report.standing:
                    self._levels.stand(report.device, report.code)
                self._handle(events.FaultRaised(FaultLevel(report.device, report.code, "", report.blocks_service)))
            case _:
                pass

    def _take_end(self, serving: Serving) -> None:
        # Its channel and its pidfd may become readable in one turn: the second must not end the process that followed.
        if serving is not self._serving:
            return
        serving.hear_the_rest()
        if serving is not self._serving:
            return
        serving.unwatch(self._selector)
        settled = serving.record.settle()
        if settled is not None:
            self._handle(settled.told)
            return
        self._end_customer_process()
        self._vain_starts += 1
        if self._vain_starts < _VAIN_STARTS_MAX:
            self._handle(events.CustomerProcessEnded(clean=True))
        else:
            self._give_processes_up()

    def _end_customer_process(self) -> None:
        """Kill it, if there is one; a customer at work gets an end on record, and what is owed to them."""
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.unwatch(self._selector)
            serving.process.kill()
            self._settle_killed(serving)

    def _settle_killed(self, serving: Serving) -> tuple[events.Event, ...]:
        """What the customer whose process was killed left behind: a finding, sheets in the tray."""
        self._unsettled = serving
        settled = serving.record.settle()
        self._unsettled = None
        sheets = (self._levels.sheets_left(),) if settled is not None and settled.sheets else ()
        return (*((events.FindingReopened(),) if settled is not None and settled.finding else ()), *sheets)

    # --- the reset

    def _reset(self, effect: effects.ResetTerminal) -> tuple[events.Event, ...]:
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.unwatch(self._selector)
        proof = self._duties.reset.perform(serving.process if serving else None, self._duties.private_files)
        # A customer's process that was killed for taking too long has told no end.
        left = self._settle_killed(serving) if serving is not None else ()
        record_proof(proof, self._duties.journal, self._duties.money)
        levels = (*left, *self._levels.after_proof(self._machine.levels.faults, proof))
        if proof.proved:
            return (*levels, events.ResetProved(effect.generation))
        return (*levels, events.ResetNotProved(effect.generation, proof.code))

    def _look_at_devices(self) -> None:
        """Out of service nobody else looks: levels that are over go down, and a healed terminal comes back by itself (P7)."""
        found = self._duties.reset.look() if self._machine.levels.faults else None
        for event in () if found is None else self._levels.after_reset(self._machine.levels.faults, found):
            self._handle(event)

    # --- staff

    def _obey(self, command: StaffCommand) -> StaffReply:
        try:
            return self._staff.obey(command)
        except (JournalError, LedgerError) as error:
            self._lose_journal(error.code)
            return self._staff.reply(error.code)

    @property
    def out_of_service_code(self) -> str:
        """Why nobody is served, or empty."""
        return self._journal_code or self._machine.levels.out_of_service_code()

    def handle(self, event: events.Event) -> None:
        """Let the machine decide on ``event``, and do what it asks for."""
        self._handle(event)
