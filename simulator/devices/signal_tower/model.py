"""How a signal tower behaves: it shows what it was told last, and is dark after its power was gone."""

from collections.abc import Mapping
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final

from simulator.devices.fault_plan import FaultPlan
from terminal.clock import Clock
from terminal.devices.signal_tower.codec import Buzzer, Lamps, Light

_FLASH_S: Final = 1.0
"""One flash a second. The manual draws its patterns; ours is far below three a second (EN 301 549, 5.1.3)."""


@unique
class SignalTowerFault(StrEnum):
    """A fault of the tower; each command is an occasion."""

    SILENT = "silent"
    REFUSES = "refuses"
    LAMPS_STUCK = "lamps-stuck"


WORDS: Final[Mapping[StrEnum, str]] = MappingProxyType(
    {
        SignalTowerFault.SILENT: "a command is not heard: no power",
        SignalTowerFault.REFUSES: "a command is answered with NAK",
        SignalTowerFault.LAMPS_STUCK: "a command is acknowledged and the lamps stay as they are",
    }
)
"""Each fault in words: occasion and effect."""


class SignalTowerModel:
    """The lamps. ``shown`` is every pattern since it was made, the last one up now."""

    def __init__(self, clock: Clock, plan: FaultPlan[SignalTowerFault] | None = None) -> None:
        self.plan: FaultPlan[SignalTowerFault] = plan or FaultPlan()
        self.shown: list[Lamps] = [Lamps()]
        self._clock = clock
        self._made_s = clock.now_s()

    @property
    def lamps(self) -> Lamps:
        """What is shown now."""
        return self.shown[-1]

    def strikes(self, fault: SignalTowerFault) -> bool:
        """Whether ``fault`` strikes at this occasion."""
        return self.plan.strikes(fault, self._clock.now_s() - self._made_s)

    def show(self, lamps: Lamps) -> None:
        """Show ``lamps`` from now on."""
        if lamps != self.lamps and not self.strikes(SignalTowerFault.LAMPS_STUCK):
            self.shown.append(lamps)

    def power_cycle(self) -> None:
        """Dark."""
        self.shown.append(Lamps())

    def panel(self) -> Mapping[str, object]:
        """What a look at the tower tells: each lamp, and whether it is lit at this moment."""
        lamps = self.lamps
        phase = self._clock.now_s() % _FLASH_S < _FLASH_S / 2
        lights = {"red": lamps.red, "amber": lamps.amber, "green": lamps.green}
        return {
            **{name: light.name.lower() for name, light in lights.items()},
            "buzzer": "off" if lamps.buzzer is Buzzer.OFF else lamps.buzzer.name.lower(),
            "lit": [name for name, light in lights.items() if light is Light.ON or (light is not Light.OFF and phase)],
        }
