"""What a ccTalk bus does with a line in time: old bytes, late and half answers, endless talk, a cable that was out."""

from collections import deque
from datetime import UTC, datetime

from terminal.clock import ManualClock
from terminal.devices.coins.api import CoinsCode, CoinsFailed
from terminal.devices.coins.bus import Bus, BusProfile
from terminal.devices.coins.frames import Checksum, Frame, encode
from terminal.devices.coins.headers import HOST, Header
from terminal.devices.serial_line import LineCode, LineError

Answer = tuple[tuple[float, bytes], ...]
"""What comes after a question: seconds later, bytes."""
_READS_MAX = 5_000
PROBES = [Header.SIMPLE_POLL, Header.REQUEST_CATEGORY]


def _reply(data: bytes = b"") -> bytes:
    return encode(Frame(HOST, 2, Header.REPLY, data), Checksum.SIMPLE)


def _at_once(data: bytes = b"") -> Answer:
    return ((0.0, _reply(data)),)


IN_STEP = [_at_once(), _at_once(b"Coin Acceptor")]


class TimedLine:
    """Answers each question as told, in time; ``waiting`` bytes lie there before the next question."""

    def __init__(self, clock: ManualClock, *answers: Answer) -> None:
        self.asked: list[int] = []
        self.gone = False
        self.babbles = False
        self._clock = clock
        self._answers = deque(answers)
        self._due: list[tuple[float, bytes]] = []
        self._reads = 0

    def lies_there(self, data: bytes) -> None:
        self._due.append((0.0, data))

    def write(self, data: bytes) -> None:
        if self.gone:
            raise LineError(LineCode.GONE, "expected a device, its cable is pulled; plug it in")
        self.asked.append(data[3])
        now_s = self._clock.now_s()
        self._due.append((now_s, data))
        self._due += [(now_s + later_s, said) for later_s, said in (self._answers.popleft() if self._answers else ())]
        self._due.sort(key=lambda entry: entry[0])

    def read(self, timeout_s: float) -> bytes:
        self._reads += 1
        assert self._reads < _READS_MAX, "it reads for ever"
        if self.babbles:
            self._clock.advance(0.001)
            return b"\xff"
        until_s = self._clock.now_s() + timeout_s
        if not self._due or self._due[0][0] > until_s:
            self._clock.advance(timeout_s)
            return b""
        self._clock.advance(max(0.0, self._due[0][0] - self._clock.now_s()))
        now_s = self._clock.now_s()
        came = [said for due_s, said in self._due if due_s <= now_s]
        self._due = [entry for entry in self._due if entry[0] > now_s]
        return b"".join(came)

    def discard(self) -> None:
        self._due = [entry for entry in self._due if entry[0] > self._clock.now_s()]

    def close(self) -> None:
        self._due = []


def _bus(*answers: Answer) -> tuple[Bus, TimedLine]:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC), 1.0)
    line = TimedLine(clock, *answers)
    return Bus(line, clock, clock.advance, BusProfile()), line


def _code(answer: bytes | CoinsFailed) -> CoinsCode:
    assert isinstance(answer, CoinsFailed)
    return answer.code


def test_bytes_that_lie_there_before_the_question_are_thrown_away() -> None:
    bus, line = _bus(*IN_STEP, _at_once(b"\x01"), _at_once(b"\x02"))
    assert bus.ask(2, Header.SELF_CHECK) == b"\x01"
    line.lies_there(_reply(b"\x09"))
    assert bus.ask(2, Header.SELF_CHECK) == b"\x02"
    assert line.asked == [*PROBES, Header.SELF_CHECK, Header.SELF_CHECK]


def test_an_answer_with_half_a_frame_behind_it_is_not_believed() -> None:
    half = ((0.0, _reply(b"\x01") + _reply(b"\x02")[:3]),)
    bus, line = _bus(*IN_STEP, half, *IN_STEP, _at_once(b"\x03"))
    assert bus.ask(2, Header.SELF_CHECK) == b"\x03"
    assert line.asked == [*PROBES, Header.SELF_CHECK, *PROBES, Header.SELF_CHECK]


def test_an_answer_that_comes_in_pieces_is_one() -> None:
    whole = _reply(b"\x01")
    pieces = tuple((0.01 * place, whole[place : place + 1]) for place in range(len(whole)))
    bus, line = _bus(*IN_STEP, pieces)
    assert bus.ask(2, Header.SELF_CHECK) == b"\x01"
    assert line.asked == [*PROBES, Header.SELF_CHECK]


def test_a_late_answer_is_waited_for_before_anything_else_is_asked() -> None:
    late = ((0.28, _reply(b"\x01")),)
    bus, line = _bus(*IN_STEP, late, *IN_STEP, _at_once(b"\x02"))
    assert bus.ask(2, Header.SELF_CHECK) == b"\x02"
    assert line.asked == [*PROBES, Header.SELF_CHECK, *PROBES, Header.SELF_CHECK]


def test_while_in_doubt_a_second_answer_is_waited_for_before_the_first_is_believed() -> None:
    two = ((0.01, _reply()), (0.04, _reply()))
    bus, line = _bus(two, *IN_STEP, _at_once(b"\x01"))
    assert bus.ask(2, Header.SELF_CHECK) == b"\x01"
    assert line.asked == [Header.SIMPLE_POLL, *PROBES, Header.SELF_CHECK]


def test_after_the_cable_was_out_answers_are_in_doubt() -> None:
    bus, line = _bus(*IN_STEP, _at_once(b"\x01"), *IN_STEP, _at_once(b"\x02"))
    assert bus.ask(2, Header.SELF_CHECK) == b"\x01"
    line.gone = True
    assert _code(bus.ask(2, Header.SELF_CHECK)) is CoinsCode.LINE_GONE
    line.gone = False
    assert bus.ask(2, Header.SELF_CHECK) == b"\x02"
    assert line.asked == [*PROBES, Header.SELF_CHECK] * 2


def test_a_device_that_never_stops_talking_ends_in_an_error() -> None:
    bus, line = _bus()
    line.babbles = True
    assert _code(bus.ask(2, Header.SELF_CHECK)) is CoinsCode.BAD_ANSWER
