"""Which answer is believed on a ccTalk bus: never a late one, another's, one behind a broken echo, or one of two."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from terminal.clock import ManualClock
from terminal.devices.coins.acceptor import CcTalkAcceptor
from terminal.devices.coins.api import CoinPoll, CoinsCode, CoinsFailed, Credit
from terminal.devices.coins.bus import Bus, BusProfile
from terminal.devices.coins.frames import Checksum, Frame, encode
from terminal.devices.coins.headers import HOST, Header

Script = list[bytes]


CATEGORY_ANSWER = b"Coin Acceptor"
PROBES = {Header.SIMPLE_POLL: b"", Header.REQUEST_CATEGORY: CATEGORY_ANSWER}
"""What is asked to find out whether answers belong to their questions."""


class ScriptedLine:
    """Says to each question what the script has, echo and all, then nothing; the probes it answers by itself.

    ``lag``: each answer is held back until the next question.
    """

    def __init__(
        self,
        clock: ManualClock,
        script: Script,
        harm_echo: Callable[[bytes], bytes] | None = None,
        *,
        checksum: Checksum = Checksum.SIMPLE,
        echo: bool = True,
        lag: bool = False,
    ) -> None:
        self.asked: list[bytes] = []
        self._clock = clock
        self._script: Iterator[bytes] = iter(script)
        self._harm_echo = harm_echo or (lambda sent: sent)
        self._checksum = checksum
        self._echo = echo
        self._lag = lag
        self._held_back = b""
        self._coming = b""

    def write(self, data: bytes) -> None:
        if data[3] in PROBES:
            echo, answer = data, encode(Frame(HOST, data[0], Header.REPLY, PROBES[Header(data[3])]), self._checksum)
        else:
            self.asked.append(data)
            echo, answer = self._harm_echo(data), next(self._script, b"")
        if self._lag:
            answer, self._held_back = self._held_back, answer
        self._coming += (echo if self._echo else b"") + answer

    def lag(self) -> None:
        self._lag = True

    def read(self, timeout_s: float) -> bytes:
        came, self._coming = self._coming, b""
        if not came:
            self._clock.advance(timeout_s)
        return came

    def discard(self) -> None:
        self._coming = b""

    def close(self) -> None:
        self._coming = b""


def _answer(data: bytes = b"", source: int = 2, header: int = Header.REPLY, destination: int = HOST) -> bytes:
    return encode(Frame(destination, source, header, data), Checksum.SIMPLE)


def _bus(
    script: Script, harm_echo: Callable[[bytes], bytes] | None = None, *, lag: bool = False
) -> tuple[Bus, ScriptedLine]:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    line = ScriptedLine(clock, script, harm_echo, lag=lag)
    return Bus(line, clock, clock.advance, BusProfile()), line


def _code(answer: bytes | CoinsFailed) -> CoinsCode:
    assert isinstance(answer, CoinsFailed)
    assert answer.text
    return answer.code


def test_an_answer_is_believed_at_once() -> None:
    bus, line = _bus([_answer(b"\x07")])
    assert bus.ask(2, Header.SELF_CHECK) == b"\x07"
    assert line.asked == [encode(Frame(2, HOST, 232), Checksum.SIMPLE)]


def test_an_echo_that_is_not_what_was_sent_is_a_collision_and_asked_again() -> None:
    collided: list[bytes] = []

    def collide_once(sent: bytes) -> bytes:
        if collided:
            return sent
        collided.append(sent)
        return bytes([sent[0] ^ 1]) + sent[1:]

    bus, line = _bus([_answer(b"\x07"), _answer(b"\x08")], collide_once)
    assert bus.ask(2, Header.SELF_CHECK) == b"\x08"
    assert len(line.asked) == 2


@pytest.mark.parametrize("stray", [_answer(b"\x09", source=3), _answer(b"\x09", destination=9)])
def test_a_sound_frame_from_or_for_somebody_else_is_dropped(stray: bytes) -> None:
    bus, _ = _bus([stray + _answer(b"\x07")])
    assert bus.ask(2, Header.SELF_CHECK) == b"\x07"
    alone, _ = _bus([stray] * 3)
    assert _code(alone.ask(2, Header.SELF_CHECK)) is CoinsCode.SILENT


def test_of_two_answers_none_is_believed() -> None:
    bus, line = _bus([_answer(b"\x01") + _answer(b"\x02"), _answer(b"\x03")])
    assert bus.ask(2, Header.SELF_CHECK) == b"\x03"
    assert len(line.asked) == 2


@pytest.mark.parametrize("data", [b"", b"\x07", b"JP010A"])
def test_where_every_answer_is_one_question_late_none_is_believed(data: bytes) -> None:
    bus, line = _bus([_answer(data)] * 9, lag=True)
    for _ in range(3):
        assert _code(bus.ask(2, Header.REQUEST_COIN_ID, b"\x01")) in (CoinsCode.SILENT, CoinsCode.BAD_ANSWER)
    assert line.asked == []


def test_a_lag_that_begins_later_is_found_out_before_another_answer_is_believed() -> None:
    bus, line = _bus([_answer(b"JP010A"), _answer(b"JP050A"), _answer(b"JP100A")])
    assert bus.ask(2, Header.REQUEST_COIN_ID, b"\x01") == b"JP010A"
    line.lag()
    assert isinstance(bus.ask(2, Header.REQUEST_COIN_ID, b"\x02"), CoinsFailed)
    assert isinstance(bus.ask(2, Header.REQUEST_COIN_ID, b"\x03"), CoinsFailed)


def test_a_refusal_is_not_asked_again() -> None:
    bus, line = _bus([_answer(header=Header.NAK), _answer()])
    assert _code(bus.ask(2, Header.MODIFY_INHIBITS, b"\0\0")) is CoinsCode.BAD_ANSWER
    assert len(line.asked) == 1


def test_a_busy_device_is_asked_again_a_little_later() -> None:
    bus, line = _bus([_answer(header=Header.BUSY), _answer(b"\x07")])
    assert bus.ask(2, Header.SELF_CHECK) == b"\x07"
    assert len(line.asked) == 2


def test_a_device_that_stays_busy_answers_and_is_not_called_silent() -> None:
    bus, line = _bus([_answer(header=Header.BUSY)] * 3)
    assert _code(bus.ask(2, Header.SELF_CHECK)) is CoinsCode.BAD_ANSWER
    assert len(line.asked) == 3


def test_what_must_not_be_said_twice_is_said_once() -> None:
    bus, line = _bus([])
    assert _code(bus.ask(3, Header.DISPENSE_HOPPER_COINS, b"\0\0\0\x01", tries=1)) is CoinsCode.SILENT
    assert len(line.asked) == 1


def test_a_bus_without_echo_and_with_crc() -> None:
    reply = encode(Frame(HOST, None, Header.REPLY, b"\x07"), Checksum.CRC)
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    line = ScriptedLine(clock, [reply], checksum=Checksum.CRC, echo=False)
    bus = Bus(line, clock, clock.advance, BusProfile(checksum=Checksum.CRC, echo=False))
    assert bus.ask(2, Header.SELF_CHECK) == b"\x07"
    assert line.asked == [encode(Frame(2, HOST, 232), Checksum.CRC)]


def _events(counter: int, *pairs: tuple[int, int]) -> bytes:
    told = [*pairs, *((0, 0),) * (5 - len(pairs))]
    return _answer(bytes([counter, *(byte for pair in told for byte in pair)]))


def _coin_ids(*coins: bytes) -> Script:
    return [_answer(coin) for coin in (*coins, *[b"......"] * (16 - len(coins)))]


def _acceptor(*polls: bytes, coin_first: bool = True) -> CcTalkAcceptor:
    bus, _ = _bus([*_coin_ids(b"JP010A", b"JP050A", b"JP100A", b"JP500A"), *polls])
    return CcTalkAcceptor(bus, 2, coin_first=coin_first)


@pytest.mark.parametrize(
    ("after", "counter", "credited", "lost"),
    [
        (23, 23, (), 0),
        (102, 104, (103, 104), 0),
        (255, 1, (1,), 0),
        (253, 3, (254, 255, 1, 2, 3), 0),
        (48, 54, (50, 51, 52, 53, 54), 1),
        (0, 255, (251, 252, 253, 254, 255), 250),
    ],
)
def test_the_specifications_examples_of_the_event_counter(
    after: int, counter: int, credited: tuple[int, ...], lost: int
) -> None:
    poll = _acceptor(*[_events(counter, *[(3, 1)] * 5)] * 2).poll(after)
    assert poll == CoinPoll(counter, tuple(Credit(100, number) for number in credited), (), lost)


def test_counter_0_is_a_power_cut_and_nothing_else_is() -> None:
    assert _acceptor(_events(0), _events(0)).poll(67) == CoinPoll(0, restarted=True)
    assert _acceptor(_events(0)).poll(0) == CoinPoll(0)


def test_a_counter_that_lies_behind_is_an_old_answer_and_is_asked_again() -> None:
    stale, fresh = _events(4, *[(3, 1)] * 4), _events(6, (4, 1), *[(3, 1)] * 4)
    assert _acceptor(stale, fresh).poll(5) == CoinPoll(6, (Credit(500, 6),))


def test_a_power_cut_told_by_an_old_answer_is_none() -> None:
    """Or the coins since then would be counted a second time."""
    for old in ([_events(0)], [_events(0), _events(4, *[(3, 1)] * 4)]):
        assert _acceptor(*old, _events(6, (4, 1))).poll(5) == CoinPoll(6, (Credit(500, 6),))


def test_after_a_power_cut_the_coins_are_learnt_anew_for_it_may_be_another_acceptor() -> None:
    bus, _ = _bus([*_coin_ids(b"JP100A"), _events(0), _events(0), *_coin_ids(b"JP500A"), _events(1, (1, 1))])
    acceptor = CcTalkAcceptor(bus, 2)
    assert acceptor.poll(3) == CoinPoll(0, restarted=True)
    assert acceptor.poll(0) == CoinPoll(1, (Credit(500, 1),))


def test_coins_that_it_does_not_know_are_not_said_to_be_taken() -> None:
    bus, line = _bus(_coin_ids(b"JP100A"))
    failed = CcTalkAcceptor(bus, 2).accept(frozenset({100, 500}))
    assert failed is not None
    assert failed.code is CoinsCode.NOT_INHIBITED
    assert [asked[3] for asked in line.asked] == [Header.REQUEST_COIN_ID] * 16


def test_the_makers_order_of_an_events_two_bytes() -> None:
    assert _acceptor(_events(1, (1, 4)), coin_first=False).poll(0) == CoinPoll(1, (Credit(500, 1),))


def test_errors_and_credits_are_told_apart() -> None:
    told = _acceptor(_events(3, (0, 17), (1, 1), (0, 1))).poll(0)
    assert told == CoinPoll(3, (Credit(10, 2),), (CoinsCode.FRAUD,))


def test_a_coin_nobody_knows_is_said_to_be_one_and_hides_no_coin_beside_it() -> None:
    told = _acceptor(*[_events(2, (3, 1), (9, 1))] * 2).poll(0)
    assert told == CoinPoll(2, (Credit(100, 2),), (CoinsCode.MONEY_UNKNOWN,))
    once = _acceptor(_events(2, (3, 1), (9, 1)), _events(2, (3, 1), (4, 1))).poll(0)
    assert once == CoinPoll(2, (Credit(500, 1), Credit(100, 2)))


@pytest.mark.parametrize("short", [b"", b"\x01", bytes(10), bytes(12)])
def test_events_of_another_length_are_no_answer(short: bytes) -> None:
    found = _acceptor(_answer(short)).poll(0)
    assert isinstance(found, CoinsFailed)
    assert found.code is CoinsCode.BAD_ANSWER


@pytest.mark.parametrize("mask", [b"\0", b"\xff\xff", b""])
def test_inhibits_are_believed_when_they_are_read_back(mask: bytes) -> None:
    failed = _acceptor(_answer(), _answer(), _answer(mask), _answer(b"\0")).accept(frozenset({10}))
    assert failed is not None
    assert failed.code is CoinsCode.NOT_INHIBITED
