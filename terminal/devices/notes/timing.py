"""What differs between validators, and how long the driver waits for one."""

from dataclasses import dataclass, field

from terminal.devices.notes.commands import Command


@dataclass(frozen=True, slots=True)
class Id003Timing:
    """Seconds. A frame of 5 bytes takes 6 ms at 9,600 baud; public hosts wait 50 ms to 2 s for its answer."""

    answer_s: float = 0.3
    """To an answer; asked a few times at most."""
    poll_s: float = 0.1
    """Between two looks while something moves."""
    initialize_s: float = 15.0
    """For a reset to be through."""
    clear_s: float = 14.0
    """For a note to come to rest while the device is cleared, its own reset included; the register waits for it once more."""


@dataclass(frozen=True, slots=True)
class Id003Profile:
    """A make of validator.

    ``codes``: escrow code to yen, in pairs, for one that does not tell (request 8A came late); empty: it is asked.
    ``notes_yen``: what it may say that it knows; anything else is the wrong device.
    ``vend_valid_after_power_up``: ask for a vend valid after the reset for a note that the power cut left in the stacker (the
    option "power recovery"). Public hosts differ, so nothing rests on it: "power-up with bill in stacker" counts by itself.
    """

    codes: tuple[tuple[int, int], ...] = ()
    notes_yen: frozenset[int] = frozenset({1000, 2000, 5000, 10_000})
    stack: Command = Command.STACK_1
    vend_valid_after_power_up: bool = True
    timing: Id003Timing = field(default_factory=Id003Timing)
