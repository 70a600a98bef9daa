"""A plan's faults at emulators on their wires: ordered over each emulator's control channel, as from another shell."""

from typing import Final, assert_never

import httpx

from honnin.demo.world import World
from honnin.devices import TILL_FILE
from honnin.live.relay import Relay
from simulator.arming import demand_known
from simulator.devices.control_socket import control
from simulator.devices.fault_plan import After, Next, Ratio, UntilCleared, When, Window
from simulator.devices.payment.model import PaymentFault, SimulatedPayment
from simulator.plan import DeviceFault

SLOW_S: Final = 4.0
_ANSWER_S: Final = 5.0


def order_of(when: When, *, shift_s: float = 0.0, speed: float = 1.0) -> dict[str, object]:
    """``when`` as arguments of ``add-fault``; a window counts from the run's start, ``shift_s`` after the device was made."""
    match when:
        case Next():
            return {}
        case After(occasions=occasions):
            return {"after": occasions}
        case Ratio(probability=probability, seed=seed):
            return {"ratio": probability, "seed": seed}
        case Window(from_s=from_s, until_s=until_s):
            return {"window_s": [from_s / speed + shift_s, until_s / speed + shift_s]}
        case UntilCleared():
            return {"until_cleared": True}
        case never:
            assert_never(never)


class LiveFaults:
    """Arms and heals what a plan names, at one terminal's world; a device that it does not have has no faults."""

    def __init__(self, world: World, relay: Relay, speed: float, shift_s: float) -> None:
        self._world = world
        self._relay = relay
        self._speed = speed
        self._shift_s = shift_s
        self._payment = SimulatedPayment(world.state_dir / TILL_FILE)
        self._reader_lost = False

    def arm(self, fault: DeviceFault) -> None:
        """Arm one fault."""
        demand_known(fault)
        match fault.device:
            case "card_reader":
                self._harm_reader(fault.fault)
            case "printer":
                self._tell_printer({"do": "add-fault", "kind": fault.fault, **self._when(fault)})
            case "payment":
                self._payment.set_fault(PaymentFault(fault.fault))
            case "line":
                if fault.fault == "cut":
                    self._relay.cut = True
                else:
                    self._relay.delay_s = SLOW_S
            case device:
                if device in self._world.fitting.serial:
                    link = self._world.hardware.link(device)
                    control(link, "add-fault", kind=fault.fault, **self._when(fault))

    def heal(self) -> None:
        """Everything that could be armed is put right; what people left is still there."""
        self._tell_printer({"do": "heal"})
        self._payment.set_fault(None)
        self._world.slot.resume()
        if self._reader_lost and self._world.pcscd is not None:
            self._world.pcscd.restart()
            self._reader_lost = False
        self._relay.cut, self._relay.delay_s = False, 0.0
        for device in self._world.fitting.serial:
            control(self._world.hardware.link(device), "heal")

    def _when(self, fault: DeviceFault) -> dict[str, object]:
        return order_of(fault.when, shift_s=self._shift_s, speed=self._speed)

    def _tell_printer(self, order: dict[str, object]) -> None:
        httpx.post(f"{self._world.printer.url}/control", json=order, timeout=_ANSWER_S).raise_for_status()

    def _harm_reader(self, fault: str) -> None:
        slot, pcscd = self._world.slot, self._world.pcscd
        match fault:
            case "card-hangs":
                slot.hang_at(1)
            case "card-torn":
                slot.cut_answer_at(1)
            case "reader-lost" if pcscd is not None:
                pcscd.halt()
                self._reader_lost = True
            case _:
                raise ValueError(f"expected a fault that can be played live, came {fault!r}")
