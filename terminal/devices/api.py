"""What every device of the terminal has in common: status words, fault levels and the proof of a clean state.

The vocabulary is XFS4IoT's (CEN CWA 16926 / XFS4IoT Common interface): see docs/xfs4iot.md for the mapping.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DeviceStatus(StrEnum):
    """XFS4IoT ``Common.Status`` device values."""

    ONLINE = "online"
    OFFLINE = "offline"
    POWER_OFF = "powerOff"
    NO_DEVICE = "noDevice"
    HARDWARE_ERROR = "hardwareError"
    USER_ERROR = "userError"
    DEVICE_BUSY = "deviceBusy"
    FRAUD_ATTEMPT = "fraudAttempt"
    POTENTIAL_FRAUD = "potentialFraud"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault *level*: it is raised once, stays up, and is cleared when healed.

    ``device`` is the folder name of the device (``printer``), ``code`` comes from that device's catalogue, ``action`` tells a
    shop clerk what to do. ``blocks_service`` says whether a terminal with this fault may take a customer.
    """

    device: str
    code: str
    action: str
    blocks_service: bool = True


@dataclass(frozen=True, slots=True)
class Readiness:
    """A device's answer to "can you serve the next customer?": its status and every fault level that is up now."""

    device: str
    status: DeviceStatus
    detail: str
    faults: tuple[Fault, ...] = ()

    @property
    def ready(self) -> bool:
        """True when the device is online and no raised fault blocks service."""
        return self.status is DeviceStatus.ONLINE and not any(fault.blocks_service for fault in self.faults)


def faults_of(readiness: Readiness) -> tuple[Fault, ...]:
    """The fault levels of a device; one that is not online has at least one, even if it names none."""
    if readiness.status is DeviceStatus.ONLINE or any(fault.blocks_service for fault in readiness.faults):
        return readiness.faults
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", readiness.status.value).upper()
    return (*readiness.faults, Fault(readiness.device, f"{readiness.device.upper()}_{words}", readiness.detail))


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One device's line of a ``ResetProof``: what was proved, or the code of why it could not be."""

    device: str
    proved: bool
    statement: str
    code: str = ""
    action: str = ""


class Resettable(Protocol):
    """What the hard reset needs of a device; every call returns within the device's own bounded time and never raises."""

    def readiness(self) -> Readiness:
        """Ask the hardware now; an unreachable device is a status, not an exception."""
        ...

    def clear(self) -> None:
        """Bring the device to its known state by hardware reset; what fails here shows in ``prove``."""
        ...

    def prove(self) -> ProofLine:
        """Ask the device, after ``clear``, whether anything of a customer is left in it."""
        ...
