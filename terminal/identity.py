"""Promise P9 at every reset: the devices behind the terminal are still what its configuration says they are.

A printer or centre that was away may come back as another one. Asked where the other devices prove themselves, so that the next
customer is not served behind a disguise.
"""

from terminal.clock import Clock
from terminal.config import Config
from terminal.config.disguise import check_no_disguise
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.errors import Failure
from terminal.observing import observe

PART = "identity"
_ACTION = "connect the real devices, or set simulated = true for a test"


class Identity:
    """Implements ``terminal.devices.api.Resettable`` over what printer, reader and centre say of themselves."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._found: tuple[Failure, ...] | None = None

    def readiness(self) -> Readiness:
        """Online while nothing is in disguise."""
        found = self._findings()
        faults = tuple(Fault(PART, failure.code, _ACTION) for failure in found)
        return Readiness(PART, DeviceStatus.ONLINE, found[0].text if found else "every device is what it says", faults)

    def clear(self) -> None:
        """Ask anew at the next question."""
        self._found = None

    def prove(self) -> ProofLine:
        """Proved when nothing is in disguise."""
        found = self._findings()
        if found:
            return ProofLine(PART, False, found[0].text, found[0].code, _ACTION)
        return ProofLine(PART, True, "every device is what the configuration says")

    def _findings(self) -> tuple[Failure, ...]:
        if self._found is None:
            self._found = check_no_disguise(self._config, observe(self._config, self._clock))
        return self._found
