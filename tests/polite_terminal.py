"""A terminal whose reset is polite: the customer's process drops its data and returns, and is not killed.

For the test of the memory hunt only: the hunt must find what such a terminal leaves behind. Run as a module with the arguments of
``honnin terminal run``.
"""

import gc
import time
from collections.abc import Callable

from honnin.cli import main
from terminal.customer import Customer
from terminal.processes.group import Ended, ProcessGroup


def _polite_kill(process: ProcessGroup) -> Ended:
    """Pretend that the process has ended; it lives on."""
    process._ended = Ended(0, None)
    return process._ended


def _and_live_on(run: Callable[[Customer], None]) -> Callable[[Customer], None]:
    def run_politely(customer: Customer) -> None:
        run(customer)
        channel = customer._notes._reporter._channel  # type: ignore[attr-defined]
        customer.__dict__.clear()
        gc.collect()
        channel.close()
        time.sleep(600)

    return run_politely


if __name__ == "__main__":
    ProcessGroup.kill = _polite_kill  # type: ignore[method-assign, assignment]
    Customer.run = _and_live_on(Customer.run)  # type: ignore[method-assign, assignment]
    main()
