"""A customer's process from fork to exit: opens the devices, serves one customer, ends. The reset follows whatever it dies of."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from terminal.clock import Clock
from terminal.customer import Customer, Happening
from terminal.duties import ServeCustomer
from terminal.fittings import Fittings, Settings
from terminal.fsm.machine import Machine
from terminal.loop import SystemLoop
from terminal.money.codec import frame_of
from terminal.money.state import LedgerState
from terminal.money.till import RemoteTill, Till
from terminal.processes.channel import Channel
from terminal.reports import ChannelReporter, MoneyMoved


def serve_with(
    open_fittings: Callable[[Till], Fittings],
    settings: Settings,
    clock: Clock,
    ledger: Callable[[], LedgerState] = LedgerState,
) -> ServeCustomer:
    """The body of a customer's process for ``Duties.serve``; ``open_fittings`` runs after the fork.

    ``ledger`` tells what the supervisor's ledger says at the fork; what moves from then on goes on record there.
    """

    def serve(machine: Machine, channel: Channel, private_files: Path) -> int:
        os.environ["TMPDIR"] = os.environ["HOME"] = str(private_files)
        # Found once and kept by the library: it may be from before the fork.
        tempfile.tempdir = None
        loop: SystemLoop[Happening] = SystemLoop(clock)
        mine = Machine.for_customer(machine.config, machine.levels)
        reporter = ChannelReporter(channel)
        till = RemoteTill(ledger(), lambda movement: reporter.report(MoneyMoved(movement=frame_of(movement))))
        Customer(mine, open_fittings(till), settings, loop, reporter, clock).run()
        return 0

    return serve
