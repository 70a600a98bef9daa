"""What a supervisor is given to do its work with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from terminal.clock import Clock
from terminal.control import ControlServer
from terminal.fsm import effects
from terminal.fsm.machine import Machine
from terminal.journal.store import Journal
from terminal.money.settling import AccountSettler
from terminal.processes.channel import Channel
from terminal.reset import HardReset

ServeCustomer = Callable[[Machine, Channel, Path], int]
"""The body of a customer's process: takes a copy of the machine, in Idle, and serves one customer."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What the supervisor needs to do its work."""

    machine: Machine
    clock: Clock
    journal: Journal
    control: ControlServer
    reset: HardReset
    serve: ServeCustomer
    show: Callable[[effects.Show], None]
    private_files: Path
    keep_descriptors: tuple[int, ...] = ()
    money: AccountSettler | None = None
    """None: the terminal has no money devices of its own, and no ledger."""
