"""The hard reset between customers, and its proof (promise P2, design section 4).

1. *Forget*: SIGKILL the customer's process group, reap it, wipe its private files. Comes first and asks no device.
2. *Clear*: bring each device to its known state. 3. *Prove*: each device answers for its state, one line each.
Steps 2 and 3 run in a short-lived process of their own: a device that hangs costs the proof, never the supervisor.
"""

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from terminal.aside import ask_aside
from terminal.clock import Clock
from terminal.devices.api import Fault, ProofLine, Resettable, faults_of
from terminal.money.desk import MoneyDesk
from terminal.money.till import Till
from terminal.processes.group import Ended, ProcessGroup
from terminal.processes.private_files import wipe

_DYING_S = 2.0
PAYMENT = "payment"
ResettableFactory = Callable[[Till], Mapping[str, Resettable]]
"""Opens every fitted device anew, in the process that calls it; what money they tell of goes on record at the till."""


@dataclass(frozen=True, slots=True)
class ResetProof:
    """One line for each thing that could hold something of a customer, and how long the whole reset took.

    ``faults`` are the fault levels that the devices report after it: the whole truth of now, older levels are over.
    """

    lines: tuple[ProofLine, ...]
    duration_ms: int
    faults: tuple[Fault, ...] = ()

    @property
    def proved(self) -> bool:
        """True when there is a line at all and every line is proved; no lines prove nothing."""
        return bool(self.lines) and all(line.proved for line in self.lines)

    @property
    def first_failure(self) -> ProofLine | None:
        """The first line that is not proved: the cause that a clerk is shown."""
        return next((line for line in self.lines if not line.proved), None)

    @property
    def code(self) -> str:
        """The code of the first failure, empty when the reset is proved."""
        failure = self.first_failure
        return failure.code if failure is not None else "" if self.proved else "RESET_EMPTY"


@dataclass(frozen=True, slots=True)
class DeviceAnswers:
    """What the devices said in the process aside."""

    lines: tuple[ProofLine, ...]
    faults: tuple[Fault, ...]


class HardReset:
    """Performs the reset for the supervisor; ``bound_s`` limits steps 2 and 3 together."""

    def __init__(
        self, open_devices: ResettableFactory, clock: Clock, bound_s: float, desk: MoneyDesk | None = None
    ) -> None:
        self._open_devices = open_devices
        self._clock = clock
        self._bound_s = bound_s
        self._desk = desk

    def perform(self, customer: ProcessGroup | None, private_files: Path) -> ResetProof:
        """Forget, clear and prove; never raises for a device's or a process's sake."""
        started_s = self._clock.now_s()
        forgotten = forget(customer, private_files)
        answers = self._clear_and_prove_aside()
        duration_ms = round((self._clock.now_s() - started_s) * 1000)
        return ResetProof((*forgotten, *answers.lines), duration_ms, answers.faults)

    def look(self) -> tuple[Fault, ...] | None:
        """The fault levels that the devices report now, without clearing anything; None when they did not answer in time."""
        answers = self._ask_aside(lambda devices: DeviceAnswers((), _faults(devices)))
        return answers.faults if isinstance(answers, DeviceAnswers) else None

    def _clear_and_prove_aside(self) -> DeviceAnswers:
        answers = self._ask_aside(clear_and_prove_at_once)
        if isinstance(answers, DeviceAnswers):
            return answers
        statement = f"the devices did not answer within {self._bound_s:g} s: {answers}"
        return DeviceAnswers((_not_proved("devices", "RESET_NOT_ANSWERED", statement),), ())

    def _ask_aside(self, ask: Callable[[Mapping[str, Resettable]], DeviceAnswers]) -> DeviceAnswers | Exception:
        answer = ask_aside(
            lambda till: json.dumps(asdict(ask(self._open_devices(till)))).encode(), self._bound_s, self._desk
        )
        if isinstance(answer, Exception):
            return answer
        try:
            return _answers_from(answer)
        except (ValueError, TypeError, KeyError) as error:
            return error


def forget(customer: ProcessGroup | None, private_files: Path) -> tuple[ProofLine, ...]:
    """Step 1: end the customer's processes and wipe what they may have written."""
    lines = []
    if customer is not None:
        lines.append(_process_line(customer, customer.kill()))
    try:
        wipe(private_files)
    except OSError as error:
        lines.append(
            _not_proved("private_files", "RESET_FILES_NOT_WIPED", f"private files could not be wiped: {error.strerror}")
        )
    else:
        lines.append(ProofLine("private_files", not private_files.exists(), "private files are wiped and gone"))
    return tuple(lines)


def clear_and_prove(devices: Mapping[str, Resettable]) -> DeviceAnswers:
    """Steps 2 and 3 on devices that are open; every device is cleared even when another one fails."""
    for device in devices.values():
        device.clear()
    lines = tuple(device.prove() for device in devices.values())
    return DeviceAnswers(lines, _faults(devices))


def clear_and_prove_at_once(devices: Mapping[str, Resettable]) -> DeviceAnswers:
    """The same with each device on a thread of its own: every one is on its own line, and the slowest is waited for.

    The payment comes last: it settles what coins and notes tell once they are at rest.
    """
    apart = {name: device for name, device in devices.items() if name != PAYMENT}
    with ThreadPoolExecutor(max_workers=max(1, len(apart))) as pool:
        answered = list(pool.map(lambda device: clear_and_prove({device[0]: device[1]}), apart.items()))
    if PAYMENT in devices:
        answered.append(clear_and_prove({PAYMENT: devices[PAYMENT]}))
    return DeviceAnswers(
        tuple(line for answers in answered for line in answers.lines),
        tuple(fault for answers in answered for fault in answers.faults),
    )


def _faults(devices: Mapping[str, Resettable]) -> tuple[Fault, ...]:
    return tuple(fault for device in devices.values() for fault in faults_of(device.readiness()))


def _process_line(customer: ProcessGroup, ended: Ended) -> ProofLine:
    left = _left_after_a_moment(customer.pid)
    how = f"exit code {ended.exit_code}" if ended.signal_number is None else f"signal {ended.signal_number}"
    if left:
        return _not_proved("process", "RESET_PROCESS_LEFT", f"{len(left)} processes of the customer's group still run")
    return ProofLine("process", True, f"the customer's process is reaped ({how}), its group is empty")


def _left_after_a_moment(group_id: int) -> tuple[int, ...]:
    """Helpers that the customer's process started are killed with it, but the kernel takes its time to free what they held."""
    until_s = time.monotonic() + _DYING_S
    while (left := members_of_group(group_id)) and time.monotonic() < until_s:
        time.sleep(0.002)
    return left


def members_of_group(group_id: int) -> tuple[int, ...]:
    """Process ids that still belong to a process group, zombies excepted (proc(5), /proc/PID/stat)."""
    members = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        state, _, process_group = text.rsplit(")", 1)[1].split()[:3]
        if int(process_group) == group_id and state not in "ZX":
            members.append(int(path.parent.name))
    return tuple(members)


def _answers_from(payload: bytes) -> DeviceAnswers:
    answers = json.loads(payload)
    return DeviceAnswers(
        tuple(ProofLine(**line) for line in answers["lines"]), tuple(Fault(**fault) for fault in answers["faults"])
    )


def _not_proved(device: str, code: str, statement: str) -> ProofLine:
    return ProofLine(device, False, statement, code, "call the maintenance service; the terminal stays out of service")
