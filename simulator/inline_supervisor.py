"""What the supervisor does between customers, without its processes: machine, journal, levels, the reset and its proof.

Used by a terminal under virtual time; the reset's own code clears and proves the devices.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping

from terminal.devices.api import Resettable
from terminal.devices.screen.api import Screen
from terminal.fault_levels import FaultLevels
from terminal.fsm import effects, events, notes
from terminal.fsm.machine import Machine
from terminal.fsm.states import State
from terminal.journal import entries
from terminal.journal.fields import Part
from terminal.journal.store import Journal
from terminal.money.settling import AccountSettler
from terminal.reset import ResetProof, clear_and_prove


class InlineSupervisor(ABC):
    """Joins the machine to journal, ledger and devices while nobody is served."""

    journal: Journal
    money: AccountSettler | None
    machine: Machine

    def __init__(self) -> None:
        self._released_by = ""

    @abstractmethod
    def _devices(self, screen: Screen) -> Mapping[str, Resettable]:
        """What a reset clears and proves, by name, in its order."""

    @abstractmethod
    def _nobodys_screen(self) -> Screen:
        """The screen while nobody is served."""

    def situation(self) -> State:
        """What is the case now, between customers."""
        return self.machine.state

    def _boot(self, machine: Machine) -> None:
        """The levels that stand since before, then the self-test's word, then the first reset."""
        self.machine = machine
        self._levels = FaultLevels(self.journal)
        for level in self._levels.reopen():
            self._handle(level)
        self._handle(events.BootCompleted())

    def release(self, staff: str) -> None:
        """A person of the staff releases a finding."""
        self._released_by = staff
        self._handle(events.FindingReleased())

    def settle(self, device: str) -> None:
        """Staff have looked: the tray is empty, or the money is accounted for."""
        for event in self._levels.settle(device):
            self._handle(event)

    def look(self) -> None:
        """What the supervisor does every few seconds while out of service: look at the devices, drop levels that are over."""
        found = clear_and_prove(self._devices(self._nobodys_screen())).faults
        for event in self._levels.after_reset(self.machine.levels.faults, found):
            self._handle(event)
        timer = self.machine.memory.timer
        if self.situation() is State.OUT_OF_SERVICE and timer is not None:
            self._handle(events.TimedOut(timer))

    def _handle(self, event: events.Event, screen: Screen | None = None) -> None:
        pending = deque([event])
        while pending:
            for effect in self.machine.handle(pending.popleft()):
                match effect:
                    case effects.ResetTerminal():
                        pending.extend(self._reset(effect.generation, screen or self._nobodys_screen()))
                    case effects.Note():
                        self._note(effect.entry)
                    case effects.RaiseFault():
                        self._levels.stand(effect.fault.device, effect.fault.code)
                        self._levels.journal_raised(effect.fault)
                    case _:
                        pass

    def _reset(self, generation: int, screen: Screen) -> tuple[events.Event, ...]:
        answers = clear_and_prove(self._devices(screen))
        proved = all(line.proved for line in answers.lines)
        lines = tuple(
            entries.ProvedLine(part=Part.named(line.device), proved=line.proved, code=line.code or None)
            for line in answers.lines
        )
        kind = entries.ResetProved if proved else entries.ResetNotProved
        self.journal.append(kind(lines=lines, duration_ms=0))
        if self.money is not None:
            self.money.close_after(ResetProof(answers.lines, 0, answers.faults))
        levels = self._levels.after_reset(self.machine.levels.faults, answers.faults)
        code = next((line.code for line in answers.lines if not line.proved), "")
        end = events.ResetProved(generation) if proved else events.ResetNotProved(generation, code)
        return (*levels, end)

    def _note(self, note: notes.Entry) -> None:
        match note:
            case notes.ServiceChanged(in_service=True):
                self.journal.append(entries.ServiceRestored())
            case notes.ServiceChanged():
                self.journal.append(entries.OutOfService(code=note.code))
            case notes.FindingClosed():
                for finding in self.journal.open_findings():
                    self.journal.append(entries.FindingReleased(finding=finding.finding, staff=self._released_by))
            case _:
                pass
