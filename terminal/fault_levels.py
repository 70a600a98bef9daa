"""The fault levels of a terminal as its supervisor keeps them: journalled as they change, standing ones until staff settle them.

A device's level is over when the next reset no longer sees it. A standing level (forgotten sheets, money unaccounted for) no
device can take back: it outlives resets and power cuts until a person has looked.
"""

from terminal.devices.api import Fault
from terminal.fsm import events
from terminal.fsm.deeds.service import SHEETS_FORGOTTEN
from terminal.fsm.values import Fault as FaultLevel
from terminal.journal import entries
from terminal.journal.fields import Part
from terminal.journal.store import Journal
from terminal.reset import ResetProof

PROCESS_DIES = FaultLevel(
    "process", "SERVICE_PROCESS_DIES", "call the maintenance service; the terminal tries again by itself"
)
"""No customer's process lives long enough to serve anybody."""


class FaultLevels:
    """Turns what was seen into events for the machine, and writes each change down."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._standing: set[tuple[str, str]] = set()

    def reopen(self) -> tuple[events.FaultRaised, ...]:
        """The standing levels that the journal left open, at boot."""
        self._standing = set(self._journal.standing_faults())
        return tuple(events.FaultRaised(FaultLevel(device, code, "")) for device, code in sorted(self._standing))

    def stand(self, device: str, code: str) -> None:
        """That level waits for staff from now on."""
        self._standing.add((device, code))

    def sheets_left(self) -> events.FaultRaised:
        """A customer who was not served to the end left sheets in the tray, or may have: staff look before the next one comes."""
        if (SHEETS_FORGOTTEN.device, SHEETS_FORGOTTEN.code) not in self._standing:
            self.stand(SHEETS_FORGOTTEN.device, SHEETS_FORGOTTEN.code)
            self.journal_raised(SHEETS_FORGOTTEN)
        return events.FaultRaised(SHEETS_FORGOTTEN)

    def journal_raised(self, fault: FaultLevel) -> None:
        """Write down that ``fault`` went up."""
        self._journal.append(entries.FaultRaised(part=Part.named(fault.device), code=fault.code))

    def after_reset(
        self, up: tuple[FaultLevel, ...], found: tuple[Fault, ...]
    ) -> tuple[events.FaultCleared | events.FaultRaised, ...]:
        """The reset saw every device: of the levels that are ``up``, those it did not find are over; new ones go up."""
        now = {(fault.device, fault.code): fault for fault in found}
        before = {(fault.device, fault.code) for fault in up}
        raised = [FaultLevel(fault.device, fault.code, fault.action, fault.blocks_service) for fault in now.values()]
        for fault in raised:
            if (fault.device, fault.code) not in before:
                self.journal_raised(fault)
        cleared = self._clear(before - now.keys() - self._standing)
        return (*cleared, *(events.FaultRaised(fault) for fault in raised))

    def after_proof(
        self, up: tuple[FaultLevel, ...], proof: ResetProof
    ) -> tuple[events.FaultCleared | events.FaultRaised, ...]:
        """The same for a whole reset: devices that did not answer have not said that their faults are over."""
        if any(line.device == Part.DEVICES for line in proof.lines):
            return ()
        return self.after_reset(up, proof.faults)

    def settle(self, device: str) -> tuple[events.FaultCleared, ...]:
        """Staff have looked after ``device``: its standing levels are over; empty when none waited."""
        settled = {standing for standing in self._standing if standing[0] == device}
        self._standing -= settled
        return self._clear(settled)

    def _clear(self, levels: set[tuple[str, str]]) -> tuple[events.FaultCleared, ...]:
        for device, code in sorted(levels):
            self._journal.append(entries.FaultCleared(part=Part.named(device), code=code))
        return tuple(events.FaultCleared(device, code) for device, code in sorted(levels))
