"""What the server reads: the resident register itself, or its own copy, which is as old as its last synchronisation.

The copy holds nothing: it is the register as of a moment (``Registers.resident``), so that it may be as stale as it likes.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf

from simulator.centre.changes import ChangeKind, Moment
from simulator.centre.facts import Applicant, CardState, Registration, SealState
from simulator.centre.issuing.defects import CertificateLinkedToAnother, SynchronisationFailsSilently
from simulator.centre.issuing.jobs import Reading
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.registers import Registers
from terminal.clock import Clock

LONG_AGO = timedelta(days=900)
"""How old a copy is that stopped before anybody looked: two and a half years, as in 新潟."""
_SEAL_CHANGES = frozenset({ChangeKind.SEAL_REGISTERED, ChangeKind.SEAL_CHANGED, ChangeKind.SEAL_CANCELLED})


@dataclass(frozen=True, slots=True)
class Carried:
    """What one synchronisation brought: the residents whose entries came, and those whose entries should have come."""

    came: tuple[str, ...]
    missed: tuple[str, ...]


class Replica:
    """The server's view of the register; only ever used under the server's lock."""

    def __init__(self, registers: Registers, code: str, clock: Clock, setup: ServerSetup) -> None:
        self._registers = registers
        self._code = code
        self._clock = clock
        self._copies = setup.sync is not None
        self._cache_s = setup.cache_s
        self._kept: dict[str, tuple[float, Reading]] = {}
        self._data_s = self._seals_s = self._began_s = clock.now_s()
        self._failing: SynchronisationFailsSilently | None = None
        self._links: dict[str, str] = {}
        for defect in setup.defects:
            match defect:
                case SynchronisationFailsSilently():
                    self._failing = defect
                case CertificateLinkedToAnother():
                    self._links[defect.resident] = defect.linked_to
                case _:
                    continue
        self._fails_s, self._stopped = self._failing_from(clock.wall())
        if self._stopped is not None and self._failing is not None:
            self._seals_s = -inf
            self._data_s = -inf if self._failing.what == "everything" else self._began_s

    def of(self, registered: Applicant, now_s: float) -> Reading | None:
        """The holder of a card, of whom the register itself says ``registered``; None when the copy has nobody there."""
        linked = self._links.get(registered.person.key)
        if linked is not None:
            return self._read(replace(registered.registration, resident_key=linked), now_s)
        if self._copies or self._failing is not None or self._cache_s:
            return self._read(registered.registration, now_s)
        return Reading(registered, self.moment(now_s))

    def resident(self, key: str, now_s: float) -> Reading | None:
        """A resident by key, with a card that is good."""
        return self._read(Registration(key, CardState.VALID), now_s)

    def synchronise(self, now_s: float) -> Carried:
        """Bring the copy up to date, or fail to."""
        old_data_s, old_seals_s = self._data_s, self._seals_s
        if now_s < self._fails_s:
            self._data_s = self._seals_s = now_s
        elif self._failing is not None and self._failing.what == "seals":
            self._data_s = now_s
        came: dict[str, None] = {}
        missed: dict[str, None] = {}
        for change in self._registers.changes_between(min(old_data_s, old_seals_s), now_s, self._code):
            is_seal = change.kind in _SEAL_CHANGES
            if change.at_s > (self._seals_s if is_seal else self._data_s):
                missed[change.resident_key] = None
            elif change.at_s > (old_seals_s if is_seal else old_data_s):
                came[change.resident_key] = None
        return Carried(tuple(came), tuple(missed))

    def moment(self, at_s: float) -> datetime:
        """A time of the run's clock as a moment in Japan."""
        now_s, now = self._clock.now_s(), self._clock.wall()
        return now if at_s == now_s else now - timedelta(seconds=now_s - at_s)

    def _read(self, registration: Registration, now_s: float) -> Reading | None:
        key = registration.resident_key
        until_s, kept = self._kept.get(key, (-inf, None))
        if kept is not None and now_s < until_s:
            # The card's own state is the business of those who issue cards, and always asked anew.
            return replace(kept, applicant=replace(kept.applicant, registration=registration))
        arrived = self._arrived(now_s)
        applicant = self._registers.resident(registration, arrived)
        if applicant is None:
            return None
        reading = Reading(self._with_missed(applicant), self._claimed(arrived, now_s))
        if self._cache_s:
            self._keep(key, reading, now_s)
        return reading

    def _keep(self, key: str, reading: Reading, now_s: float) -> None:
        self._kept.pop(key, None)
        self._kept[key] = (now_s + self._cache_s, reading)
        while (oldest := next(iter(self._kept))) and self._kept[oldest][0] <= now_s:
            del self._kept[oldest]

    def _arrived(self, now_s: float) -> Moment:
        """How far the copy has come; where there is none, everything comes at once until it fails."""
        data_s, seals_s = self._data_s, self._seals_s
        if not self._copies:
            seals_s = min(now_s, self._fails_s)
            data_s = now_s if self._failing is None or self._failing.what == "seals" else seals_s
        return Moment(data_s, seals_s if seals_s < data_s else None)

    def _claimed(self, arrived: Moment, now_s: float) -> datetime:
        """Of when the bundle says that the register is."""
        if self._failing is None or self._failing.what == "seals":
            return self.moment(arrived.data_s)
        if self._failing.claims == "now":
            return self.moment(now_s)
        return self.moment(arrived.data_s) if self._stopped is None else self._stopped

    def _failing_from(self, began: datetime) -> tuple[float, datetime | None]:
        """When nothing arrives any more, on the run's clock; and the moment, if that was before the run began."""
        if self._failing is None:
            return inf, None
        since = began - LONG_AGO if self._failing.since is None else self._failing.since
        if since <= began:
            return -inf, since
        return self._began_s + (since - began).total_seconds(), None

    def _with_missed(self, applicant: Applicant) -> Applicant:
        """The seals that are still good in the copy because it never heard of their cancelling."""
        missed = () if self._failing is None else self._failing.missed_cancellations
        person = applicant.person
        if person.key not in missed or person.seal is None:
            return applicant
        seen = replace(person, seal=replace(person.seal, state=SealState.REGISTERED))
        household = tuple(seen if each.key == seen.key else each for each in applicant.household)
        return replace(applicant, person=seen, household=household)
