"""The terminal itself: boot, levels, readiness, the reset between two people, and a customer's process that ends."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.deeds.service import SHEETS_FORGOTTEN
from terminal.fsm.effects import Effect, Note, ResetTerminal, Screen, Show, WatchCard
from terminal.fsm.machine import Machine, MachineMisuseError
from terminal.fsm.memory import TerminalLevels
from terminal.fsm.notes import CustomerEnded, RefundOwed, ServiceChanged
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import EndReason, Fault, MachineCode

PAPER_OUT = Fault("printer", "PRINTER_PAPER_OUT", "Put paper in")
TONER_LOW = Fault("printer", "PRINTER_TONER_LOW", "Order toner", blocks_service=False)


def at(machine: Machine, state: State) -> bool:
    return machine.state is state


def tell(machine: Machine, *events: ev.Event) -> tuple[Effect, ...]:
    effects: tuple[Effect, ...] = ()
    for event in events:
        effects = machine.handle(event)
    return effects


def prove(machine: Machine) -> tuple[Effect, ...]:
    return tell(machine, ev.ResetProved(machine.generation))


def idle() -> Machine:
    machine = Machine()
    tell(machine, ev.BootCompleted())
    prove(machine)
    assert at(machine, State.IDLE)
    return machine


def test_nobody_is_served_before_a_first_proved_reset() -> None:
    machine = Machine()
    assert at(machine, State.OUT_OF_SERVICE)
    tell(machine, ev.CardInserted())
    assert machine.last_verdict.kind is VerdictKind.DECLINED
    assert ResetTerminal(1) in tell(machine, ev.BootCompleted())
    effects = prove(machine)
    assert at(machine, State.IDLE)
    assert WatchCard() in effects
    assert Note(ServiceChanged(in_service=True, code="")) in effects


def test_a_failed_self_test_keeps_the_terminal_out_of_service_until_the_next_boot() -> None:
    machine = Machine()
    tell(machine, ev.SelfTestFailed("SELF_TEST_FILES"))
    tell(machine, ev.ServiceRestored(), ev.FaultCleared("printer", "ANY"))
    assert at(machine, State.OUT_OF_SERVICE)
    assert machine.levels.out_of_service_code() == "SELF_TEST_FILES"
    tell(machine, ev.BootCompleted())
    assert at(machine, State.RESETTING)


def test_a_finding_open_in_the_journal_stops_the_terminal_at_boot() -> None:
    machine = Machine()
    tell(machine, ev.FindingReopened(), ev.BootCompleted())
    prove(machine)
    assert at(machine, State.STOPPED_FOR_FINDING)
    tell(machine, ev.FindingReleased())
    prove(machine)
    assert at(machine, State.IDLE)


def test_a_blocking_fault_takes_the_idle_terminal_out_and_its_healing_brings_it_back_through_a_reset() -> None:
    machine = idle()
    effects = tell(machine, ev.FaultRaised(PAPER_OUT))
    assert at(machine, State.OUT_OF_SERVICE)
    assert Note(ServiceChanged(in_service=False, code=PAPER_OUT.code)) in effects
    assert [e.reason for e in effects if isinstance(e, Show)] == [PAPER_OUT.code]
    tell(machine, ev.FaultCleared("printer", PAPER_OUT.code))
    assert at(machine, State.RESETTING)
    prove(machine)
    assert at(machine, State.IDLE)


def test_a_fault_that_does_not_block_leaves_the_terminal_in_service() -> None:
    machine = idle()
    tell(machine, ev.FaultRaised(TONER_LOW))
    assert at(machine, State.IDLE)
    tell(machine, ev.ServiceWithdrawn(), ev.ServiceRestored())
    prove(machine)
    assert at(machine, State.IDLE)


def test_every_blocking_fault_has_to_be_gone() -> None:
    machine = idle()
    tell(machine, ev.FaultRaised(PAPER_OUT), ev.FaultRaised(Fault("payment", "PAYMENT_UNREACHABLE", "Look")))
    tell(machine, ev.FaultCleared("printer", PAPER_OUT.code))
    assert at(machine, State.OUT_OF_SERVICE)
    tell(machine, ev.FaultCleared("payment", "PAYMENT_UNREACHABLE"))
    assert at(machine, State.RESETTING)


def test_a_fault_raised_during_the_reset_counts_at_its_end() -> None:
    machine = Machine()
    tell(machine, ev.BootCompleted(), ev.FaultRaised(PAPER_OUT))
    assert at(machine, State.RESETTING)
    prove(machine)
    assert at(machine, State.OUT_OF_SERVICE)


def test_staff_take_the_terminal_out_and_back() -> None:
    machine = idle()
    tell(machine, ev.ServiceWithdrawn())
    assert at(machine, State.OUT_OF_SERVICE)
    tell(machine, ev.FaultRaised(PAPER_OUT), ev.FaultCleared("printer", PAPER_OUT.code))
    assert at(machine, State.OUT_OF_SERVICE)
    tell(machine, ev.ServiceRestored())
    assert at(machine, State.RESETTING)


def test_a_reset_that_is_not_proved_is_tried_again_by_itself() -> None:
    machine = Machine()
    tell(machine, ev.BootCompleted(), ev.ResetNotProved(1, "PRINTER_JOBS_LEFT"))
    assert at(machine, State.OUT_OF_SERVICE)
    assert machine.levels.out_of_service_code() == "PRINTER_JOBS_LEFT"
    assert machine.memory.timer is not None
    assert ResetTerminal(2) in tell(machine, ev.TimedOut(machine.memory.timer))
    prove(machine)
    assert at(machine, State.IDLE)
    assert machine.levels.unproved_code == ""


def test_a_card_taken_off_the_reader_at_last_starts_the_reset_at_once() -> None:
    machine = Machine()
    tell(machine, ev.BootCompleted(), ev.ResetNotProved(1, "CARD_PRESENT"), ev.CardRemoved())
    assert at(machine, State.RESETTING)


def test_a_card_taken_off_a_withdrawn_terminal_starts_nothing() -> None:
    machine = idle()
    tell(machine, ev.ServiceWithdrawn(), ev.CardRemoved())
    assert at(machine, State.OUT_OF_SERVICE)


def test_a_withdrawn_terminal_does_not_reset_itself_under_the_technicians_hands() -> None:
    machine = idle()
    tell(machine, ev.ServiceWithdrawn())
    for _ in range(3):
        assert machine.memory.timer is not None
        tell(machine, ev.TimedOut(machine.memory.timer))
        assert at(machine, State.OUT_OF_SERVICE)


def test_a_reset_without_an_answer_is_not_proved() -> None:
    machine = Machine()
    tell(machine, ev.BootCompleted())
    assert machine.memory.timer is not None
    tell(machine, ev.TimedOut(machine.memory.timer))
    assert at(machine, State.OUT_OF_SERVICE)
    assert machine.levels.unproved_code == MachineCode.RESET_TIMED_OUT


def test_the_proof_of_an_earlier_reset_does_not_prove_the_present_one() -> None:
    machine = Machine()
    tell(machine, ev.BootCompleted(), ev.ResetNotProved(1, "PRINTER_JOBS_LEFT"))
    assert machine.memory.timer is not None
    tell(machine, ev.TimedOut(machine.memory.timer), ev.ResetProved(1))
    assert machine.last_verdict.kind is VerdictKind.LATE
    assert at(machine, State.RESETTING)


@pytest.mark.parametrize("started", [True, False])
def test_a_customers_process_ends_and_the_reset_follows(started: bool) -> None:
    machine = idle()
    if started:
        tell(machine, ev.CustomerProcessStarted())
        assert at(machine, State.SERVING)
    effects = tell(machine, ev.CustomerProcessEnded(clean=True))
    assert at(machine, State.RESETTING)
    assert not [e for e in effects if isinstance(e, Note)]
    prove(machine)
    assert at(machine, State.IDLE)


def test_a_customers_process_that_died_gets_its_end_and_its_claim_journalled() -> None:
    machine = idle()
    tell(machine, ev.CustomerProcessStarted())
    effects = tell(machine, ev.CustomerProcessEnded(clean=False, owed_yen=300))
    entries = [e.entry for e in effects if isinstance(e, Note)]
    assert RefundOwed(1, 300, MachineCode.PAYMENT_UNKNOWN) in entries
    assert CustomerEnded(1, EndReason.CRASHED, MachineCode.CRASHED, 0, 0, 300, 0) in entries


def test_a_customers_process_that_died_with_sheets_in_the_tray_lets_nobody_near_them() -> None:
    machine = idle()
    tell(machine, ev.CustomerProcessStarted(), ev.CustomerProcessEnded(clean=False, sheets=True))
    prove(machine)
    assert at(machine, State.OUT_OF_SERVICE)
    tell(machine, ev.SheetsTaken())
    prove(machine)
    assert at(machine, State.IDLE)


def test_a_finding_of_a_customers_process_outlives_it() -> None:
    machine = idle()
    tell(machine, ev.CustomerProcessStarted(), ev.CustomerProcessEnded(clean=True, finding=True))
    prove(machine)
    assert at(machine, State.STOPPED_FOR_FINDING)


def test_a_fault_while_a_customers_process_is_at_work_takes_effect_after_it() -> None:
    machine = idle()
    tell(machine, ev.CustomerProcessStarted(), ev.FaultRaised(PAPER_OUT))
    assert at(machine, State.SERVING)
    tell(machine, ev.CustomerProcessEnded(clean=True))
    prove(machine)
    assert at(machine, State.OUT_OF_SERVICE)


def test_a_customers_process_that_hangs_is_reset_away() -> None:
    machine = idle()
    tell(machine, ev.CustomerProcessStarted())
    assert machine.memory.timer is not None
    effects = tell(machine, ev.TimedOut(machine.memory.timer))
    assert any(isinstance(effect, ResetTerminal) for effect in effects)
    tell(machine, ev.CustomerProcessEnded(clean=False, finding=True))
    prove(machine)
    assert at(machine, State.STOPPED_FOR_FINDING)


def test_a_process_that_took_a_card_while_the_terminal_went_out_of_service_is_reset_away() -> None:
    machine = idle()
    tell(machine, ev.FaultRaised(PAPER_OUT), ev.CustomerProcessStarted())
    assert at(machine, State.RESETTING)


def test_only_an_idle_supervisor_starts_a_customers_machine() -> None:
    assert at(Machine.for_customer(levels=idle().levels), State.IDLE)
    for levels in (
        TerminalLevels(),
        TerminalLevels(booted=True, finding=True),
        TerminalLevels(booted=True, unproved_code="CARD_PRESENT"),
        TerminalLevels(booted=True, faults=(PAPER_OUT,)),
    ):
        with pytest.raises(MachineMisuseError, match="idle"):
            Machine.for_customer(levels=levels)


def test_the_screen_of_a_served_customer_is_not_the_supervisors() -> None:
    machine = idle()
    assert not [e for e in tell(machine, ev.CustomerProcessStarted()) if isinstance(e, Show)]
    shown = [e for e in tell(machine, ev.CustomerProcessEnded(clean=True)) if isinstance(e, Show)]
    assert [show.screen for show in shown] == [Screen.RESETTING]


def test_a_boot_does_not_heal_what_is_broken() -> None:
    machine = Machine()
    tell(machine, ev.FaultRaised(PAPER_OUT), ev.BootCompleted())
    assert at(machine, State.OUT_OF_SERVICE)
    tell(machine, ev.BootCompleted())
    assert machine.last_verdict.kind is VerdictKind.DECLINED
    tell(machine, ev.FaultCleared("printer", PAPER_OUT.code))
    assert at(machine, State.RESETTING)


def test_a_self_test_that_failed_during_a_reset_is_healed_by_the_boot_that_passes() -> None:
    machine = Machine()
    tell(machine, ev.BootCompleted(), ev.SelfTestFailed("SELF_TEST_FILES"), ev.BootCompleted())
    prove(machine)
    assert at(machine, State.IDLE)


def test_one_finding_is_opened_once_and_released_once() -> None:
    machine = Machine()
    tell(machine, ev.FindingReopened(), ev.FindingReopened())
    assert machine.last_verdict.kind is VerdictKind.DECLINED
    tell(machine, ev.FindingReleased(), ev.FindingReleased())
    assert machine.last_verdict.kind is VerdictKind.DECLINED


def test_a_reset_proved_late_does_not_pass_by_the_finding() -> None:
    machine = Machine()
    tell(machine, ev.FindingReopened(), ev.BootCompleted(), ev.ResetNotProved(1, "PRINTER_JOBS_LEFT"))
    tell(machine, ev.ResetProved(1))
    assert at(machine, State.STOPPED_FOR_FINDING)


def test_a_broken_terminal_with_a_finding_stays_out_of_service_until_it_is_healed() -> None:
    machine = Machine()
    tell(machine, ev.FindingReopened(), ev.BootCompleted(), ev.ResetNotProved(1, "X"), ev.FaultRaised(PAPER_OUT))
    tell(machine, ev.ResetProved(1))
    assert at(machine, State.OUT_OF_SERVICE)


def test_an_emptied_tray_brings_the_terminal_back_when_nothing_else_is_wrong() -> None:
    machine = idle()
    tell(machine, ev.SheetsTaken())
    assert machine.last_verdict.kind is VerdictKind.DECLINED
    tell(machine, ev.FaultRaised(SHEETS_FORGOTTEN), ev.FaultRaised(PAPER_OUT), ev.SheetsTaken())
    assert at(machine, State.OUT_OF_SERVICE)
    assert machine.levels.faults == (PAPER_OUT,)
    tell(machine, ev.SheetsTaken())
    assert machine.last_verdict.kind is VerdictKind.DECLINED
    tell(machine, ev.FaultRaised(SHEETS_FORGOTTEN), ev.FaultCleared("printer", PAPER_OUT.code))
    assert at(machine, State.OUT_OF_SERVICE)
    tell(machine, ev.SheetsTaken())
    assert at(machine, State.RESETTING)


def test_a_withdrawn_terminals_empty_tray_starts_nothing() -> None:
    machine = idle()
    tell(machine, ev.ServiceWithdrawn(), ev.SheetsTaken())
    assert machine.last_verdict.kind is VerdictKind.DECLINED


@pytest.mark.parametrize("stopped", [False, True])
def test_a_tray_emptied_between_two_people_is_noticed(stopped: bool) -> None:
    machine = Machine()
    tell(machine, ev.BootCompleted(), ev.FaultRaised(SHEETS_FORGOTTEN))
    if stopped:
        tell(machine, ev.FindingReopened())
        prove(machine)
    tell(machine, ev.SheetsTaken())
    assert machine.levels.faults == ()
    tell(machine, ev.SheetsTaken())
    assert machine.last_verdict.kind is VerdictKind.DECLINED


def test_the_end_of_a_process_brings_its_finding_even_when_all_else_was_said() -> None:
    machine = Machine.for_customer()
    tell(machine, ev.CardInserted(), ev.CardRemoved(), ev.ContinuePressed())
    assert at(machine, State.ENDING)
    tell(machine, ev.CustomerProcessEnded(clean=True, finding=True))
    prove(machine)
    assert at(machine, State.STOPPED_FOR_FINDING)
