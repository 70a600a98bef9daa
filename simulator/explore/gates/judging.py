"""What the terminal's own gates make of a case: the very commands of a store (``terminal.commands.sheets``), envelope apart."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, cast

from simulator.explore.gates.serving import KEYS, TERMINAL_ID, TERMINAL_KEY, Served
from terminal.centre.messages import Bundle
from terminal.centre.sealing import OpenedBundle
from terminal.centre.trust import MunicipalityKey, MunicipalityKeys
from terminal.clock import ManualClock
from terminal.commands.centre import CentreCommands
from terminal.commands.sheets import Gates, SheetCommands
from terminal.fsm import events
from terminal.person import Person
from terminal.verification.sheets import SheetKeys
from terminal.verification.verdict import GateResult

_GENERATION: Final = 1


class Due(StrEnum):
    """What must become of a case."""

    PASS = "passes"  # noqa: S105 - no password
    STOP = "stops the terminal"
    """Somebody else's paper: a wrong-person finding."""
    REFUSE = "is refused"
    """Unusable or undecided: nothing is printed, nobody is found."""


EVENTS: Final[dict[type[Any], Due]] = {
    events.GatesPassed: Due.PASS,
    events.GatesDiffered: Due.STOP,
    events.GatesUndecided: Due.REFUSE,
}


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A bundle, and the print data if they are not what the terminal draws (or the municipality sent), and what is due.

    ``keys`` are those that the terminal knows; ``promise`` is the one that breaks when a wrong case passes.
    """

    name: str
    served: Served
    due: Due
    job: Callable[[Served], bytes] | None = None
    specimen: bool = True
    promise: str = "P1"
    keys: SheetKeys = KEYS


@dataclass(frozen=True, slots=True, repr=False)
class Judged:
    """What came of a case: the event that the machine would be told, and the gates' results so far."""

    outcome: Due
    results: tuple[GateResult, ...]


@dataclass(slots=True)
class _NoNotes:
    """Where verdicts would be journalled."""

    codes: list[str] = field(default_factory=list)

    def gate(self, result: GateResult) -> None:
        """See ``GateNotes.gate``."""

    def bundle_refused(self, code: str) -> None:
        """See ``GateNotes.bundle_refused``."""
        self.codes.append(code)


class _Commands(SheetCommands):
    """The store's commands over a bundle that is open already, for a session that is given."""

    def __init__(self, case: Case) -> None:
        served = case.served
        person = Person(basic_four=served.subject.basic_four)
        keys = MunicipalityKeys(())
        gates = Gates(keys, case.keys, TERMINAL_KEY, served.subject.evidence, case.specimen)
        nobody = cast("CentreCommands", None)
        super().__init__(gates, person, nobody, TERMINAL_ID, ManualClock(served.now), _NoNotes())
        self._case = case

    def _open(self) -> OpenedBundle:
        served = self._case.served
        always = datetime.min.replace(tzinfo=served.now.tzinfo) + timedelta(days=1)
        signer = MunicipalityKey(f"{served.signer}-sig", served.signer, cast("Any", None), always, always)
        return OpenedBundle(served.bundle, "", signer)

    def _expected(self, bundle: Bundle) -> Any:
        return self._case.served.expected

    def _gate_b(self, opened: OpenedBundle) -> GateResult:
        # The household is the session's, which this customer's person does not hold here.
        served = self._case.served
        result: GateResult = store().check_subject(opened.bundle, served.subject, served.expected.members)
        return result

    def _document(self, bundle: Bundle) -> tuple[bytes, int]:
        if self._case.job is None:
            return super()._document(bundle)
        return self._case.job(self._case.served), 0


def judge(case: Case) -> Judged:
    """Take ``case`` through gates A to C as a store does."""
    commands = _Commands(case)
    event = commands.verify(_GENERATION)
    return Judged(EVENTS[type(event)], commands.evidence)


def store() -> Any:
    """The module in which a store calls the gates, looked at when they are: a check may have been taken away in it."""
    from terminal.commands import sheets

    return sheets
