"""A ccTalk coin mechanism on one line: an acceptor and its hoppers, as the reset and the cash register see them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from terminal.clock import Clock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.coins.acceptor import CcTalkAcceptor
from terminal.devices.coins.api import CoinHopper, CoinsCode, CoinsFailed, HopperLevel
from terminal.devices.coins.bus import Bus, BusProfile
from terminal.devices.coins.headers import HOPPER_STUCK
from terminal.devices.coins.hopper import CcTalkHopper, DispenseKey
from terminal.devices.serial_line import SerialLine

DEVICE: Final = "coins"
_OFFLINE: Final = (CoinsCode.SILENT, CoinsCode.LINE_GONE, CoinsCode.BAD_ANSWER)


@dataclass(frozen=True, slots=True)
class HopperSetting:
    """A hopper on the bus."""

    address: int
    coin_yen: int


@dataclass(frozen=True, slots=True)
class CoinsProfile:
    """The maker's side of a mechanism: ``coin_first`` is the order of the two bytes of an event."""

    address: int = 2
    coin_first: bool = True
    hoppers: tuple[HopperSetting, ...] = ()
    dispense_key: DispenseKey = DispenseKey.SERIAL
    bus: BusProfile = field(default_factory=BusProfile)
    falling_s: float = 1.0
    """What a coin takes at most from the gate to its credit."""


class CcTalkCoins:
    """Implements ``CoinMechanism``."""

    def __init__(
        self, line: SerialLine, clock: Clock, wait: Callable[[float], None], profile: CoinsProfile | None = None
    ) -> None:
        profile = profile or CoinsProfile()
        bus = Bus(line, clock, wait, profile.bus)
        self._line = line
        self._wait = wait
        self._falling_s = profile.falling_s
        self._acceptor = CcTalkAcceptor(bus, profile.address, coin_first=profile.coin_first)
        self._hoppers = tuple(
            CcTalkHopper(bus, hopper.address, hopper.coin_yen, clock, wait, profile.dispense_key)
            for hopper in profile.hoppers
        )

    @property
    def acceptor(self) -> CcTalkAcceptor:
        """See ``CoinMechanism.acceptor``."""
        return self._acceptor

    @property
    def hoppers(self) -> tuple[CoinHopper, ...]:
        """See ``CoinMechanism.hoppers``."""
        return self._hoppers

    def readiness(self) -> Readiness:
        """Self-check, identity and levels; a hopper that is low, empty or stuck leaves exact money, and is a warning.

        One that does not answer, or is none, keeps the service away: no reset could be proved over it.
        """
        trouble = self._acceptor.identify() or self._acceptor.self_check()
        if trouble is not None:
            status = DeviceStatus.OFFLINE if trouble.code in _OFFLINE else DeviceStatus.HARDWARE_ERROR
            if trouble.code is CoinsCode.FRAUD:
                status = DeviceStatus.FRAUD_ATTEMPT
            return Readiness(DEVICE, status, trouble.text, (Fault(DEVICE, trouble.code.value, _action(trouble.code)),))
        faults = tuple(fault for hopper in self._hoppers for fault in self._faults_of(hopper))
        unique = {fault.code: fault for fault in faults}
        detail = f"takes {', '.join(map(str, self._acceptor.denominations_yen))} yen; {len(self._hoppers)} hoppers"
        return Readiness(DEVICE, DeviceStatus.ONLINE, detail, tuple(unique.values()))

    def _faults_of(self, hopper: CcTalkHopper) -> list[Fault]:
        faults = []
        action = f"fill {hopper.name} with {hopper.coin_yen} yen coins"
        flags = hopper.identify() or hopper.recover()
        if isinstance(flags, CoinsFailed):
            return [
                Fault(DEVICE, flags.code.value, f"plug in {hopper.name} ({hopper.coin_yen} yen) and check its kind")
            ]
        stuck = flags & HOPPER_STUCK
        if stuck:
            action = f"free {hopper.name} ({hopper.coin_yen} yen)"
            faults.append(Fault(DEVICE, CoinsCode.HOPPER_FAILED.value, action, blocks_service=False))
        if stuck or hopper.level() is not HopperLevel.PLENTY:
            faults.append(Fault(DEVICE, CoinsCode.CHANGE_LOW.value, action, blocks_service=False))
        return faults

    def clear(self) -> None:
        """Inhibit everything and rest every hopper; one that is paying goes on, for what was begun is somebody's money.

        An acceptor that was open may have a coin on its way: its credit is waited for, or the next customer would get it.
        """
        was_open = self._acceptor.check_inhibits() is not None
        self._acceptor.accept(frozenset())
        if was_open:
            self._wait(self._falling_s)
        for hopper in self._hoppers:
            hopper.rest()

    def prove(self) -> ProofLine:
        """The acceptor says that it takes nothing, and no hopper pays."""
        trouble = self._acceptor.check_inhibits()
        for hopper in self._hoppers:
            trouble = trouble or hopper.rest()
        if trouble is not None:
            return ProofLine(DEVICE, False, trouble.text, trouble.code.value, _action(trouble.code))
        for hopper in self._hoppers:
            hopper.recover()
        return ProofLine(DEVICE, True, "every coin is inhibited and no hopper pays")

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()


def _action(code: CoinsCode) -> str:
    match code:
        case CoinsCode.SILENT | CoinsCode.LINE_GONE | CoinsCode.BAD_ANSWER:
            return "check the coin mechanism's cable and power"
        case CoinsCode.JAMMED | CoinsCode.SENSOR_BLOCKED:
            return "open the coin mechanism and free its path"
        case CoinsCode.FRAUD:
            return "look into the coin slot: somebody tampered with it"
        case _:
            return "switch the coin mechanism off and on; call the maintenance service if that does not help"
