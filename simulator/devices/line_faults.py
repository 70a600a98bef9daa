"""What goes wrong on a serial line, whatever the device behind it: each answer of the device is one occasion of each fault."""

from collections.abc import Callable
from enum import StrEnum, unique
from random import Random
from typing import Final

from simulator.devices.fault_plan import FaultPlan, PlannedFault

_BABBLE_BYTES: Final = 512


@unique
class LineFault(StrEnum):
    """What becomes of an answer on its way."""

    NOISE = "line-noise"
    """One bit of one byte turns over."""
    BYTE_DROPPED = "line-byte-dropped"
    BYTE_DOUBLED = "line-byte-doubled"
    HALF_FRAME = "line-half-frame"
    """Only the first half arrives."""
    WRONG_CHECKSUM = "line-wrong-checksum"
    """The last byte is another one."""
    WRONG_ADDRESS = "line-wrong-address"
    """Whole and sound, but for somebody else; only where the protocol has addresses."""
    LATE_ANSWER = "line-late-answer"
    """Held back until the next question is asked, then sent before that one's answer."""
    BABBLING = "line-babbling"
    """The device sends rubbish without end in place of an answer."""
    SILENCE = "line-silence"
    """No answer."""
    UNPLUGGED = "line-unplugged"
    """The cable is pulled before the answer; it stays pulled until it is plugged in again."""
    DEVICE_RESET = "line-device-reset"
    """The device loses its power for a moment before it answers."""


class LineFaults:
    """A fault plan for a line and what its faults do to answers; ``readdress`` makes a sound frame for another address."""

    def __init__(self, seed: int = 0, readdress: Callable[[bytes], bytes] | None = None) -> None:
        self.plan: FaultPlan[LineFault] = FaultPlan()
        self._random = Random(seed)  # noqa: S311 - a reproducible fault, not a secret
        self._readdress = readdress
        self._held_back = b""

    def add(self, fault: PlannedFault[LineFault]) -> None:
        """Arm a fault; raise ``ValueError`` for an address fault where there are no addresses."""
        if fault.kind is LineFault.WRONG_ADDRESS and self._readdress is None:
            raise ValueError(f"{fault.kind}: this protocol has no addresses")
        self.plan.add(fault)

    def heal(self) -> None:
        """Disarm everything and forget what was held back."""
        self.plan.clear()
        self._held_back = b""

    def before_answer(self, up_time_s: float) -> LineFault | None:
        """Whether the cable or the device goes before this answer: ``UNPLUGGED``, ``DEVICE_RESET`` or None."""
        if self.plan.idle:
            return None
        for kind in (LineFault.UNPLUGGED, LineFault.DEVICE_RESET):
            if self.plan.strikes(kind, up_time_s):
                return kind
        return None

    def mangle(self, answer: bytes, up_time_s: float) -> bytes:
        """What arrives of ``answer``; an empty one is no occasion."""
        late, self._held_back = self._held_back, b""
        if not answer:
            return late
        if self.plan.idle:
            return late + answer
        for kind in LineFault:
            if kind not in (LineFault.UNPLUGGED, LineFault.DEVICE_RESET) and self.plan.strikes(kind, up_time_s):
                answer = self._harm(kind, answer)
        return late + answer

    def _harm(self, kind: LineFault, answer: bytes) -> bytes:
        place = self._random.randrange(len(answer)) if answer else 0
        match kind:
            case LineFault.SILENCE:
                return b""
            case LineFault.BABBLING:
                return self._random.randbytes(_BABBLE_BYTES)
            case LineFault.LATE_ANSWER:
                self._held_back += answer
                return b""
            case LineFault.HALF_FRAME:
                return answer[: len(answer) // 2]
            case LineFault.WRONG_ADDRESS if self._readdress is not None:
                return self._readdress(answer)
            case _:
                return self._harm_one_byte(kind, answer, place) if answer else answer

    def _harm_one_byte(self, kind: LineFault, answer: bytes, place: int) -> bytes:
        match kind:
            case LineFault.NOISE:
                turned = answer[place] ^ (1 << self._random.randrange(8))
                return answer[:place] + bytes([turned]) + answer[place + 1 :]
            case LineFault.BYTE_DROPPED:
                return answer[:place] + answer[place + 1 :]
            case LineFault.BYTE_DOUBLED:
                return answer[: place + 1] + answer[place:]
            case LineFault.WRONG_CHECKSUM:
                return answer[:-1] + bytes([answer[-1] ^ 0x5A])
            case _:
                return answer
