"""A customer's process from fork to exit: opens the devices, serves one customer, ends. The reset follows whatever it dies of."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from terminal.clock import Clock
from terminal.customer import CheckDue, Customer
from terminal.devices.screen.api import PersonInput
from terminal.duties import ServeCustomer
from terminal.fittings import Fittings, Settings
from terminal.fsm import events
from terminal.fsm.machine import Machine
from terminal.loop import SystemLoop
from terminal.processes.channel import Channel
from terminal.reports import ChannelReporter


def serve_with(open_fittings: Callable[[], Fittings], settings: Settings, clock: Clock) -> ServeCustomer:
    """The body of a customer's process for ``Duties.serve``; ``open_fittings`` runs after the fork."""

    def serve(machine: Machine, channel: Channel, private_files: Path) -> int:
        os.environ["TMPDIR"] = os.environ["HOME"] = str(private_files)
        # Found once and kept by the library: it may be from before the fork.
        tempfile.tempdir = None
        loop: SystemLoop[events.Event | PersonInput | CheckDue] = SystemLoop(clock)
        mine = Machine.for_customer(machine.config, machine.levels)
        Customer(mine, open_fittings(), settings, loop, ChannelReporter(channel), clock).run()
        return 0

    return serve
