"""A note validator as a machine: mouth, path, escrow, stacker. Time is only looked at, never waited for."""

from typing import Final

from simulator.devices.fault_plan import FaultPlan
from simulator.devices.notes.faults import NotesFault
from simulator.devices.notes.phases import (
    IN_ACCEPTOR,
    INITIALIZING_S,
    LASTS_S,
    STATUS_OF_PHASE,
    UNPOLLED_S,
    Phase,
    Power,
)
from terminal.clock import Clock
from terminal.devices.notes.commands import Status

CAPACITY_NOTES: Final = 600
NOTES_YEN: Final = (1000, 2000, 5000, 10_000)
INSERTION_ERROR: Final = 0x71
NOT_WELCOME: Final = 0x79
MOTOR_FAILURE: Final = 0xA2


class NoteValidatorModel:
    """Levels and places are public (the panel). ``held_at_mouth``: a note that is given back is waited for until it is taken."""

    def __init__(
        self,
        clock: Clock,
        plan: FaultPlan[NotesFault] | None = None,
        *,
        capacity_notes: int = CAPACITY_NOTES,
        held_at_mouth: bool = True,
    ) -> None:
        self.plan: FaultPlan[NotesFault] = plan or FaultPlan()
        self.capacity_notes = capacity_notes
        self.path_yen: int | None = None
        """The note between mouth and stacker."""
        self.mouth_yen: int | None = None
        """The note that sticks out: given back, or a second one."""
        self.stacker_yen: list[int] = []
        self.emptied_yen: list[int] = []
        self.taken_yen: list[int] = []
        self.stacker_open = False
        self.jammed_acceptor = False
        self.jammed_stacker = False
        self.vends_acknowledged = 0
        self._held_at_mouth = held_at_mouth
        self._clock = clock
        self._born_s = clock.now_s()
        self.phase = Phase.RESTING
        self.power = Power.LOST
        self._since_s = self._polled_s = clock.now_s()
        self._forget()

    def _forget(self) -> None:
        """What a loss of power takes away."""
        self.inhibited = True
        self.disabled_bits = 0
        self.options = bytes(2)
        self.reason = 0
        self.error: Status | None = None
        """Told until a reset: cheated, failure, communication."""

    @property
    def escrow_yen(self) -> int | None:
        """The note in escrow."""
        return self.path_yen if self.phase in (Phase.ESCROW, Phase.HOLDING) else None

    @property
    def full(self) -> bool:
        """Whether the stacker takes no further note."""
        return len(self.stacker_yen) >= self.capacity_notes

    def status(self) -> Status:
        """What it would tell now; looking changes nothing."""
        self.work()
        if self.power is not Power.ON:
            return self._status_of_power()
        if self.phase is Phase.VEND_VALID:
            return Status.VEND_VALID
        return self._trouble() or self._status_of_phase()

    def poll(self) -> Status:
        """STATUS was asked."""
        self._polled_s = self._clock.now_s()
        return self.status()

    def insert(self, note_yen: int) -> bool:
        """Push a note in: False when the mouth does not draw it in. A second one pauses the machine until it is taken."""
        self.work()
        if self.mouth_yen is not None:
            return False
        if self.phase in (Phase.ACCEPTING, Phase.ESCROW, Phase.HOLDING, Phase.TO_STACKER) and self.power is Power.ON:
            self.mouth_yen = note_yen
            return True
        if self.status() is not Status.IDLING:
            return False
        self.path_yen = note_yen
        self._polled_s = max(self._polled_s, self._clock.now_s())
        self._go(Phase.ACCEPTING)
        return True

    def take(self) -> int | None:
        """Take what sticks out of the mouth."""
        self.work()
        taken, self.mouth_yen = self.mouth_yen, None
        if taken is not None:
            self.taken_yen.append(taken)
            self._shift()
        return taken

    def stack(self) -> bool:
        """STACK: whether it is taken."""
        return self._leave_escrow(Phase.TO_STACKER)

    def give_back(self) -> bool:
        """RETURN: whether it is taken."""
        return self._leave_escrow(Phase.RETURNING)

    def hold(self) -> bool:
        """HOLD: whether it is taken."""
        return self._leave_escrow(Phase.HOLDING)

    def acknowledge_vend(self) -> None:
        """ACK; means nothing when no vend valid stands."""
        if self.status() is Status.VEND_VALID:
            self.vends_acknowledged += 1
            self._go(Phase.STACKED)

    def set_inhibit(self, inhibited: bool) -> None:
        """The setting of the inhibit."""
        if not self.plan.strikes(NotesFault.IGNORES_INHIBIT, self._up_s()):
            self.inhibited = inhibited

    def welcomes(self, note_yen: int) -> bool:
        """Whether a note of this value may come in."""
        return not self.inhibited and note_yen in NOTES_YEN and not self.disabled_bits & 1 << NOTES_YEN.index(note_yen)

    def reset(self) -> None:
        """RESET: what is in the path is dealt with when it is through. A vend valid that stood is lost, unless the power was."""
        self.work()
        if self.power is Power.ON and self.phase in (Phase.VEND_VALID, Phase.STACKED):
            self._go(Phase.RESTING)
        self.error = None
        self.power = Power.INITIALIZING
        self._since_s = self._clock.now_s()

    def power_cycle(self) -> None:
        """Lose the power for a moment; a note stops where it is, and a vend valid that was not acknowledged is not forgotten."""
        self.work()
        self._forget()
        if self.phase is Phase.STACKED:
            self.phase = Phase.RESTING
        self.power = Power.LOST

    def unjam(self) -> None:
        """A clerk frees what sticks: a note in the acceptor is given back, one half-way into the stacker goes on."""
        self.work()
        if self.jammed_acceptor and self.path_yen is not None:
            self._go(Phase.RETURNING)
        self._since_s = self._clock.now_s()
        self.jammed_acceptor = self.jammed_stacker = False

    def heal(self) -> None:
        """A clerk puts everything right."""
        self.unjam()
        self.stacker_open = False
        self.error = None
        if self.full:
            self.empty_stacker()
        self.take()

    def empty_stacker(self) -> None:
        """Take the notes out of the stacker."""
        self.emptied_yen += self.stacker_yen
        self.stacker_yen = []

    def work(self) -> None:
        """Let the time that passed take effect."""
        while (due_s := self._due_s()) is not None and due_s <= self._clock.now_s():
            self._since_s = due_s
            if self.power is Power.INITIALIZING:
                self._come_up()
            else:
                self._step()

    def _due_s(self) -> float | None:
        """When the next thing happens by itself; None when nothing does."""
        if self.power is Power.INITIALIZING:
            return self._since_s + INITIALIZING_S
        if self.power is Power.LOST or self._stuck:
            return None
        lasts_s = LASTS_S.get(self.phase)
        if lasts_s is None or (self.phase in (Phase.RETURNING, Phase.REJECTING) and self.mouth_yen is not None):
            return None
        if self.phase is Phase.ESCROW:
            return min(self._since_s + lasts_s, max(self._since_s, self._polled_s) + UNPOLLED_S)
        return self._since_s + lasts_s

    @property
    def _stuck(self) -> bool:
        return bool(self.jammed_acceptor or self.jammed_stacker or self.error is not None or self._waits)

    @property
    def _waits(self) -> bool:
        second = self.mouth_yen is not None and self.phase in (Phase.ACCEPTING, Phase.ESCROW, Phase.HOLDING)
        return second or (self.stacker_open and self.phase in (Phase.TO_STACKER, Phase.INTO_STACKER))

    def _step(self) -> None:
        if self.plan.strikes(NotesFault.POWER_LOST, self._up_s()):
            self._forget()
            self.power = Power.LOST
            return
        match self.phase:
            case Phase.ACCEPTING:
                self._judge()
            case Phase.ESCROW:
                self._refuse(NOT_WELCOME)
            case Phase.TO_STACKER:
                self._push_in()
            case Phase.INTO_STACKER:
                self.phase = Phase.VEND_VALID
            case Phase.RETURNING | Phase.REJECTING:
                self._put_out()
            case _:
                self.phase = Phase.RESTING

    def _judge(self) -> None:
        note_yen = self.path_yen or 0
        if self.plan.strikes(NotesFault.COMMUNICATION, self._up_s()):
            self.error = Status.COMMUNICATION_ERROR
        elif self.plan.strikes(NotesFault.JAM_IN_ACCEPTOR, self._up_s()):
            self.jammed_acceptor = True
        elif self.plan.strikes(NotesFault.REJECTED, self._up_s()):
            self._refuse(INSERTION_ERROR)
        elif self.welcomes(note_yen):
            self.phase = Phase.ESCROW
        else:
            self._refuse(NOT_WELCOME)

    def _refuse(self, reason: int) -> None:
        self.reason = reason
        self.phase = Phase.REJECTING

    def _push_in(self) -> None:
        """Half-way into the stacker: from here it cannot come back."""
        if self.plan.strikes(NotesFault.CHEATED, self._up_s()):
            self.error = Status.CHEATED
            self._put_out()
            return
        if self.plan.strikes(NotesFault.FAILURE, self._up_s()):
            self.error = Status.FAILURE
            return
        self.jammed_stacker = self.plan.strikes(NotesFault.JAM_IN_STACKER, self._up_s())
        if self.path_yen is not None:
            self.stacker_yen.append(self.path_yen)
        self.path_yen = None
        self.phase = Phase.INTO_STACKER

    def _put_out(self) -> None:
        """The note is at the mouth."""
        if self.path_yen is not None and self.mouth_yen is None:
            self.mouth_yen, self.path_yen = self.path_yen, None
        if not self._held_at_mouth or self.error is not None:
            self.phase = Phase.RESTING

    def _shift(self) -> None:
        """The mouth is free again."""
        if self.phase in (Phase.RETURNING, Phase.REJECTING):
            if self.path_yen is None:
                self.phase = Phase.RESTING
            self._since_s = self._clock.now_s()

    def _come_up(self) -> None:
        """The reset is through: what is in the path goes back, what is in the stacker and not acknowledged is told, if it may."""
        self.power = Power.ON
        if self.phase in IN_ACCEPTOR and (self.path_yen is not None or self.mouth_yen is not None):
            self.phase = Phase.RETURNING
        elif self.phase in (Phase.INTO_STACKER, Phase.VEND_VALID):
            self.phase = Phase.VEND_VALID if self.options[0] & 0x02 else Phase.RESTING
        else:
            self.phase = Phase.RESTING

    def _leave_escrow(self, phase: Phase) -> bool:
        if self.status() not in (Status.ESCROW, Status.HOLDING):
            return False
        self._go(phase)
        return True

    def _go(self, phase: Phase) -> None:
        self.phase = phase
        self._since_s = self._clock.now_s()

    def _status_of_power(self) -> Status:
        if self.power is Power.INITIALIZING:
            return Status.INITIALIZING
        if self.path_yen is not None:
            return Status.POWER_UP_IN_ACCEPTOR
        stacked = self.phase in (Phase.INTO_STACKER, Phase.VEND_VALID)
        return Status.POWER_UP_IN_STACKER if stacked else Status.POWER_UP

    def _trouble(self) -> Status | None:
        found = (
            (self.error is not None, self.error),
            (self.jammed_acceptor, Status.JAM_IN_ACCEPTOR),
            (self.jammed_stacker, Status.JAM_IN_STACKER),
            (self.stacker_open, Status.STACKER_OPEN),
            (self._waits, Status.PAUSE),
            (self.full and self.phase is Phase.RESTING, Status.STACKER_FULL),
        )
        return next((status for is_up, status in found if is_up), None)

    def _status_of_phase(self) -> Status:
        if self.phase is not Phase.RESTING:
            return STATUS_OF_PHASE[self.phase]
        closed = self.inhibited or not any(map(self.welcomes, NOTES_YEN))
        return Status.DISABLED if closed else Status.IDLING

    def _up_s(self) -> float:
        return self._clock.now_s() - self._born_s
