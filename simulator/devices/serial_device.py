"""A simulated device on a serial line, and the line it is on in process, under virtual time (the other is ``pty_wire.py``)."""

from collections.abc import Callable
from typing import Protocol

from simulator.devices.line_faults import LineFault, LineFaults
from terminal.clock import Clock
from terminal.devices.serial_line import LineCode, LineError


class SerialDevice(Protocol):
    """The wire face of a model: bytes in, bytes out, never waiting. Its clock is injected."""

    def receive(self, data: bytes) -> bytes:
        """Take ``data`` off the line; what the device sends back at once. Any bytes are legal, whole frames or not."""
        ...

    def tick(self) -> bytes:
        """Let the time that passed on the clock take effect; what the device sends by itself."""
        ...

    def power_cycle(self) -> None:
        """Lose the power for a moment: what is volatile is gone, what is on its way stops where it is."""
        ...


class LoopLine:
    """Implements ``SerialLine`` in process: the real driver talks to the model, and ``wait`` lets (virtual) time pass.

    ``echo``: a single-wire bus, on which a sender hears itself (ccTalk). ``unplug`` and ``plug`` are the cable.
    """

    def __init__(
        self,
        device: SerialDevice,
        clock: Clock,
        wait: Callable[[float], None],
        faults: LineFaults | None = None,
        *,
        echo: bool = False,
    ) -> None:
        self.faults = faults or LineFaults()
        self._device = device
        self._clock = clock
        self._wait = wait
        self._echo = echo
        self._plugged = True
        self._coming = b""
        self._started_s = clock.now_s()

    def unplug(self) -> None:
        """Pull the cable."""
        self._plugged = False
        self._coming = b""

    def plug(self) -> None:
        """Put the cable back."""
        self._plugged = True

    def write(self, data: bytes) -> None:
        """See ``SerialLine.write``."""
        self._demand_cable()
        up_time_s = self._clock.now_s() - self._started_s
        echoed = data if self._echo else b""
        match self.faults.before_answer(up_time_s):
            case LineFault.UNPLUGGED:
                self._device.receive(data)
                self.unplug()
                return
            case LineFault.DEVICE_RESET:
                self._device.receive(data)
                self._device.power_cycle()
                self._coming += echoed
                return
            case _:
                self._coming += echoed + self.faults.mangle(self._device.receive(data), up_time_s)

    def read(self, timeout_s: float) -> bytes:
        """See ``SerialLine.read``; time passes only when nothing is there."""
        self._demand_cable()
        self._coming += self._device.tick()
        if not self._coming and timeout_s > 0:
            self._wait(timeout_s)
            self._demand_cable()
            self._coming += self._device.tick()
        came, self._coming = self._coming, b""
        return came

    def discard(self) -> None:
        """See ``SerialLine.discard``."""
        self._demand_cable()
        self._coming = b""

    def close(self) -> None:
        """See ``SerialLine.close``."""
        self._coming = b""

    def _demand_cable(self) -> None:
        if not self._plugged:
            raise LineError(LineCode.GONE, "expected a device on the simulated line, its cable is pulled; plug it in")
