"""The table, part 1: the terminal itself. Boot, readiness, withdrawal, findings, and the reset between two people."""

from terminal.fsm.deeds import card, service
from terminal.fsm.deeds.timing import show_again, show_levels, warn
from terminal.fsm.events import (
    BootCompleted,
    CardInserted,
    CardRemoved,
    CustomerProcessEnded,
    CustomerProcessStarted,
    FaultCleared,
    FaultRaised,
    FindingReleased,
    FindingReopened,
    ResetNotProved,
    ResetProved,
    SelfTestFailed,
    ServiceRestored,
    ServiceWithdrawn,
    SheetsTaken,
    TimedOut,
    TimeoutWarned,
)
from terminal.fsm.rows import Part, again, on
from terminal.fsm.states import CUSTOMER_STATES, PIN_ASKING_STATES, UNWARNED_STATES, State

OUT = State.OUT_OF_SERVICE
IDLE = State.IDLE
SERVING = State.SERVING
RESETTING = State.RESETTING
STOPPED = State.STOPPED_FOR_FINDING

BUSY = CUSTOMER_STATES | {SERVING, RESETTING, STOPPED}
"""Levels that change here are remembered and take effect when the reset is proved; they end nobody's session."""

OUT_OF_SERVICE: tuple[Part, ...] = (
    *on(
        OUT,
        BootCompleted,
        when=(service.not_booted, service.boot_makes_serviceable),
        then=RESETTING,
        do=(service.mark_booted,),
    ),
    *on(OUT, BootCompleted, when=service.not_booted, then=OUT, do=(service.mark_booted,)),
    *on(OUT, SelfTestFailed, then=OUT, do=(service.mark_self_test_failed,)),
    *on(OUT, ServiceWithdrawn, then=OUT, do=(service.withdraw,)),
    *on(OUT, ServiceRestored, when=service.restoring_makes_serviceable, then=RESETTING, do=(service.restore,)),
    *on(OUT, ServiceRestored, then=OUT, do=(service.restore,)),
    *on(OUT, FaultRaised, do=(service.raise_level, show_again)),
    *on(OUT, FaultCleared, when=service.clearing_makes_serviceable, then=RESETTING, do=(service.clear_level,)),
    *on(OUT, FaultCleared, do=(service.clear_level, show_again)),
    *on(OUT, SheetsTaken, when=service.empty_tray_makes_serviceable, then=RESETTING, do=(service.clear_tray,)),
    *on(OUT, SheetsTaken, when=service.sheets_were_forgotten, then=OUT, do=(service.clear_tray,)),
    *on(OUT, FindingReopened, when=service.no_finding_open, do=(service.open_finding,)),
    *on(OUT, FindingReleased, when=service.finding_open, do=(service.close_finding,)),
    *on(OUT, ResetProved, when=service.serviceable_and_finding_open, then=STOPPED, do=(service.accept_proof,)),
    *on(OUT, ResetProved, when=service.serviceable, then=IDLE, do=(service.accept_proof,)),
    *on(OUT, ResetProved, then=OUT, do=(service.accept_proof,)),
    *on(OUT, ResetNotProved, then=OUT, do=(service.refuse_proof,)),
    *on(OUT, CardRemoved, when=service.reset_missing, then=RESETTING),
    *on(OUT, TimedOut, when=service.serviceable, then=RESETTING),
    *again(OUT, TimedOut),
    *on(OUT, CustomerProcessStarted, then=RESETTING),
    *on(OUT, CustomerProcessEnded, then=RESETTING, do=(service.settle_dead_process,)),
)

READY: tuple[Part, ...] = (
    *on(IDLE, CardInserted, then=State.READING_CARD, do=(service.start_customer, card.read_card)),
    *on(IDLE, SelfTestFailed, then=OUT, do=(service.mark_self_test_failed,)),
    *on(IDLE, ServiceWithdrawn, then=OUT, do=(service.withdraw,)),
    *on(IDLE, FaultRaised, when=service.fault_blocks, then=OUT, do=(service.raise_level,)),
    *on(IDLE, FaultRaised, do=(service.raise_level, show_levels)),
    *on(IDLE, FaultCleared, do=(service.clear_level, show_levels)),
    *on(IDLE, FindingReopened, then=STOPPED, do=(service.open_finding,)),
    *on(IDLE, CustomerProcessStarted, then=SERVING),
    *on(IDLE, CustomerProcessEnded, then=RESETTING, do=(service.settle_dead_process,)),
)

UNDER_SUPERVISION: tuple[Part, ...] = (
    *on(SERVING, CustomerProcessEnded, then=RESETTING, do=(service.settle_dead_process,)),
    *on(SERVING, TimedOut, then=RESETTING),
)

BETWEEN_PEOPLE: tuple[Part, ...] = (
    *on(RESETTING, ResetProved, when=service.finding_open, then=STOPPED, do=(service.accept_proof,)),
    *on(RESETTING, ResetProved, when=service.serviceable, then=IDLE, do=(service.accept_proof,)),
    *on(RESETTING, ResetProved, then=OUT, do=(service.accept_proof,)),
    *on(RESETTING, ResetNotProved, then=OUT, do=(service.refuse_proof,)),
    *on(RESETTING, TimedOut, then=OUT, do=(service.reset_hung,)),
    *on(RESETTING, CustomerProcessEnded, do=(service.settle_dead_process,)),
    *on(RESETTING, SheetsTaken, when=service.sheets_were_forgotten, do=(service.clear_tray,)),
    *on(STOPPED, FindingReleased, then=RESETTING, do=(service.close_finding,)),
    *on(STOPPED, CustomerProcessStarted, then=RESETTING),
    *on(STOPPED, CustomerProcessEnded, then=RESETTING, do=(service.settle_dead_process,)),
    *on(STOPPED, SheetsTaken, when=service.sheets_were_forgotten, do=(service.clear_tray,)),
)

LEVELS_WHILE_BUSY: tuple[Part, ...] = (
    *on(BUSY, BootCompleted, when=service.not_booted, do=(service.mark_booted,)),
    *on(BUSY, SelfTestFailed, do=(service.mark_self_test_failed,)),
    *on(BUSY, ServiceWithdrawn, do=(service.withdraw,)),
    *on(BUSY, ServiceRestored, do=(service.restore,)),
    *on(BUSY - PIN_ASKING_STATES, FaultRaised, do=(service.raise_level, show_levels)),
    *on(BUSY, FaultCleared, do=(service.clear_level, show_levels)),
    *on(BUSY - {STOPPED}, FindingReopened, when=service.no_finding_open, do=(service.open_finding,)),
)

WARNINGS: tuple[Part, ...] = on(CUSTOMER_STATES - UNWARNED_STATES, TimeoutWarned, do=(warn,))

PROCESS_DIED: tuple[Part, ...] = (
    *on(CUSTOMER_STATES - {State.ENDING}, CustomerProcessEnded, then=RESETTING, do=(service.end_crashed,)),
    *on(State.ENDING, CustomerProcessEnded, then=RESETTING, do=(service.absorb_end,)),
)

SERVICE: tuple[Part, ...] = (
    *OUT_OF_SERVICE,
    *READY,
    *UNDER_SUPERVISION,
    *BETWEEN_PEOPLE,
    *LEVELS_WHILE_BUSY,
    *WARNINGS,
    *PROCESS_DIED,
)
