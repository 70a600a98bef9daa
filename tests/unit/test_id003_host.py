"""What the host asks, in which order and how often; and which answers it does not believe."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from simulator.devices.fault_plan import Next, PlannedFault, UntilCleared
from simulator.devices.line_faults import LineFault
from simulator.devices.notes.model import NoteValidatorModel
from simulator.devices.notes.phases import ACCEPTING_S, INITIALIZING_S, STACKING_S
from simulator.devices.notes.wire import NoteValidatorWire
from simulator.devices.serial_device import LoopLine
from terminal.clock import ManualClock
from terminal.devices.notes.api import NoteCommand, NoteEscrowed, NotesCode, NotesDisabled, NotesFailed, NotesIdle
from terminal.devices.notes.codec import Frame, FrameDecoder, encode
from terminal.devices.notes.commands import Command, Status
from terminal.devices.notes.driver import Id003Notes
from terminal.devices.notes.exchange import Exchange, Id003Error
from terminal.devices.notes.timing import Id003Timing
from tests.notes_kit import ALL_YEN, BOUND_S

THOUSAND = frozenset({1000})


@dataclass
class Overheard:
    """Implements ``SerialDevice``: keeps every command, and lets a test put other words into the validator's mouth."""

    inner: NoteValidatorWire
    sent: list[int] = field(default_factory=list)
    drops: list[int] = field(default_factory=list)
    """Commands that do not arrive, each once."""
    says: Callable[[int, bytes], bytes] = lambda asked, answer: answer

    def receive(self, data: bytes) -> bytes:
        (frame,) = FrameDecoder().feed(data)
        assert isinstance(frame, Frame)
        self.sent.append(frame.command)
        if frame.command in self.drops:
            self.drops.remove(frame.command)
            return b""
        return self.says(frame.command, self.inner.receive(data))

    def tick(self) -> bytes:
        return self.inner.tick()

    def power_cycle(self) -> None:
        self.inner.power_cycle()


@dataclass
class Bench:
    """A driver whose every word is overheard."""

    clock: ManualClock
    model: NoteValidatorModel
    device: Overheard
    line: LoopLine
    notes: Id003Notes

    def count(self, command: Command) -> int:
        """How often it was sent."""
        return self.device.sent.count(command)


@pytest.fixture
def bench() -> Bench:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    model = NoteValidatorModel(clock)
    device = Overheard(NoteValidatorWire(model))
    line = LoopLine(device, clock, clock.advance)
    notes = Id003Notes(line, clock, clock.advance, ALL_YEN)
    assert notes.readiness().ready
    device.sent.clear()
    return Bench(clock, model, device, line, notes)


def _exchange(bench: Bench) -> Exchange:
    return Exchange(bench.line, bench.clock, Id003Timing())


def test_a_poll_in_step_is_one_question(bench: Bench) -> None:
    assert bench.notes.poll() == NotesDisabled()
    assert bench.device.sent == [Command.STATUS]


def test_to_inhibit_is_the_first_and_to_let_in_is_the_last_that_is_set(bench: Bench) -> None:
    def settings() -> list[int]:
        return [command for command in bench.device.sent if command >= Command.SET_ENABLED]

    assert bench.notes.accept(THOUSAND) is None
    assert settings()[-1] == Command.SET_INHIBIT
    assert settings().count(Command.SET_INHIBIT) == 1
    bench.device.sent.clear()
    assert bench.notes.accept(frozenset()) is None
    assert settings()[0] == Command.SET_INHIBIT


def test_an_order_that_is_out_of_place_is_given_once(bench: Bench) -> None:
    assert bench.notes.accept(THOUSAND) is None
    failed = bench.notes.command(NoteCommand.STACK)
    assert isinstance(failed, NotesFailed)
    assert failed.code is NotesCode.BAD_ANSWER
    assert bench.count(Command.STACK_1) == 1


def _escrowed(bench: Bench) -> None:
    assert bench.notes.accept(THOUSAND) is None
    bench.model.insert(1000)
    bench.clock.advance(ACCEPTING_S)
    assert bench.notes.poll() == NoteEscrowed(1000)


@pytest.mark.parametrize(
    ("command", "byte", "reached"),
    [
        (NoteCommand.STACK, Command.STACK_1, Status.STACKING),
        (NoteCommand.RETURN, Command.RETURN, Status.RETURNING),
        (NoteCommand.HOLD, Command.HOLD, Status.HOLDING),
    ],
)
def test_an_order_that_did_not_arrive_is_given_again(
    bench: Bench, command: NoteCommand, byte: Command, reached: Status
) -> None:
    _escrowed(bench)
    bench.device.drops.append(byte)
    assert bench.notes.command(command) is None
    assert bench.count(byte) == 2
    assert bench.model.status() is reached


def test_an_order_whose_answer_is_lost_is_not_given_again(bench: Bench) -> None:
    _escrowed(bench)
    bench.device.says = lambda asked, answer: b"" if asked == Command.STACK_1 else answer
    assert bench.notes.command(NoteCommand.STACK) is None
    assert bench.count(Command.STACK_1) == 1
    bench.clock.advance(STACKING_S)
    assert bench.model.status() is Status.VEND_VALID


def test_an_acknowledgement_that_did_not_arrive_is_given_again(bench: Bench) -> None:
    _escrowed(bench)
    assert bench.notes.command(NoteCommand.STACK) is None
    bench.clock.advance(STACKING_S)
    bench.device.drops.append(Command.ACK)
    assert bench.notes.command(NoteCommand.ACKNOWLEDGE_VEND) is None
    assert (bench.count(Command.ACK), bench.model.vends_acknowledged) == (2, 1)


def test_nothing_is_acknowledged_where_no_vend_valid_stands(bench: Bench) -> None:
    assert bench.notes.command(NoteCommand.ACKNOWLEDGE_VEND) is None
    assert bench.count(Command.ACK) == 0


def test_an_acknowledgement_that_does_nothing_is_said_so(bench: Bench) -> None:
    bench.device.says = lambda asked, answer: encode(Frame(Status.VEND_VALID)) if asked == Command.STATUS else answer
    failed = bench.notes.command(NoteCommand.ACKNOWLEDGE_VEND)
    assert isinstance(failed, NotesFailed)
    assert failed.code is NotesCode.NOTE_INSIDE


def test_a_reset_leaves_it_inhibited(bench: Bench) -> None:
    assert bench.notes.accept(THOUSAND) is None
    assert bench.notes.poll() == NotesIdle()
    assert bench.notes.command(NoteCommand.RESET) is None
    bench.clock.advance(INITIALIZING_S)
    assert bench.notes.poll() == NotesDisabled()


def test_a_reset_that_is_never_through_is_a_level_in_bounded_time(bench: Bench) -> None:
    bench.device.says = lambda asked, answer: encode(Frame(Status.INITIALIZING)) if asked == Command.STATUS else answer
    began_s = bench.clock.now_s()
    assert [fault.code for fault in bench.notes.readiness().faults] == [NotesCode.FAILURE]
    bench.notes.clear()
    assert not bench.notes.prove().proved
    assert bench.clock.now_s() - began_s <= 2 * BOUND_S


@pytest.mark.parametrize(
    ("request_", "value"), [(Command.REQUEST_ENABLED, b"\x00\x00"), (Command.REQUEST_INHIBIT, b"\x01")]
)
def test_a_setting_is_believed_only_as_it_is_read_back(bench: Bench, request_: Command, value: bytes) -> None:
    bench.device.says = lambda asked, answer: encode(Frame(request_, value)) if asked == request_ else answer
    failed = bench.notes.accept(THOUSAND)
    assert isinstance(failed, NotesFailed)
    assert failed.code is NotesCode.NOT_INHIBITED


def test_a_setting_that_is_refused_is_said_so(bench: Bench) -> None:
    bench.device.says = lambda asked, answer: encode(Frame(0x4B)) if asked == Command.SET_ENABLED else answer
    failed = bench.notes.accept(THOUSAND)
    assert isinstance(failed, NotesFailed)
    assert failed.code is NotesCode.NOT_INHIBITED


def test_another_validator_on_the_cable_is_asked_anew_what_its_codes_mean(bench: Bench) -> None:
    assert bench.notes.accept(THOUSAND) is None
    bench.line.unplug()
    assert isinstance(bench.notes.poll(), NotesFailed)
    bench.line.plug()
    table = encode(Frame(Command.REQUEST_CURRENCIES, bytes.fromhex("61 00 05 03 62 00 01 03")))
    bench.device.says = lambda asked, answer: table if asked == Command.REQUEST_CURRENCIES else answer
    bench.model.insert(1000)
    bench.clock.advance(ACCEPTING_S)
    assert bench.notes.poll() == NoteEscrowed(5000)
    assert bench.notes.denominations_yen == (1000, 5000)


def test_a_frame_with_half_a_frame_behind_it_is_no_answer(bench: Bench) -> None:
    bench.device.says = lambda asked, answer: answer + answer[:3] if asked == Command.STATUS else answer
    state = bench.notes.poll()
    assert isinstance(state, NotesFailed)
    assert state.code is NotesCode.BAD_ANSWER


def test_what_came_before_the_question_is_no_part_of_its_answer(bench: Bench) -> None:
    exchange = _exchange(bench)
    exchange.ask(Frame(Command.STATUS), frozenset({Status.DISABLED}))
    bench.device.sent.clear()
    bench.line._coming = encode(Frame(Status.IDLING))
    exchange.ask(Frame(Command.STATUS), frozenset({Status.DISABLED}))
    assert bench.device.sent == [Command.STATUS]


def test_answers_that_all_come_one_question_late_fit_no_question_of_the_same_kind(bench: Bench) -> None:
    bench.line.faults.add(PlannedFault(LineFault.LATE_ANSWER, UntilCleared()))
    exchange = _exchange(bench)
    for _ in range(5):
        with pytest.raises(Id003Error) as refused:
            exchange.ask(Frame(Command.REQUEST_INHIBIT), frozenset({Command.REQUEST_INHIBIT}))
        assert refused.value.code in (NotesCode.BAD_ANSWER, NotesCode.SILENT)


def test_after_an_order_without_an_answer_nothing_is_believed_until_they_are_in_step(bench: Bench) -> None:
    exchange = _exchange(bench)
    assert exchange.order(Command.RESET) is True
    assert exchange.in_step
    bench.line.faults.add(PlannedFault(LineFault.SILENCE, Next()))
    assert exchange.order(Command.RETURN) is None
    assert not exchange.in_step
